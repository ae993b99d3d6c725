/**
 * Whom the server knows, and by what: the shared password, tokens, the ping key, names. The registry on disk is the
 * truth; what is kept of it here counts for a second longer than that, so that a token that was replaced soon opens
 * nothing.
 */
import { timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Config } from '../shared/config/load.ts'
import { NOT_OURS, readIfThere, readJsonIfThere, stampOf } from '../shared/files.ts'
import { isHostName } from '../shared/names.ts'
import {
  findRegistration,
  isUnusable,
  type Registration,
  registeredNames,
  registrationFile,
  settingsOf,
  type Unusable,
} from '../shared/registry.ts'
import { hashOf, tokenFile } from '../shared/tokens.ts'
import { createBadges } from './badge.ts'
import { basicCredentials } from './credentials.ts'
import type { Doors } from './dialects/dialect.ts'
import { createJobs } from './jobs.ts'
import type { Subject } from './signal.ts'

const FRESH_MS = 1000
/** What was overwritten in its place, by hand, leaves its folder as it was: each registration is asked for again after this. */
const ANEW_MS = 300_000
/** Longer than any kernel's tick. */
const TICK_MS = 50
/** The folder is listed again for its number only this often: each first signal changes it. */
const COUNT_FRESH_MS = 10_000

export interface Keys extends Doors {
  /** The one token for what writes or lists projects. */
  isAdmin(token: string): boolean
  /**
   * Whether a name may become a host, if it is none.
   * @param removed it had a token a moment ago: it would come back without one, and be anybody's
   */
  mayAdd(name: string, project?: string, removed?: boolean): 'yes' | 'not-known' | 'too-many-hosts'
  added(project?: string): void
}

/** Names by their slugs. The time of a folder has the kernel's tick: what came in the same one shows only when listed again. */
interface Slugs {
  readonly stamp: number
  readonly names: ReadonlyMap<string, readonly string[]>
  readonly listedAt: number
  readonly settled: boolean
}

interface Known {
  subject: Subject
  tokenHash: string | undefined
  stamp: number
  /** Of the registry, when it was checked. None as long as the registration cannot be used: nothing tells of its repair. */
  edition: number | undefined
}

