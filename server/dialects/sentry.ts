/**
 * Sentry's wire contract: SDKs of every language report errors and the check-ins of jobs to a DSN, whose key is a token
 * of ours and whose project is `projectId` of its name. SDKs never send again, so what was kept is synced before the
 * answer. The parts of a body are read in sentry/.
 */
import { projectId } from '../../shared/tokens.ts'
import { type Fields, fieldsOf, isFields, parseJson } from '../errors/sample.ts'
import { parseForm } from '../form.ts'
import type { Deed, Outcome, Subject } from '../signal.ts'
import type { Asked, Dialect, Doors, Head, Opened, Problem, Refused, Reply } from './dialect.ts'
import { isCheckInStatus, readCheckIn } from './sentry/check-in.ts'
import { type Item, readEnvelope } from './sentry/envelope.ts'
import { eventId, readEvent } from './sentry/event.ts'
import { readStored } from './sentry/stored.ts'
import { decodedPart, headersOf, plainNumber } from './text.ts'

const PATH = /^(?:\/[\w.~-]+){0,8}\/api\/(\d{1,10})\/(envelope|store)\/?$/
const CRON = /^(?:\/[\w.~-]+){0,8}\/api\/(\d{1,10})\/cron\/([^/]{1,300})\/([\w.~-]{1,128})\/?$/
const MEGABYTE = 1024 * 1024
const PACKED_LIMIT = 20 * MEGABYTE
/** Attachments and recordings are in it too; they are skipped. */
const UNPACKED_LIMIT = 32 * MEGABYTE
const ITEM_LIMIT = MEGABYTE
const READ_LIMIT = 4 * MEGABYTE
const MOST_DEEDS = 100
/** To read a schedule takes its time. What else is declared in one envelope, a later check-in declares. */
const MOST_DECLARED = 5
const KEY_LENGTH = 128
/** Of what comes to the store. */
const EVENT_TYPES: ReadonlySet<string> = new Set(['event', 'error', 'default', 'generic', ''])
const WANTED: ReadonlySet<string> = new Set(['event', 'check_in'])
const ANYWHERE = [
  'Access-Control-Allow-Origin',
  '*',
  'Access-Control-Expose-Headers',
  'Retry-After, X-Sentry-Rate-Limits',
]

export const sentry: Dialect = {
  name: 'sentry',
  doc: {
    title: 'Sentry',
    clients:
      'the Sentry SDKs of every language, for errors and for check-ins of jobs; the DSN is `http://TOKEN@SERVER/ID`',
    paths: [
      {
        methods: 'POST',
        path: '/api/<id>/envelope/',
        means:
          'an envelope; events and check-ins are kept, anything else is skipped. A slug that no host can have as its name is made fit: `Nightly Backup` is `nightly-backup`; where letters of another script or the end are lost, a hash tells it apart: `Ночной backup` is `backup-af478a`. The path may have a prefix. The key stands in `?sentry_key=`, in `X-Sentry-Auth`, or in the envelope (`dsn`)',
      },
      {
        methods: 'POST',
        path: '/api/<id>/store/',
        means: 'one event as JSON, as older SDKs send it; also zlib in base64',
      },
      {
        methods: 'GET, POST',
        path: '/api/<id>/cron/<slug>/<key>/',
        means:
          "a check-in, as a crontab's curl sends it: `?status=` (in_progress, ok, error), `check_in_id`, `duration`; or these as JSON, with `monitor_config`",
      },
      {
        methods: 'OPTIONS',
        path: '/api/<id>/envelope/',
        means: 'what a browser asks before it sends; the same for `store`',
      },
    ],
    replies: [
      { when: 'kept, or nothing in it is for us', reply: '200 `{"id":"<event_id>"}`' },
      { when: 'kept, of a `cron` line', reply: '202 `{}`' },
      { when: 'no envelope, no event, or no status of a `cron` line', reply: '400 `{"detail":"…"}`' },
      { when: 'the key is unknown, or not of this project', reply: '403 `{"detail":"…"}`' },
      { when: 'an event over 1 MB', reply: '413 `{"detail":"Too large"}`' },
      {
        when: 'a check-in is of a host with a token of its own, or of no job of this project, or of nobody and without `monitor_config`',
        reply: 'as if it were kept: it is left out, and the log of the server says why, once an hour',
      },
      { when: 'a check-in would make a host, and its project made 100', reply: '200, and no host is made' },
      { when: 'too many', reply: '429 with `Retry-After` and `X-Sentry-Rate-Limits`' },
    ],
    paste: (at, { name, token }) => `SENTRY_DSN=${at.replace('://', `://${token}@`)}/${projectId(name)}`,
  },
  matches(method, path) {
    if ((method === 'POST' || method === 'OPTIONS') && PATH.test(path)) return true
    return (method === 'GET' || method === 'POST') && CRON.test(path)
  },
  open,
  refuse,
}

