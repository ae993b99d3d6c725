/**
 * The listening socket: its limits on slow clients, its move to another address, its orderly end.
 * Knows nothing of signals.
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Log, reasonOf } from '../shared/log.ts'

/** A client gets so long for a whole request; one that connects and says nothing is cut after it too. */
const REQUEST_MS = 10_000
/** Agents keep their connection between signals, so it must outlive the longest interval. */
const IDLE_MS = 10 * 60_000
const LONGEST_IDLE_MS = 60 * 60_000
/** On stopping, requests under way get so long. */
const GRACE_MS = 8000
const KEEP_ALIVE_PROBE_MS = 60_000

interface Address {
  readonly address: string
  readonly port: number
}

/** One line for the person who starts the process. */
export class ListenError extends Error {}

export interface Listening {
  /** Listens there; once that works, no longer where it did before. @throws ListenError, and all stays as it was */
  open(at: Address): Promise<void>
  /** Connections of clients that report this seldom are kept. */
  keepFor(intervalMs: number): void
  /** @returns whether every request came to its end */
  close(): Promise<boolean>
}

export function createListening(handler: RequestListener, log: Log): Listening {
  let current: Server | undefined
  let idleMs = IDLE_MS

  return {
    async open(at) {
      const server = createServer(
        {
          headersTimeout: REQUEST_MS,
          requestTimeout: REQUEST_MS,
          connectionsCheckingInterval: 1000,
          keepAliveTimeout: idleMs,
          keepAlive: true,
          keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
        },
        handler,
      )
      await listen(server, at)
      // Such as no descriptor left for another connection: it is refused, the others live on.
      server.on('error', (error) => log.error(`a connection was refused: ${reasonOf(error)}`))
      const bound = server.address() as AddressInfo
      log.info(`listening on ${show({ address: bound.address, port: bound.port })}`)
      const before = current
      current = server
      server.keepAliveTimeout = idleMs
      if (before) void end(before)
    },

    keepFor(intervalMs) {
      idleMs = Math.max(idleMs, Math.min(intervalMs * 1.5 + 5000, LONGEST_IDLE_MS))
      if (current) current.keepAliveTimeout = idleMs
    },

    close: () => (current ? end(current) : Promise.resolve(true)),
  }
}

function listen(server: Server, at: Address): Promise<void> {
  return new Promise((done, failed) => {
    const refused = (error: NodeJS.ErrnoException) => failed(new ListenError(why(error, at)))
    server.once('error', refused)
    server.listen(at.port, at.address, () => {
      server.off('error', refused)
      done()
    })
  })
}

function why({ code = 'unknown error' }: NodeJS.ErrnoException, at: Address): string {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there (stop it, or change server.listen)',
    EADDRNOTAVAIL: 'this machine does not have that address (change server.listen; 0.0.0.0 means all)',
    ENOTFOUND: 'no such address (change server.listen; 0.0.0.0 means all)',
    EACCES: 'this user may not use that port (take one above 1023)',
  }
  return `cannot listen on ${show(at)}: ${reasons[code] ?? code}`
}

function show({ address, port }: Address): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** No new connections, idle ones closed at once, the others when they have been answered, all of them in the end. */
function end(server: Server): Promise<boolean> {
  return new Promise((done) => {
    let clean = true
    const sweep = setInterval(() => server.closeIdleConnections(), 50)
    const cut = setTimeout(() => {
      clean = false
      server.closeAllConnections()
    }, GRACE_MS)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(cut)
      done(clean)
    })
  })
}
