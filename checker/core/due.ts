/**
 * When a signal is due, and what our own absence does to it. Pure; nothing of it is stored: what was heard, the
 * absences and the settings are on disk, so no restart can lose a deadline or invent one.
 */
import { CUT_OFF_MS, type Rhythm } from '../../shared/rhythm.ts'

/** A span in which a signal would not have been heard; `deaf` is false for one that never existed. */
export interface Deafness {
  readonly fromAt: number
  readonly toAt: number
  readonly deaf: boolean
}

/**
 * A host *should* have been heard one and a half of its intervals after its last signal, is *late* after two and a half,
 * and *due*, that is silent, after its timeout. Who does not say how often it reports is all three at once.
 */
export interface Moments {
  readonly shouldAt: number
  readonly lateAt: number
  readonly dueAt: number
}

/** @param gapMs the time between its last two signals, where it is known */
export function withGap(rhythm: Rhythm, gapMs: number | undefined): Rhythm {
  return gapMs === undefined ? rhythm : { ...rhythm, gapMs }
}

const SHOULD = 1.5
const LATE = 2.5
/** After so many of its intervals the first signal is missing. */
const MISSED = 1.05
/** Only a client with time enough between timeouts shows its rhythm in the sweep's readings. */
export const GAP_MATTERS_MS = 600_000

/**
 * The moment from which a host that was last heard at `heardAt` is silent.
 * @param absences disjoint, in order of time
 * @param timeoutMs another one than its own
 * @returns epoch milliseconds; Infinity for a schedule that never comes again
 */
export function dueAt(
  rhythm: Rhythm,
  heardAt: number,
  absences: readonly Deafness[],
  timeoutMs: number = rhythm.timeoutMs,
): number {
  const { schedule } = rhythm
  const occurrenceAt = schedule?.next(heardAt)
  if (schedule && occurrenceAt === undefined) return Number.POSITIVE_INFINITY
  /** Before a job's occurrence nobody waits for its signal: an absence until then costs nothing. */
  const waitingFromAt = occurrenceAt ?? heardAt
  let due = schedule ? waitingFromAt + schedule.graceMs : heardAt + CUT_OFF_MS + timeoutMs

  let first = absences.length
  while (first > 0 && absences[first - 1]!.toAt > waitingFromAt) first--
  // One whole span more for one heard value, not one for each absence: a server that restarts every minute
  // must not hide a death for ever.
  let forgiven = false
  for (let index = first; index < absences.length; index++) {
    const absence = absences[index]!
    // The silence was real before we went.
    if (absence.fromAt >= due) break
    due += absence.toAt - Math.max(absence.fromAt, waitingFromAt)
    if (forgiven || !absence.deaf || !swallowedOne(rhythm, timeoutMs, heardAt, occurrenceAt, absence)) continue
    forgiven = true
    const afresh = schedule
      ? (schedule.next(absence.toAt) ?? Number.POSITIVE_INFINITY) + schedule.graceMs
      : absence.toAt + CUT_OFF_MS + timeoutMs
    due = Math.max(due, afresh)
  }
  return due
}

export function momentsOf(rhythm: Rhythm, heardAt: number, absences: readonly Deafness[]): Moments {
  const due = dueAt(rhythm, heardAt, absences)
  const { intervalMs, timeoutMs } = rhythm
  if (intervalMs === undefined || rhythm.schedule) return { shouldAt: due, lateAt: due, dueAt: due }
  const after = (intervals: number) => {
    const span = intervals * intervalMs
    return span < timeoutMs ? dueAt(rhythm, heardAt, absences, span) : due
  }
  return { shouldAt: after(SHOULD), lateAt: after(LATE), dueAt: due }
}

/** From when on a host that gave no signal has missed one, as far as one can tell: no later than half of its timeout. */
export function firstMissAt(rhythm: Rhythm, heardAt: number, absences: readonly Deafness[]): number {
  const { intervalMs = Number.POSITIVE_INFINITY, timeoutMs, schedule } = rhythm
  if (schedule) return dueAt(rhythm, heardAt, absences)
  return dueAt(rhythm, heardAt, absences, Math.min(MISSED * intervalMs, timeoutMs / 2))
}

/**
 * The longest gap between two signals of a host when nothing is amiss; after a longer one, the network may just be
 * coming back. A job has no everyday gaps.
 */
export function everydayGapMs({ intervalMs, timeoutMs, schedule }: Rhythm): number {
  if (schedule) return 0
  return intervalMs === undefined ? timeoutMs / 2 : SHOULD * intervalMs + CUT_OFF_MS
}

/** How long a host may take to appear once its network is back. */
export function reappearanceMs({ intervalMs, timeoutMs }: Rhythm): number {
  return CUT_OFF_MS + (intervalMs === undefined ? timeoutMs : SHOULD * intervalMs)
}

/** A pulse from the future was written before the clock was set back: it tells nothing of now. */
export function crediblePulse(pulseAt: number | undefined, now: number): number | undefined {
  return pulseAt !== undefined && pulseAt <= now ? pulseAt : undefined
}

/** Was a signal probably sent into the absence? */
function swallowedOne(
  { schedule, intervalMs, gapMs }: Rhythm,
  timeoutMs: number,
  heardAt: number,
  occurrenceAt: number | undefined,
  { fromAt, toAt }: Deafness,
): boolean {
  if (schedule) return occurrenceAt !== undefined && occurrenceAt >= fromAt && occurrenceAt < toAt
  const interval = intervalMs ?? (timeoutMs >= GAP_MATTERS_MS ? gapMs : undefined)
  if (interval === undefined) return toAt - fromAt >= timeoutMs / 20
  return heardAt + 0.8 * interval <= toAt && heardAt + 1.5 * interval >= fromAt
}
