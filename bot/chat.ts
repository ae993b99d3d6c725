/**
 * The bot in its chats: who may ask, which command was meant, and the answer. Nothing here waits for a send before the
 * next message is looked at. Incoming text is data: it selects a command, and is otherwise only quoted.
 */
import { Api, type CallbackQuery, type Message, type Update, type User } from 'node-telegram-bot-api'
import type { Config } from '../shared/config/load.ts'
import { formatFor } from '../shared/i18n/format.ts'
import { textsFor } from '../shared/i18n/index.ts'
import { type Log, reasonOf } from '../shared/log.ts'
import { splitMessage, telegramFailure } from '../shared/telegram.ts'
import { type Command, type CommandContext, quoteBack } from './command.ts'
import { pollUpdates } from './poll.ts'
import type { RestartServer } from './restart.ts'

export interface ChatDeps {
  readonly config: Config
  readonly token: string
  readonly commands: readonly Command[]
  readonly log: Log
  readonly now: () => number
  readonly restartServer: RestartServer
  /** Seconds of one long poll, and the time within which any other call must be answered. */
  readonly pollSeconds?: number
  readonly timeoutMs?: number
}

export interface Chat {
  /** Says something unasked to everyone who may ask. @returns whether any chat took it */
  announce(text: string): Promise<boolean>
  /** Stops listening; answers under way are still given, and awaited when asked for. */
  stop(options?: { readonly answersMs: number }): Promise<void>
}

/** `/name`, `/name@bot`, and what follows it. Phones write a capital at the start of a message. */
const COMMAND = /^\/([A-Za-z0-9_]+)(?:@(\w+))?(?:\s+([\s\S]*))?$/
/** A command that was typed, or that a button below a message of ours carries. */
interface Said {
  readonly text: string
  readonly chat: Message['chat']
  /** The topic of a forum. */
  readonly thread?: number
  readonly from?: User
}

/** Enough to notice; a crowd of strangers must fill neither log nor memory. */
const MOST_STRANGERS = 100

