/** How often a host should be heard: what is configured or registered of it, and what it says itself. The one place for all. */
import type { Cron } from 'croner'
import type { HostSettings } from './config/hosts.ts'
import type { Config } from './config/load.ts'
import { cronOf } from './cron.ts'
import type { Declared } from './report.ts'

export interface Schedule {
  /** The first occurrence after a moment, epoch milliseconds; `undefined`: never again. */
  next(afterAt: number): number | undefined
  readonly graceMs: number
}

export interface Rhythm {
  readonly timeoutMs: number
  /** A job's: its signal is due after each occurrence; the timeout plays no part then. */
  readonly schedule?: Schedule
  /** How often the client says it reports. */
  readonly intervalMs?: number
  /** The time between its last two signals; stands for the interval where that is unknown. */
  readonly gapMs?: number
}

/** The server cuts the fraction of a second off what it heard, so it is added wherever one waits for a signal. */
export const CUT_OFF_MS = 1000
/** A host is not silent before it could have missed three signals by its own account. */
const INTERVALS_MISSED = 3
const DEFAULT_GRACE_MS = 3_600_000

export function rhythmOf(
  { defaults, timezone: local }: Pick<Config, 'defaults' | 'timezone'>,
  { timeout, schedule, timezone = local, grace }: HostSettings,
  declared: Declared,
): Rhythm {
  const { intervalMs, timeoutMs = Math.max(defaults.timeout, INTERVALS_MISSED * (intervalMs ?? 0)) } = declared
  const graceMs = grace ?? declared.graceMs ?? DEFAULT_GRACE_MS
  if (schedule !== undefined) return { timeoutMs, schedule: scheduleOf(schedule, timezone, graceMs), intervalMs }
  if (timeout !== undefined) return { timeoutMs: timeout, intervalMs }
  const { schedule: pattern, timezone: zone = local } = declared
  const own = pattern === undefined ? undefined : attempt(() => scheduleOf(pattern, zone, graceMs))
  return { timeoutMs, schedule: own, intervalMs }
}

/** How long after its start a run must have ended. */
export function runGraceOf({ grace }: HostSettings, { maxRunMs, graceMs }: Declared): number {
  return grace ?? maxRunMs ?? graceMs ?? DEFAULT_GRACE_MS
}

/** One of croner's costs kilobytes, and a thousand hosts may share a pattern. `undefined`: one that never comes. */
const crons = new Map<string, Cron | undefined>()
const MOST_CRONS = 1000

/** @returns `undefined` when it never comes. @throws for a pattern or a time zone that there is none of */
function scheduleOf(pattern: string, timezone: string, graceMs: number): Schedule | undefined {
  const key = `${pattern} ${timezone}`
  if (!crons.has(key)) {
    const cron = cronOf(pattern, timezone)
    // It looks through thousands of years for one that never comes: that must not be asked again and again.
    const comes = cron.nextRun() !== null
    if (crons.size >= MOST_CRONS) crons.clear()
    crons.set(key, comes ? cron : undefined)
  }
  const cron = crons.get(key)
  return cron && { next: (afterAt) => cron.nextRun(new Date(afterAt))?.getTime(), graceMs }
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
