/**
 * The transitions of one host: what it was, what is heard of it now, and how its silence is ruled → what it is, and
 * what is to be told. Pure: no clock, file, network or randomness.
 *
 *   before | what is found                          | after | reason          | told, unless quiet
 *   -------|----------------------------------------|-------|-----------------|-------------------
 *   (none) | registered, never heard                | new   | registered      |
 *   (none) | registered, heard, nobody announced it | up    | adopted         |
 *   new    | configured, and not heard for long     | new   |                 | never-heard
 *   new    | its first signal                       | up    | first-signal    | first-signal
 *   new    | heard, nobody announced it             | up    | adopted         |
 *   up     | past due, and at fault                 | down  | no-signal, missed-schedule | silent (or unstable)
 *   up     | past due, and its whole site is        | down  | site-silent     | (its site's alert)
 *   down   | the reminder is due                    | down  |                 | still-silent
 *   down   | another signal than the last one       | up    | signal          | recovered
 *   any    | no longer registered                   | (none)| removed         |
 */

import type { Rhythm } from '../../shared/rhythm.ts'
import { causeOf } from './cause.ts'
import { rememberSignal } from './contradiction.ts'
import type { Draft, HistoryLine } from './draft.ts'
import { dueAt, GAP_MATTERS_MS, type Moments } from './due.ts'
import {
  type Found,
  type Host,
  hostQuiet,
  lastGoodbye,
  missedAfter,
  type Ruling,
  type Surroundings,
  silentFrom,
  waitsFrom,
} from './host.ts'
import { isAcknowledged } from './quiet.ts'
import type { HostState } from './state.ts'
import { aboutSilence, announce, keepTelling } from './telling.ts'
import { changedAgain, stableAt } from './unstable.ts'

const LOOK_AGAIN_MS = 1000
const MOST_RUNS = 1000

/** A host that is up: is it still? */
export function stepUp(
  draft: Draft<HostState>,
  host: Host,
  found: Found & { readonly heardAt: number; readonly moments: Moments },
  ruling: Ruling | undefined,
  around: Surroundings,
  now: number,
): number {
  const { heardAt, moments } = found
  const { dueAt: due, shouldAt } = moments
  const keptAt = keepTelling(draft, host, around.silences, heardAt, now)
  if (!ruling || ruling.kind === 'hold') {
    if (ruling) return Math.min(now + LOOK_AGAIN_MS, keptAt)
    const looks = [...momentsToSee(host.rhythm, waitsFrom(host, draft.state, heardAt, now)), shouldAt]
    return Math.min(looks.find((at) => at > around.hearingUntilAt) ?? due, keptAt)
  }

  const { rhythm } = host
  const sinceAt = silentFrom(host, draft.state, heardAt, now)
  const site = ruling.kind === 'site' ? ruling.site : undefined
  const own = rhythm.schedule ? 'missed-schedule' : 'no-signal'
  const reason = site === undefined ? own : 'site-silent'
  const goodbyeAt = lastGoodbye(draft.state, heardAt)
  const outage = { sinceAt, toldAt: now, site }
  draft.change({ verdict: 'down', reason, sinceAt, heardAt, account: undefined, goodbyeAt, outage })
  if (site === undefined) draft.change({ changedAt: changedAgain(draft.state.changedAt, host.damping, now) })

  const quiet = hostQuiet(host, draft.state, around.silences, now)
  if (quiet?.why === 'away') draft.change({ away: true })
  const alert =
    ruling.kind === 'site' ? ruling.alert : quiet ? undefined : announce(draft, host, found.absences, around, now)
  draft.note({
    verdict: 'down',
    reason,
    sinceAt,
    alert,
    dueAt: due,
    timeoutMs: rhythm.schedule ? rhythm.schedule.graceMs : rhythm.timeoutMs,
    intervalMs: rhythm.intervalMs,
    missedAt: missedAfter(host, draft.state, sinceAt),
    absences: movers(found.absences, sinceAt, due),
    hidden: ruling.kind === 'site' ? ruling.hidden : quiet?.why,
    site,
  })
  const lookAt = site !== undefined ? Number.POSITIVE_INFINITY : (quiet?.untilAt ?? announcedUntil(draft, host, now))
  return Math.min(lookAt, keptAt)
}

