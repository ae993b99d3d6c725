/**
 * The listening socket: its limits on slow clients, its move to another address, to https and back, its orderly end.
 * Knows nothing of signals.
 */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { type Log, reasonOf } from '../shared/log.ts'

/** A client gets so long for the head of a request; one that is silent for as long, before or within one, is cut. */
const SILENT_MS = 10_000
/** For a whole request: a large body on a slow line may take its time, if only it goes on. */
const REQUEST_MS = 120_000
/** Agents keep their connection between signals, so it must outlive the longest interval. */
const IDLE_MS = 10 * 60_000
const LONGEST_IDLE_MS = 60 * 60_000
/** On stopping, requests under way get so long. */
const GRACE_MS = 8000
const KEEP_ALIVE_PROBE_MS = 60_000
const MOST_NAMED = 100

interface Address {
  readonly address: string
  readonly port: number
}

interface Pair {
  readonly cert: Buffer
  readonly key: Buffer
}

interface Open {
  readonly server: Server
  readonly certificate: Pair | undefined
  /** Clients whose handshake has not ended: no request yet, and nothing that Node counts as an idle connection. */
  readonly greeting: Map<string, Socket>
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
  /**
   * Listens there; once that works, no longer where it did before.
   * @param certificate with one it speaks https
   * @throws ListenError, and all stays as it was
   */
  open(at: Address, certificate?: Pair): Promise<void>
  /** New connections get this certificate; nothing for one that speaks http. */
  renew(certificate: Pair): void
  /** Connections of clients that report this seldom are kept. */
  keepFor(intervalMs: number): void
  /** @returns whether every request came to its end */
  close(): Promise<boolean>
}

export function createListening(handler: RequestListener, log: Log): Listening {
  let current: Open | undefined
  let idleMs = IDLE_MS

  function create(certificate: Pair | undefined): Open {
    const options = {
      headersTimeout: SILENT_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: idleMs,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
    }
    if (!certificate) return { server: guarded(createServer(options, handler)), certificate, greeting: new Map() }
    const secure = { ...options, ...securityOf(certificate), handshakeTimeout: SILENT_MS, noDelay: true }
    const server = guarded(createTlsServer(secure, handler))
    nameWhoSpeaksHttp(server, log)
    return { server, certificate, greeting: handshakesOf(server) }
  }

  async function use(at: Address, certificate: Pair | undefined): Promise<void> {
    const next = create(certificate)
    const { server } = next
    await listen(server, at)
    // Such as no descriptor left for another connection: it is refused, the others live on.
    server.on('error', (error) => log.error(`a connection was refused: ${reasonOf(error)}`))
    log.info(`listening on ${show(boundTo(server))}`)
    const before = current
    current = next
    server.keepAliveTimeout = idleMs
    if (before) void end(before)
  }

  return {
    async open(at, certificate) {
      const before = current && { at: boundTo(current.server), certificate: current.certificate }
      try {
        await use(at, certificate)
      } catch (error) {
        const inOurWay = (error as ListenError).code === 'EADDRINUSE' && before?.at.port === at.port
        if (!current || !before || !inOurWay) throw error
        // The port is our own: 0.0.0.0 has to be let go before 127.0.0.1 can be had.
        void end(current)
        current = undefined
        await use(at, certificate).catch(async (second: unknown) => {
          await use(before.at, before.certificate)
          throw second
        })
      }
    },

    renew(certificate) {
      if (!(current?.server instanceof TlsServer)) return
      current.server.setSecureContext(securityOf(certificate))
      current = { ...current, certificate }
    },

    keepFor(intervalMs) {
      idleMs = Math.max(idleMs, Math.min(intervalMs * 1.5 + 5000, LONGEST_IDLE_MS))
      if (current) current.server.keepAliveTimeout = idleMs
    },

    close: () => (current ? end(current) : Promise.resolve(true)),
  }
}

function guarded<S extends Server>(server: S): S {
  // Node drops what is beyond the first thousand lines, so that a client's own could push out those of our proxy. How
  // large a head may be is limited anyway.
  server.maxHeadersCount = 0
  server.timeout = SILENT_MS
  server.prependListener('request', (_req, res) => res.on('timeout', cutSilent).on('finish', expectRest))
  return server
}

/** Only who has not said all: an answer may take as long as it takes. One that was begun cannot become another. */
function cutSilent(this: ServerResponse): void {
  const { req, headersSent } = this
  if (req.complete) return
  if (headersSent) req.destroy()
  else this.writeHead(408, { Connection: 'close', 'Content-Length': 0 }).end()
}

/**
 * Answered before all was said: Node, who is asked first, gives the connection the time of one that is kept. The rest may
 * just be coming out of the parser, so it is asked for afterwards.
 */
function expectRest(this: ServerResponse): void {
  const { req } = this
  if (req.complete) return
  setImmediate(() => {
    if (!req.complete) req.socket.setTimeout(SILENT_MS)
  })
}

function securityOf({ cert, key }: Pair) {
  return { cert, key, minVersion: 'TLSv1.2' } as const
}

/** By the client's address and port: what a handshake ends with is another object than what it began with. */
function handshakesOf(server: TlsServer): Map<string, Socket> {
  const greeting = new Map<string, Socket>()
  const nameOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`
  server.on('connection', (socket: Socket) => {
    const name = nameOf(socket)
    greeting.set(name, socket)
    socket.once('close', () => greeting.delete(name))
  })
  server.on('secureConnection', (socket) => greeting.delete(nameOf(socket)))
  return greeting
}

/** After a change to https they seem to fall silent: machines whose server address was not changed. */
function nameWhoSpeaksHttp(server: TlsServer, log: Log): void {
  const named = new Set<string>()
  server.on('tlsClientError', ({ code }: NodeJS.ErrnoException, { remoteAddress: address }) => {
    if (code !== 'ERR_SSL_HTTP_REQUEST' || address === undefined || named.has(address)) return
    if (named.size >= MOST_NAMED) return
    named.add(address)
    log.warn(`${address} speaks http to a port that speaks https: its server address must begin with https://`)
  })
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
function end({ server, greeting }: Open): Promise<boolean> {
  for (const socket of greeting.values()) socket.destroy()
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
