/**
 * Monitora's own dialect: `POST /signal`, a form with `host`, and what the agent and `monitora run` add to it.
 * Only the host can make a signal fail: any other field that makes no sense is ignored, for a heartbeat counts more.
 * But words of trouble are understood however they are written: to ignore them would look like health.
 */
import { isHostName } from '../../shared/names.ts'
import { parseSpan } from '../../shared/spans.ts'
import { readFields } from '../form.ts'
import type { Outcome, Signal, SignalEvent, Subject } from '../signal.ts'
import type { Asked, Dialect, Doors, Head, Opened, Problem, Refused, Reply } from './dialect.ts'
import { BADNESS, bearerOf, headersOf, plainLines, plainNumber, plainText, statusIn, wordOf } from './text.ts'

const FORM = 'application/x-www-form-urlencoded'
/** What the body looks like says which of them it is: many clients declare what their library does by itself. */
const READABLE =
  /^(?:application\/(?:x-www-form-urlencoded|json|octet-stream)|multipart\/form-data|text\/(?:plain|json))\s*(?:;|$)/i
const SHORT_TEXT = 64
const MESSAGE_LENGTH = 1000
const OUTPUT_LENGTH = 4000
/** Bytes; the longest honest form is a job's with its last lines. */
const LIMIT = 32 * 1024
const RETRY_AFTER = ['Retry-After', '10']
const EVENTS: ReadonlyMap<string, SignalEvent> = new Map([
  ['start', 'start'],
  ['success', 'success'],
  ['up', 'success'],
  ['fail', 'fail'],
  ['failed', 'fail'],
  ['failure', 'fail'],
  ['down', 'fail'],
  ['log', 'log'],
  ['goodbye', 'goodbye'],
])
type Draft = { -readonly [K in keyof Signal]: Signal[K] }

export const monitora: Dialect = {
  name: 'monitora',
  doc: {
    title: 'Monitora',
    clients: 'the endpoint agent, `monitora run`, curl, and the endpoint of an original installation',
    paths: [
      {
        methods: 'POST',
        path: '/signal',
        means:
          'a form with `host`; may add `site`, `interval`, `version`, `boot`, `agent`, `up`, `age`, `suspended`, `unsent`, `status` (ok, warning, error), `message`, `event` (start, success, fail, log, goodbye), `exit`, `run`, `duration` (seconds), `progress`, `output`; the same as JSON, in parts or, without a body, in the query is understood too',
      },
    ],
    replies: [
      { when: 'kept', reply: '200 `{"message":"Signal Registered"}`' },
      { when: 'no `host`', reply: '400 `{"message":"No host"}`' },
      { when: 'a name outside `[A-Za-z0-9_-]{1,64}`', reply: '400 `{"message":"Invalid host name"}`' },
      { when: 'neither a form nor JSON', reply: '400 `{"message":"Expected a form or JSON"}`, or 415' },
      { when: 'wrong or missing credentials', reply: '401 `{"message":"Unauthorized"}`' },
      { when: 'not a host, and `register: known`', reply: '403 `{"message":"Unknown host"}`' },
    ],
    paste: (at, { name, token }) => `curl -fsS -H "Authorization: Bearer ${token}" -d host=${name} ${at}/signal`,
  },
  matches: (method, path) => method === 'POST' && path === '/signal',
  open,
  refuse,
}

const REGISTERED = reply(200, 'Signal Registered')
const NO_HOST: Refused = { reply: reply(400, 'No host') }
const INVALID_HOST: Refused = { reply: reply(400, 'Invalid host name') }
const UNAUTHORIZED = reply(401, 'Unauthorized', ['WWW-Authenticate', 'Basic realm="Monitora"'])
const NOT_UNDERSTOOD: Refused = { reply: reply(400, 'Expected a form or JSON') }
const UNSUPPORTED: Refused = { reply: reply(415, `Expected ${FORM}`) }
const HAS_A_TOKEN: Refused = { reply: reply(401, 'This host has a token of its own') }
const WRONG: Refused = { reply: UNAUTHORIZED, wrong: true }

function open({ query, headers }: Head, doors: Doors): Opened | Refused {
  const { authorization } = headers
  // Guesses nothing: clients that wait to be asked for a password begin like this each time.
  if (authorization === undefined) return { reply: UNAUTHORIZED }
  const token = bearerOf(authorization)
  const speaker = token === undefined ? undefined : doors.byToken(token)
  if (token === undefined ? !doors.fits(authorization) : !speaker) return WRONG
  return { limit: LIMIT, read: (body) => read(headers['content-type'], body, query, speaker, doors) }
}