const PREFLIGHT: Refused = {
  reply: {
    status: 204,
    headers: [
      ...ANYWHERE,
      ...['Access-Control-Allow-Methods', 'POST, OPTIONS'],
      ...['Access-Control-Allow-Headers', 'Content-Type, Content-Encoding, X-Sentry-Auth'],
      ...['Access-Control-Max-Age', '86400'],
    ],
    body: '',
  },
}
const NO_KEY: Refused = { reply: detail(403, 'No key: expected sentry_key, X-Sentry-Auth or a dsn') }
const WRONG_KEY: Refused = { reply: detail(403, 'Unknown key, or not of this project'), wrong: true }
const NO_ENVELOPE: Refused = { reply: detail(400, 'Not an envelope') }
const NO_STATUS: Refused = { reply: detail(400, 'Expected status: in_progress, ok or error') }
const CHECKED_IN = json(202, {})
const NO_EVENT: Refused = { reply: detail(400, 'Not a JSON object') }
const TOO_LARGE: Refused = { reply: detail(413, 'Too large') }

function open({ method, path, query, headers }: Head, doors: Doors): Opened | Refused {
  if (method === 'OPTIONS') return PREFLIGHT
  const found = PATH.exec(path)
  if (!found) return openCron(path, query, doors)
  const [, id, form] = found
  const key = keyOf(query, headers['x-sentry-auth'])
  if (key === undefined) {
    if (form === 'store') return NO_KEY
    return { limit: MEGABYTE, read: (body) => readItems(body, doors, Number(id), undefined) }
  }
  const project = projectOf(key, Number(id), doors)
  if (!project) return WRONG_KEY
  if (form === 'store') return { limit: ITEM_LIMIT, read: (body) => readEventOf(body, project) }
  return {
    limit: PACKED_LIMIT,
    unpackedLimit: UNPACKED_LIMIT,
    read: (body) => readItems(body, doors, Number(id), project),
  }
}

function openCron(path: string, query: string, doors: Doors): Opened | Refused {
  const [, id, slug, key] = CRON.exec(path)!
  const project = projectOf(key!, Number(id), doors)
  if (!project) return WRONG_KEY
  const asWords: Fields = Object.fromEntries(parseForm(query))
  return {
    limit: ITEM_LIMIT,
    read(body) {
      const found: Fields = {
        ...asWords,
        duration: plainNumber(String(asWords.duration ?? '')),
        ...fieldsOf(parseJson(body.toString())),
        monitor_slug: decodedPart(slug!),
      }
      if (!isCheckInStatus(found.status)) return NO_STATUS
      const checkIn = readCheckIn(found, project, doors, true)
      return 'deed' in checkIn ? asked([checkIn.deed], CHECKED_IN) : asked([], CHECKED_IN, [checkIn.remark])
    },
  }
}

function keyOf(query: string, header: string | string[] | undefined): string | undefined {
  for (const [name, value] of parseForm(query)) if (name === 'sentry_key') return value
  if (typeof header !== 'string') return undefined
  for (const part of header.replace(/^sentry\s/i, '').split(',')) {
    const [name, value] = part.split('=', 2)
    if (name!.trim() === 'sentry_key' && value !== undefined) return value.trim()
  }
  return undefined
}

function keyOfDsn(dsn: unknown): string | undefined {
  if (typeof dsn !== 'string' || !URL.canParse(dsn)) return undefined
  return new URL(dsn).username || undefined
}

/** The number proves nothing, but who has a wrong one reports to somebody else. */
function projectOf(key: string, id: number, doors: Doors): Subject | undefined {
  const subject = key.length <= KEY_LENGTH ? doors.byToken(key) : undefined
  return subject && projectId(subject.name) === id ? subject : undefined
}

