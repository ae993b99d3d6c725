/** A host that was never heard, and its first signal. Pure. */
import type { AlertFacts, Draft } from './draft.ts'
import { dueAt } from './due.ts'
import type { Found, Host, Surroundings } from './host.ts'
import { quietOf } from './quiet.ts'
import type { HostState } from './state.ts'
import { keepTelling } from './telling.ts'
import { notice } from './transitions.ts'

/** A configured host gets this long to report for the first time, or its timeout if that is longer. */
const NEVER_HEARD_MS = 600_000

/**
 * A host that was never heard, or is heard for the first time.
 * @param announced its `first` event was found in the inbox: this is its first signal ever
 */
export function stepNew(
  draft: Draft<HostState>,
  host: Host,
  found: Found,
  around: Surroundings,
  options: { isNew: boolean; announced: boolean; now: number },
): number {
  const { isNew, announced, now } = options
  const { heardAt = found.believedAt ?? draft.state.heardAt } = found
  if (heardAt === undefined) {
    // Of its first run, what was kept quiet.
    const keptAt = keepTelling(draft, host, around.silences, undefined, now)
    const lookAt = Math.min(keptAt, missNew(draft, host, found, around, now))
    const { registeredAt } = host
    if (isNew) draft.note({ verdict: 'new', reason: 'registered', sinceAt: registeredAt })
    return lookAt
  }
  const { neverHeardId } = draft.state
  const reason = announced ? 'first-signal' : 'adopted'
  draft.change({ verdict: 'up', reason, sinceAt: heardAt, heardAt, neverHeardId: undefined })
  notice(draft, host, found, heardAt, { now, at: around.hearingUntilAt })
  const { rhythm, site, siteName, address, shortTimeout } = host
  const welcome: AlertFacts = {
    kind: 'first-signal',
    site,
    siteName,
    address,
    intervalMs: rhythm.intervalMs,
    // When its silence will be told, if it will.
    timeoutMs: rhythm.schedule || host.sleeps ? undefined : rhythm.timeoutMs,
    shortTimeout: shortTimeout ? true : undefined,
    heardAt,
  }
  const quiet = quietOf({ ...host, host: host.name }, around.silences, now)
  // Who was missed at the beginning is told to be here, however it was found.
  const tells = (announced && !quiet) || neverHeardId !== undefined
  const alert = tells ? draft.tell(welcome, neverHeardId) : undefined
  // A time long gone is told as a silence at the next look, after the host is known to be there.
  draft.note({ verdict: 'up', reason, sinceAt: heardAt, alert })
  return now
}

/** @returns when to look again */
function missNew(draft: Draft<HostState>, host: Host, found: Found, around: Surroundings, now: number): number {
  const { rhythm, registeredAt, configured, site, siteName, note } = host
  const { neverHeardId, run, trouble } = draft.state
  // A job that has begun is there; whether it ends is watched by itself.
  if (!configured || neverHeardId !== undefined || trouble?.id !== undefined) return Number.POSITIVE_INFINITY
  if (run) return now + NEVER_HEARD_MS
  const patient = { ...rhythm, timeoutMs: Math.max(NEVER_HEARD_MS, rhythm.timeoutMs) }
  const missed = dueAt(patient, registeredAt, found.absences)
  if (missed > around.hearingUntilAt) return missed
  const quiet = quietOf({ ...host, host: host.name }, around.silences, now)
  if (quiet) return quiet.untilAt
  const likely = around.strangersLike(host.name)
  const id = draft.tell({ kind: 'never-heard', site, siteName, note, sinceAt: registeredAt, likely })
  draft.change({ neverHeardId: id })
  return Number.POSITIVE_INFINITY
}
