/** How often a host should be heard: what the configuration says of it, and what it says itself. The one place for both. */
import { Cron } from 'croner'
import type { Config } from './config/load.ts'

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
  { hosts, defaults, timezone: local }: Pick<Config, 'hosts' | 'defaults' | 'timezone'>,
  name: string,
  intervalMs: number | undefined,
): Rhythm {
  const { timeout, schedule, timezone = local, grace = DEFAULT_GRACE_MS } = hosts.get(name) ?? {}
  return {
    timeoutMs: timeout ?? Math.max(defaults.timeout, INTERVALS_MISSED * (intervalMs ?? 0)),
    schedule: schedule === undefined ? undefined : scheduleOf(schedule, timezone, grace),
    intervalMs,
  }
}

function scheduleOf(pattern: string, timezone: string, graceMs: number): Schedule {
  const cron = new Cron(pattern, { timezone, paused: true })
  return { next: (afterAt) => cron.nextRun(new Date(afterAt))?.getTime(), graceMs }
}