/** When there is more to say of what was just announced: a reminder, or that it keeps still. */
function announcedUntil({ state }: Draft<HostState>, { reminderMs, damping }: Host, now: number): number {
  return state.unstable ? stableAt(state.changedAt, damping) : now + reminderMs
}

/** Of who does not say how often it reports, no everyday gap must be missed: it is half of the timeout. */
function momentsToSee({ intervalMs, timeoutMs, schedule }: Rhythm, heardAt: number): number[] {
  return intervalMs === undefined && !schedule ? [heardAt + timeoutMs / 3, heardAt + timeoutMs / 2] : []
}

/** A host that is silent: is it back, is it time to remind, or to tell what was kept quiet? */
export function stepDown(draft: Draft<HostState>, host: Host, found: Found, around: Surroundings, now: number): number {
  const { state } = draft
  const { heardAt = found.believedAt ?? state.heardAt } = found
  if (heardAt !== undefined && heardAt !== state.heardAt) {
    const partOfSite = state.outage?.site !== undefined && state.outage.id === undefined
    if (host.recoverAfter <= 1 || partOfSite) return recover(draft, host, around, heardAt, heardAt, now)
    return countReturn(draft, host, found, around, heardAt, now)
  }
  const keptAt = keepTelling(draft, host, around.silences, undefined, now)
  const { outage, heardAt: lastAt = 0 } = draft.state
  // What its site's alerts say is not said again.
  if (!outage || outage.site !== undefined) return keptAt
  const quiet = hostQuiet(host, draft.state, around.silences, now)
  const away = quiet?.why === 'away' ? true : undefined
  if (away !== draft.state.away) draft.change({ away })
  if (quiet) {
    if (outage.id !== undefined && !outage.hushed) draft.change({ outage: { ...outage, hushed: true } })
    return Math.min(quiet.untilAt, keptAt)
  }
  if (outage.id === undefined) {
    const alert = announce(draft, host, found.absences, around, now)
    const { reason, sinceAt } = draft.state
    draft.note({ verdict: 'down', reason, sinceAt, alert })
    return Math.min(announcedUntil(draft, host, now), keptAt)
  }
  if (isAcknowledged({ ...host, host: host.name }, around.silences, now)) {
    return Math.min(now + host.reminderMs, keptAt)
  }
  // The clock was set back since: a moment that is still to come would hold the reminder back.
  const toldAt = Math.min(outage.toldAt, now)
  const remindAt = outage.hushed ? 0 : toldAt + host.reminderMs
  if (remindAt > around.hearingUntilAt) {
    if (outage.toldAt > now + 1000) draft.change({ outage: { ...outage, toldAt } })
    return Math.min(remindAt, keptAt)
  }
  draft.change({ outage: { ...outage, toldAt: now, hushed: undefined } })
  const facts = aboutSilence(host, lastAt, outage.sinceAt, found.absences, around, now)
  draft.tell({ kind: 'still-silent', ...facts, downMs: now - outage.sinceAt }, outage.id)
  return Math.min(now + host.reminderMs, keptAt)
}

/** Back, but once is not enough: the outage lasts until enough signals came in a row. */
function countReturn(
  draft: Draft<HostState>,
  host: Host,
  found: Found,
  around: Surroundings,
  heardAt: number,
  now: number,
): number {
  const before = draft.state.returning
  const again = dueAt(host.rhythm, before?.heardAt ?? heardAt, found.absences)
  if (before?.heardAt === heardAt) {
    if (again > around.hearingUntilAt) return now + LOOK_AGAIN_MS
    // Gone again: it was not back.
    draft.change({ returning: undefined, heardAt })
    return now
  }
  const inRow = before && heardAt <= again
  const returning = { count: (inRow ? before.count : 0) + 1, sinceAt: inRow ? before.sinceAt : heardAt, heardAt }
  if (returning.count >= host.recoverAfter) return recover(draft, host, around, heardAt, returning.sinceAt, now)
  draft.change({ returning })
  return now + LOOK_AGAIN_MS
}

