/** Recurring windows in which nothing is told: `maintenance:` of a host, of its site and of the defaults, together. */
import type { Config } from './config/load.ts'
import { cronOf } from './cron.ts'

/**
 * @param name a host; `undefined`: only what the site and the defaults say
 * @param now epoch milliseconds
 * @returns when the last of those in force ends; `undefined`: none is
 */
export function maintenanceUntil(
  { hosts, sites, defaults, timezone: local }: Pick<Config, 'hosts' | 'sites' | 'defaults' | 'timezone'>,
  name: string | undefined,
  site: string | undefined,
  now: number,
): number | undefined {
  const windows = [
    ...((name !== undefined && hosts.get(name)?.maintenance) || []),
    ...((site !== undefined && sites.get(site)?.maintenance) || []),
    ...(defaults.maintenance ?? []),
  ]
  let untilAt: number | undefined
  for (const window of windows) {
    const endAt = lastBeginning(window, local, now) + window.for
    if (endAt > now) untilAt = Math.max(untilAt ?? 0, endAt)
  }
  return untilAt
}

type Window = NonNullable<Config['defaults']['maintenance']>[number]

/** The answer of this second: a thousand hosts that fall at once ask the same. */
const answers = new WeakMap<Window, { readonly second: number; readonly begunAt: number }>()

function lastBeginning(window: Window, local: string, now: number): number {
  const second = Math.floor(now / 1000)
  const known = answers.get(window)
  if (known?.second === second) return known.begunAt
  const cron = cronOf(window.schedule, window.timezone ?? local)
  // An occurrence is a whole second, and the one of this very second counts.
  const [begun] = cron.previousRuns(1, new Date(second * 1000 + 1000))
  const begunAt = begun?.getTime() ?? Number.NEGATIVE_INFINITY
  answers.set(window, { second, begunAt })
  return begunAt
}
