/**
 * Monitora's own dialect: `POST /signal`, a form with `host`, and what the agent adds to it.
 * Only the host can make a signal fail: any other field that makes no sense is ignored, for a heartbeat counts more.
 */
import { isHostName } from '../../shared/names.ts'
import type { ClientStatus } from '../../shared/report.ts'
import { parseSpan } from '../../shared/spans.ts'
import { parseForm } from '../form.ts'
import type { Outcome, Refusal, Signal } from '../signal.ts'
import type { Dialect, Reply, WireRequest } from './dialect.ts'

const FORM = 'application/x-www-form-urlencoded'
const FORM_WITH_PARAMETERS = /^application\/x-www-form-urlencoded\s*(;|$)/i
const SHORT_TEXT = 64
const MESSAGE_LENGTH = 1000
const RETRY_AFTER = ['Retry-After', '10']

type Draft = { -readonly [K in keyof Signal]: Signal[K] }

export const monitora: Dialect = {
  name: 'monitora',
  matches: (method, path) => method === 'POST' && path === '/signal',
  read,
  reply: (outcome) =>
    typeof outcome === 'string' ? REPLIES[outcome] : reply(503, `Cannot write: ${outcome.cannotWrite}`, RETRY_AFTER),
}

const REPLIES: Readonly<Record<Extract<Outcome, string>, Reply>> = {
  registered: reply(200, 'Signal Registered'),
  'no-host': reply(400, 'No host'),
  'invalid-host': reply(400, 'Invalid host name'),
  unauthorized: reply(401, 'Unauthorized', ['WWW-Authenticate', 'Basic realm="Monitora"']),
  'too-large': reply(413, 'Too large'),
  'unsupported-type': reply(415, `Expected ${FORM}`),
  'slow-down': reply(429, 'Too many wrong passwords', RETRY_AFTER),
}

function reply(status: number, message: string, more: readonly string[] = []): Reply {
  const body = JSON.stringify({ message })
  const length = String(Buffer.byteLength(body))
  return { status, headers: ['Content-Type', 'application/json', 'Content-Length', length, ...more], body }
}

function read({ contentType, body }: WireRequest): Signal | Refusal {
  if (contentType && contentType !== FORM && !FORM_WITH_PARAMETERS.test(contentType)) return 'unsupported-type'
  let hosts = 0
  const draft: Draft = { host: '', goodbye: false }
  for (const [name, value] of parseForm(body)) {
    if (name === 'host') {
      hosts++
      draft.host = value
    } else readOptional(draft, name, value)
  }
  if (hosts > 1) return 'invalid-host'
  if (draft.host === '') return 'no-host'
  return isHostName(draft.host) ? draft : 'invalid-host'
}

function readOptional(draft: Draft, name: string, value: string): void {
  switch (name) {
    case 'version':
    case 'site':
    case 'boot':
    case 'agent':
      draft[name] = readText(value, SHORT_TEXT)
      return
    case 'message':
      draft.message = readText(value, MESSAGE_LENGTH)
      return
    case 'up':
    case 'age':
    case 'suspended':
    case 'unsent':
      draft[name] = readNumber(value)
      return
    case 'interval':
      draft.intervalMs = parseSpan(value)
      return
    case 'status':
      draft.status =
        value === 'ok' || value === 'warning' || value === 'error' ? (value satisfies ClientStatus) : undefined
      return
    case 'event':
      draft.goodbye = value === 'goodbye'
  }
}

/** Without what would break a line, a log or a chat: control characters, and marks that turn the writing around. */
function readText(value: string, length: number): string | undefined {
  let text = value
  if (!/^[\x20-\x7e]*$/.test(text)) {
    text = text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '')
  }
  text = text.trim()
  // By whole characters: half of an emoji is none.
  if (text.length > length) text = Array.from(text).slice(0, length).join('').trim()
  return text === '' ? undefined : text
}

function readNumber(value: string): number | undefined {
  return /^\d{1,10}(\.\d{1,9})?$/.test(value) ? Number(value) : undefined
}
