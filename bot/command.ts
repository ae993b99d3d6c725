/** What a command is. A new one is a file in commands/, a line in commands/index.ts, and its words in shared/i18n. */
import type { Config } from '../shared/config/load.ts'
import type { BotTexts } from '../shared/i18n/en/bot.ts'
import type { Format } from '../shared/i18n/format.ts'
import type { RestartServer } from './restart.ts'

export interface Command {
  /** As it is typed, without the slash. */
  readonly name: string
  /** Answered for chats that may not ask, too. */
  readonly forEveryone?: true
  /** For /help and Telegram's menu. */
  description(texts: BotTexts): string
  /** @returns what to answer; it is split where it is too long for one message */
  run(context: CommandContext): string | Promise<string>
}

export interface CommandContext {
  /** What stood after the command, trimmed: data from outside, of any length and form. */
  readonly argument: string
  readonly chat: number
  /** Who asks, for people: a name, else the number of the chat. From outside. */
  readonly by: string
  readonly mayAsk: boolean
  readonly config: Config
  readonly texts: BotTexts
  readonly format: Format
  readonly commands: readonly Command[]
  readonly now: () => number
  readonly restartServer: RestartServer
}

/** Incoming text is quoted back, if at all, no longer than this. */
const LONGEST_QUOTE = 64

export function quoteBack(text: string, format: Format): string {
  const points = [...text.replace(/\s+/g, ' ')]
  return format.quote(
    points.length > LONGEST_QUOTE ? `${points.slice(0, LONGEST_QUOTE - 1).join('')}…` : points.join(''),
  )
}
