/**
 * Does this box reach the world? Asked before all silence at once is told: is it they, or is it we? Plain connections
 * only: whoever takes one or refuses one was reached; nothing is said there and nothing is read.
 */
import { readFileSync } from 'node:fs'
import { createConnection, isIP } from 'node:net'
import { endianness } from 'node:os'
import type { ChannelSettings } from '../shared/config/channels.ts'
import type { Place } from '../shared/config/sections.ts'
import { siteOf } from '../shared/sites.ts'

export interface ProbeDeps {
  /** `probe:` of the configuration: these alone are tried, wherever they lie. */
  readonly places?: readonly Place[]
  /** Without `places`: the next hop's address, if there is one (`defaultGateway`). */
  gateway(): string | undefined
  /** Without `places`: where the channels deliver to (`channelPlaces`). */
  readonly channelPlaces: readonly Place[]
  /**
   * Resolves with the address that took the connection or refused it (`connect`).
   * @throws what the system says when nobody answered
   */
  connect(place: Place, signal: AbortSignal): Promise<string>
}

const LIMIT_MS = 5000
/** Most routers answer one of them, if only with a refusal. */
const GATEWAY_PORTS = [53, 80]
/** The system knows no way there: not even the next hop is on the line. */
const NO_WAY = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EHOSTDOWN'])
/** RTF_GATEWAY of the kernel. */
const VIA_GATEWAY = 2

/** 'beyond': somebody out there was reached. 'near': somebody was, but at home, which proves nothing. */
type Outcome = 'beyond' | 'near' | 'no way' | 'nothing'

/**
 * @returns what asks, within 5 s: whether anyone beyond our own network was reached; `undefined` when there was nobody
 *   to ask. It never rejects; when the given signal aborts, it answers with what is known by then.
 */
export function createProbe({ places, gateway, channelPlaces, connect }: ProbeDeps) {
  return async (signal: AbortSignal): Promise<boolean | undefined> => {
    const over = new AbortController()
    const limit = AbortSignal.any([signal, over.signal, AbortSignal.timeout(LIMIT_MS)])
    // Whoever names the places knows what their answers prove, even of those at home.
    const proves = places ? () => true : isPublic
    const far = (places ?? channelPlaces).map((place) => attempt(() => connect(place, limit), proves))
    const host = places ? undefined : gateway()
    const near = host
      ? GATEWAY_PORTS.map((port) =>
          attempt(
            () => connect({ host, port }, limit),
            () => false,
          ),
        )
      : []
    const anyBeyond = far.map(
      async (outcome) => (await outcome) === 'beyond' || Promise.reject(new Error('not beyond')),
    )
    try {
      return await Promise.any(anyBeyond).catch(async () => judge(await Promise.all(far), await Promise.all(near)))
    } finally {
      over.abort()
    }
  }
}

async function attempt(connecting: () => Promise<string>, proves: (address: string) => boolean): Promise<Outcome> {
  try {
    return proves(await connecting()) ? 'beyond' : 'near'
  } catch (error) {
    return NO_WAY.has((error as NodeJS.ErrnoException).code ?? '') ? 'no way' : 'nothing'
  }
}

/**
 * Nobody beyond was reached. A gateway that answers, or that keeps quiet as many do, proves nothing; one that there is
 * no way to does.
 */
function judge(far: readonly Outcome[], near: readonly Outcome[]): false | undefined {
  if (far.some((outcome) => outcome !== 'near')) return false
  return near.length > 0 && near.every((outcome) => outcome === 'no way') ? false : undefined
}

/** What is public makes a site of hosts that name none: the same question, asked of the same rule. */
function isPublic(address: string): boolean {
  return siteOf(undefined, { address }, true) !== undefined
}

/**
 * The real way to connect.
 * @returns the address that took the connection or refused it
 * @throws the system's error when nobody answered
 */
export function connect({ host, port }: Place, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, signal })
    socket.once('connect', () => {
      resolve(socket.remoteAddress ?? host)
      socket.destroy()
    })
    socket.once('error', (error: SocketError) => {
      // A name with several addresses fails with an error for each.
      const each = error.errors ?? [error]
      const refused = each.find(({ code }) => code === 'ECONNREFUSED')
      if (refused) resolve(refused.address ?? host)
      else reject(each[0])
    })
  })
}

interface SocketError extends NodeJS.ErrnoException {
  readonly address?: string
  readonly errors?: readonly SocketError[]
}

/** Where channels deliver to, each place once; those that are plainly at home are left out. */
export function channelPlaces(channels: Iterable<ChannelSettings>): Place[] {
  const found = new Map<string, Place>()
  for (const settings of channels) {
    const place = placeOf(settings)
    if (place && !isHome(place.host)) found.set(`${place.host}:${place.port}`, place)
  }
  return [...found.values()]
}

function placeOf(settings: ChannelSettings): Place | undefined {
  switch (settings.type) {
    case 'telegram':
      return placeOfUrl(settings.apiRoot ?? 'https://api.telegram.org')
    case 'email': {
      const { host, port, secure } = settings.smtp
      return { host, port: port ?? (secure ? 465 : 587) }
    }
    case 'slack':
    case 'webhook':
      return placeOfUrl(settings.url)
    case 'ntfy':
      return placeOfUrl(settings.server)
    case 'console':
      return undefined
  }
}

function placeOfUrl(url: string): Place {
  const { protocol, hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) }
}

function isHome(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && !isPublic(host))
}

/**
 * The next hop of the way out. Linux (IPv4); `undefined` elsewhere, and where there is none.
 * @param read the kernel's table of routes
 */
export function defaultGateway(read = () => readFileSync('/proc/net/route', 'latin1')): string | undefined {
  let best: { readonly address: string; readonly metric: number } | undefined
  for (const line of tableOf(read).split('\n')) {
    const [, destination, gateway = '', flags = '', , , metric = '', mask] = line.trim().split(/\s+/)
    const isWayOut = destination === '00000000' && mask === '00000000' && (Number.parseInt(flags, 16) & VIA_GATEWAY) > 0
    if (!isWayOut || !/^[0-9A-F]{8}$/i.test(gateway) || (best && best.metric <= Number(metric))) continue
    best = { address: addressOf(gateway), metric: Number(metric) }
  }
  return best?.address
}

function tableOf(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

/** The kernel prints the four bytes as the number that they are on this machine. */
function addressOf(hex: string): string {
  const bytes = hex.match(/../g)!.map((byte) => Number.parseInt(byte, 16))
  return (endianness() === 'LE' ? bytes.reverse() : bytes).join('.')
}
