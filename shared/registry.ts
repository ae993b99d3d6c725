/**
 * Which hosts exist: `registry/NAME.json`, one file a host. Created exclusively, because the server (first signal) and
 * the checker (hosts of the configuration) may both find a host new. What the configuration says of a host wins, key by
 * key, over what is registered of it.
 */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type HostSettings, type RegisteredSettings, registeredSection } from './config/hosts.ts'
import type { Config } from './config/load.ts'
import { exclusively } from './exclusive.ts'
import {
  createExclusive,
  isMissing,
  type JsonObject,
  listNames,
  NOT_OURS,
  parseObject,
  readIfThere,
  removeIfThere,
  replaceFile,
  statsIfThere,
} from './files.ts'
import { hostFileName } from './host-file.ts'
import { isHostName } from './names.ts'
import type { DataPaths } from './paths.ts'
import type { Declared } from './report.ts'
import { forgetSilences } from './silences.ts'
import { tokenFile } from './tokens.ts'

/**
 * `signal`: it reported by itself; `config`: named in the configuration; `adopted`: its .host file was found; `added`:
 * by hand; `project`: a client of another host (`project`) reported for it.
 */
const ORIGINS = ['signal', 'config', 'adopted', 'added', 'project'] as const
export type Origin = (typeof ORIGINS)[number]

const HASH = /^[0-9a-f]{64}$/

export interface Registration {
  readonly name: string
  /** Epoch milliseconds; tells this host from an earlier one of the same name. */
  readonly registeredAt: number
  readonly origin: Origin
  /** Whose client made it. */
  readonly project?: string
  /** Of its token (tokens.ts). */
  readonly tokenHash?: string
  /** As the configuration would write them. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** Something stands where its registration belongs, and cannot be used. */
export interface Unusable {
  /** It was read, and holds none. Else the system refuses it, for the moment: it may be intact. */
  readonly garbled: boolean
  /**
   * A code of the system's, `garbled`, or `empty`: a power cut leaves the name without the content of what was not
   * synced, and whatever has settings or a token is synced.
   */
  readonly why: string
}

/** @returns the hashes of the tokens that name a host, the newest first */
export type TokenHashes = (name: string) => readonly string[]

export function registrationFile(paths: DataPaths, name: string): string {
  return `${paths.registry}/${name}.json`
}

/**
 * Whoever was announced to people stays registered: synced. The others would be found again where they were found.
 * An empty registration is replaced, and keeps its newest token. One that cannot be read for the moment is left alone; so
 * is a garbled one, for it may have had settings, unless `restores`: this is what it held.
 */
export function register(
  paths: DataPaths,
  registration: Registration,
  { restores = false, hashesOf = tokenHashes(paths) }: { restores?: boolean; hashesOf?: TokenHashes } = {},
): 'created' | 'exists' {
  const { name, origin } = registration
  const file = registrationFile(paths, name)
  const sync = origin !== 'config' && origin !== 'adopted'
  if (createExclusive(file, contentOf(registration), { sync }) === 'created') return 'created'
  const found = findRegistration(paths, name)
  const isLost = isUnusable(found) && (found.why === 'empty' || (restores && found.garbled))
  if (found && !isLost) return 'exists'
  const tokenHash = registration.tokenHash ?? hashesOf(name)[0]
  replaceFile(file, contentOf({ ...registration, tokenHash }), { sync: sync || tokenHash !== undefined })
  return 'created'
}

/** What is registered of it is replaced, on disk before this returns. */
export function reregister(paths: DataPaths, registration: Registration): void {
  replaceFile(registrationFile(paths, registration.name), contentOf(registration), { sync: true })
}

/** `undefined` when it is not registered, or its file cannot be understood. */
export function readRegistration(paths: DataPaths, name: string): Registration | undefined {
  const found = findRegistration(paths, name)
  return isUnusable(found) ? undefined : found
}

export function isUnusable(found: Registration | Unusable | undefined): found is Unusable {
  return found !== undefined && 'garbled' in found
}

/** @returns `undefined` when nothing at all stands there. @throws what is wrong with the disk or this process */
export function findRegistration(paths: DataPaths, name: string): Registration | Unusable | undefined {
  const file = registrationFile(paths, name)
  try {
    const text = readIfThere(file, NOTHING) ?? ''
    // Some file systems fill up with zeros what they could not write.
    const why = /[^\0\s]/.test(text) ? 'garbled' : 'empty'
    return registrationIn(name, parseObject(text)) ?? { garbled: true, why }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!NOT_OURS.has(code)) throw error
    // A link that leads nowhere, such as to a disk that is not there now.
    if (isMissing(error) && !lstatSync(file, { throwIfNoEntry: false })) return undefined
    return { garbled: false, why: code }
  }
}

const NOTHING: ReadonlySet<string> = new Set()

/** What its file says; `undefined`: there is none, or it holds no JSON object. */
export function registrationIn(name: string, entry: JsonObject | undefined): Registration | undefined {
  const registeredAt = Date.parse(String(entry?.registeredAt))
  if (!entry || Number.isNaN(registeredAt)) return undefined
  const { project, tokenHash, settings } = entry
  return {
    name,
    registeredAt,
    origin: ORIGINS.find((origin) => origin === entry.origin) ?? 'adopted',
    project: isHostName(project) ? project : undefined,
    tokenHash: typeof tokenHash === 'string' ? tokenHash : undefined,
    settings: typeof settings === 'object' && settings !== null ? (settings as Registration['settings']) : undefined,
  }
}

