/**
 * What the checker's channel and the bot both need of the Telegram Bot API: its limit, and what of a failure may be
 * told. The library's errors carry URLs, and a URL carries the token: only codes and descriptions leave this file.
 */
import { TelegramApiError, TelegramBotError } from 'node-telegram-bot-api'

/** Of one message, in UTF-16 units. */
const MESSAGE_LIMIT = 4096

export interface TelegramFailure {
  /** Failures with the same one are of the same kind: `401`, `ECONNREFUSED`, `EPARSE`. */
  readonly code: string
  readonly text: string
  readonly retryAfterMs?: number
}

export function telegramFailure(error: unknown): TelegramFailure {
  if (error instanceof TelegramApiError) {
    const { errorCode, description, retryAfter } = error
    const text = `${errorCode} ${String(description).replace(/^[A-Za-z ]+: /, '')}`
    return { code: String(errorCode), text, retryAfterMs: retryAfter === undefined ? undefined : retryAfter * 1000 }
  }
  if (error instanceof TelegramBotError) {
    const code = causeCode(error) ?? error.code
    return { code, text: code === error.code ? error.message : `${error.message} (${code})` }
  }
  // An abort by the caller, or an answer that the library itself stumbles over.
  const name = error instanceof Error ? error.name : 'unknown'
  return { code: name, text: name === 'TimeoutError' ? 'no answer in time' : `no usable answer (${name})` }
}

/** Cuts at the limit, never through a character. */
export function cutMessage(text: string): string {
  if (text.length <= MESSAGE_LIMIT) return text
  const end = MESSAGE_LIMIT - 1
  return `${text.slice(0, isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end)}…`
}

/** Splits at line ends, so that each part fits; a line that is too long alone is cut. */
export function splitMessage(text: string): string[] {
  const parts: string[] = []
  let part = ''
  for (const line of text.split('\n')) {
    const fitting = cutMessage(line)
    if (part !== '' && part.length + 1 + fitting.length > MESSAGE_LIMIT) {
      parts.push(part)
      part = fitting
    } else part = part === '' ? fitting : `${part}\n${fitting}`
  }
  return part === '' ? parts : [...parts, part]
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

/** `ECONNREFUSED` and the like lie two causes deep: fetch wraps what the socket said. */
function causeCode(error: Error): string | undefined {
  for (let cause = error.cause, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth++) {
    const { code } = cause as NodeJS.ErrnoException
    if (typeof code === 'string' && code !== '') return code
  }
  return undefined
}
