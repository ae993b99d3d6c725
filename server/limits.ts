/**
 * How often one client may speak: by host and by address, generous for heartbeats, tight for errors. So a client that
 * runs wild, or whoever found a public key, fills neither the disk nor anybody's day. Stands before anything is kept,
 * on the way of each heartbeat: what is kept of nearly everyone is one number, for a second.
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
/** Until there are more, it is remembered of whom the log has heard. */
const MOST_KEYS = 10_000
const WINDOW_MS = 1000
const SAY_EVERY_MS = 3_600_000

interface Bucket {
  /** When it is as full as can be again, monotonic. */
  fullAt: number
  /** When the log last heard of it. */
  saidAt: number
}

interface Buckets {
  readonly rate: Rate
  /** `undefined`: full, for it says less than it may. */
  of(key: string): Bucket | undefined
  take(key: string, cost: number, now: number): void
}

/** @param monotonic milliseconds that never jump */
export function createLimits(monotonic: () => number, log: Pick<Log, 'warn'>): Limits {
  const hosts = createBuckets(RATES.host)
  const addresses = createBuckets(RATES.address)
  const projects = createBuckets(RATES.project)
  const makers = createBuckets(RATES.maker)
  const errorAddresses = createBuckets(RATES.errorAddress)

  /** @returns seconds until it may be said; `undefined`: now */
  function refused(buckets: Buckets, key: string, who: string, cost: number, now: number): number | undefined {
    const { rate } = buckets
    const bucket = buckets.of(key)
    const waitMs = bucket ? Math.max(bucket.fullAt, now) + ((cost - rate.burst) * 1000) / rate.perSecond - now : 0
    if (!bucket || waitMs <= 0) return undefined
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
      const waitS = refused(own, who, who, cost, now)
      if (waitS !== undefined) return waitS
      // A proxy or a client on this box speaks for many.
      if (address !== undefined && !isOwn(address)) {
        const shared = isSignal ? addresses : errorAddresses
        const neighbours = neighbourhood(address)
        const sharedWaitS = refused(shared, neighbours, address, cost, now)
        if (sharedWaitS !== undefined) return sharedWaitS
        shared.take(neighbours, cost, now)
      }
      // Only what both let through is counted.
      own.take(who, cost, now)
      return undefined
    },
  }
}

/**
 * Who says no more within a second than it may for ever has a full bucket, near enough: only its number is kept, until
 * the second is over. Whoever says more has a bucket until that is full again.
 */
function createBuckets(rate: Rate): Buckets {
  const buckets = new Map<string, Bucket>()
  let window = new Map<string, number>()
  let windowEndsAt = Number.NEGATIVE_INFINITY

  function forget(now: number): void {
    const many = buckets.size > MOST_KEYS
    for (const [key, { fullAt, saidAt }] of buckets) {
      if (fullAt <= now && (many || now - saidAt >= SAY_EVERY_MS)) buckets.delete(key)
    }
  }

  return {
    rate,
    of: (key) => buckets.get(key),

    take(key, cost, now) {
      const bucket = buckets.get(key)
      if (bucket) {
        bucket.fullAt = Math.max(bucket.fullAt, now) + (cost * 1000) / rate.perSecond
        return
      }
      if (now >= windowEndsAt) {
        window = new Map()
        windowEndsAt = now + WINDOW_MS
        forget(now)
      }
      const taken = (window.get(key) ?? 0) + cost
      window.set(key, taken)
      if (taken > rate.perSecond) {
        buckets.set(key, { fullAt: now + (taken * 1000) / rate.perSecond, saidAt: Number.NEGATIVE_INFINITY })
      }
    },
  }
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
