/**
 * The signal lane: an ordinary connect-style handler in front of the Express app, which would cost more than all the
 * rest. Credentials are judged before the body is read; what a signal means is accept.ts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { type Log, reasonOf } from '../shared/log.ts'
import type { Accept } from './accept.ts'
import { createBodyReader } from './body.ts'
import type { Asked, Dialect, Doors, Head, Refused, Reply } from './dialects/dialect.ts'
import { headersOf } from './dialects/text.ts'
import type { Limits } from './limits.ts'
import type { Penalty } from './penalty.ts'
import { createRemarks } from './remarks.ts'
import type { Outcome } from './signal.ts'
import type { Tally } from './tally.ts'

export interface SignalsDeps {
  readonly dialects: readonly Dialect[]
  /** What a change of the configuration may change under way. */
  readonly doors: () => Doors
  /** The address stands in X-Forwarded-For, because a proxy of ours put it there. */
  readonly trustProxy: () => boolean
  readonly penalty: Penalty
  readonly limits: Limits
  readonly accept: Accept
  readonly tally: Tally
  readonly log: Pick<Log, 'error' | 'warn'>
  /** Credentials came over a connection that anybody on the way can read. */
  readonly unencrypted: (who: string, address: string) => void
}

const COMPLAIN_EVERY_MS = 60_000
const UNABLE_TEXT = 'Cannot answer now.'
const UNABLE: Reply = {
  status: 503,
  headers: headersOf('text/plain; charset=utf-8', UNABLE_TEXT, ['Retry-After', '10']),
  body: UNABLE_TEXT,
}

export type Handler = (req: IncomingMessage, res: ServerResponse, next: () => void) => void

export function createSignals(deps: SignalsDeps): Handler {
  const { dialects, penalty, limits, accept, tally, log } = deps
  const readBody = createBodyReader()
  const remark = createRemarks(log, () => performance.now())
  let complainedMs = Number.NEGATIVE_INFINITY
  for (const { name } of dialects) tally.begin(name)

  return (req, res, next) => {
    const { method = 'GET', headers } = req
    const url = withoutOrigin(req.url ?? '/')
    const mark = url.indexOf('?')
    const path = mark === -1 ? url : url.slice(0, mark)
    const dialect = dialectOf(dialects, method, path)
    if (!dialect) {
      next()
      return
    }
    const trustProxy = deps.trustProxy()
    const address = addressOf(req, trustProxy)
    const head: Head = { method, path, query: mark === -1 ? '' : url.slice(mark + 1), headers }
    guarded(dialect, res, () => {
      const opened = dialect.open(head, deps.doors())
      if ('reply' in opened) {
        refuse(dialect, res, opened, address)
        return
      }
      readBody(req, opened, (body) => {
        guarded(dialect, res, () => {
          if (body === 'too-busy') refuse(dialect, res, { reply: UNABLE }, address)
          else if (typeof body === 'string') refuse(dialect, res, { reply: dialect.refuse(body) }, address)
          else {
            const asked = opened.read(body)
            if ('deeds' in asked) act(dialect, res, asked, address, isUnencrypted(req, trustProxy))
            else refuse(dialect, res, asked, address)
          }
        })
      })
    })
  }

  /** Who speaks is asked of the disk, which may refuse (no descriptor left, say): that ends this request and no more. */
  function guarded(dialect: Dialect, res: ServerResponse, work: () => void): void {
    try {
      work()
    } catch (error) {
      const now = performance.now()
      if (now - complainedMs > COMPLAIN_EVERY_MS) {
        complainedMs = now
        log.error(`a request failed (${dialect.name}): ${reasonOf(error)} (said once a minute)`)
      }
      if (!res.headersSent) refuse(dialect, res, { reply: UNABLE })
    }
  }

  function act(
    dialect: Dialect,
    res: ServerResponse,
    asked: Asked,
    address: string | undefined,
    unencrypted: boolean,
  ): void {
    const { deeds, remarks, reply } = asked
    if (remarks) for (const text of remarks) remark(text)
    const wait = limits.wait(deeds, address)
    if (wait) {
      refuse(dialect, res, { reply: dialect.refuse(wait) }, address)
      return
    }
    const [first] = deeds
    if (first && unencrypted && address !== undefined) {
      deps.unencrypted(first.kind === 'signal' ? first.signal.host : first.subject.name, address)
    }
    const outcomes: Outcome[] = []
    let waits = false
    const coming = deeds.map((deed, index) => {
      const outcome = accept(deed, address)
      if (outcome instanceof Promise) {
        waits = true
        return outcome.then((settled) => {
          outcomes[index] = settled
        })
      }
      outcomes[index] = outcome
      return undefined
    })
    // What was said is large, and must not be held for as long as it is being synced.
    const kinds = deeds.map(({ kind }) => kind)
    const answer = () => {
      for (const [index, kind] of kinds.entries()) tally.count(dialect.name, kind, outcomes[index] === 'registered')
      send(res, reply(outcomes))
    }
    if (waits) void Promise.all(coming).then(() => guarded(dialect, res, answer))
    else answer()
  }

  function refuse(dialect: Dialect, res: ServerResponse, { reply, wrong }: Refused, address = ''): void {
    if (reply.status >= 400) tally.count(dialect.name, 'none', false)
    if (!wrong) send(res, reply)
    else
      penalty.wrong(address, (verdict) => send(res, verdict === 'slow-down' ? dialect.refuse('too-many-wrong') : reply))
  }
}

function dialectOf(dialects: readonly Dialect[], method: string, path: string): Dialect | undefined {
  for (const dialect of dialects) if (dialect.matches(method, path)) return dialect
  return undefined
}

function send(res: ServerResponse, { status, headers, body }: Reply): void {
  res.writeHead(status, headers)
  res.end(body)
}

/** `undefined` when the connection is gone already. */
export function addressOf(req: IncomingMessage, trustProxy: boolean): string | undefined {
  const last = trustProxy ? lastOf(req.headers['x-forwarded-for']) : ''
  const address = isIP(last) === 0 ? req.socket.remoteAddress : last
  return address?.startsWith('::ffff:') ? address.slice(7) : address
}

/** As far as we can know: a proxy that does not say how it was spoken to is not accused. */
export function isUnencrypted(req: IncomingMessage, trustProxy: boolean): boolean {
  const { headers, socket } = req
  if (trustProxy && headers['x-forwarded-for'] !== undefined) return lastOf(headers['x-forwarded-proto']) === 'http'
  return !('encrypted' in socket)
}

/** The last entry is our proxy's; those before it are whatever the client liked to send. */
function lastOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header.slice(header.lastIndexOf(',') + 1).trim() : ''
}

/** Some clients ask any server as they would ask a proxy, with the whole URL. */
function withoutOrigin(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '')
}