export function registeredNames(paths: DataPaths): string[] {
  return listNames(paths.registry, '.json').filter(isHostName)
}

/**
 * In this order, so that a crash in between leaves a host that can be removed again, never half of one.
 * @returns whether it had a token
 * @throws BusyError
 */
export function removeHost(paths: DataPaths, name: string): boolean {
  return exclusively(paths, () => {
    const found = findRegistration(paths, name)
    const registered = isUnusable(found) ? undefined : found?.tokenHash
    const hashes = new Set([...(registered === undefined ? [] : [registered]), ...tokenHashes(paths)(name)])
    removeIfThere(registrationFile(paths, name))
    removeIfThere(join(paths.reports, `${name}.json`))
    removeIfThere(join(paths.hosts, hostFileName(name)))
    for (const hash of hashes) removeIfThere(tokenFile(paths, hash))
    // Another host of this name must not begin paused.
    forgetSilences(paths, `host:${name}`)
    return hashes.size > 0
  })
}

/** The settings of a host in force: the configuration's, then those it is registered with. */
export function settingsOf(
  { hosts }: Pick<Config, 'hosts'>,
  name: string,
  registration: Pick<Registration, 'settings'> | undefined,
): HostSettings {
  const registered = registration?.settings && registeredSettings(registration.settings).settings
  return mergedSettings(hosts.get(name), registered)
}

/**
 * Key by key, the configuration's first. Where it answers the question of the rhythm in another way (a timeout, or that
 * it sleeps by design), a registered schedule and its time zone say nothing; nor does a zone without a schedule.
 */
export function mergedSettings(
  configured: HostSettings | undefined,
  registered: RegisteredSettings | undefined,
): HostSettings {
  if (!registered && configured?.timezone === undefined) return configured ?? {}
  const { schedule, timezone, timeout, ...rest } = registered ?? {}
  const merged: HostSettings = {
    ...rest,
    ...(rivalOfSchedule(configured) === undefined && { schedule, timezone }),
    ...(configured?.schedule === undefined && configured?.timeout === undefined && { timeout }),
    ...configured,
  }
  if (merged.schedule === undefined) merged.timezone = undefined
  return merged
}

/** @returns what the configuration says of its rhythm that no schedule goes with */
export function rivalOfSchedule(configured: HostSettings | undefined): 'timeout' | 'sleeps' | undefined {
  if (configured?.timeout !== undefined) return 'timeout'
  return configured?.sleeps ? 'sleeps' : undefined
}

/** @returns whether anybody but its registration says how long a host may be silent: the configuration, or itself */
export function hasRhythm(configured: HostSettings | undefined, declared: Declared): boolean {
  const { intervalMs, timeoutMs = intervalMs, schedule } = declared
  const isConfigured = configured?.schedule !== undefined || rivalOfSchedule(configured) !== undefined
  return isConfigured || timeoutMs !== undefined || schedule !== undefined
}

/** Those that make sense, and the keys of the others: somebody else wrote them, or another version. */
export function registeredSettings(settings: NonNullable<Registration['settings']>): {
  readonly settings: RegisteredSettings
  readonly ignored: readonly string[]
} {
  const checked = registeredSection.safeParse(settings)
  if (checked.success) return { settings: checked.data, ignored: [] }
  const wrong = new Set(
    checked.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])],
    ),
  )
  const kept = Object.entries(settings).filter(([key]) => !wrong.has(key))
  const ignored = Object.keys(settings).filter((key) => wrong.has(key))
  // No group of settings at all.
  if (ignored.length === 0) return { settings: {}, ignored: ['settings'] }
  const rest = registeredSettings(Object.fromEntries(kept))
  return { settings: rest.settings, ignored: [...ignored, ...rest.ignored] }
}

/** Reads all tokens of the installation, once, when it is asked for the first time; what changes later is not seen. */
export function tokenHashes(paths: DataPaths): TokenHashes {
  let hashes: ReadonlyMap<string, readonly string[]> | undefined
  return (name) => {
    hashes ??= readTokens(paths)
    return hashes.get(name) ?? []
  }
}

function readTokens(paths: DataPaths): Map<string, string[]> {
  const found = readdirSync(paths.tokens)
    .filter((hash) => HASH.test(hash))
    .map((hash) => ({ hash, at: statsIfThere(tokenFile(paths, hash))?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at)
  const byName = new Map<string, string[]>()
  for (const { hash } of found) {
    const name = readIfThere(tokenFile(paths, hash), NOT_OURS)?.trim()
    if (name === undefined) continue
    const others = byName.get(name)
    if (others) others.push(hash)
    else byName.set(name, [hash])
  }
  return byName
}

function contentOf({ registeredAt, ...rest }: Registration): string {
  const { name, ...others } = rest
  return `${JSON.stringify({ name, registeredAt: new Date(registeredAt).toISOString(), ...others })}\n`
}
