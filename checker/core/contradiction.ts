/**
 * Does a job report in another rhythm than its schedule says? A wrong time zone is the common reason: then its silence is
 * no news, and the alert should say so. Pure.
 */
import type { Usual } from '../../shared/alert.ts'
import type { Schedule } from '../../shared/rhythm.ts'

const KEPT = 4
/** Pings within a run, or of a retry, are one report. */
const APART_MS = 60_000
const TOLERANCE = 0.25

/** What is remembered of its signals. */
export function rememberSignal(recentAt: readonly number[] | undefined, heardAt: number): readonly number[] {
  const known = recentAt ?? []
  const last = known.at(-1)
  // The clock was set back: what was before says nothing any more.
  if (last !== undefined && heardAt < last) return [heardAt]
  if (last !== undefined && heardAt - last < APART_MS) return known
  return [...known, heardAt].slice(-KEPT)
}

/** @param recentAt its last signals, in order */
export function contradiction({ next, graceMs }: Schedule, recentAt: readonly number[]): Usual | undefined {
  const lastAt = recentAt.at(-1)
  if (lastAt === undefined || recentAt.length < 2) return undefined
  const gaps = recentAt.slice(1).map((at, index) => at - recentAt[index]!)
  const everyMs = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  if (gaps.some((gap) => Math.abs(gap - everyMs) > everyMs * TOLERANCE)) return undefined
  const occurrenceAt = next(lastAt)
  const followingAt = occurrenceAt === undefined ? undefined : next(occurrenceAt)
  if (occurrenceAt === undefined || followingAt === undefined) return undefined
  const scheduledEveryMs = followingAt - occurrenceAt
  if (everyMs > scheduledEveryMs * (1 + TOLERANCE)) return { everyMs, scheduledEveryMs }
  if (everyMs < scheduledEveryMs * (1 - TOLERANCE)) return undefined
  const punctual = recentAt.some((at) => {
    const before = next(at - graceMs - 1)
    return before !== undefined && before <= at
  })
  return punctual ? undefined : { at: lastAt, scheduledAt: occurrenceAt }
}
