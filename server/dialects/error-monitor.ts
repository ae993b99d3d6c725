/**
 * Error Monitor's wire contract: projects send a pulse and their errors, one or several at once, as JSON that holds the
 * project's token. What its SDKs in the wild send is understood, slips included: a base that doubles `/api/v1`,
 * `additional_data` for `metadata`, a form for a pulse. Its lists for administrators are in server/api/.
 */
import type { ErrorSample } from '../../shared/error-event.ts'
import { groupOf } from '../errors/group.ts'
import {
  bounded,
  contextOf,
  type Fields,
  fieldsOf,
  isFields,
  label,
  levelOf,
  MESSAGE_LENGTH,
  newErrorId,
  parseJson,
  prose,
  STACK_LENGTH,
  tagsOf,
} from '../errors/sample.ts'
import { frameOf, framesOf, framesOfList, numberOf } from '../errors/stack.ts'
import { parseForm } from '../form.ts'
import type { Deed, Outcome, Signal, Subject } from '../signal.ts'
import type { Asked, Dialect, Doors, Head, Opened, Problem, Refused, Reply } from './dialect.ts'
import { headersOf, plainText } from './text.ts'

const PATH = /^\/api\/v1\/(?:api\/v1\/)?(heartbeat|log)\/?$/
const LIMIT = 1024 * 1024
const MOST_ERRORS = 100
const TOKEN_LENGTH = 128
const URL_LENGTH = 500
const METADATA = { bytes: 4096, depth: 5, entries: 50 }
const RETRY_AFTER = ['Retry-After', '10']
/** The token stands in the body, and no page has a cookie of ours: a page of any origin may send. */
const ANYWHERE = ['Access-Control-Allow-Origin', '*']
const WORDS: Readonly<Record<NonNullable<Signal['status']>, readonly string[]>> = {
  ok: ['alive', 'ok', 'up', 'healthy', 'running', 'active', 'online'],
  warning: ['warning', 'warn', 'degraded'],
  error: ['error', 'down', 'dead', 'failed', 'critical', 'stopped', 'inactive', 'fatal'],
}
const STATUSES: ReadonlyMap<string, Signal['status']> = new Map(
  (['ok', 'warning', 'error'] as const).flatMap((status) => WORDS[status].map((word) => [word, status])),
)

export const errorMonitor: Dialect = {
  name: 'error-monitor',
  doc: {
    title: 'Error Monitor',
    clients: 'the SDKs of Error Monitor Bot (Python, JavaScript, PHP), and anything that can post JSON',
    paths: [
      {
        methods: 'POST',
        path: '/api/v1/heartbeat',
        means:
          'JSON with `project_token`; may add `status` (alive, warning, error, or other words that mean one of these; an unknown word is kept as the message), `version`, `message`, and `metadata` or `additional_data` (4 KB)',
      },
      {
        methods: 'POST',
        path: '/api/v1/log',
        means:
          'JSON with `project_token` and `error` (`type`, `message`, `stack_trace`, `severity`, `context`), or `errors`, a list of such errors, 100 at most; one of another project stands as `{"project_token":…,"error":…}`',
      },
      { methods: 'POST', path: '/api/v1/api/v1/…', means: 'the same, for a base that was given twice' },
      {
        methods: 'OPTIONS',
        path: '/api/v1/log',
        means: 'what a browser asks before it sends; the same for `heartbeat`',
      },
    ],
    replies: [
      { when: 'kept', reply: '200 `{"status":"success","message":"…"}`' },
      { when: 'some of a batch', reply: '200, and the message tells how many were kept' },
      { when: 'unreadable', reply: '400 `{"status":"error","message":"…"}`' },
      { when: 'no such token', reply: '401 `{"status":"error","message":"Invalid project token"}`' },
    ],
    paste: (at, { token }) =>
      `curl -fsS -H "Content-Type: application/json" -d '{"project_token":"${token}","status":"alive"}' ${at}/api/v1/heartbeat`,
  },
  matches: (method, path) => (method === 'POST' || method === 'OPTIONS') && PATH.test(path),
  open,
  refuse,
}

const PREFLIGHT: Refused = {
  reply: {
    status: 204,
    headers: [
      ...ANYWHERE,
      ...['Access-Control-Allow-Methods', 'POST, OPTIONS', 'Access-Control-Allow-Headers', 'Content-Type'],
      ...['Access-Control-Max-Age', '86400'],
    ],
    body: '',
  },
}
const BEATEN = success('Heartbeat received')
const LOGGED = success('Error logged')
const UNAUTHORIZED: Refused = { reply: failure(401, 'Invalid project token'), wrong: true }
const NO_JSON: Refused = { reply: failure(400, 'Expected a JSON object') }
const NO_TOKEN: Refused = { reply: failure(400, 'Expected project_token') }
const NO_ERROR: Refused = { reply: failure(400, 'Expected error, an object with type and message') }
const NO_ERRORS: Refused = { reply: failure(400, `Expected errors, a list of 1 to ${MOST_ERRORS}`) }

/** Whose token it is, the body tells. */
function open({ method, path, headers }: Head, doors: Doors): Opened | Refused {
  if (method === 'OPTIONS') return PREFLIGHT
  const isLog = PATH.exec(path)?.[1] === 'log'
  return {
    limit: LIMIT,
    read(body) {
      const found = fieldsIn(body.toString(), headers['content-type'])
      if (!found) return NO_JSON
      if (!isLog) return readHeartbeat(found, doors)
      return found.errors === undefined ? readSingle(found, body.length, doors) : readBatch(found, body.length, doors)
    },
  }
}

