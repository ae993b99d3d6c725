/**
 * How often one client may speak: by host and by address, generous for heartbeats, tight for errors. So a client that
 * runs wild, or whoever found a public key, fills neither the disk nor anybody's day. Stands before anything is kept,
 * on the way of each heartbeat: what is kept of nearly everyone is one number, for a second.
 */
import type { Log } from '../shared/log.ts'
import type { Deed, Signal } from './signal.ts'

export interface Limits {
  /**
   * All that one request says is let through, or nothing of it, which then is not counted either.
   * @returns in how many seconds all of it may be said, and what of it is too much; `undefined`: go on
   */
  wait(deeds: readonly Deed[], address: string | undefined): Wait | undefined
}

export interface Wait {
  readonly retryAfterS: number
  readonly of: Deed['kind']
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

/** What a request would take of one who is limited. */
interface Claim {
  readonly buckets: Buckets
  readonly key: string
  /** As the log names it. */
  readonly who: string
  readonly of: Deed['kind']
  readonly cost: number
}

/** @param monotonic milliseconds that never jump */
export function createLimits(monotonic: () => number, log: Pick<Log, 'warn'>): Limits {
  const hosts = createBuckets(RATES.host)
  const addresses = createBuckets(RATES.address)
  const projects = createBuckets(RATES.project)
  const makers = createBuckets(RATES.maker)
  const errorAddresses = createBuckets(RATES.errorAddress)

  function ownOf(deed: Deed): Claim {
    const isSignal = deed.kind === 'signal'
    const isNew = isSignal && deed.subject === undefined
    // Any name may be new: what is counted is whose client makes it.
    const maker = isNew ? deed.project : undefined
    const key = maker ?? (isSignal ? deed.signal.host : deed.subject.name)
    const cost = isNew || (isSignal && isSynced(deed.signal)) ? SYNCED_COST : 1
    return { buckets: maker !== undefined ? makers : isSignal ? hosts : projects, key, who: key, of: deed.kind, cost }
  }

  /** @returns `undefined`: a proxy or a client on this box speaks for many */
  function sharedOf({ of, cost }: Claim, address: string | undefined): Claim | undefined {
    if (address === undefined || isOwn(address)) return undefined
    return {
      buckets: of === 'signal' ? addresses : errorAddresses,
      key: neighbourhood(address),
      who: address,
      of,
      cost,
    }
  }

  /** @returns seconds until it may be said; 0: now */
  function waitOf({ buckets, key, who, cost }: Claim, now: number): number {
    const bucket = buckets.of(key)
    if (!bucket) return 0
    const { perSecond, burst } = buckets.rate
    // What is more than a burst is let through by a full bucket, and paid for afterwards: else it would wait for ever.
    const atOnce = Math.min(cost, burst)
    const waitMs = Math.max(bucket.fullAt, now) + ((atOnce - burst) * 1000) / perSecond - now
    if (waitMs <= 0) return 0
    if (now - bucket.saidAt >= SAY_EVERY_MS) {
      bucket.saidAt = now
      log.warn(`too much from ${who}: over ${perSecond} a second is refused (said once an hour)`)
    }
    return Math.max(1, Math.ceil(waitMs / 1000))
  }

  /** Nearly every request says one thing: nothing is gathered for it. */
  function waitForOne(deed: Deed, address: string | undefined, now: number): Wait | undefined {
    const own = ownOf(deed)
    const shared = sharedOf(own, address)
    const retryAfterS = waitOf(own, now) || (shared ? waitOf(shared, now) : 0)
    if (retryAfterS > 0) return { retryAfterS, of: deed.kind }
    // Only what both let through is counted.
    own.buckets.take(own.key, own.cost, now)
    if (shared) shared.buckets.take(shared.key, shared.cost, now)
    return undefined
  }

  function waitForAll(deeds: readonly Deed[], address: string | undefined, now: number): Wait | undefined {
    const own = deeds.map(ownOf)
    const shared = own.flatMap((claim) => sharedOf(claim, address) ?? [])
    const claims = merged([...own, ...shared])
    let longest: Wait | undefined
    for (const claim of claims) {
      const retryAfterS = waitOf(claim, now)
      if (retryAfterS > (longest?.retryAfterS ?? 0)) longest = { retryAfterS, of: claim.of }
    }
    if (!longest) for (const { buckets, key, cost } of claims) buckets.take(key, cost, now)
    return longest
  }

  return {
    wait: (deeds, address) =>
      deeds.length === 1 ? waitForOne(deeds[0]!, address, monotonic()) : waitForAll(deeds, address, monotonic()),
  }
}

/** One claim for each who is limited, its cost the sum. */
function merged(claims: readonly Claim[]): Claim[] {
  const sums = new Map<Buckets, Map<string, Claim>>()
  for (const claim of claims) {
    const { buckets, key, cost } = claim
    const byKey = sums.get(buckets) ?? new Map<string, Claim>()
    sums.set(buckets, byKey)
    byKey.set(key, { ...claim, cost: cost + (byKey.get(key)?.cost ?? 0) })
  }
  return [...sums.values()].flatMap((byKey) => [...byKey.values()])
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
