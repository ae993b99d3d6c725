/**
 * The state of everything as /status and the command line show it: read from the data folder at the moment of asking.
 * Plain data; status-text.ts makes words of it. It decides nothing: who is silent, the checker has written down.
 */
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { HostSettings } from './config/hosts.ts'
import type { Config } from './config/load.ts'
import { listNames, readJsonIfThere } from './files.ts'
import { HOST_EXTENSION, hostFileName, lastHeard } from './host-file.ts'
import { parseTime } from './iso.ts'
import { maintenanceUntil } from './maintenance.ts'
import { isHostName } from './names.ts'
import { type ProcessName, readPulse } from './pulse.ts'
import { readRegistration, registeredNames, settingsOf } from './registry.ts'
import { type Report, readReport } from './report.ts'
import { covers, readSilences, type Silence } from './silences.ts'
import { siteFile, siteOf } from './sites.ts'

export type Condition =
  /** `site`: it fell with its site, which is still away as a whole. */
  | { readonly kind: 'silent'; readonly sinceAt: number; readonly site?: string }
  /** It reports, and says itself that something is wrong. */
  | {
      readonly kind: 'error' | 'warning' | 'failed'
      readonly heardAt: number
      readonly message?: string
      /** It does not say so itself: a run that does not end, no progress. */
      readonly cause?: 'unfinished' | 'stuck'
    }
  /** `expected`: it stands in the configuration, so somebody waits for it; who only reports errors is never heard. */
  | { readonly kind: 'never'; readonly expected: boolean }
  /** It reports now, but went and came too often to be relied on. */
  | { readonly kind: 'unstable'; readonly sinceAt: number; readonly heardAt: number }
  /** Silent, and allowed to be: it sleeps, or said goodbye where that is expected. */
  | { readonly kind: 'away'; readonly sinceAt: number }
  /** It is not expected to report: somebody said so. */
  | { readonly kind: 'paused'; readonly heardAt?: number }
  | { readonly kind: 'fine'; readonly heardAt: number }

/** Why nothing, or no reminder, is told of it just now. */
export interface Hush {
  readonly kind: 'silence' | 'ack' | 'maintenance'
  /** It is the host's own, or that of everything at its site. */
  readonly of: 'host' | 'site'
  readonly untilAt?: number
  readonly by?: string
}

export interface HostStatus {
  readonly name: string
  /** As `site:` says it, or the public address that its hosts share. */
  readonly site?: string
  /** What people call it, if that is something else. */
  readonly siteName?: string
  readonly condition: Condition
  /** Its last signal, whatever became of it since. */
  readonly heardAt?: number
  /** What it says of itself, and what is configured or registered of it. */
  readonly report: Report
  readonly settings: Omit<HostSettings, 'token'>
  readonly hushes: readonly Hush[]
  /** False for a host that is shown only: an original's HOSTS key leaves it out. */
  readonly alerted: boolean
}

interface SiteStatus {
  readonly site: string
  readonly siteName?: string
  readonly sinceAt: number
  readonly hushes: readonly Hush[]
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
  /** Those that are away as a whole. */
  readonly sitesAway: readonly SiteStatus[]
  /** Nothing at all is told, by whose wish and until when. */
  readonly silenced?: { readonly by: string; readonly untilAt?: number }
  /** Nobody at all is heard since then: our own network is suspected. */
  readonly unreachableSinceAt?: number
  readonly processes: readonly ProcessStatus[]
  /** Alerts that wait for their channel, and those that were given up; of several in one message each counts. */
  readonly unsent: number
  readonly failed: number
}

/** A pulse comes each second; ten missing ones are no hiccup. */
const NOT_RUNNING_MS = 10_000
const PROCESSES: readonly ProcessName[] = ['server', 'checker', 'bot']
/** Nobody needs to do anything about these. */
const WELL: ReadonlySet<Condition['kind']> = new Set(['fine', 'away', 'paused'])

/** @throws what the file system throws, except for files that are missing or make no sense */
export function readStatus(config: Config, nowMs: number): Status {
  const reading = readingStatus(config, nowMs)
  for (;;) {
    const step = reading.next()
    if (step.done) return step.value
  }
}

