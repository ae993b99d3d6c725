/** A host as the others of its site see it in one round: what is believed of its signals, and when it counts as missing. */

import type { Silence } from '../../shared/silences.ts'
import type { Deafness, Moments } from './due.ts'
import { isOrdinaryGap, momentsOf } from './due.ts'
import { countsFrom, type Host, isExcused } from './host.ts'
import type { Member, Sight } from './judge.ts'
import { isPaused } from './quiet.ts'
import type { HostState } from './state.ts'

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
  sight: Sight | undefined,
  absences: readonly Deafness[],
  silences: readonly Silence[],
  now: number,
): View {
  const countsAt = countsFrom(state, heardAt)
  return {
    host,
    state,
    heardAt: countsAt,
    moments: momentsOf({ ...host.rhythm, gapMs: state.gapMs }, countsAt, absences),
    sight: sight ?? {},
    expected: !host.rhythm.schedule && !isExcused(host, state, heardAt) && !isPaused(host, silences, now),
  }
}

export function memberOf({ host, state, heardAt, moments, sight, expected }: View): Member {
  return { name: host.name, heardAt, ...moments, ...sight, witness: !expected, silent: state.verdict === 'down' }
}

/**
 * What another signal adds to what was seen of a host.
 * @param believedAt the signal before; `undefined`: not known, as after a start
 */
export function see(before: Sight = {}, host: Host, believedAt: number | undefined, heardAt: number): Sight {
  if (heardAt === believedAt) return before
  const ordinary = believedAt !== undefined && isOrdinaryGap(host.rhythm, heardAt - believedAt)
  return ordinary ? { ...before, ordinaryAt: heardAt } : { ...before, returningAt: heardAt }
}
