/**
 * Uptime Kuma's push monitors: appliances and scripts call a URL, by whatever method, and say all in its query. Every
 * failure of theirs is a 404 with `ok:false`. `ping` is looked at and not kept: it differs with every push, and a report
 * that changes each time would be written each time.
 */
import { parseForm } from '../form.ts'
import type { Outcome, Subject } from '../signal.ts'
import type { Asked, Dialect, Doors, Head, Opened, Problem, Refused, Reply } from './dialect.ts'
import { headersOf, partAfter, plainText } from './text.ts'

const PREFIX = '/api/push/'
const MESSAGE_LENGTH = 1000
const LARGEST_PING = 1e11
/** Bytes; a body says nothing here. */
const LIMIT = 32 * 1024
/** A heartbeat that a proxy answers from its memory is none. */
const FRESH = ['Cache-Control', 'no-store']

export const uptimeKuma: Dialect = {
  name: 'uptime-kuma',
  doc: {
    title: 'Uptime Kuma (push monitors)',
    clients: 'appliances and scripts with a push URL: change its host name and its token, keep the rest',
    paths: [
      {
        methods: 'any',
        path: '/api/push/<token>?status=&msg=&ping=',
        means:
          'no `status`, or `up`: it works; any other `status`: it failed, and `msg` says why; `ping` (ms) must lie between 0 and 1e11 and is not kept; a body is not read',
      },
    ],
    replies: [
      { when: 'kept', reply: '200 `{"ok":true}`' },
      { when: 'unknown token', reply: '404 `{"ok":false,"msg":"Monitor not found or not active."}`' },
      { when: '`ping` out of bounds', reply: '404 `{"ok":false,"msg":"Invalid ping: …"}`' },
    ],
    paste: (at, { token }) => `curl -fsS "${at}${PREFIX}${token}?status=up&msg=OK&ping="`,
  },
  matches: (_method, path) => path.startsWith(PREFIX),
  open,
  refuse,
}

const OK: Reply = jsonReply(200, { ok: true })
const INVALID_PING: Refused = { reply: refusal(404, `Invalid ping: from 0 to ${LARGEST_PING} ms is expected.`) }
const UNKNOWN: Refused = { reply: refusal(404, 'Monitor not found or not active.'), wrong: true }

interface Push {
  readonly up: boolean
  readonly message?: string
}

const PLAIN: Push = { up: true }

function open({ path, query }: Head, doors: Doors): Opened | Refused {
  const push = query === '' ? PLAIN : pushOf(query)
  if (push === 'invalid-ping') return INVALID_PING
  const token = partAfter(path, PREFIX)
  const subject = token === undefined ? undefined : doors.byToken(token)
  return subject ? { limit: LIMIT, read: () => read(push, subject) } : UNKNOWN
}

function pushOf(query: string): Push | 'invalid-ping' {
  let up = true
  let message: string | undefined
  for (const [name, value] of parseForm(query)) {
    if (name === 'status') up = value === '' || value === 'up'
    // What every push URL is given with: it says nothing.
    else if (name === 'msg') message = value === 'OK' ? undefined : plainText(value, MESSAGE_LENGTH)
    else if (name === 'ping') {
      // Scripts send it empty, or with words in it when they could not measure: then it is just not there.
      const ping = Number.parseFloat(value)
      if (ping < 0 || ping > LARGEST_PING) return 'invalid-ping'
    }
  }
  return { up, message }
}

function read({ up, message }: Push, subject: Subject): Asked {
  const signal = { host: subject.name, event: up ? 'success' : 'fail', message } as const
  return { deeds: [{ kind: 'signal', signal, subject }], reply: replyTo }
}

function replyTo([outcome]: readonly Outcome[]): Reply {
  if (outcome === 'registered') return OK
  if (typeof outcome === 'string') return UNKNOWN.reply
  return refusal(503, `Cannot write: ${outcome?.cannotWrite}`, 10)
}

function refuse(problem: Problem): Reply {
  if (problem === 'too-large') return refusal(404, 'Too large.')
  if (problem === 'bad-encoding') return refusal(404, 'Unknown content encoding.')
  if (problem === 'too-many-wrong') return refusal(429, 'Too many wrong tokens.', 10)
  return refusal(429, 'Too many pushes.', problem.retryAfterS)
}

function refusal(status: number, msg: string, retryAfterS?: number): Reply {
  const more = retryAfterS === undefined ? [] : ['Retry-After', String(retryAfterS)]
  return jsonReply(status, { ok: false, msg }, more)
}

function jsonReply(status: number, content: object, more: readonly string[] = []): Reply {
  const body = JSON.stringify(content)
  return { status, headers: headersOf('application/json', body, [...FRESH, ...more]), body }
}