/** The same, host by host, for who has other things to do in between. */
export function* readingStatus(config: Config, nowMs: number): Generator<undefined, Status> {
  const { paths } = config
  const silences = readSilences(paths, nowMs)
  const sites = siteReader(config)
  const hosts: HostStatus[] = []
  for (const name of knownHosts(config)) {
    hosts.push(readHost(config, name, { silences, sites, nowMs }))
    yield
  }
  const away = [...new Set(hosts.map(({ condition }) => (condition.kind === 'silent' ? condition.site : undefined)))]
  const everything = silences.find(({ kind, target }) => kind === 'silence' && target === 'all')
  const monitor = readJsonIfThere(join(paths.state, 'monitor.json'))
  const unreachable = monitor?.unreachable as { readonly since?: unknown } | undefined
  return {
    at: nowMs,
    hosts: withoutLonelyAddresses(hosts),
    sitesAway: away.flatMap((site) => {
      const sinceAt = site === undefined ? undefined : sites(site)?.sinceAt
      if (site === undefined || sinceAt === undefined) return []
      const hushes = hushesOf(config, undefined, site, silences, nowMs)
      return [{ site, siteName: config.sites.get(site)?.name, sinceAt, hushes }]
    }),
    silenced: everything && { by: everything.by, untilAt: everything.untilAt },
    unreachableSinceAt: parseTime(unreachable?.since),
    processes: PROCESSES.map((name) => {
      const pulseAt = readPulse(paths, name)
      return { name, running: pulseAt !== undefined && nowMs - pulseAt <= NOT_RUNNING_MS, pulseAt }
    }),
    unsent: countAlerts(paths.outbox),
    failed: countAlerts(paths.failed),
  }
}

/** By the names alone, for there may be many: a file that holds several alerts says how many, `….1+12.family.json`. */
function countAlerts(folder: string): number {
  return listNames(folder, '.json').reduce((sum, name) => sum + Number(/\+(\d+)\.[^.+]+$/.exec(name)?.[1] ?? 1), 0)
}

/** Does anyone need to do anything about it? Quiet hides alerts, never this. */
export function isTroubled({ condition }: HostStatus): boolean {
  return condition.kind === 'never' ? condition.expected : !WELL.has(condition.kind)
}

/** Every host there is: of the configuration, in its order, then the registered and the merely heard, by name. */
export function knownHosts({ hosts, paths }: Config): string[] {
  const found = [...registeredNames(paths), ...listNames(paths.hosts, HOST_EXTENSION).filter(isHostName)]
  return [...new Set([...hosts.keys(), ...found.sort()])]
}

/** One host, as `readStatus` has it. */
export function readHostStatus(config: Config, name: string, nowMs: number): HostStatus {
  const silences = readSilences(config.paths, nowMs)
  return readHost(config, name, { silences, sites: siteReader(config), nowMs })
}

/** The site that a host belongs to, by configuration, by its own account or by its address. */
export function siteOfHost(config: Config, name: string): string | undefined {
  const { paths, siteByAddress } = config
  const { site } = settingsOf(config, name, readRegistration(paths, name))
  return siteOf(site, readReport(paths, name), siteByAddress)
}

/** The outage of a whole site, as long as none of it is back. */
export function readSiteOutage({ paths }: Config, site: string): { readonly sinceAt: number } | undefined {
  const state = readJsonIfThere(siteFile(paths, site))
  const outage = state?.outage as { readonly since?: unknown; readonly returnedAt?: unknown } | undefined
  const sinceAt = parseTime(outage?.since)
  return sinceAt === undefined || outage?.returnedAt !== undefined ? undefined : { sinceAt }
}

interface Context {
  readonly silences: readonly Silence[]
  readonly sites: ReturnType<typeof siteReader>
  readonly nowMs: number
}

function readHost(config: Config, name: string, { silences, sites, nowMs }: Context): HostStatus {
  const { paths, alertedHosts } = config
  const state = readJsonIfThere(join(paths.stateHosts, `${name}.json`)) ?? {}
  const report = readReport(paths, name)
  const { token: _secret, ...settings } = settingsOf(config, name, readRegistration(paths, name))
  const site = siteOf(settings.site, report, config.siteByAddress)
  const heardAt = heardMs(join(paths.hosts, hostFileName(name))) ?? parseTime(state.lastSeenAt)
  const hushes = hushesOf(config, name, site, silences, nowMs)
  const paused = silences.some((silence) => silence.kind === 'pause' && covers(silence, name, site))
  const condition = conditionOf(report, heardAt, state, { paused, sites, expected: config.hosts.has(name) })
  const siteName = site === undefined ? undefined : config.sites.get(site)?.name
  const alerted = alertedHosts?.has(name) ?? true
  return { name, site, siteName, condition, heardAt, report, settings, hushes, alerted }
}

