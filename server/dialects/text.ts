/** What several dialects read of a request: texts that are safe to keep, numbers, JSON, and what stands in an Authorization header. */

import type { Signal } from '../signal.ts'

type Status = NonNullable<Signal['status']>

/** What clients call how they are. */
const STATUSES: ReadonlyMap<string, Status> = new Map<string, Status>([
  ...['ok', 'up', 'alive', 'running', 'healthy', 'active', 'online', 'success'].map((word) => [word, 'ok'] as const),
  ...['warning', 'warn', 'degraded'].map((word) => [word, 'warning'] as const),
  ...['error', 'err', 'critical', 'crit', 'fatal', 'panic', 'emergency', 'alert', 'fail', 'failed', 'failure', 'ko']
    .concat([
      'down',
      'dead',
      'stopped',
      'inactive',
      'offline',
      'unhealthy',
      'unreachable',
      'unavailable',
      'bad',
      'broken',
    ])
    .map((word) => [word, 'error'] as const),
])
export const BADNESS: Readonly<Record<Status, number>> = { ok: 0, warning: 1, error: 2 }

/** @returns `undefined` for a word that says nothing of it */
export function statusIn(value: string): Status | undefined {
  return STATUSES.get(wordOf(value))
}

/** As it is meant: in any case, in quotes or not, at the end of a sentence. */
export function wordOf(value: string): string {
  return value.toLowerCase().replace(/^[\s"']+|[\s"'.!]+$/g, '')
}

/** Without what would break a line, a log or a chat: control characters, and marks that turn the writing around. */
export function plainText(value: string, length: number): string | undefined {
  let text = value
  if (!/^[\x20-\x7e]*$/.test(text)) {
    text = text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '')
  }
  text = text.trim()
  // By whole characters: half of an emoji is none.
  if (text.length > length) text = Array.from(text).slice(0, length).join('').trim()
  return text === '' ? undefined : text
}

/** Of several lines, as a job writes them: the lines stay, their control characters go. */
export function plainLines(value: string, length: number): string | undefined {
  const text = value
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
  return text === '' ? undefined : text.slice(-length)
}

/** Digits, at most with a fraction: never a sign, never an exponent. */
export function plainNumber(value: string): number | undefined {
  return /^\d{1,10}(\.\d{1,20})?$/.test(value) ? Number(value) : undefined
}

/** @returns the token; '' when the header is there and holds none; `undefined` when it is no Bearer header */
export function bearerOf(authorization: string | undefined): string | undefined {
  const match = /^bearer(?: +(.*))?$/is.exec(authorization ?? '')
  return match ? (match[1] ?? '').trim() : undefined
}

/** @returns the one part of a path that follows the prefix, decoded; `undefined` when there is none, or more than one */
export function partAfter(path: string, prefix: string): string | undefined {
  const part = path.slice(prefix.length, path.endsWith('/') ? -1 : undefined)
  if (part === '' || part.includes('/')) return undefined
  return part.includes('%') ? decodedPart(part) : part
}

/** `undefined`: not encoded as it should be. */
export function decodedPart(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** As a header needs it: names and values in turn. */
export function headersOf(contentType: string, body: string | Buffer, more: readonly string[] = []): string[] {
  return ['Content-Type', contentType, 'Content-Length', String(Buffer.byteLength(body)), ...more]
}
