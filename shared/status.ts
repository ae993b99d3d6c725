/**
 * The state of everything as /status and the command line show it: read from the data folder at the moment of asking.
 * Plain data; status-text.ts makes words of it. It decides nothing: who is silent, the checker has written down.
 */
import { join } from 'node:path'
import type { Config } from './config/load.ts'
import { listNames, readJsonIfThere } from './files.ts'
import { HOST_EXTENSION, hostFileName, lastHeard } from './host-file.ts'
import { isHostName } from './names.ts'
import { type ProcessName, readPulse } from './pulse.ts'
import { registeredNames } from './registry.ts'
import { readReport } from './report.ts'

export type Condition =
  | { readonly kind: 'silent'; readonly sinceAt: number }
  /** It reports, and says itself that something is wrong. */
  | { readonly kind: 'error' | 'warning'; readonly heardAt: number; readonly message?: string }
  | { readonly kind: 'never' }
  | { readonly kind: 'fine'; readonly heardAt: number }

export interface HostStatus {
  readonly name: string
  readonly site?: string
  readonly condition: Condition
  /** False for a host that is shown only: an original's HOSTS key leaves it out. */
  readonly alerted: boolean
}

interface ProcessStatus {
  readonly name: ProcessName
  readonly running: boolean
  /** Its newest pulse; none if it never ran. */
  readonly pulseAt?: number
}

/** Times are epoch milliseconds. */
export interface Status {
  readonly at: number
  /** First in the order of the configuration, then by name. */
  readonly hosts: readonly HostStatus[]
  readonly processes: readonly ProcessStatus[]
  /** Deliveries that wait for their channel, and those that were given up. */
  readonly unsent: number
  readonly failed: number
}

/** A pulse comes each second; ten missing ones are no hiccup. */
const NOT_RUNNING_MS = 10_000
const PROCESSES: readonly ProcessName[] = ['server', 'checker', 'bot']

/** @throws what the file system throws, except for files that are missing or make no sense */
export function readStatus(config: Config, nowMs: number): Status {
  const { paths } = config
  return {
    at: nowMs,
    hosts: knownHosts(config).map((name) => readHostStatus(config, name)),
    processes: PROCESSES.map((name) => {
      const pulseAt = readPulse(paths, name)
      return { name, running: pulseAt !== undefined && nowMs - pulseAt <= NOT_RUNNING_MS, pulseAt }
    }),
    unsent: listNames(paths.outbox, '.json').length,
    failed: listNames(paths.failed, '.json').length,
  }
}

/** Every host there is: of the configuration, in its order, then the registered and the merely heard, by name. */
export function knownHosts({ hosts, paths }: Config): string[] {
  const found = [...registeredNames(paths), ...listNames(paths.hosts, HOST_EXTENSION).filter(isHostName)]
  return [...new Set([...hosts.keys(), ...found.sort()])]
}

function readHostStatus({ paths, hosts, alertedHosts }: Config, name: string): HostStatus {
  const state = readJsonIfThere(join(paths.stateHosts, `${name}.json`)) ?? {}
  const report = readReport(paths, name)
  const lastSeenAt = timeOf(state.lastSeenAt)
  const heardAt = heardMs(join(paths.hosts, hostFileName(name))) ?? lastSeenAt
  const sinceAt = timeOf(state.since)
  // A checker that does not run leaves its last verdict behind: a newer signal contradicts it.
  const returned = heardAt !== undefined && heardAt > Math.max(sinceAt ?? 0, lastSeenAt ?? 0)
  let condition: Condition
  if (state.verdict === 'down' && sinceAt !== undefined && !returned) condition = { kind: 'silent', sinceAt }
  else if (heardAt === undefined) condition = { kind: 'never' }
  else if (report.status === 'error' || report.status === 'warning') {
    condition = { kind: report.status, heardAt, message: report.message }
  } else condition = { kind: 'fine', heardAt }
  const site = hosts.get(name)?.site ?? report.site
  return { name, site, condition, alerted: alertedHosts?.has(name) ?? true }
}

function heardMs(file: string): number | undefined {
  const seconds = lastHeard(file)
  return seconds === undefined ? undefined : seconds * 1000
}

function timeOf(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