function conditionOf(
  report: Report,
  heardAt: number | undefined,
  state: Record<string, unknown>,
  { paused, sites, expected }: { paused: boolean; expected: boolean } & Pick<Context, 'sites'>,
): Condition {
  if (paused) return { kind: 'paused', heardAt }
  const sinceAt = parseTime(state.since)
  // A checker that does not run leaves its last verdict behind: a newer signal contradicts it.
  const returned = heardAt !== undefined && heardAt > Math.max(sinceAt ?? 0, parseTime(state.lastSeenAt) ?? 0)
  if (state.verdict === 'down' && sinceAt !== undefined && !returned) {
    if (state.away === true) return { kind: 'away', sinceAt }
    const { site } = (state.outage ?? {}) as { readonly site?: unknown }
    return { kind: 'silent', sinceAt, site: typeof site === 'string' && sites(site) ? site : undefined }
  }
  const { cause, since } = (state.trouble ?? {}) as { readonly cause?: unknown; readonly since?: unknown }
  if (heardAt === undefined) {
    const startedAt = cause === 'unfinished' ? parseTime(since) : undefined
    return startedAt === undefined
      ? { kind: 'never', expected }
      : { kind: 'failed', heardAt: startedAt, cause: 'unfinished' }
  }
  if (report.status !== undefined && report.status !== 'ok') {
    return { kind: report.status, heardAt, message: report.message }
  }
  if (cause === 'unfinished' || cause === 'stuck') return { kind: 'failed', heardAt, cause }
  const unstableSinceAt = parseTime((state.unstable as { readonly since?: unknown } | undefined)?.since)
  return unstableSinceAt === undefined
    ? { kind: 'fine', heardAt }
    : { kind: 'unstable', sinceAt: unstableSinceAt, heardAt }
}

/**
 * A pause is a condition of its own, and what silences everything is said once.
 * @returns one of each kind at most for the host itself, and for its site: that which ends last
 */
function hushesOf(
  config: Config,
  name: string | undefined,
  site: string | undefined,
  silences: readonly Silence[],
  nowMs: number,
): Hush[] {
  const untilAt = maintenanceUntil(config, name, site, nowMs)
  const ofSite = name !== undefined && untilAt === maintenanceUntil(config, undefined, site, nowMs)
  const maintenance: Hush[] =
    untilAt === undefined ? [] : [{ kind: 'maintenance', of: ofSite || name === undefined ? 'site' : 'host', untilAt }]
  const asked = silences.flatMap((silence): Hush[] => {
    const { kind, target, untilAt, by } = silence
    if (kind === 'pause' || target === 'all' || !covers(silence, name, site)) return []
    return [{ kind, of: target.startsWith('host:') ? 'host' : 'site', untilAt, by }]
  })
  return (['silence', 'ack', 'maintenance'] as const).flatMap((kind) =>
    (['host', 'site'] as const).flatMap((of) => {
      const same = [...asked, ...maintenance].filter((hush) => hush.kind === kind && hush.of === of)
      return same.sort((a, b) => endOf(b) - endOf(a)).slice(0, 1)
    }),
  )
}

/** Of a host's own and its site's, that which keeps it quiet longer. */
export function lastingHushes(hushes: readonly Hush[]): Hush[] {
  return hushes.filter((hush) => !hushes.some((other) => other.kind === hush.kind && endOf(other) > endOf(hush)))
}

function endOf({ untilAt }: Hush): number {
  return untilAt ?? Number.POSITIVE_INFINITY
}

/** An address that one host has for itself is no place that means anything to anyone. */
function withoutLonelyAddresses(hosts: readonly HostStatus[]): HostStatus[] {
  const members = new Map<string, number>()
  for (const { site } of hosts) if (site !== undefined) members.set(site, (members.get(site) ?? 0) + 1)
  return hosts.map((host) => {
    const { site, siteName } = host
    const isAddress = site !== undefined && isIP(site.replace('::/64', '::')) !== 0
    return isAddress && siteName === undefined && members.get(site) === 1 ? { ...host, site: undefined } : host
  })
}

function siteReader(config: Config) {
  const known = new Map<string, ReturnType<typeof readSiteOutage>>()
  return (site: string) => {
    if (!known.has(site)) known.set(site, readSiteOutage(config, site))
    return known.get(site)
  }
}

function heardMs(file: string): number | undefined {
  const seconds = lastHeard(file)
  return seconds === undefined ? undefined : seconds * 1000
}
