/**
 * Which hosts exist: `registry/NAME.json`, one file a host. Created exclusively, because the server (first signal) and
 * the checker (hosts of the configuration) may both find a host new. What the configuration says of a host wins, key by
 * key, over what is registered of it.
 */
import { join } from 'node:path'
import { type HostSettings, type RegisteredSettings, registeredSection } from './config/hosts.ts'
import type { Config } from './config/load.ts'
import {
  createExclusive,
  type JsonObject,
  listNames,
  NOT_OURS,
  readJsonIfThere,
  removeIfThere,
  replaceFile,
} from './files.ts'
import { hostFileName } from './host-file.ts'
import { isHostName } from './names.ts'
import type { DataPaths } from './paths.ts'
import { forgetSilences } from './silences.ts'
import { tokenFile } from './tokens.ts'

/**
 * `signal`: it reported by itself; `config`: named in the configuration; `adopted`: its .host file was found; `added`:
 * by hand; `project`: a client of another host (`project`) reported for it.
 */
const ORIGINS = ['signal', 'config', 'adopted', 'added', 'project'] as const
export type Origin = (typeof ORIGINS)[number]

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

export function registrationFile(paths: DataPaths, name: string): string {
  return `${paths.registry}/${name}.json`
}

/** Whoever was announced to people stays registered: synced. The others would be found again where they were found. */
export function register(paths: DataPaths, registration: Registration): 'created' | 'exists' {
  const { name, origin } = registration
  const file = registrationFile(paths, name)
  const content = contentOf(registration)
  const sync = origin !== 'config' && origin !== 'adopted'
  if (createExclusive(file, content, { sync }) === 'created') return 'created'
  if (readRegistration(paths, name)) return 'exists'
  // A power cut left its name without its content.
  replaceFile(file, content, { sync })
  return 'created'
}

/** What is registered of it is replaced, on disk before this returns. */
export function reregister(paths: DataPaths, registration: Registration): void {
  replaceFile(registrationFile(paths, registration.name), contentOf(registration), { sync: true })
}

/** `undefined` when it is not registered, or its file cannot be understood. */
export function readRegistration(paths: DataPaths, name: string): Registration | undefined {
  return registrationIn(name, readJsonIfThere(registrationFile(paths, name), NOT_OURS))
}

/** The same, of what its file holds; `undefined`: there is none, or it holds no JSON object. */
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

/** In this order, so that a crash in between leaves a host that can be removed again, never half of one. */
export function removeHost(paths: DataPaths, name: string): void {
  const tokenHash = readRegistration(paths, name)?.tokenHash
  removeIfThere(registrationFile(paths, name))
  removeIfThere(join(paths.reports, `${name}.json`))
  removeIfThere(join(paths.hosts, hostFileName(name)))
  if (tokenHash !== undefined) removeIfThere(tokenFile(paths, tokenHash))
  // Another host of this name must not begin paused.
  forgetSilences(paths, `host:${name}`)
}

/** The settings of a host in force: the configuration's, then those it is registered with. */
export function settingsOf(
  { hosts }: Pick<Config, 'hosts'>,
  name: string,
  registration: Pick<Registration, 'settings'> | undefined,
): HostSettings {
  const configured = hosts.get(name)
  const registered = registration?.settings && settingsIn(registration.settings)
  if (!registered) return configured ?? {}
  // A rhythm is one thing: half of one and half of the other would contradict each other.
  const { schedule, timezone, timeout, ...rest } = registered
  const rhythm = configured?.schedule === undefined && configured?.timeout === undefined
  return { ...rest, ...(rhythm && { schedule, timezone, timeout }), ...configured }
}

/** `undefined`: they make no sense, somebody else wrote them. */
function settingsIn(settings: NonNullable<Registration['settings']>): RegisteredSettings | undefined {
  return registeredSection.safeParse(settings).data
}

function contentOf({ registeredAt, ...rest }: Registration): string {
  const { name, ...others } = rest
  return `${JSON.stringify({ name, registeredAt: new Date(registeredAt).toISOString(), ...others })}\n`
}
