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
export class ListenError extends Error {
  readonly code: string | undefined

  constructor(message: string, code?: string) {
    super(message)
    this.code = code
  }
}

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

  function create(): Server {
    const options = {
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: idleMs,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
    }
    return createServer(options, handler)
  }

  async function use(at: Address): Promise<void> {
    const server = create()
    await listen(server, at)
    // Such as no descriptor left for another connection: it is refused, the others live on.
    server.on('error', (error) => log.error(`a connection was refused: ${reasonOf(error)}`))
    log.info(`listening on ${show(boundTo(server))}`)
    const before = current
    current = server
    server.keepAliveTimeout = idleMs
    if (before) void end(before)
  }

  return {
    async open(at) {
      const before = current && boundTo(current)
      try {
        await use(at)
      } catch (error) {
        const inOurWay = (error as ListenError).code === 'EADDRINUSE' && before?.port === at.port
        if (!current || !before || !inOurWay) throw error
        // The port is our own: 0.0.0.0 has to be let go before 127.0.0.1 can be had.
        void end(current)
        current = undefined
        await use(at).catch(async (second: unknown) => {
          await use(before)
          throw second
        })
      }
    },

    keepFor(intervalMs) {
      idleMs = Math.max(idleMs, Math.min(intervalMs * 1.5 + 5000, LONGEST_IDLE_MS))
      if (current) current.keepAliveTimeout = idleMs
    },

    close: () => (current ? end(current) : Promise.resolve(true)),
  }
}

function boundTo(server: Server): Address {
  const { address, port } = server.address() as AddressInfo
  return { address, port }
}

function listen(server: Server, at: Address): Promise<void> {
  return new Promise((done, failed) => {
    const refused = (error: NodeJS.ErrnoException) => failed(new ListenError(why(error, at), error.code))
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