/** @param monotonic milliseconds that never jump; @param now epoch milliseconds */
export function createKeys(config: Config, monotonic: () => number, now = Date.now): Keys {
  const { paths, server } = config
  const credentials = basicCredentials(server.user, server.password)
  const adminHash = server.adminToken === undefined ? undefined : hashOf(server.adminToken)
  const configured = new Map<string, string>()
  for (const [name, { token }] of config.hosts) if (token !== undefined) configured.set(hashOf(token), name)
  const known = new Map<string, Known>()
  const edition = editionsOf(paths.registry, monotonic)
  const jobs = createJobs(paths, monotonic)
  const tokens = new Map<string, string>()
  let slugs: Slugs | undefined
  let counted: { at: number; count: number } | undefined

  function lookUp(name: string): Known | undefined {
    const found = known.get(name)
    const current = edition()
    if (found?.edition === current) return found
    const stamp = stampOf(registrationFile(paths, name))
    if (found?.stamp === stamp) {
      if (found.edition !== undefined) found.edition = current
      return found
    }
    const registration = findRegistration(paths, name)
    if (!registration && !config.hosts.has(name)) {
      known.delete(name)
      return undefined
    }
    const now = knownBy(name, registration, stamp, current)
    // Of the others there may be no end while the folder cannot be read.
    if (stamp !== 0 || config.hosts.has(name)) known.set(name, now)
    return now
  }

  function knownBy(name: string, found: Registration | Unusable | undefined, stamp: number, current: number): Known {
    const registration = isUnusable(found) ? undefined : found
    const tokenHash = hashFor(config, name, registration)
    const subject = subjectOf(config, name, registration, tokenHash)
    // It may have a token: the shared password must not open it meanwhile.
    if (isUnusable(found)) return { subject: { ...subject, hasToken: true }, tokenHash, stamp, edition: undefined }
    return { subject, tokenHash, stamp, edition: current }
  }

  function nameOf(hash: string): string | undefined {
    const name = configured.get(hash) ?? tokens.get(hash) ?? readIfThere(tokenFile(paths, hash), NOT_OURS)?.trim()
    return isHostName(name) ? name : undefined
  }

  return {
    fits: (authorization) => credentials.fit(authorization),
    isAdmin: (token) => adminHash !== undefined && sameHash(hashOf(token), adminHash),

    byToken(token) {
      const hash = hashOf(token)
      const name = nameOf(hash)
      const found = name === undefined ? undefined : lookUp(name)
      if (!found || found.tokenHash !== hash) {
        tokens.delete(hash)
        return undefined
      }
      tokens.set(hash, found.subject.name)
      return found.subject
    },

    byName: (name) => lookUp(name)?.subject,

    bySlug(slug) {
      const stamp = stampOf(paths.registry)
      const at = monotonic()
      const unsettled = slugs?.settled === false && at - slugs.listedAt > TICK_MS
      if (slugs?.stamp !== stamp || unsettled) {
        const names = bySlug([...config.hosts.keys(), ...registeredNames(paths)])
        slugs = { stamp, names, listedAt: at, settled: unsettled && slugs?.stamp === stamp }
      }
      const names = slugs.names.get(slug) ?? []
      // Who is called exactly so is meant, whoever else came to be called so but for its case.
      const [name, other] = names.includes(slug) ? [slug] : names
      if (name === undefined) return undefined
      return other === undefined ? lookUp(name)?.subject : 'ambiguous'
    },

    isPingKey(key) {
      const hash = readJsonIfThere(paths.pingKey, NOT_OURS)?.hash
      return typeof hash === 'string' && sameHash(hashOf(key), hash)
    },

    badge: createBadges(config, monotonic, now),

    mayAdd(name, project, removed = false) {
      if (config.hosts.has(name) || existsSync(registrationFile(paths, name))) return 'yes'
      if (removed || server.register === 'known') return 'not-known'
      const at = monotonic()
      if (!counted || at - counted.at > COUNT_FRESH_MS) {
        const strangers = registeredNames(paths).filter((name) => !config.hosts.has(name))
        counted = { at, count: strangers.length }
      }
      const fits = counted.count < server.maxHosts && (project === undefined || jobs.mayAdd(project))
      return fits ? 'yes' : 'too-many-hosts'
    },

    added(project) {
      if (counted) counted.count++
      if (project !== undefined) jobs.added(project)
    },
  }
}

/**
 * A number that is another one soon after something in the folder was made, replaced or removed: as long as it is the
 * same, none of its files need be asked for.
 */
function editionsOf(folder: string, monotonic: () => number): () => number {
  let edition = 0
  let stamp: number | undefined
  let isSettled = false
  let lookedAt = Number.NEGATIVE_INFINITY
  let renewedAt = Number.NEGATIVE_INFINITY
  return () => {
    const at = monotonic()
    if (at - lookedAt < FRESH_MS) return edition
    lookedAt = at
    const before = stamp
    stamp = stampOf(folder)
    // What changed in the same tick as the look before shows in no stamp: the first time that nothing did is one more.
    if (stamp !== before || !isSettled || at - renewedAt >= ANEW_MS) {
      edition++
      renewedAt = at
    }
    isSettled = stamp === before
    return edition
  }
}

function subjectOf(
  config: Config,
  name: string,
  registration: Registration | undefined,
  tokenHash: string | undefined,
): Subject {
  const { every, schedule } = settingsOf(config, name, registration)
  return {
    name,
    hasToken: tokenHash !== undefined,
    everyHeartbeat: every === 'heartbeat',
    project: registration?.project,
    scheduled: config.hosts.has(name) && schedule !== undefined,
  }
}

/** What the configuration says is all that counts. */
function hashFor({ hosts }: Config, name: string, registration: Registration | undefined): string | undefined {
  const token = hosts.get(name)?.token
  return token === undefined ? registration?.tokenHash : hashOf(token)
}

function bySlug(names: readonly string[]): Map<string, string[]> {
  const map = new Map<string, string[]>()
  for (const name of new Set(names)) {
    const slug = name.toLowerCase()
    const list = map.get(slug)
    if (list) list.push(name)
    else map.set(slug, [name])
  }
  return map
}

function sameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
