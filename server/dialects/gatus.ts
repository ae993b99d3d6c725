/**
 * Gatus' external endpoints: a job says how its check went. The order in which a request is refused is part of the
 * contract. A key is `group_name`; here a host is meant when its name in lower case is the key, or follows the empty
 * group (`_name`); there an underscore of its name may be a hyphen, as Gatus makes keys of names.
 */
import { parseObject } from '../../shared/files.ts'
import { parseForm } from '../form.ts'
import type { Outcome, Subject } from '../signal.ts'
import type { Asked, Dialect, Doors, Head, Opened, Problem, Refused, Reply } from './dialect.ts'
import { bearerOf, decodedPart, headersOf, plainText } from './text.ts'

const PATH = /^\/api\/v1\/endpoints\/([^/]+)\/external$/
const MESSAGE_LENGTH = 1000
const LIMIT = 64 * 1024
/** As Go writes its spans: one or more numbers, each with its unit. */
const DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/
const DURATION_PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g
const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
/** Go counts nanoseconds in 63 bits. */
const LONGEST_MS = 2 ** 63 / 1e6

export const gatus: Dialect = {
  name: 'gatus',
  doc: {
    title: 'Gatus (external endpoints)',
    clients: 'jobs and scripts that push the result of a check',
    paths: [
      {
        methods: 'POST',
        path: '/api/v1/endpoints/<key>/external?success=&error=&duration=',
        means:
          "header `Authorization: Bearer <token>`, the host's own; `<key>` is the host's name in lower case (`core_frontend`), alone or after an empty group (`_frontend`); `success` is true or false; `error` says what is wrong, in the query or as JSON; `duration` as Go writes it (`10s`, `1m30s`, `250ms`)",
      },
    ],
    replies: [
      { when: 'kept', reply: '200, empty' },
      { when: 'no `success`, or another', reply: '400 `missing or invalid success query parameter`' },
      { when: 'no Bearer header', reply: '401 `invalid Authorization header`' },
      { when: 'nothing after Bearer', reply: '401 `bearer token must not be empty`' },
      { when: 'no host of that key', reply: '404 `not found`' },
      { when: "not that host's token", reply: '401 `invalid token`' },
      { when: 'no duration as Go writes it', reply: '400 `invalid duration: …`' },
    ],
    paste: (at, { name, token }) =>
      `curl -fsS -X POST -H "Authorization: Bearer ${token}" "${at}/api/v1/endpoints/${name.toLowerCase()}/external?success=true"`,
  },
  matches: (method, path) => method === 'POST' && PATH.test(path),
  open,
  refuse,
}

const OK = textReply(200, '')
const NO_SUCCESS: Refused = { reply: textReply(400, 'missing or invalid success query parameter') }
const NO_BEARER: Refused = { reply: textReply(401, 'invalid Authorization header') }
const NO_TOKEN: Refused = { reply: textReply(401, 'bearer token must not be empty') }
const NOT_FOUND = textReply(404, 'not found')
const INVALID_TOKEN: Refused = { reply: textReply(401, 'invalid token'), wrong: true }
const INVALID_DURATION: Refused = {
  reply: textReply(400, 'invalid duration: expected one such as 10s, 250ms or 1m30s'),
}

function open({ path, query, headers }: Head, doors: Doors): Opened | Refused {
  const fields = new Map(parseForm(query))
  const success = fields.get('success')
  if (success !== 'true' && success !== 'false') return NO_SUCCESS
  const token = bearerOf(headers.authorization)
  if (token === undefined) return NO_BEARER
  if (token === '') return NO_TOKEN
  const key = decodedPart(PATH.exec(path)?.[1] ?? '')?.toLowerCase() ?? ''
  const speaker = doors.byToken(token)
  if (!speaker || !isKeyOf(key, speaker.name)) {
    const name = key.replace(/^_/, '')
    const isThere = [key, name, name.replaceAll('-', '_')].some((slug) => doors.bySlug(slug) !== undefined)
    return isThere ? INVALID_TOKEN : { reply: NOT_FOUND, wrong: speaker ? undefined : true }
  }
  const duration = fields.get('duration') ?? ''
  const durationMs = duration === '' ? undefined : parseDuration(duration)
  if (durationMs === 'invalid') return INVALID_DURATION
  const failed = success === 'false'
  const error = fields.get('error') ?? ''
  return { limit: LIMIT, read: (body) => read(speaker, failed, error, durationMs, body) }
}

function isKeyOf(key: string, name: string): boolean {
  const slug = name.toLowerCase()
  return key === slug || key === `_${slug}` || key === `_${slug.replaceAll('_', '-')}`
}

/** A success says nothing but that: a span and words that differ each time would be events that nobody asked for. */
function read(subject: Subject, failed: boolean, error: string, durationMs: number | undefined, body: Buffer): Asked {
  const { name: host } = subject
  const message = plainText(error === '' ? errorIn(body) : error, MESSAGE_LENGTH)
  const signal = failed
    ? ({ host, event: 'fail', message, durationMs } as const)
    : ({ host, event: 'success' } as const)
  return { deeds: [{ kind: 'signal', signal, subject }], reply: replyTo }
}

function errorIn(body: Buffer): string {
  const error = body.length === 0 ? undefined : parseObject(body.toString())?.error
  return typeof error === 'string' ? error : ''
}

/** @returns milliseconds; `undefined` for one below zero, which Go allows and which means nothing here */
function parseDuration(text: string): number | undefined | 'invalid' {
  if (text.length > 64 || !DURATION.test(text)) return 'invalid'
  let ms = 0
  for (const [, number, unit] of text.matchAll(DURATION_PART))
    ms += Number(number) * UNIT_MS[unit!.replace(/[µμ]/, 'u')]!
  if (ms > LONGEST_MS) return 'invalid'
  return text.startsWith('-') ? undefined : Math.round(ms)
}

function replyTo([outcome]: readonly Outcome[]): Reply {
  if (outcome === 'registered') return OK
  if (typeof outcome === 'string') return NOT_FOUND
  return textReply(503, `cannot write: ${outcome?.cannotWrite}`, 10)
}

function refuse(problem: Problem): Reply {
  if (problem === 'too-large') return textReply(413, 'too large')
  if (problem === 'bad-encoding') return textReply(415, 'unknown content encoding')
  if (problem === 'too-many-wrong') return textReply(429, 'too many wrong tokens', 10)
  return textReply(429, 'too many results', problem.retryAfterS)
}

function textReply(status: number, body: string, retryAfterS?: number): Reply {
  const more = retryAfterS === undefined ? [] : ['Retry-After', String(retryAfterS)]
  return { status, headers: headersOf('text/plain; charset=utf-8', body, more), body }
}
