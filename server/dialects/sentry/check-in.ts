/**
 * Reads a check-in, Sentry's heartbeat of a job, into a signal. Its schedule is declared with it, so the job need not be
 * set up beforehand.
 *
 * The key that it came with may stand in a web page. So it speaks for its own project, for the jobs that came through
 * it, and for those that are named in the configuration and have no token; for nobody else.
 */
import { Cron } from 'croner'
import { isHostName } from '../../../shared/names.ts'
import type { Declared } from '../../../shared/report.ts'
import { type Fields, fieldsOf, isFields, label } from '../../errors/sample.ts'
import type { Deed, SignalEvent, Subject } from '../../signal.ts'
import type { Doors } from '../dialect.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS
const LONGEST_MS = 10 * 365 * DAY_MS
/** A rhythm is meant, and cannot be read: better told late than told each day. */
const UNREADABLE_MS = 32 * DAY_MS
const EVENTS: ReadonlyMap<unknown, SignalEvent> = new Map([
  ['in_progress', 'start'],
  ['ok', 'success'],
  ['error', 'fail'],
])
const UNITS_MS: ReadonlyMap<unknown, number> = new Map([
  ['minute', MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['day', DAY_MS],
  ['week', 7 * DAY_MS],
  ['month', 31 * DAY_MS],
  ['year', 366 * DAY_MS],
])

/**
 * @param mayDeclare its schedule is read; else it counts as a signal alone
 * @returns `undefined` for what says nothing, and for whom the project may not speak
 */
export function readCheckIn(found: Fields, project: Subject, doors: Doors, mayDeclare: boolean): Deed | undefined {
  const { monitor_slug: slug, check_in_id: run, status, duration, monitor_config: config } = found
  const event = EVENTS.get(status)
  if (!isHostName(slug) || !event) return undefined
  const known = doors.bySlug(slug.toLowerCase())
  if (known === 'ambiguous') return undefined
  if (known ? !maySpeakFor(known, project) : !isFields(config)) return undefined
  return {
    kind: 'signal',
    // In lower case, as Sentry makes its slugs: names must not differ by case alone.
    signal: {
      host: known?.name ?? slug.toLowerCase(),
      event,
      run: runOf(run),
      durationMs: spanOf(duration, 1000),
      ...(mayDeclare && declared(fieldsOf(config))),
    },
    subject: known,
    project: known ? undefined : project.name,
  }
}

function maySpeakFor(job: Subject, project: Subject): boolean {
  return job.name === project.name || job.project === project.name || (job.scheduled && !job.hasToken)
}

/** Zeros mean the run that is under way, whichever it is. */
function runOf(value: unknown): string | undefined {
  const run = label(value, 64)
  return run === undefined || /^[0-]+$/.test(run) ? undefined : run
}

function declared({ schedule, checkin_margin, max_runtime, timezone }: Fields): Declared {
  const { type, value, unit } = fieldsOf(schedule)
  const maxRunMs = spanOf(max_runtime, MINUTE_MS) || undefined
  const marginMs = spanOf(checkin_margin, MINUTE_MS)
  if (type === 'interval') {
    const intervalMs = spanOf(value, UNITS_MS.get(unit) ?? Number.NaN)
    return { timeoutMs: intervalMs ? intervalMs + (marginMs || MINUTE_MS) : UNREADABLE_MS, maxRunMs }
  }
  const zone = typeof timezone === 'string' && timezone.length <= 64 ? timezone : undefined
  if (type !== 'crontab' || typeof value !== 'string' || !isSchedule(value, zone)) {
    return { timeoutMs: schedule === undefined ? undefined : UNREADABLE_MS, maxRunMs }
  }
  return { schedule: value, timezone: zone, graceMs: marginMs || undefined, maxRunMs }
}

/** Patterns and their time zones, and whether they can be read: a job declares the same one each time. */
const schedules = new Map<string, boolean>()
const MOST_SCHEDULES = 1000

/**
 * Five fields or a nickname such as `@daily`, in a time zone that there is. Whether it ever comes is not asked here: for
 * one that never does, that would take very long.
 */
function isSchedule(pattern: string, timezone: string | undefined): boolean {
  if (pattern.length > 200 || !/^(?:@\w+|\S+(?:\s+\S+){4})$/.test(pattern)) return false
  const key = `${pattern} ${timezone}`
  let known = schedules.get(key)
  if (known === undefined) {
    known = canBeRead(pattern, timezone)
    if (schedules.size >= MOST_SCHEDULES) schedules.clear()
    schedules.set(key, known)
  }
  return known
}

function canBeRead(pattern: string, timeZone: string | undefined): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    new Cron(pattern, { paused: true })
    return true
  } catch {
    return false
  }
}

function spanOf(value: unknown, unitMs: number): number | undefined {
  const spanMs = typeof value === 'number' ? Math.round(value * unitMs) : Number.NaN
  return spanMs >= 0 && spanMs <= LONGEST_MS ? spanMs : undefined
}