/** Whatever it is declared as, JSON is JSON; a form is one where it says so. */
function fieldsIn(text: string, contentType = ''): Fields | undefined {
  const found = parseJson(text)
  if (isFields(found)) return found
  if (found !== undefined || !/^application\/x-www-form-urlencoded\b/i.test(contentType)) return undefined
  return Object.fromEntries(parseForm(text))
}

function readHeartbeat(found: Fields, doors: Doors): Asked | Refused {
  const subject = subjectOf(found.project_token, doors)
  if (!subject) return found.project_token === undefined ? NO_TOKEN : UNAUTHORIZED
  const { status, version, message, metadata, additional_data } = found
  const given = typeof status === 'string' ? status : ''
  const word = given.trim().toLowerCase()
  const said = typeof message === 'string' ? plainText(message, 1000) : undefined
  const signal: Signal = {
    host: subject.name,
    status: STATUSES.get(word),
    version: typeof version === 'string' ? plainText(version, 64) : undefined,
    message: said ?? (STATUSES.has(word) ? undefined : plainText(given, 1000)),
    metadata: bounded({ ...fieldsOf(metadata), ...fieldsOf(additional_data) }, METADATA),
  }
  return { deeds: [{ kind: 'signal', signal, subject }], reply: (outcomes) => replyOr(outcomes, BEATEN) }
}

function readSingle(found: Fields, size: number, doors: Doors): Asked | Refused {
  if (found.project_token === undefined) return NO_TOKEN
  const subject = subjectOf(found.project_token, doors)
  if (!subject) return UNAUTHORIZED
  const deed = deedOf(subject, found.error, size)
  if (!deed) return NO_ERROR
  return { deeds: [deed], reply: (outcomes) => replyOr(outcomes, LOGGED) }
}

/** An error may come as it is, or beside a token of its own: one that is wrong spoils no other. */
function readBatch({ errors, project_token }: Fields, size: number, doors: Doors): Asked | Refused {
  if (!Array.isArray(errors) || errors.length === 0 || errors.length > MOST_ERRORS) return NO_ERRORS
  const deeds: Deed[] = []
  let known = false
  for (const entry of errors) {
    const { project_token: token = project_token, error = entry } = fieldsOf(entry)
    const subject = subjectOf(token, doors)
    if (!subject) continue
    known = true
    const deed = deedOf(subject, error, size / errors.length)
    if (deed) deeds.push(deed)
  }
  if (!known) return UNAUTHORIZED
  if (deeds.length === 0) return NO_ERROR
  const kept = success(`${deeds.length} of ${errors.length} errors logged`)
  return { deeds, reply: (outcomes) => replyOr(outcomes, kept) }
}

function subjectOf(token: unknown, doors: Doors): Subject | undefined {
  return typeof token === 'string' && token.length <= TOKEN_LENGTH ? doors.byToken(token) : undefined
}

/** @returns `undefined` for what tells of no error */
function deedOf(subject: Subject, error: unknown, size: number): Deed | undefined {
  const found = typeof error === 'string' ? { message: error } : fieldsOf(error)
  const told = { type: label(found.type), message: prose(found.message, MESSAGE_LENGTH) }
  if (told.type === undefined && told.message === undefined) return undefined
  const said = { type: told.type ?? 'Error', message: told.message ?? '', ...stackOf(found) }
  const sample = (): ErrorSample => ({
    id: newErrorId(),
    ...said,
    level: levelOf(found.severity ?? found.level),
    release: label(found.release ?? found.version),
    environment: label(found.environment),
    url: label(found.url, URL_LENGTH),
    tags: tagsOf(found.tags),
    context: contextOf(fieldsOf(found.context)),
  })
  return { kind: 'error', subject, group: groupOf(said), sample, size }
}

/** Frames where its form is known, else as it came. */
function stackOf(found: Fields): Pick<ErrorSample, 'frames' | 'stack'> {
  const given = found.stack_trace ?? found.stack ?? found.traceback
  const lines = Array.isArray(given) ? given.filter((line): line is string => typeof line === 'string') : []
  const text = typeof given === 'string' ? given : lines.join('\n')
  const [file, line] = [label(found.file, 300), numberOf(found.line)]
  const frames =
    Array.isArray(given) && lines.length === 0 ? framesOfList(given, { file, line }) : framesOf(text, { file, line })
  if (frames) return { frames }
  if (file !== undefined) return { frames: [frameOf(file, line, undefined)] }
  return { stack: prose(text, STACK_LENGTH) }
}

function replyOr(outcomes: readonly Outcome[], kept: Reply): Reply {
  const failed = outcomes.find((outcome) => typeof outcome === 'object')
  return failed ? failure(503, `Cannot write: ${failed.cannotWrite}`, RETRY_AFTER) : kept
}

function refuse(problem: Problem): Reply {
  if (problem === 'too-large') return failure(413, 'Too large')
  if (problem === 'bad-encoding') return failure(400, 'Unknown content encoding')
  if (problem === 'too-many-wrong') return failure(429, 'Too many wrong tokens', RETRY_AFTER)
  return failure(429, `Too many ${problem.of}s`.replace('signals', 'heartbeats'), [
    'Retry-After',
    String(problem.retryAfterS),
  ])
}

function success(message: string): Reply {
  return reply(200, 'success', message, [])
}

function failure(status: number, message: string, more: readonly string[] = []): Reply {
  return reply(status, 'error', message, more)
}

function reply(status: number, result: 'success' | 'error', message: string, more: readonly string[]): Reply {
  const body = JSON.stringify({ status: result, message })
  return { status, headers: headersOf('application/json', body, [...ANYWHERE, ...more]), body }
}
