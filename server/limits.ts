/**
 * How often one client may speak: by host and by address, generous for heartbeats, tight for errors. So a client that
 * runs wild, or whoever found a public key, fills neither the disk nor anybody's day. Stands before anything is kept,
 * on the way of each heartbeat; must not grow with the number of names or addresses.
 */
import type { Log } from '../shared/log.ts'
import type { Deed, Signal } from './signal.ts'

export interface Limits {
  /** @returns seconds until it may be said again; `undefined`: go on */
  wait(deed: Deed, address: string | undefined): number | undefined
}

export interface Rate {
  /** In the long run. */
  readonly perSecond: number
  /** At once, by whoever was quiet before. */
  readonly burst: number
}

/** A host reports each few seconds; an address may be a whole campus. */
export const RATES = {
  host: { perSecond: 50, burst: 500 },
  address: { perSecond: 2000, burst: 10_000 },
  project: { perSecond: 100, burst: 1000 },
  /** New hosts, of a project whose client makes them. */
  maker: { perSecond: 10, burst: 1000 },
  errorAddress: { perSecond: 250, burst: 2500 },
} as const satisfies Readonly<Record<string, Rate>>

/** What must be synced before it is answered, as is what makes a new host, costs the disk so many heartbeats. */
const SYNCED_COST = 10
/** Of each limit two such maps are kept, the second of them with who was heard longest ago. */
const MOST_KEYS = 10_000
const SAY_EVERY_MS = 3_600_000

interface Bucket {
  /** When it is as full as can be again, monotonic. */
  fullAt: number
  /** When the log last heard of it. */
  saidAt: number
}

interface Buckets {
  readonly rate: Rate
  of(key: string): Bucket
}

/** @param monotonic milliseconds that never jump */
export function createLimits(monotonic: () => number, log: Pick<Log, 'warn'>): Limits {
  const hosts = createBuckets(RATES.host)
  const addresses = createBuckets(RATES.address)
  const projects = createBuckets(RATES.project)
  const makers = createBuckets(RATES.maker)
  const errorAddresses = createBuckets(RATES.errorAddress)

  function refuse({ rate }: Buckets, bucket: Bucket, who: string, waitMs: number, now: number): number {
    if (now - bucket.saidAt >= SAY_EVERY_MS) {
      bucket.saidAt = now
      log.warn(`too much from ${who}: over ${rate.perSecond} a second is refused (said once an hour)`)
    }
    return Math.max(1, Math.ceil(waitMs / 1000))
  }

  return {
    wait(deed, address) {
      const now = monotonic()
      const isSignal = deed.kind === 'signal'
      const isNew = isSignal && deed.subject === undefined
      // Any name may be new: what is counted is whose client makes it.
      const maker = isNew ? deed.project : undefined
      const who = maker ?? (isSignal ? deed.signal.host : deed.subject.name)
      const cost = isNew || (isSignal && isSynced(deed.signal)) ? SYNCED_COST : 1
      const own = maker !== undefined ? makers : isSignal ? hosts : projects
      const bucket = own.of(who)
      const waitMs = waitOf(bucket, own.rate, cost, now)
      if (waitMs > 0) return refuse(own, bucket, who, waitMs, now)
      // A proxy or a client on this box speaks for many.
      if (address !== undefined && !isOwn(address)) {
        const shared = isSignal ? addresses : errorAddresses
        const neighbours = shared.of(neighbourhood(address))
        const sharedWaitMs = waitOf(neighbours, shared.rate, cost, now)
        if (sharedWaitMs > 0) return refuse(shared, neighbours, address, sharedWaitMs, now)
        take(neighbours, shared.rate, cost, now)
      }
      // Only what both let through is counted.
      take(bucket, own.rate, cost, now)
      return undefined
    },
  }
}

/** Forgets in two steps whoever has not been heard while so many others were: a bucket of theirs would be full again. */
function createBuckets(rate: Rate): Buckets {
  let recent = new Map<string, Bucket>()
  let earlier = recent
  return {
    rate,
    of(key) {
      const found = recent.get(key)
      if (found) return found
      const bucket = earlier.get(key) ?? { fullAt: Number.NEGATIVE_INFINITY, saidAt: Number.NEGATIVE_INFINITY }
      if (recent.size >= MOST_KEYS) {
        earlier = recent
        recent = new Map()
      }
      recent.set(key, bucket)
      return bucket
    },
  }
}

/** Milliseconds until the bucket holds so much. */
function waitOf({ fullAt }: Bucket, { perSecond, burst }: Rate, cost: number, now: number): number {
  return Math.max(fullAt, now) + ((cost - burst) * 1000) / perSecond - now
}

function take(bucket: Bucket, { perSecond }: Rate, cost: number, now: number): void {
  bucket.fullAt = Math.max(bucket.fullAt, now) + (cost * 1000) / perSecond
}

function isSynced({ event, status, exitStatus, durationMs, unsent }: Signal): boolean {
  return (
    (event !== undefined && event !== 'success') ||
    status === 'warning' ||
    status === 'error' ||
    exitStatus !== undefined ||
    durationMs !== undefined ||
    Boolean(unsent)
  )
}

function isOwn(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}

/** Of IPv6 the /64, as it is written: one machine may use every address of it. */
function neighbourhood(address: string): string {
  let colons = 0
  for (let at = address.indexOf(':'); at !== -1; at = address.indexOf(':', at + 1)) {
    if (++colons === 4 || address[at + 1] === ':') return address.slice(0, at)
  }
  return address
}
