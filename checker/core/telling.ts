/** What is told of a host, and when: its silence, its instability, and its own words. Pure. */
import type { Silence } from '../../shared/silences.ts'
import { contradiction } from './contradiction.ts'
import type { AlertFacts, Draft } from './draft.ts'
import { type Deafness, firstMissAt } from './due.ts'
import { awayUntil, type Host, missedAfter, type Surroundings } from './host.ts'
import { quietOf } from './quiet.ts'
import { countGood, isUntold, tellTrouble } from './said.ts'
import type { HostState, Unstable } from './state.ts'
import { isUnstable, stableAt } from './unstable.ts'

/** Last words stand for the silence only if they came right before it. */
const LAST_WORDS_MS = 300_000
const LOOK_AGAIN_MS = 1000

/** Opens the outage for people: as a silence, or as one of too many. @returns the id of the alert */
export function announce(
  draft: Draft<HostState>,
  host: Host,
  absences: readonly Deafness[],
  around: Surroundings,
  now: number,
): string {
  const { outage, changedAt = [], heardAt = 0, reason, goodbyeAt, recentAt = [] } = draft.state
  const sinceAt = outage?.sinceAt ?? now
  const { damping, site, siteName, note, rhythm } = host
  if (isUnstable(changedAt, damping, now)) {
    const { withinMs } = damping
    const id = draft.tell({ kind: 'unstable', site, siteName, note, sinceAt, changes: changedAt.length, withinMs })
    draft.change({ unstable: { id, sinceAt: now } })
    return id
  }
  const away = awayUntil(host, draft.state, now)
  const lastWords = wordsBefore(host, heardAt)
  const missed = reason === 'missed-schedule' ? rhythm.schedule : undefined
  const id = draft.tell({
    kind: 'silent',
    ...aboutSilence(host, heardAt, sinceAt, absences, around, now),
    missedAt: missed && missedAfter(host, draft.state, sinceAt),
    usual: missed && contradiction(missed, recentAt),
    goodbyeAt,
    expectedAbsenceMs: away === undefined ? undefined : host.expectedAbsenceMs,
    lastWords: lastWords?.text,
    lastWordsAt: lastWords?.at,
  })
  draft.change({ outage: { id, sinceAt, toldAt: now }, away: undefined })
  return id
}

/**
 * What has to be told of a host whether it is silent or not: the end of its instability, and its own words that were
 * kept quiet, or counted.
 * @returns when to look again
 */
export function keepTelling(
  draft: Draft<HostState>,
  host: Host,
  silences: readonly Silence[],
  heardAt: number | undefined,
  now: number,
): number {
  let lookAt = Number.POSITIVE_INFINITY
  const { unstable, outage } = draft.state
  if (unstable) {
    const endAt = stableAt(draft.state.changedAt, host.damping)
    // Set back, the clock would keep it unstable for longer than anybody said.
    if (endAt > now && endAt <= now + host.damping.withinMs) lookAt = endAt
    else {
      const opens = outage && !outage.id && !outage.site && !quietOf({ ...host, host: host.name }, silences, now)
      becomeStable(draft, host, unstable, opens ? outage.sinceAt : undefined, now)
    }
  }
  if (!draft.state.trouble) return lookAt
  if (heardAt !== undefined) countGood(draft, host, heardAt, now)
  const { trouble } = draft.state
  if (trouble && trouble.good > 0 && heardAt !== undefined) return Math.min(lookAt, now + LOOK_AGAIN_MS)
  if (!trouble || !isUntold(trouble) || trouble.good > 0) return lookAt
  const quiet = quietOf({ ...host, host: host.name }, silences, now)
  if (quiet) return Math.min(lookAt, quiet.untilAt)
  tellTrouble(draft, host)
  return lookAt
}

/** One message says both that it keeps still and, if so, that it is still silent: that one opens the outage then. */
function becomeStable(
  draft: Draft<HostState>,
  host: Host,
  { id: outage, sinceAt }: Unstable,
  silentSinceAt: number | undefined,
  now: number,
): void {
  draft.change({ unstable: undefined, changedAt: undefined })
  const { site, siteName, note } = host
  const nextReminderAt = silentSinceAt === undefined ? undefined : now + host.reminderMs
  const id = draft.tell({ kind: 'stable', site, siteName, note, sinceAt, silentSinceAt, nextReminderAt }, outage)
  if (silentSinceAt === undefined) return
  draft.change({ outage: { id, sinceAt: silentSinceAt, toldAt: now } })
  draft.note({ verdict: 'down', reason: draft.state.reason, sinceAt: draft.state.sinceAt, alert: id })
}

function wordsBefore({ lastWords }: Host, heardAt: number): Host['lastWords'] {
  if (!lastWords || lastWords.at < heardAt - LAST_WORDS_MS) return undefined
  return { text: lastWords.text, at: Math.min(lastWords.at, heardAt) }
}

export function aboutSilence(
  { name, rhythm, reminderMs, site, siteName, note }: Host,
  heardAt: number,
  sinceAt: number,
  absences: readonly Deafness[],
  around: Surroundings,
  now: number,
): Omit<AlertFacts, 'kind'> {
  const reporting = around.neighbours(name, firstMissAt(rhythm, sinceAt, absences))
  return {
    sinceAt,
    heardAt,
    site,
    siteName,
    note,
    timeoutMs: rhythm.schedule ? rhythm.schedule.graceMs : rhythm.timeoutMs,
    intervalMs: rhythm.intervalMs,
    nextReminderAt: now + reminderMs,
    reporting: reporting.length > 0 ? reporting.map((neighbour) => neighbour.name) : undefined,
  }
}