function readEventOf(body: Buffer, project: Subject): Asked | Refused {
  const found = readStored(body, ITEM_LIMIT)
  if (found === 'too-large') return TOO_LARGE
  if (!found) return NO_EVENT
  if (isOther(found.type)) return asked([], kept(eventId(found.event_id)))
  const { id, ...told } = readEvent(found, undefined)
  return asked([{ kind: 'error', subject: project, ...told, size: body.length }], kept(id))
}

/** Such as a transaction: it tells how long something took, and of no error. */
function isOther(type: unknown): boolean {
  return typeof type === 'string' && !EVENT_TYPES.has(type)
}

/** @param known whose key the head showed; else the envelope's `dsn` tells */
function readItems(body: Buffer, doors: Doors, id: number, known: Subject | undefined): Asked | Refused {
  const envelope = readEnvelope(body, WANTED)
  if (!envelope) return NO_ENVELOPE
  const { header, items } = envelope
  const key = known ? undefined : keyOfDsn(header.dsn)
  if (!known && key === undefined) return NO_KEY
  const project = known ?? projectOf(key!, id, doors)
  if (!project) return WRONG_KEY
  const taken = items.slice(0, MOST_DEEDS)
  if (taken.some(({ payload }) => payload.length > ITEM_LIMIT) || sizeOf(taken) > READ_LIMIT) return TOO_LARGE

  const deeds: Deed[] = []
  const remarks: string[] = []
  if (items.length > MOST_DEEDS)
    remarks.push(
      `${project.name}: an envelope held more than ${MOST_DEEDS} events and check-ins, and the rest was left out`,
    )
  let ofEnvelope = eventId(header.event_id)
  let answered = ofEnvelope
  let declared = 0
  for (const { type, payload } of taken) {
    const found = parseJson(payload.toString())
    if (!isFields(found)) return NO_EVENT
    if (type === 'check_in') {
      const mayDeclare = found.monitor_config !== undefined && declared++ < MOST_DECLARED
      const checkIn = readCheckIn(found, project, doors, mayDeclare)
      if ('deed' in checkIn) deeds.push(checkIn.deed)
      else remarks.push(checkIn.remark)
      answered ??= eventId(found.check_in_id)
    } else {
      const { id, ...told } = readEvent(found, ofEnvelope)
      deeds.push({ kind: 'error', subject: project, ...told, size: payload.length })
      answered ??= id
      // It names one of them only.
      ofEnvelope = undefined
    }
  }
  return asked(deeds, kept(answered), remarks)
}

function sizeOf(items: readonly Item[]): number {
  return items.reduce((sum, { payload }) => sum + payload.length, 0)
}

/** A job that may not become a host is no reason for an SDK to complain. */
function asked(deeds: readonly Deed[], done: Reply, remarks?: readonly string[]): Asked {
  return {
    deeds,
    remarks,
    reply(outcomes: readonly Outcome[]) {
      const failed = outcomes.find((outcome) => typeof outcome === 'object')
      if (failed) return detail(503, `Cannot write: ${failed.cannotWrite}`, ['Retry-After', '10'])
      return done
    },
  }
}

function kept(id = '0'.repeat(32)): Reply {
  return json(200, { id })
}

function refuse(problem: Problem): Reply {
  if (problem === 'too-large') return TOO_LARGE.reply
  if (problem === 'bad-encoding') return detail(400, 'Unknown content encoding')
  if (problem === 'too-many-wrong') return detail(429, 'Too many wrong keys', ['Retry-After', '10'])
  const { retryAfterS, of } = problem
  const limits = `${retryAfterS}:${of === 'error' ? 'error' : 'monitor'}:key`
  return detail(429, 'Too many', ['Retry-After', String(retryAfterS), 'X-Sentry-Rate-Limits', limits])
}

function detail(status: number, text: string, more: readonly string[] = []): Reply {
  return json(status, { detail: text }, more)
}

function json(status: number, content: object, more: readonly string[] = []): Reply {
  const body = JSON.stringify(content)
  return { status, headers: headersOf('application/json', body, [...ANYWHERE, ...more]), body }
}
