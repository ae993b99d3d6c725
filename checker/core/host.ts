/**
 * The transitions of one host: what it was, what is heard of it now → what it is, and what is to be told.
 * Pure: no clock, file, network or randomness.
 *
 *   before | what is found                          | after | reason          | told
 *   -------|----------------------------------------|-------|-----------------|-------------
 *   (none) | registered, never heard                | new   | registered      |
 *   (none) | registered, heard, nobody announced it | up    | adopted         |
 *   new    | its first signal                       | up    | first-signal    | first-signal
 *   new    | heard, nobody announced it             | up    | adopted         |
 *   up     | past due, and we could hear all along  | down  | no-signal, missed-schedule | silent
 *   down   | the reminder is due                    | down  |                 | still-silent
 *   down   | another signal than the last one       | up    | signal          | recovered
 *   any    | no longer registered                   | (none)| removed         |
 */
import type { Absence } from '../../shared/absences.ts'
import type { Alert } from '../../shared/alert.ts'
import { alertId } from './alert-id.ts'
import { causeOf } from './cause.ts'
import { dueAt, GAP_MATTERS_MS, type Rhythm } from './due.ts'
import type { HostState, Reason, Verdict } from './state.ts'

/** A registered host with the settings that are in force: the configuration's, over what it says of itself. */
export interface Host {
  readonly name: string
  readonly registeredAt: number
  readonly rhythm: Rhythm
  readonly reminderMs: number
  /** False: it is shown, never told. */
  readonly alerted: boolean
  readonly site?: string
  readonly tags: readonly string[]
  readonly note?: string
  readonly address?: string
}

export interface Found {
  /** The settled time in the .host file; `undefined`: it was never heard. */
  readonly heardAt?: number
  /** What was believed before this reading. */
  readonly believedAt?: number
  readonly absences: readonly Absence[]
  /** Until when the server could hear, for certain: its last pulse. */
  readonly hearingUntilAt: number
  readonly monitor: string
}

export type AlertDraft = Omit<Alert, 'id' | 'outage' | 'hosts' | 'tags' | 'monitor' | 'at'>

export interface HistoryLine {
  readonly at: number
  readonly verdict: Verdict | 'removed'
  readonly reason: Reason
  /** When the verdict began: for silence, the last signal. */
  readonly sinceAt: number
  readonly alert?: string
}

export interface HostStep {
  readonly state: HostState
  readonly alert?: Alert
  readonly history?: HistoryLine
  /** When to look again; Infinity: only when it is heard. */
  readonly lookAt: number
}

/**
 * @param before `undefined` for a host that the checker has not seen yet
 * @param announced its `first` event was found in the inbox: this is its first signal ever
 */
export function stepHost(
  host: Host,
  before: HostState | undefined,
  found: Found,
  announced: boolean,
  now: number,
): HostStep {
  // A file that vanished or is garbled says nothing new: what was heard before stays heard.
  const heardAt = found.heardAt ?? found.believedAt ?? before?.heardAt
  if (before === undefined || before.verdict === 'new') {
    return heardAt === undefined ? unheard(host, before, now) : appear(host, before, found, heardAt, announced, now)
  }
  if (heardAt === undefined) return { state: before, lookAt: Number.POSITIVE_INFINITY }
  return before.verdict === 'up'
    ? watchOver(host, before, found, heardAt, now)
    : wait(host, before, found, heardAt, now)
}

function unheard(host: Host, before: HostState | undefined, now: number): HostStep {
  const lookAt = Number.POSITIVE_INFINITY
  if (before) return { state: before, lookAt }
  const { name, registeredAt } = host
  const state: HostState = {
    name,
    registeredAt,
    verdict: 'new',
    reason: 'registered',
    sinceAt: registeredAt,
    alerts: 0,
  }
  return { state, lookAt, history: { at: now, verdict: 'new', reason: 'registered', sinceAt: registeredAt } }
}

function appear(
  host: Host,
  before: HostState | undefined,
  found: Found,
  heardAt: number,
  announced: boolean,
  now: number,
): HostStep {
  const reason = announced ? 'first-signal' : 'adopted'
  const { name, registeredAt } = host
  const base: HostState = {
    ...(before ?? { name, registeredAt, alerts: 0 }),
    verdict: 'up',
    reason,
    sinceAt: heardAt,
    heardAt,
  }
  const watched = watchOver(host, base, found, heardAt, now)
  // A time long gone is told as a silence at the next look, after the host is known to be there.
  const up = watched.state.verdict === 'up' ? watched : { state: base, lookAt: now }
  const told = announced
    ? tell(host, up.state, found, now, {
        kind: 'first-signal',
        site: host.site,
        address: host.address,
        intervalMs: host.rhythm.intervalMs,
        timeoutMs: host.rhythm.schedule ? undefined : host.rhythm.timeoutMs,
        heardAt,
      })
    : { state: up.state }
  return { ...up, ...told, history: { at: now, verdict: 'up', reason, sinceAt: heardAt, alert: told.alert?.id } }
}

