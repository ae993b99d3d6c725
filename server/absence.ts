/**
 * Whether signals were missed between two looks at the clocks, and which absence that makes. Pure: hearing.ts looks, and
 * writes. Deaf means that what was sent in the span is lost; a clock that was set makes a span that never existed.
 */
import type { Absence, AbsenceReason } from '../shared/absences.ts'
import type { Clock } from '../shared/clock.ts'

/** All three clocks at one moment. */
export interface Reading {
  readonly wallAt: number
  readonly monotonicMs: number
  readonly uptimeMs: number | undefined
}

/** Clocks that differ by less are as good as equal: they are read one after the other, and corrected in small steps. */
const JUMP_MS = 1000
/** A pulse follows the last after 1 s; 3 s more, and signals may have run into the time limit of their clients. */
const STUCK_MS = 4000
/** A box without a clock of its own asks the network for the time about now. */
const BOOTING_MS = 15 * 60_000

export function readClocks(clock: Clock): Reading {
  return { wallAt: clock.now(), monotonicMs: clock.monotonic(), uptimeMs: clock.uptime() }
}

/**
 * @param last the clocks at the last pulse
 * @param sinceAt where all begins that may have been dated by a clock which lied at boot (see startOf)
 */
export function absenceBetween(last: Reading, now: Reading, sinceAt: number): Absence | undefined {
  const { awake, elapsed } = elapsedBetween(last, now)
  const setForward = now.wallAt - last.wallAt - elapsed > JUMP_MS
  if (elapsed - awake > JUMP_MS) return missed(last, now, 'asleep')
  if (setForward && now.uptimeMs !== undefined && now.uptimeMs < BOOTING_MS) {
    return { fromAt: Math.min(sinceAt, last.wallAt), toAt: now.wallAt, deaf: true, why: 'clock-set' }
  }
  if (awake > STUCK_MS) return missed(last, now, 'stuck')
  return setForward ? { ...missed(last, now, 'clock-set'), deaf: false } : undefined
}

/** The span between two looks, in the time of the later: a clock that was set back in between does not shorten it. */
export function missed(last: Reading, now: Reading, why: AbsenceReason): Absence {
  const { elapsed } = elapsedBetween(last, now)
  return { fromAt: Math.min(last.wallAt, now.wallAt - elapsed), toAt: now.wallAt, deaf: true, why }
}

/**
 * What a start finds.
 * @param pulseAt the newest pulse of the server before this one
 * @param newestHeard the newest time in any `.host` file, up to a moment
 */
export function startOf(
  nowAt: number,
  pulseAt: number | undefined,
  newestHeard: (notAfter: number) => number | undefined,
): { absence?: Absence; sinceAt: number } {
  let fromAt = pulseAt
  if (fromAt === undefined || fromAt > nowAt) {
    // No pulse yet: an installation that moves in; its last signals tell how long nobody heard. A pulse from the future: our
    // clock lies (a Pi at boot) or lied before. In its time, all since the newest signal that is not from the future
    // too is unheard; when the clock is set right, all since that pulse will be (absenceBetween, sinceAt).
    fromAt = newestHeard(nowAt)
  }
  const sinceAt = Math.min(nowAt, fromAt ?? nowAt)
  if (fromAt === undefined) return { sinceAt }
  return { absence: { fromAt, toAt: nowAt, deaf: true, why: 'not-running' }, sinceAt }
}

/** `awake`: while this process could run; `elapsed`: with the sleep of the machine. */
function elapsedBetween(last: Reading, now: Reading): { awake: number; elapsed: number } {
  const awake = now.monotonicMs - last.monotonicMs
  // Where nothing counts the sleep, a wall clock that moved further than we did is taken for it: the cautious guess.
  const elapsed =
    last.uptimeMs === undefined || now.uptimeMs === undefined
      ? Math.max(awake, now.wallAt - last.wallAt)
      : Math.max(awake, now.uptimeMs - last.uptimeMs)
  return { awake, elapsed }
}
