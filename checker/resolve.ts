/** The settings in force: what is registered or configured, what a host says of itself, its site's, and the defaults. */
import type { HostSettings } from '../shared/config/hosts.ts'
import type { Config } from '../shared/config/load.ts'
import { maintenanceUntil } from '../shared/maintenance.ts'
import type { Registration } from '../shared/registry.ts'
import type { Report } from '../shared/report.ts'
import { rhythmOf, runGraceOf } from '../shared/rhythm.ts'
import { isLoopback, siteOf } from '../shared/sites.ts'
import { withoutPassword } from '../shared/url.ts'
import type { Alike } from './alike.ts'
import type { Host } from './core/host.ts'
import type { Site } from './core/site.ts'

/** A host with the settings in force. */
export function resolveHost(
  config: Config,
  { name, registeredAt }: Pick<Registration, 'name' | 'registeredAt'>,
  settings: HostSettings,
  report: Report,
  alike: Alike,
): Host {
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
    url: settings.url && withoutPassword(settings.url),
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
