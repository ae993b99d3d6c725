/**
 * Healthchecks' pings: a URL in a crontab, runitor, borgmatic and other tools. By the host's token, written as a UUID,
 * or by the installation's ping key and the host's name in lower case, its slug. And the badges of its hosts, which are
 * asked for here because their links begin like this too (healthchecks/badge.ts draws them).
 */
import { isHostName } from '../../shared/names.ts'
import { isUuid, uuidOf } from '../../shared/tokens.ts'
import { parseForm } from '../form.ts'
import type { Outcome, Signal, Subject } from '../signal.ts'
import type { Asked, Dialect, Doors, Head, Opened, Problem, Refused, Reply } from './dialect.ts'
import { type BadgeFormat, drawBadge } from './healthchecks/badge.ts'
import { decodedPart, headersOf, plainLines } from './text.ts'

const PING = '/ping/'
const BADGE = '/badge/'
const ENDING = String.raw`(?:/(start|fail|log|\d+))?/?$`
const BY_UUID = new RegExp(`^/ping/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})${ENDING}`)
const BY_SLUG = new RegExp(`^/ping/([A-Za-z0-9_-]+)/([A-Za-z0-9_-]+)${ENDING}`)
const BADGE_PATH = /^\/badge\/([A-Za-z0-9_-]+)\/([A-Za-z0-9_-]+)(?:\/([^/]+))?\.(svg|json|shields)$/
const LARGEST_STATUS = 255
/** Bytes of a body that are kept: the last ones, for a log ends with the reason why it ends. */
const KEPT = 10_000
/** Of these a line or a word that was cut in two is left out; what is longer than this stays as it is. */
const CUT_WITHIN = 1000
/** Of a packed body. */
const LIMIT = 1024 * 1024
const UNPACKED_LIMIT = 16 * LIMIT
/** As in Healthchecks, a day and an hour of grace: what comes by its first ping is a job more often than a machine. */
const TIMEOUT_MS = 25 * 3_600_000
/** A ping that a proxy answers from its memory is none. */
const FRESH = ['Access-Control-Allow-Origin', '*', 'Cache-Control', 'no-store']
const SUCCESS = ['Ping-Body-Limit', String(KEPT), 'Access-Control-Expose-Headers', 'Ping-Body-Limit']

export const healthchecks: Dialect = {
  name: 'healthchecks',
  doc: {
    title: 'Healthchecks',
    clients:
      'crontabs with curl or wget, runitor, borgmatic and most backup tools: change the base URL to `<server>/ping`',
    paths: [
      {
        methods: 'HEAD, GET, POST',
        path: '/ping/<uuid>',
        means:
          "it worked; `<uuid>` is the host's token, written as a UUID; the last 10,000 bytes of a body, of any size, are kept as the job's output",
      },
      {
        methods: 'HEAD, GET, POST',
        path: '/ping/<uuid>/start',
        means: 'a run begins; its end must follow within `grace`',
      },
      { methods: 'HEAD, GET, POST', path: '/ping/<uuid>/fail', means: 'it failed' },
      {
        methods: 'HEAD, GET, POST',
        path: '/ping/<uuid>/<0-255>',
        means: 'it ended with this exit status; over 0 it failed',
      },
      { methods: 'HEAD, GET, POST', path: '/ping/<uuid>/log', means: 'something to note; changes nothing' },
      {
        methods: 'HEAD, GET, POST',
        path: '/ping/<ping-key>/<slug>',
        means:
          "the same, with the same endings; `<slug>` is the host's name in lower case; `?create=1` makes a host that is missing, silent after 25 h unless `host edit` or `monitora.yml` says otherwise",
      },
      {
        methods: 'GET, HEAD',
        path: '/badge/<key>/<signature>.svg',
        means:
          'the state of all hosts, of those with a tag as `/badge/<key>/<signature>/<tag>.svg`; `.json` and `.shields` tell it to programs',
      },
    ],
    replies: [
      { when: 'kept', reply: '200 `OK`' },
      { when: 'a host was made (`create=1`)', reply: '201 `Created`' },
      { when: 'an exit status over 255, a slug with capitals', reply: '400 `invalid url format`' },
      { when: '`rid` is no UUID', reply: '400 `invalid uuid format`' },
      { when: 'unknown UUID, ping key, slug or badge', reply: '404 `not found`' },
      { when: 'two hosts of that slug', reply: '409 `ambiguous slug`' },
      { when: 'a packed body over 1 MB, or over 16 MB unpacked', reply: '413 `too large`' },
    ],
    paste: (at, { token }) => `curl -fsS -m 10 --retry 5 -o /dev/null ${at}${PING}${uuidOf(token) ?? token}`,
  },
  matches: (method, path) =>
    (path.startsWith(PING) && (method === 'GET' || method === 'POST' || method === 'HEAD')) ||
    (path.startsWith(BADGE) && (method === 'GET' || method === 'HEAD')),
  open,
  refuse,
}

const OK = textReply(200, 'OK', SUCCESS)
const CREATED = textReply(201, 'Created', SUCCESS)
const INVALID_URL: Refused = { reply: textReply(400, 'invalid url format') }
const INVALID_UUID: Refused = { reply: textReply(400, 'invalid uuid format') }
const NOT_FOUND: Refused = { reply: textReply(404, 'not found') }
const UNKNOWN: Refused = { ...NOT_FOUND, wrong: true }
const AMBIGUOUS: Refused = { reply: textReply(409, 'ambiguous slug') }

