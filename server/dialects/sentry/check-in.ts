/**
 * Reads a check-in, Sentry's heartbeat of a job, into a signal. Its schedule is declared with it, so the job need not be
 * set up beforehand.
 *
 * The key that it came with may stand in a web page. So it speaks for its own project, for the jobs that came through
 * it, and for those that are named in the configuration and have no token; for nobody else. Whoever sent it is not told
 * (an SDK would only complain, and a stranger learn who is there), so the reason is made for the log.
 */
import { cronOf } from '../../../shared/cron.ts'
import { isHostName } from '../../../shared/names.ts'
import type { Declared } from '../../../shared/report.ts'
import { projectId } from '../../../shared/tokens.ts'
import { type Fields, fieldsOf, isFields, label } from '../../errors/sample.ts'
import type { Deed, SignalEvent, Subject } from '../../signal.ts'
import type { Doors } from '../dialect.ts'

/** Of a name that is no host's: what is longer is cut. */
const NAME_LENGTH = 64
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

export type ReadCheckIn =
  | { readonly deed: Deed }
  /** It is left out: why, and what helps, as a sentence for the log. */
  | { readonly remark: string }

export function isCheckInStatus(status: unknown): boolean {
  return EVENTS.has(status)
}

/** @param mayDeclare its schedule is read; else it counts as a signal alone */
export function readCheckIn(found: Fields, project: Subject, doors: Doors, mayDeclare: boolean): ReadCheckIn {
  const { monitor_slug: slug, check_in_id: run, status, duration, monitor_config: config } = found
  const event = EVENTS.get(status)
  const name = hostOf(slug)
  const leftOut = (why: string) => {
    const called = name ?? JSON.stringify(label(slug, NAME_LENGTH) ?? '')
    return { remark: `a check-in of ${called} that came by the DSN of ${project.name} was left out: ${why}` }
  }
  if (name === undefined) return leftOut('no host can be called so: its slug has neither letters (a to z) nor digits')
  if (!event) return leftOut('its status is none of in_progress, ok and error')
  const known = doors.bySlug(name)
  if (known === 'ambiguous') return leftOut('several hosts are called so but for upper and lower case')
  if (!known && !isFields(config)) {
    return leftOut(`there is no such host, and no monitor_config to make it by: monitora host add ${name} does`)
  }
  if (known && !maySpeakFor(known, project)) return leftOut(whyNot(known))
  const deed: Deed = {
    kind: 'signal',
    signal: {
      host: known?.name ?? name,
      event,
      run: runOf(run),
      durationMs: spanOf(duration, 1000),
      ...(mayDeclare && declared(fieldsOf(config))),
    },
    subject: known,
    project: known ? undefined : project.name,
  }
  return { deed }
}

/**
 * In lower case, as Sentry makes its slugs: names must not differ by case alone. Schedulers send whatever a task is
 * called: `myapp.tasks.cleanup` becomes `myapp-tasks-cleanup`.
 */
function hostOf(slug: unknown): string | undefined {
  if (isHostName(slug)) return slug.toLowerCase()
  if (typeof slug !== 'string') return undefined
  const name = slug
    .slice(0, 2 * NAME_LENGTH)
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-/, '')
    .slice(0, NAME_LENGTH)
    .replace(/-$/, '')
  return isHostName(name) ? name : undefined
}

function maySpeakFor(job: Subject, project: Subject): boolean {
  return job.name === project.name || job.project === project.name || (job.scheduled && !job.hasToken)
}

function whyNot({ name, hasToken }: Subject): string {
  const dsn = `its own DSN, http://TOKEN@SERVER/${projectId(name)}`
  return hasToken
    ? `${name} has a token of its own; report by ${dsn} (is the token lost, monitora host rotate ${name} makes another)`
    : `it is no job of that project, nor has it a schedule in monitora.yml; monitora host rotate ${name} gives it a token, to report by ${dsn}`
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
    cronOf(pattern)
    return true
  } catch {
    return false
  }
}

function spanOf(value: unknown, unitMs: number): number | undefined {
  const spanMs = typeof value === 'number' ? Math.round(value * unitMs) : Number.NaN
  return spanMs >= 0 && spanMs <= LONGEST_MS ? spanMs : undefined
}
