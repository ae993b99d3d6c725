/** A host as the others of its site see it in one round: what is believed of its signals, and when it counts as missing. */

import type { Silence } from '../../shared/silences.ts'
import type { Deafness, Moments } from './due.ts'
import { everydayGapMs, momentsOf, withGap } from './due.ts'
import { countsFrom, type Host, isExcused, waitsFrom } from './host.ts'
import type { Eye, Member, Sight } from './judge.ts'
import { isPaused } from './quiet.ts'
import type { HostState } from './state.ts'

/** Nobody's rhythm is known better than this: files are looked at once in a while. */
const QUICK_MS = 120_000

export interface View {
  readonly host: Host
  readonly state: HostState
  /** The newest signal that counts, epoch milliseconds. */
  readonly heardAt: number
  readonly moments: Moments
  readonly sight: Sight
  /** Others wait for it, and it is listed among the silent. Else its signals only prove that the network works. */
  readonly expected: boolean
}

export function viewOf(
  host: Host,
  state: HostState,
  heardAt: number,
  sight: Sight,
  absences: readonly Deafness[],
  silences: readonly Silence[],
  now: number,
): View {
  const countsAt = countsFrom(state, heardAt, now)
  return {
    host,
    state,
    heardAt: countsAt,
    moments: momentsOf(withGap(host.rhythm, state.gapMs), waitsFrom(host, state, heardAt, now), absences),
    sight,
    expected: !host.rhythm.schedule && !isExcused(host, state, heardAt) && !isPaused(host, silences, now),
  }
}

export function memberOf({ host, state, heardAt, moments, expected }: View): Member {
  return { name: host.name, heardAt, ...moments, witness: !expected, silent: state.verdict === 'down' }
}

export function eyeOf({ host, heardAt, sight }: View): Eye {
  return { ...sight, heardAt, everydayGapMs: everydayGapMs(host.rhythm) }
}

/**
 * What another signal adds to what was seen of a host.
 * @param believedAt the signal before; `undefined`: not known, as after a start
 * @param lookingSinceAt since when somebody looked at it, but for restarts
 */
export function see(
  before: Sight = {},
  { rhythm }: Host,
  believedAt: number | undefined,
  heardAt: number,
  absences: readonly Deafness[],
  lookingSinceAt: number,
): Sight {
  if (heardAt === believedAt) return before
  // A mere restart forgets what was seen; a break would have been noticed before it.
  if (believedAt === undefined) return { returnedAt: Math.min(heardAt, lookingSinceAt) }
  const gapMs = heardAt - believedAt - neverBeen(absences, believedAt, heardAt)
  // Who does not say how often it reports shows it: half of a long timeout would hide a whole cut.
  const shownMs = before.beforeAt === undefined ? Number.NaN : believedAt - before.beforeAt
  const unusual = rhythm.intervalMs === undefined && gapMs > Math.max(2 * shownMs, QUICK_MS)
  const ordinary = gapMs > 0 && gapMs <= everydayGapMs(rhythm) && !unusual
  // Field by field, for it is made of everybody's signals: a spread whose fields are replaced gives each a class of its own.
  return ordinary ? { beforeAt: believedAt, returnedAt: before.returnedAt } : { returnedAt: heardAt }
}

/** Of the time between two signals what never existed: the clock was set forward. */
function neverBeen(absences: readonly Deafness[], fromAt: number, toAt: number): number {
  let ms = 0
  for (let index = absences.length - 1; index >= 0 && absences[index]!.toAt > fromAt; index--) {
    const span = absences[index]!
    if (!span.deaf) ms += Math.max(0, Math.min(span.toAt, toAt) - Math.max(span.fromAt, fromAt))
  }
  return ms
}