/** @param speaker whose token it was; `undefined`: the shared password fitted */
function read(
  contentType: string | undefined,
  body: Buffer,
  query: string,
  speaker: Subject | undefined,
  doors: Doors,
): Asked | Refused {
  if (contentType && contentType !== FORM && !READABLE.test(contentType)) return UNSUPPORTED
  const text = body.toString().trim()
  const fields = readFields(contentType, text, query)
  if (!fields) return NOT_UNDERSTOOD
  // Words that are no form would be read as the name of a field.
  if (speaker && text !== '' && !/[={]/.test(text)) return NOT_UNDERSTOOD
  let hosts = 0
  const draft: Draft = { host: '' }
  for (const [name, value] of fields) {
    if (name === 'host') {
      // In a query beside a token it may be anything: the token says who speaks.
      if (speaker && text === '') continue
      hosts++
      draft.host = value
    } else readOptional(draft, name, value)
  }
  if (hosts > 1) return INVALID_HOST
  // A token says who speaks: the name may be left out, but not be another's.
  if (draft.host === '' && speaker) draft.host = speaker.name
  if (draft.host === '') return NO_HOST
  if (!isHostName(draft.host)) return INVALID_HOST
  if (speaker && draft.host !== speaker.name) return { reply: UNAUTHORIZED }
  const subject = speaker ?? doors.byName(draft.host)
  if (!speaker && subject?.hasToken) return HAS_A_TOKEN
  return { deeds: [{ kind: 'signal', signal: draft, subject }], reply: replyTo }
}

function replyTo([outcome]: readonly Outcome[]): Reply {
  if (outcome === 'registered') return REGISTERED
  if (outcome === 'not-known') return reply(403, 'Unknown host')
  if (outcome === 'too-many-hosts') return reply(403, 'Too many hosts')
  return reply(503, `Cannot write: ${outcome?.cannotWrite}`, RETRY_AFTER)
}

function refuse(problem: Problem): Reply {
  if (problem === 'too-large') return reply(413, 'Too large')
  if (problem === 'bad-encoding') return reply(415, 'Unknown content encoding')
  if (problem === 'too-many-wrong') return reply(429, 'Too many wrong passwords', RETRY_AFTER)
  return reply(429, 'Too many signals', ['Retry-After', String(problem.retryAfterS)])
}

function reply(status: number, message: string, more: readonly string[] = []): Reply {
  const body = JSON.stringify({ message })
  return { status, headers: headersOf('application/json', body, more), body }
}

function readOptional(draft: Draft, name: string, value: string): void {
  switch (name) {
    case 'version':
    case 'site':
    case 'boot':
    case 'agent':
    case 'run':
    case 'progress':
      draft[name] = plainText(value, SHORT_TEXT)
      return
    case 'message':
      draft.message = plainText(value, MESSAGE_LENGTH)
      return
    case 'output':
      draft.output = plainLines(value, OUTPUT_LENGTH)
      return
    case 'up':
    case 'age':
    case 'suspended':
    case 'unsent':
      draft[name] = plainNumber(value)
      return
    case 'exit':
      // What is there and is no 0 is never a success; Windows has codes below it.
      if (/^-?\d{1,10}$/.test(value)) draft.exitStatus = Math.max(draft.exitStatus ?? 0, Math.abs(Number(value)))
      else if (value !== '') draft.event = 'fail'
      return
    case 'duration': {
      const seconds = plainNumber(value)
      draft.durationMs = seconds === undefined ? undefined : Math.round(seconds * 1000)
      return
    }
    case 'interval':
      draft.intervalMs = parseSpan(value)
      return
    case 'status':
    case 'event':
      readWord(draft, name, value)
  }
}

/** Of several words the worst counts: what one says must not be unsaid by the next. */
function readWord(draft: Draft, name: 'status' | 'event', value: string): void {
  const event = name === 'event' ? EVENTS.get(wordOf(value)) : undefined
  if (event) draft.event = draft.event === 'fail' ? 'fail' : event
  // `event=error` is a word of trouble in the wrong place.
  const status = event ? undefined : statusIn(value)
  if (status && (draft.status === undefined || BADNESS[status] > BADNESS[draft.status])) draft.status = status
}
