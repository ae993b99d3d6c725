/**
 * Telegram as a channel: one message to one chat, or to one topic of it. It tries once and says what became of it;
 * trying again is the outbox's business, and long polling the bot's.
 */
import { Api, TelegramApiError } from 'node-telegram-bot-api'
import type { TelegramSettings } from '../../shared/config/channels.ts'
import { telegramFailure } from '../../shared/telegram.ts'
import { type Channel, DeliveryError, isUnreached, type Limit, type Message, type MessageCommand } from './channel.ts'
import { bodyOf, commandLine, cutTo, escapeHtml } from './lines.ts'

const TIMEOUT_MS = 30_000
/** Of one message. Telegram counts without the tags and after unescaping: to count both is on the safe side. */
const TEXT_LIMIT = 4096
const BUTTON_LIMIT = 64
/** What Telegram answers has a few KB. */
const ANSWER_LIMIT = 1_000_000

/** A little more than Telegram asks for: what is sent in time may arrive a moment closer together. */
const ONE_A_SECOND: Limit = { count: 1, withinMs: 1100 }
const GROUP: Limit = { count: 20, withinMs: 61_000 }

/** What a person can do about a refusal, by Telegram's error code. */
const WHAT_NOW: Readonly<Record<number, string>> = {
  400: 'see that chat: is right and that the bot is in it',
  401: 'see that token: is right; it is tried again',
  403: 'let the bot into the chat again',
  404: 'see that token: and apiRoot: are right; it is tried again',
}

/** @param options.now epoch milliseconds: at night a message makes no sound */
export function createTelegram(
  settings: TelegramSettings,
  { timeoutMs = TIMEOUT_MS, now = Date.now }: { timeoutMs?: number; now?: () => number } = {},
): Channel {
  const { token = '', apiRoot, thread: topic, nights, timezone, buttons = false } = settings
  const api = new Api(token, { apiRoot, timeoutMs, maxRetries: 0, fetch: boundedFetch })
  // A group that becomes a supergroup gets another number, which lasts as long as this channel does.
  let chat = settings.chat

  async function post(message: Message, signal: AbortSignal, answersTo: number | undefined): Promise<string> {
    const pressed = buttons ? message.commands.filter(isButton) : []
    const sent = await api.sendMessage(
      {
        chat_id: chat,
        text: htmlOf(
          message,
          message.commands.filter((command) => !pressed.includes(command)),
        ),
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
        ...(topic !== undefined && { message_thread_id: topic }),
        ...(nights && isNight(nights, timezone, now()) && { disable_notification: true }),
        ...(answersTo !== undefined && {
          reply_parameters: { message_id: answersTo, allow_sending_without_reply: true },
        }),
        ...(pressed.length > 0 && {
          reply_markup: {
            inline_keyboard: [pressed.map(({ label, command }) => ({ text: label, callback_data: command }))],
          },
        }),
      },
      signal,
    )
    return String(sent.message_id)
  }

  return {
    forPeople: true,
    limits: chat < 0 ? [ONE_A_SECOND, GROUP] : [ONE_A_SECOND],
    async send(message, signal, thread = '') {
      const answersTo = /^\d{1,15}$/.test(thread) ? Number(thread) : undefined
      try {
        return await post(message, signal, answersTo)
      } catch (error) {
        const movedTo = error instanceof TelegramApiError ? error.migrateToChatId : undefined
        if (movedTo === undefined) throw deliveryError(error, chat)
        chat = movedTo
        return await post(message, signal, answersTo).catch((second: unknown) => {
          throw deliveryError(second, chat)
        })
      }
    },
  }
}

/** The library would read an answer of any size. */
async function boundedFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request)
  let size = 0
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.length
      if (size <= ANSWER_LIMIT) controller.enqueue(chunk)
      else controller.error(new Error('the answer is too long'))
    },
  })
  return response.body === null ? response : new Response(response.body.pipeThrough(bounded), response)
}

function isButton({ command }: MessageCommand): boolean {
  return Buffer.byteLength(command) <= BUTTON_LIMIT
}

/** The title is bold. What is too long is cut from the body: the commands below it stay. */
function htmlOf(message: Message, commands: readonly MessageCommand[]): string {
  const size = (character: string) => escapeHtml(character).length
  const title = `<b>${escapeHtml(cutTo(message.title, 1000, size))}</b>`
  const below = escapeHtml(cutTo(commands.map(commandLine).join('\n'), 1000, size))
  const room = TEXT_LIMIT - title.length - below.length - 2
  const body = escapeHtml(cutTo(bodyOf(message), room, size))
  return [title, body, below].filter((part) => part !== '').join('\n')
}

function isNight({ from, to }: { from: number; to: number }, timezone: string, now: number): boolean {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' })
  const [hours, minutes] = clock.format(now).split(':').map(Number) as [number, number]
  const minute = (hours % 24) * 60 + minutes
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

function deliveryError(error: unknown, chat: number): DeliveryError {
  const { code: kind, text, retryAfterMs } = telegramFailure(error)
  const code = error instanceof TelegramApiError ? error.errorCode : undefined
  const aboutTopic = code === 400 && text.includes('thread')
  const advice = aboutTopic
    ? 'see that thread: is the number of a topic of this group'
    : (code !== undefined && WHAT_NOW[code]) || 'it is tried again'
  return new DeliveryError(`Telegram chat ${chat}: ${text} (${advice})`, {
    permanent: code === 400 || code === 403,
    refused: code !== undefined || isUnreached(kind),
    retryAfterMs,
  })
}
