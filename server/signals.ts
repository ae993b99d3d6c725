/**
 * The signal lane: an ordinary connect-style handler in front of the Express app, which would cost more than all the
 * rest. Credentials are judged before the body is read; what a signal means is accept.ts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import type { Accept } from './accept.ts'
import { readBody } from './body.ts'
import type { Credentials } from './credentials.ts'
import type { Dialect } from './dialects/dialect.ts'
import type { Penalty } from './penalty.ts'
import type { Outcome } from './signal.ts'

/** Bytes; the longest honest form is far below. */
const BODY_LIMIT = 16 * 1024

/** What a change of the configuration may change under way. */
export interface Door {
  readonly credentials: Credentials
  /** The address stands in X-Forwarded-For, because a proxy of ours put it there. */
  readonly trustProxy: boolean
}

export interface SignalsDeps {
  readonly dialects: readonly Dialect[]
  readonly door: () => Door
  readonly penalty: Penalty
  readonly accept: Accept
}

export type Handler = (req: IncomingMessage, res: ServerResponse, next: () => void) => void

export function createSignals({ dialects, door, penalty, accept }: SignalsDeps): Handler {
  return (req, res, next) => {
    const dialect = dialectOf(dialects, req)
    if (!dialect) {
      next()
      return
    }
    const { credentials, trustProxy } = door()
    const address = addressOf(req, trustProxy)
    const { authorization } = req.headers
    if (authorization === undefined) {
      // Guesses nothing: clients that wait to be asked for a password begin like this each time.
      send(res, dialect, 'unauthorized')
      return
    }
    if (!credentials.fit(authorization)) {
      penalty.wrong(address ?? '', (outcome) => send(res, dialect, outcome))
      return
    }
    readBody(req, BODY_LIMIT, (body) => {
      if (typeof body !== 'string') {
        send(res, dialect, 'too-large')
        return
      }
      const signal = dialect.read({ contentType: req.headers['content-type'], body })
      if (typeof signal === 'string') {
        send(res, dialect, signal)
        return
      }
      const outcome = accept(signal, address)
      if (outcome instanceof Promise) void outcome.then((settled) => send(res, dialect, settled))
      else send(res, dialect, outcome)
    })
  }
}

function dialectOf(dialects: readonly Dialect[], { method, url = '/' }: IncomingMessage): Dialect | undefined {
  const query = url.indexOf('?')
  const path = query === -1 ? url : url.slice(0, query)
  for (const dialect of dialects) if (dialect.matches(method, path)) return dialect
  return undefined
}

function send(res: ServerResponse, dialect: Dialect, outcome: Outcome): void {
  const { status, headers, body } = dialect.reply(outcome)
  res.writeHead(status, headers)
  res.end(body)
}

/** `undefined` when the connection is gone already. */
function addressOf(req: IncomingMessage, trustProxy: boolean): string | undefined {
  const remote = req.socket.remoteAddress
  // The last entry is our proxy's; those before it are whatever the client liked to send.
  const forwarded = trustProxy ? req.headers['x-forwarded-for'] : undefined
  const last = typeof forwarded === 'string' ? forwarded.slice(forwarded.lastIndexOf(',') + 1).trim() : ''
  const address = isIP(last) === 0 ? remote : last
  return address?.startsWith('::ffff:') ? address.slice(7) : address
}