/** @param backAt the first signal of those that make it up again */
function recover(
  draft: Draft<HostState>,
  host: Host,
  around: Surroundings,
  heardAt: number,
  backAt: number,
  now: number,
): number {
  const before = draft.state
  const { outage } = before
  const sinceAt = outage?.sinceAt ?? before.sinceAt
  const downMs = Math.max(0, backAt - sinceAt)
  const { site, siteName, damping } = host
  const counts = outage?.site === undefined
  draft.change({
    verdict: 'up',
    reason: 'signal',
    sinceAt: backAt,
    heardAt,
    outage: undefined,
    away: undefined,
    returning: undefined,
    goodbyeAt: undefined,
    account: undefined,
    noticed: undefined,
    recentAt: host.rhythm.schedule && rememberSignal(before.recentAt, heardAt),
    changedAt: counts ? changedAgain(before.changedAt, damping, now) : before.changedAt,
  })
  const cause = causeOf(before, downMs)
  // Only a restart asks whether the power was gone.
  const asks = outage?.id !== undefined && cause.kind === 'rebooted'
  const neighbours = asks ? around.neighbours(host.name, sinceAt) : []
  const { trouble } = before
  // What it does not get on with may be over with its silence: that is judged next. What nobody was told of is not told here.
  const still = trouble?.good === 0 && trouble.cause !== 'stuck' && trouble.id !== undefined ? trouble : undefined
  const stayedUp = neighbours.filter(({ upSinceAt }) => upSinceAt <= sinceAt)
  const alert =
    outage?.id === undefined
      ? undefined
      : draft.tell(
          {
            kind: 'recovered',
            sinceAt,
            heardAt: backAt,
            site,
            siteName,
            downMs,
            cause,
            intervalMs: host.rhythm.schedule ? undefined : host.rhythm.intervalMs,
            missed: missedIn(host.rhythm, sinceAt, backAt),
            stayedUp: stayedUp.length > 0 ? stayedUp.map(({ name }) => name) : undefined,
            status: still?.kind,
            message: still?.message,
            why: still?.cause,
          },
          outage.id,
        )
  draft.note({ verdict: 'up', reason: 'signal', sinceAt: backAt, alert })
  // Gone again already, perhaps (we were not looking): that is the next look's business, after this end was told.
  return now
}

/** What a reading adds to the state of a host that is up. */
export function notice(
  draft: Draft<HostState>,
  { rhythm }: Host,
  found: Found,
  heardAt: number,
  { now, at }: { readonly now: number; readonly at: number },
): void {
  const { noticed, gapMs: knownGapMs = 0 } = draft.state
  const inFuture = heardAt > now + 1000
  // While nobody hears, it counts from when somebody will.
  if (inFuture && (noticed?.heardAt !== heardAt || at === 0)) draft.change({ noticed: { heardAt, at: now } })
  else if (noticed && noticed.heardAt !== heardAt) draft.change({ noticed: undefined })
  const gapMs = found.believedAt === undefined ? 0 : heardAt - found.believedAt
  if (rhythm.schedule && !inFuture && heardAt !== found.believedAt) {
    const recentAt = rememberSignal(draft.state.recentAt, heardAt)
    if (recentAt !== draft.state.recentAt) draft.change({ recentAt })
  }
  const gapMatters = rhythm.intervalMs === undefined && !rhythm.schedule && rhythm.timeoutMs >= GAP_MATTERS_MS
  if (gapMatters && gapMs > 0 && !inFuture && Math.abs(gapMs - knownGapMs) > gapMs / 4) draft.change({ gapMs })
}

/** The absences of ours that moved its due. */
function movers(absences: Found['absences'], sinceAt: number, due: number): HistoryLine['absences'] {
  const moved = absences.filter(({ fromAt, toAt }) => toAt > sinceAt && fromAt < due)
  return moved.length === 0 ? undefined : moved.map(({ fromAt, toAt, why }) => ({ fromAt, toAt, why }))
}

/** How many signals, or runs of a job, did not come; `undefined` where its rhythm is not known. */
function missedIn({ schedule, intervalMs }: Rhythm, sinceAt: number, backAt: number): number | undefined {
  if (!schedule)
    return intervalMs === undefined ? undefined : Math.max(0, Math.round((backAt - sinceAt) / intervalMs) - 1)
  let runs = 0
  for (let at = schedule.next(sinceAt); at !== undefined && at < backAt && runs < MOST_RUNS; runs++)
    at = schedule.next(at)
  // The last of them is the one that came at last.
  return Math.max(0, runs - 1)
}