/** A host that is up: is it still? */
function watchOver(host: Host, before: HostState, found: Found, heardAt: number, now: number): HostStep {
  const state = remember(host, before, found, heardAt, now)
  const { rhythm } = host
  /** A time that lies in the future would be no beginning that anybody could understand. */
  const countsFromAt = state.noticed?.at ?? heardAt
  const due = dueAt({ ...rhythm, gapMs: state.gapMs }, countsFromAt, found.absences)
  if (due > found.hearingUntilAt) return { state, lookAt: due }

  const missedAt = rhythm.schedule?.next(countsFromAt)
  const reason = rhythm.schedule ? 'missed-schedule' : 'no-signal'
  const down: HostState = { ...state, verdict: 'down', reason, sinceAt: countsFromAt, heardAt, account: undefined }
  const goodbyeAt = lastWasGoodbye(state, heardAt) ? state.goodbyeAt : undefined
  const told = tell(host, { ...down, goodbyeAt }, found, now, {
    kind: 'silent',
    ...aboutSilence(host, heardAt, countsFromAt, now),
    missedAt,
    goodbyeAt,
  })
  return {
    state: { ...told.state, outage: { id: told.alert?.id, sinceAt: countsFromAt, toldAt: now } },
    alert: told.alert,
    history: { at: now, verdict: 'down', reason, sinceAt: countsFromAt, alert: told.alert?.id },
    lookAt: now + host.reminderMs,
  }
}

/** A host that is silent: is it back, or is it time to remind? */
function wait(host: Host, before: HostState, found: Found, heardAt: number, now: number): HostStep {
  if (heardAt !== before.heardAt) return recover(host, before, found, heardAt, now)
  const { outage } = before
  if (!outage?.id) return { state: before, lookAt: Number.POSITIVE_INFINITY }
  // The clock was set back since: a moment that is still to come would hold the reminder back.
  if (outage.toldAt > now + 1000) before = { ...before, outage: { ...outage, toldAt: now } }
  const remindAt = Math.min(outage.toldAt, now) + host.reminderMs
  if (remindAt > found.hearingUntilAt) return { state: before, lookAt: remindAt }
  const told = tell(host, before, found, now, {
    kind: 'still-silent',
    ...aboutSilence(host, heardAt, outage.sinceAt, now),
    downMs: now - outage.sinceAt,
  })
  const state = { ...told.state, outage: { ...outage, toldAt: now } }
  return { state, alert: told.alert, lookAt: now + host.reminderMs }
}

function recover(host: Host, before: HostState, found: Found, heardAt: number, now: number): HostStep {
  const sinceAt = before.outage?.sinceAt ?? before.sinceAt
  const downMs = Math.max(0, heardAt - sinceAt)
  const told = before.outage?.id
    ? tell(host, before, found, now, {
        kind: 'recovered',
        sinceAt,
        heardAt,
        site: host.site,
        downMs,
        cause: causeOf(before, downMs),
      })
    : { state: before, alert: undefined }
  const state: HostState = {
    ...told.state,
    verdict: 'up',
    reason: 'signal',
    sinceAt: heardAt,
    heardAt,
    outage: undefined,
    goodbyeAt: undefined,
    account: undefined,
    noticed: undefined,
  }
  const history: HistoryLine = { at: now, verdict: 'up', reason: 'signal', sinceAt: heardAt, alert: told.alert?.id }
  // Gone again already, perhaps (we were not looking): that is the next look's business, after this end was told.
  return { state, alert: told.alert, history, lookAt: now }
}

/** What a reading adds to the state of a host that is up; the same object when that is nothing. */
function remember(host: Host, before: HostState, found: Found, heardAt: number, now: number): HostState {
  let state = before
  const inFuture = heardAt > now + 1000
  if (inFuture && state.noticed?.heardAt !== heardAt) state = { ...state, noticed: { heardAt, at: now } }
  if (state.noticed && state.noticed.heardAt !== heardAt) state = { ...state, noticed: undefined }
  const { rhythm } = host
  const gapMs = found.believedAt === undefined ? 0 : heardAt - found.believedAt
  const gapMatters = rhythm.intervalMs === undefined && !rhythm.schedule && rhythm.timeoutMs >= GAP_MATTERS_MS
  if (gapMatters && gapMs > 0 && !inFuture && Math.abs(gapMs - (state.gapMs ?? 0)) > gapMs / 4) {
    state = { ...state, gapMs }
  }
  return state
}

/** The goodbye is an event and the signal that brought it a time in seconds, written a sync later: near is the same. */
function lastWasGoodbye({ goodbyeAt }: HostState, heardAt: number): boolean {
  return goodbyeAt !== undefined && Math.abs(heardAt - goodbyeAt) <= 2000
}

function aboutSilence({ rhythm, reminderMs, site, note }: Host, heardAt: number, sinceAt: number, now: number) {
  return {
    sinceAt,
    heardAt,
    site,
    note,
    timeoutMs: rhythm.schedule ? rhythm.schedule.graceMs : rhythm.timeoutMs,
    intervalMs: rhythm.intervalMs,
    nextReminderAt: now + reminderMs,
  }
}

function tell(
  host: Host,
  state: HostState,
  { monitor }: Found,
  now: number,
  draft: AlertDraft,
): { state: HostState; alert?: Alert } {
  if (!host.alerted) return { state }
  const number = state.alerts + 1
  const id = alertId('host', host.name, state.registeredAt, number)
  const { name, tags } = host
  const alert: Alert = { id, outage: state.outage?.id ?? id, hosts: [name], tags, monitor, at: now, ...draft }
  return { state: { ...state, alerts: number }, alert }
}
