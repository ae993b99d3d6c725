/** What stories take for granted: hosts and sites without a word about them, and alerts in a few words. */
import type { Host } from '../checker/core/host.ts'
import type { Site } from '../checker/core/site.ts'
import type { Alert } from '../shared/alert.ts'

const HOUR_MS = 3_600_000

/** What a host is without a word about it. */
export const PLAIN_HOST: Omit<Host, 'name' | 'rhythm' | 'registeredAt'> = {
  reminderMs: 6 * HOUR_MS,
  alerted: true,
  configured: false,
  tags: [],
  local: false,
  sleeps: false,
  runGraceMs: 3_600_000,
  failuresBefore: 1,
  recoverAfter: 1,
  damping: { changes: 1000, withinMs: HOUR_MS },
  maintenanceUntil: () => undefined,
  shortTimeout: false,
}

/** What a site is without a word about it. */
export const PLAIN_SITE: Omit<Site, 'name'> = {
  reminderMs: 6 * HOUR_MS,
  damping: { changes: 1000, withinMs: HOUR_MS },
  maintenanceUntil: () => undefined,
}

/** `kind host`, `site-silent home: nas pi`, `site-recovered home: pi, not nas`. */
export function summaryOf({ kind, hosts, process, site, back, missing = [] }: Alert): string {
  const ofSite = kind === 'site-silent' || kind === 'site-recovered' || (site !== undefined && hosts.length > 1)
  if (!ofSite) return [kind, process, ...hosts].filter(Boolean).join(' ')
  const but = missing.length > 0 ? `, not ${missing.join(' ')}` : ''
  return `${kind} ${site}: ${(back ?? hosts).join(' ')}${but}`
}
