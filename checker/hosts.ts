/**
 * Which hosts there are, with the settings in force: the registry, what the configuration says of a host (it wins, key
 * by key), and what the host says of itself (its interval, its site).
 */
import type { Config } from '../shared/config/load.ts'
import { listNames, stampOf } from '../shared/files.ts'
import { HOST_EXTENSION } from '../shared/host-file.ts'
import { maintenanceUntil } from '../shared/maintenance.ts'
import { isHostName } from '../shared/names.ts'
import {
  type Origin,
  type Registration,
  readRegistration,
  register,
  registeredNames,
  settingsOf,
} from '../shared/registry.ts'
import { type Report, readReport, reportFile } from '../shared/report.ts'
import { rhythmOf, runGraceOf } from '../shared/rhythm.ts'
import { isLoopback, siteOf } from '../shared/sites.ts'
import { type Alike, createAlike } from './alike.ts'
import type { Host } from './core/host.ts'
import type { Site } from './core/site.ts'
import type { HostState } from './core/state.ts'

/** @param known what the checker has a state of already */
export function createHosts(
  config: Config,
  now: () => number,
  known: (name: string) => Pick<HostState, 'name' | 'registeredAt'> | undefined,
) {
  const hosts = new Map<string, Host>()
  const alike = createAlike(config)
  /** When each report was changed that is known here. */
  const reported = new Map<string, number>()
  /** Met once without a registration; a host that is being removed is gone by the next time. */
  let strangers = new Set<string>()

  function refresh(asked: string): void {
    // One string for all that is known of a host.
    const name = known(asked)?.name ?? asked
    const registration = readRegistration(config.paths, name)
    if (!registration) return
    // Before it is read: what is written meanwhile is found the next time.
    reported.set(name, stampOf(reportFile(config.paths, name)))
    hosts.set(name, resolve(config, registration, alike))
  }

  /** A registration that was lost (a power cut, a garbled file) must not make another host of it: its outage goes on. */
  function registerAnew(name: string, origin: Origin): void {
    register(config.paths, { name, registeredAt: known(name)?.registeredAt ?? now(), origin })
  }

  return {
    all: hosts as ReadonlyMap<string, Host>,

    /** Reads a host's registration and report again. A host that went and came between two looks is found so. */
    refresh,

    /** The same, only when what it says of itself changed: where it reports from, or how often. */
    refreshIfChanged(name: string): void {
      if (stampOf(reportFile(config.paths, name)) !== reported.get(name)) refresh(name)
    },

    /** Hosts that the configuration names exist from now on, heard or not. */
    registerConfigured(): void {
      for (const name of config.hosts.keys()) {
        if (hosts.has(name)) continue
        registerAnew(name, 'config')
      }
    },

    /**
     * Compares with the registry folder.
     * @returns the names that came or went
     */
    sync(): string[] {
      const { paths } = config
      const listed = new Set(registeredNames(paths))
      const changed: string[] = []
      for (const name of hosts.keys()) {
        if (listed.has(name)) continue
        hosts.delete(name)
        reported.delete(name)
        changed.push(name)
      }
      for (const name of listed) {
        if (hosts.has(name)) continue
        refresh(name)
        if (hosts.has(name)) changed.push(name)
      }
      return changed
    },

    /**
     * Finds `.host` files of hosts that nobody registered: another program's, or an original installation's folder.
     * @param atOnce also those met for the first time
     */
    adopt({ atOnce }: { atOnce: boolean }): void {
      const met = new Set<string>()
      for (const name of listNames(config.paths.hosts, HOST_EXTENSION)) {
        if (hosts.has(name) || !isHostName(name)) continue
        if (atOnce || strangers.has(name)) registerAnew(name, 'adopted')
        else met.add(name)
      }
      strangers = met
    },
  }
}

export type Hosts = ReturnType<typeof createHosts>

function resolve(config: Config, registration: Registration, alike: Alike): Host {
  const { name, registeredAt } = registration
  const settings = settingsOf(config, name, registration)
  const report = readReport(config.paths, name)
  const { intervalMs, address } = report
  const { defaults } = config
  const site = siteOf(settings.site, report, config.siteByAddress)
  const ofSite = site === undefined ? undefined : config.sites.get(site)
  return {
    name,
    registeredAt,
    rhythm: alike.rhythm(rhythmOf(config, settings, report)),
    reminderMs: settings.reminder ?? ofSite?.reminder ?? defaults.reminder,
    alerted: config.alertedHosts?.has(name) ?? true,
    configured: config.hosts.has(name),
    site,
    siteName: ofSite?.name,
    tags: settings.tags ?? NO_TAGS,
    note: settings.note,
    address,
    local: isLoopback(address),
    sleeps: settings.sleeps ?? false,
    runGraceMs: runGraceOf(settings, report),
    progress: progressOf(report),
    type: settings.type,
    url: settings.url,
    expectedAbsenceMs: settings.expectedAbsence,
    failuresBefore: settings.failuresBefore ?? defaults.failuresBefore ?? 1,
    recoverAfter: settings.recoverAfter ?? defaults.recoverAfter ?? 1,
    damping: alike.damping(settings.unstable ?? ofSite?.unstable ?? defaults.unstable),
    maintenanceUntil: alike.maintenance(name, site),
    shortTimeout: settings.timeout !== undefined && intervalMs !== undefined && settings.timeout < 2 * intervalMs,
    lastWords: lastWordsOf(report),
  }
}

const NO_TAGS: readonly string[] = []

function progressOf({ progress: token, progressAt: sinceAt }: Report): Host['progress'] {
  return token === undefined || sinceAt === undefined ? undefined : { token, sinceAt }
}

/** Words that it still says are as young as its last signal. */
function lastWordsOf({ message, lastWords, lastWordsAt }: Report): Host['lastWords'] {
  if (message !== undefined) return { text: message, at: Number.POSITIVE_INFINITY }
  return lastWords !== undefined && lastWordsAt !== undefined ? { text: lastWords, at: lastWordsAt } : undefined
}

/** A site with the settings in force. */
export function resolveSite(config: Config, name: string): Site {
  const settings = config.sites.get(name)
  const { changes, within } = settings?.unstable ?? config.defaults.unstable
  return {
    name,
    title: settings?.name,
    waitMs: settings?.siteWait,
    reminderMs: settings?.reminder ?? config.defaults.reminder,
    damping: { changes, withinMs: within },
    maintenanceUntil: (now) => maintenanceUntil(config, undefined, name, now),
  }
}
