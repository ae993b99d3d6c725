/**
 * Reads a check-in, Sentry's heartbeat of a job, into a signal. Its schedule is declared with it, so the job need not be
 * set up beforehand.
 *
 * The key that it came with may stand in a web page. So it speaks for its own project, for the jobs that came through
 * it, and for those that are named in the configuration and have no token; for nobody else. Whoever sent it is not told
 * (an SDK would only complain, and a stranger learn who is there), so the reason is made for the log.
 */
import { hash } from 'node:crypto'
import { cronOf } from '../../../shared/cron.ts'
import { isHostName } from '../../../shared/names.ts'
import type { Declared } from '../../../shared/report.ts'
import { projectId } from '../../../shared/tokens.ts'
import { type Fields, fieldsOf, isFields, label } from '../../errors/sample.ts'
import type { Deed, SignalEvent, Subject } from '../../signal.ts'
import type { Doors } from '../dialect.ts'

const NAME_LENGTH = 64
/** Of a slug, to make a name of: what is longer is cut. */
const SLUG_LENGTH = 2 * NAME_LENGTH
/** Hex digits. The jobs of one project are a hundred at most. */
const HASH_LENGTH = 6
const BEYOND_ASCII = /[\u0080-\uffff]/
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
  /** It is left out: why, and what helps, for the log. */
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
    const sent = JSON.stringify(label(slug, NAME_LENGTH) ?? '')
    const called = name === undefined ? sent : isHostName(slug) ? name : `${name} (${sent})`
    return { remark: `${project.name}: by its DSN came a check-in of ${called} that was left out: ${why}` }
  }
  if (name === undefined) return leftOut('no host can be called so: its slug has neither letters (a to z) nor digits')
  if (!event) return leftOut('its status is none of in_progress, ok and error')
  const known = doors.bySlug(name)
  if (known === 'ambiguous') return leftOut('several hosts are called so but for upper and lower case')
  if (!known && !isFields(config)) {
    return leftOut(
      `there is no such host, and no monitor_config to make it by; ${asJob(name)}, or ./monitora host add ${name} makes it, to report by ${dsnOf(name)}`,
    )
  }
  if (known && !maySpeakFor(known, project)) return leftOut(whyNot(known, project))
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
 * called: `myapp.tasks.cleanup` becomes `myapp-tasks-cleanup`. What is lost of another script, or of the end, may be all
 * that tells two jobs apart: then a hash of the slug follows, lest the one vouch for the other.
 */
function hostOf(slug: unknown): string | undefined {
  if (isHostName(slug)) return slug.toLowerCase()
  if (typeof slug !== 'string') return undefined
  const lower = slug.toLowerCase()
  const name = lower
    .slice(0, SLUG_LENGTH)
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-|-$/g, '')
  const isWhole = slug.length <= SLUG_LENGTH && name.length <= NAME_LENGTH && !BEYOND_ASCII.test(slug)
  if (isWhole) return isHostName(name) ? name : undefined
  const mark = hash('sha256', lower).slice(0, HASH_LENGTH)
  const stem = /[a-z]/.test(name) ? name.slice(0, NAME_LENGTH - HASH_LENGTH - 1).replace(/-$/, '') : 'job'
  return `${stem}-${mark}`
}

function maySpeakFor(job: Subject, project: Subject): boolean {
  return job.name === project.name || job.project === project.name || (job.scheduled && !job.hasToken)
}

/** Anybody who has a public DSN can bring this into the log: what it advises must harm no host that is in order. */
function whyNot({ name, hasToken, project: maker }: Subject, project: Subject): string {
  if (hasToken) {
    return `it has a token of its own; report by ${dsnOf(name)} (is the token lost, ./monitora host rotate ${name} makes another, unless it stands in monitora.yml: then that one counts)`
  }
  if (maker !== undefined) {
    return `it is a job of ${maker}; report by the DSN of ${maker}, or under another slug, or ${asJob(name)}`
  }
  return `it is no job of ${project.name}; if it is a job of yours, ${asJob(name)}, or ./monitora host rotate ${name} gives it a token, to report by ${dsnOf(name)}: from then on the shared password no longer opens it`
}

function asJob(name: string): string {
  return `name it with a schedule and without a token in monitora.yml (hosts: { ${name}: { schedule: … } }), and any DSN may report it`
}

function dsnOf(name: string): string {
  return `its own DSN, http://TOKEN@SERVER/${projectId(name)}`
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