export function startChat({ pollSeconds = 25, timeoutMs = 30_000, ...deps }: ChatDeps): Chat {
  const { config, token, commands, log, now, restartServer } = deps
  const { apiRoot, chats, admins } = config.bot
  const listening = new Api(token, { apiRoot, timeoutMs, maxRetries: 0 })
  const speaking = new Api(token, { apiRoot, timeoutMs })
  const texts = textsFor(config.language).bot
  const format = formatFor(config.language, config.timezone)
  const byName = new Map(commands.map((command) => [command.name, command]))
  const strangers = new Set<number>()
  const answers = new Set<Promise<void>>()
  const stopping = new AbortController()
  let username = ''

  const polling = pollUpdates(
    {
      api: listening,
      log,
      timeout: pollSeconds,
      connect: async (signal) => {
        username = (await listening.getMe(signal)).username ?? ''
        // A webhook that an earlier program left behind would keep every update from us.
        await listening.deleteWebhook({}, signal)
        const menu = commands.map(({ name, description }) => ({ command: name, description: description(texts) }))
        await listening.setMyCommands({ commands: menu }, signal).catch((error: unknown) => {
          log.warn(`the menu of commands was not accepted: ${telegramFailure(error).text}`)
        })
        log.info(`listening as @${username}`)
      },
      handle: (update) => {
        const query = 'callback_query' in update ? update.callback_query : undefined
        const said = query ? pressed(query) : typed(update)
        if (query) track(settle(query))
        if (said) track(respond(said))
      },
    },
    stopping.signal,
  )

  function track(work: Promise<void>): void {
    const answering = work
      // Whatever an update holds, it must not end the process: it would come again after the restart.
      .catch((error: unknown) => log.error(`a message was not understood: ${reasonOf(error)}`))
      .finally(() => answers.delete(answering))
    answers.add(answering)
  }

  /** Until this is called the button shows that it is being worked on: for strangers, and for what we don't know, too. */
  async function settle({ id }: CallbackQuery): Promise<void> {
    await speaking.answerCallbackQuery({ callback_query_id: id }).catch((error: unknown) => {
      log.debug(`a button was not settled: ${telegramFailure(error).text}`)
    })
  }

  async function respond(said: Said): Promise<void> {
    const [, word = '', addressee, argument = ''] = COMMAND.exec(said.text) ?? []
    if (word === '' || (addressee && addressee.toLowerCase() !== username.toLowerCase())) return
    const name = word.toLowerCase()
    const command = byName.get(name)
    const chat = said.chat.id
    const mayAsk = chats.includes(chat) || admins.includes(chat) || admins.includes(said.from?.id ?? Number.NaN)
    if (!mayAsk && !command?.forEveryone) return noticeStranger(chat)

    if (command) {
      log.info(`chat ${chat} asks /${name}`)
      const by = nameOf(said.from) || String(chat)
      const asked = { argument: argument.trim(), chat, by, mayAsk }
      await send(said, await answerTo(command, { ...asked, config, texts, format, commands, now, restartServer }))
    } else if (addressee || said.chat.type === 'private') {
      // In a group without our name on it, it may be meant for another bot.
      await send(said, texts.unknownCommand(quoteBack(`/${word}`, format)))
    }
  }

  async function answerTo(command: Command, context: CommandContext): Promise<string> {
    try {
      return await command.run(context)
    } catch (error) {
      log.error(`/${command.name} failed: ${reasonOf(error)}`)
      return texts.broken
    }
  }

  async function send({ chat, thread }: Said, answer: string): Promise<void> {
    const place = {
      chat_id: chat.id,
      message_thread_id: thread,
      link_preview_options: { is_disabled: true },
    }
    try {
      for (const text of splitMessage(answer)) await speaking.sendMessage({ ...place, text })
    } catch (error) {
      log.warn(`an answer did not reach chat ${chat.id}: ${telegramFailure(error).text}`)
    }
  }

  function noticeStranger(chat: number): void {
    if (strangers.has(chat) || strangers.size >= MOST_STRANGERS) return
    strangers.add(chat)
    log.warn(`chat ${chat} asks but may not: it is neither among bot.chats nor bot.admins`)
  }

  return {
    announce: async (text) => {
      const sent = [...new Set([...chats, ...admins])].map((chat) => speaking.sendMessage({ chat_id: chat, text }))
      const results = await Promise.allSettled(sent)
      for (const result of results) {
        if (result.status === 'rejected')
          log.warn(`an announcement was not sent: ${telegramFailure(result.reason).text}`)
      }
      return results.some(({ status }) => status === 'fulfilled')
    },

    stop: async ({ answersMs } = { answersMs: 0 }) => {
      stopping.abort()
      await polling
      if (answers.size === 0 || answersMs === 0) return
      let timer: NodeJS.Timeout | undefined
      const enough = new Promise<void>((done) => {
        timer = setTimeout(done, answersMs)
      })
      await Promise.race([Promise.allSettled(answers), enough])
      clearTimeout(timer)
    },
  }
}

function typed(update: Update): Said | undefined {
  const message = 'message' in update ? update.message : undefined
  return message?.text ? { ...placeOf(message), text: message.text, from: message.from } : undefined
}

/** A button says its command in the chat where it stands, in the name of who pressed it. */
function pressed({ message, data, from }: CallbackQuery): Said | undefined {
  return message && data ? { ...placeOf(message), text: data, from } : undefined
}

function placeOf(message: NonNullable<CallbackQuery['message']>): Pick<Said, 'chat' | 'thread'> {
  const inTopic = 'is_topic_message' in message && message.is_topic_message
  return { chat: message.chat, thread: inTopic ? message.message_thread_id : undefined }
}

function nameOf(user: User | undefined): string {
  return [user?.first_name, user?.last_name].filter((part) => part !== undefined).join(' ')
}