function open({ path, query }: Head, doors: Doors): Opened | Refused {
  if (path.startsWith(BADGE)) return badge(path, doors)
  const direct = BY_UUID.exec(path)
  if (direct) {
    const [, uuid = '', ending] = direct
    if (isTooLarge(ending)) return INVALID_URL
    const subject = doors.byToken(uuid)
    return subject ? hear(subject.name, subject, ending, query) : UNKNOWN
  }
  const [, key = '', slug = '', ending] = BY_SLUG.exec(path) ?? []
  if (key === '') return NOT_FOUND
  if (slug !== slug.toLowerCase() || isTooLarge(ending)) return INVALID_URL
  if (!doors.isPingKey(key)) return UNKNOWN
  const subject = doors.bySlug(slug)
  if (subject === 'ambiguous') return AMBIGUOUS
  if (subject) return hear(subject.name, subject, ending, query)
  if (lastOf(query, 'create') !== '1') return NOT_FOUND
  return isHostName(slug) ? hear(slug, undefined, ending, query) : INVALID_URL
}

/** @param subject `undefined`: a host that is to be made */
function hear(host: string, subject: Subject | undefined, ending: string | undefined, query: string): Opened | Refused {
  const rid = lastOf(query, 'rid')
  const run = rid === undefined ? undefined : isUuid(rid) ? rid.toLowerCase() : uuidOf(rid)
  if (rid !== undefined && run === undefined) return INVALID_UUID
  const signal: Signal = { host, run, timeoutMs: subject ? undefined : TIMEOUT_MS, ...saysOf(ending) }
  // One more than is kept: it shows that there was more, and whether a line ended there.
  return { limit: LIMIT, unpackedLimit: UNPACKED_LIMIT, keep: KEPT + 1, read: (body) => read(signal, subject, body) }
}

function read(signal: Signal, subject: Subject | undefined, body: Buffer): Asked {
  const said = body.length === 0 ? signal : { ...signal, output: outputIn(body) }
  const deeds = [{ kind: 'signal', signal: said, subject, endsPause: true }] as const
  return { deeds, reply: subject ? replyToPing : replyToCreation }
}

function saysOf(ending: string | undefined): Pick<Signal, 'event' | 'exitStatus'> {
  if (ending === undefined) return { event: 'success' }
  if (ending === 'start' || ending === 'fail' || ending === 'log') return { event: ending }
  const exitStatus = Number(ending)
  return { event: exitStatus > 0 ? 'fail' : 'success', exitStatus }
}

function isTooLarge(ending: string | undefined): boolean {
  return Number(ending) > LARGEST_STATUS
}

function outputIn(body: Buffer): string | undefined {
  return plainLines((body.length > KEPT ? endOf(body) : body).toString(), KEPT)
}

/** From the begin of a line; of a very long one, from that of a word, or at least of a character. */
function endOf(body: Buffer): Buffer {
  const cut = body.length - KEPT - 1
  const near = body.subarray(cut, cut + CUT_WITHIN).toString('latin1')
  const found = [/[\r\n]/, /[ \t]/, /.[^\x80-\xbf]/s].map((begin) => near.search(begin)).find((at) => at !== -1)
  return body.subarray(cut + 1 + (found ?? 0))
}

/** Of several, the last. */
function lastOf(query: string, wanted: string): string | undefined {
  if (query === '') return undefined
  let found: string | undefined
  for (const [name, value] of parseForm(query)) if (name === wanted) found = value
  return found
}

function badge(path: string, doors: Doors): Refused {
  const [, key = '', signature = '', part = '*', format] = BADGE_PATH.exec(path) ?? []
  const tag = decodedPart(part)
  const shown = tag === undefined || format === undefined ? undefined : doors.badge(key, signature, tag)
  if (!shown) return NOT_FOUND
  const { contentType, body } = drawBadge(shown, tag === '*' ? 'monitora' : tag!, format as BadgeFormat)
  return { reply: { status: 200, headers: headersOf(contentType, body, FRESH), body } }
}

function replyToPing([outcome]: readonly Outcome[]): Reply {
  return outcome === 'registered' ? OK : replyToUnkept(outcome)
}

function replyToCreation([outcome]: readonly Outcome[]): Reply {
  return outcome === 'registered' ? CREATED : replyToUnkept(outcome)
}

function replyToUnkept(outcome: Outcome | undefined): Reply {
  if (typeof outcome === 'string') return NOT_FOUND.reply
  return textReply(503, `cannot write: ${outcome?.cannotWrite}`, ['Retry-After', '10'])
}

function refuse(problem: Problem): Reply {
  if (problem === 'too-large') return textReply(413, 'too large')
  if (problem === 'bad-encoding') return textReply(415, 'unknown content encoding')
  if (problem === 'too-many-wrong') return textReply(429, 'too many wrong keys', ['Retry-After', '10'])
  return textReply(429, 'too many pings', ['Retry-After', String(problem.retryAfterS)])
}

function textReply(status: number, body: string, more: readonly string[] = []): Reply {
  return { status, headers: headersOf('text/plain; charset=utf-8', body, [...FRESH, ...more]), body }
}
