/**
 * MishPulse's heartbeats: the token stands in the path, and a small JSON object says how the application is. Its client
 * is a loop of ten lines in any language, so what such loops send without meaning it is forgiven: no content type, a
 * form or a query instead of JSON, no body at all. A status that means nothing is refused: silence about it would look like health.
 */
import { readFields } from '../form.ts'
import type { Outcome, Signal, Subject } from '../signal.ts'
import type { Asked, Dialect, Doors, Head, Opened, Problem, Refused, Reply } from './dialect.ts'
import { headersOf, partAfter, plainText, statusIn } from './text.ts'

const PREFIX = '/api/heartbeat/'
const MESSAGE_LENGTH = 1000
/** Bytes; a client may send a whole traceback as its message. */
const LIMIT = 64 * 1024

export const mishpulse: Dialect = {
  name: 'mishpulse',
  doc: {
    title: 'MishPulse',
    clients: 'applications that post their pulse in a loop, with any HTTP library',
    paths: [
      {
        methods: 'POST',
        path: '/api/heartbeat/<token>',
        means:
          'JSON `{"status":"ok","message":"optional"}`; `status` is ok, warning or error; without a body or a status: ok; the same as a form, in parts or, without a body, in the query is understood too, whatever the content type',
      },
    ],
    replies: [
      { when: 'kept', reply: '200 `{"result":"ok"}`' },
      { when: 'unknown token', reply: '403 `{"error":"unknown token"}`' },
      { when: 'a body that is neither', reply: '400 `{"error":"expected JSON such as …"}`' },
      { when: 'another `status`', reply: '400 `{"error":"status must be ok, warning or error"}`' },
    ],
    paste: (at, { token }) => `curl -fsS -d '{"status":"ok"}' ${at}${PREFIX}${token}`,
  },
  matches: (method, path) => method === 'POST' && path.startsWith(PREFIX),
  open,
  refuse,
}

const OK = jsonReply(200, { result: 'ok' })
const UNKNOWN: Refused = { reply: refusal(403, 'unknown token'), wrong: true }
const NOT_UNDERSTOOD: Refused = { reply: refusal(400, 'expected JSON such as {"status":"ok","message":"optional"}') }
const NO_STATUS: Refused = { reply: refusal(400, 'status must be ok, warning or error') }

function open({ path, query, headers }: Head, doors: Doors): Opened | Refused {
  const token = partAfter(path, PREFIX)
  const subject = token === undefined ? undefined : doors.byToken(token)
  if (!subject) return UNKNOWN
  return { limit: LIMIT, read: (body) => read(headers['content-type'], body, query, subject) }
}

function read(contentType: string | undefined, body: Buffer, query: string, subject: Subject): Asked | Refused {
  const text = body.toString().trim()
  const fields = readFields(contentType, text, query)
  let word: string | undefined
  let words = ''
  for (const [name, value] of fields ?? []) {
    if (name === 'status') word = value
    else if (name === 'message') words = value
  }
  // Words that are no form are read as the name of a field.
  if (!fields || !(word !== undefined || text === '' || text.startsWith('{'))) return NOT_UNDERSTOOD
  const status = text === '' ? statusIn(word ?? 'ok') : statusOf(word)
  if (!status) return NO_STATUS
  const message = plainText(words, MESSAGE_LENGTH)
  return { deeds: [{ kind: 'signal', signal: { host: subject.name, status, message }, subject }], reply: replyTo }
}

function statusOf(status = 'ok'): Signal['status'] {
  const word = status.trim().toLowerCase()
  return word === 'ok' || word === 'warning' || word === 'error' ? word : undefined
}

function replyTo([outcome]: readonly Outcome[]): Reply {
  if (outcome === 'registered') return OK
  if (typeof outcome === 'string') return UNKNOWN.reply
  return refusal(503, `cannot write: ${outcome?.cannotWrite}`, 10)
}

function refuse(problem: Problem): Reply {
  if (problem === 'too-large') return refusal(413, 'too large')
  if (problem === 'bad-encoding') return refusal(415, 'unknown content encoding')
  if (problem === 'too-many-wrong') return refusal(429, 'too many wrong tokens', 10)
  return refusal(429, 'too many heartbeats', problem.retryAfterS)
}

function refusal(status: number, error: string, retryAfterS?: number): Reply {
  return jsonReply(status, { error }, retryAfterS === undefined ? [] : ['Retry-After', String(retryAfterS)])
}

function jsonReply(status: number, content: object, more: readonly string[] = []): Reply {
  const body = JSON.stringify(content)
  return { status, headers: headersOf('application/json', body, more), body }
}
