/**
 * Which hosts exist: `registry/NAME.json`, one file a host. Created exclusively, because the server (first signal) and
 * the checker (hosts of the configuration) may both find a host new. What the configuration says of a host wins.
 */
import { join } from 'node:path'
import { createExclusive, listNames, NOT_OURS, readJsonIfThere, removeIfThere, replaceFile } from './files.ts'
import { hostFileName } from './host-file.ts'
import { isHostName } from './names.ts'
import type { DataPaths } from './paths.ts'

/** `signal`: it reported by itself; `config`: named in the configuration; `adopted`: its .host file was found. */
export type Origin = 'signal' | 'config' | 'adopted'

export interface Registration {
  readonly name: string
  /** Epoch milliseconds; tells this host from an earlier one of the same name. */
  readonly registeredAt: number
  readonly origin: Origin
}

export function registrationFile(paths: DataPaths, name: string): string {
  return join(paths.registry, `${name}.json`)
}

/** Whoever was announced to people stays registered: synced. The others would be found again where they were found. */
export function register(paths: DataPaths, { name, registeredAt, origin }: Registration): 'created' | 'exists' {
  const file = registrationFile(paths, name)
  const content = `${JSON.stringify({ name, registeredAt: new Date(registeredAt).toISOString(), origin })}\n`
  const sync = origin === 'signal'
  if (createExclusive(file, content, { sync }) === 'created') return 'created'
  if (readRegistration(paths, name)) return 'exists'
  // A power cut left its name without its content.
  replaceFile(file, content, { sync })
  return 'created'
}

/** `undefined` when it is not registered, or its file cannot be understood. */
export function readRegistration(paths: DataPaths, name: string): Registration | undefined {
  const entry = readJsonIfThere(registrationFile(paths, name), NOT_OURS)
  const registeredAt = Date.parse(String(entry?.registeredAt))
  if (!entry || Number.isNaN(registeredAt)) return undefined
  const origin = entry.origin === 'signal' || entry.origin === 'config' ? entry.origin : 'adopted'
  return { name, registeredAt, origin }
}

export function registeredNames(paths: DataPaths): string[] {
  return listNames(paths.registry, '.json').filter(isHostName)
}

/** In this order, so that a crash in between leaves a host that can be removed again, never half of one. */
export function removeHost(paths: DataPaths, name: string): void {
  removeIfThere(registrationFile(paths, name))
  removeIfThere(join(paths.reports, `${name}.json`))
  removeIfThere(join(paths.hosts, hostFileName(name)))
}
