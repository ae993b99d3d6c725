/**
 * What the monitor has to say of itself: its server stopped or runs again, and it was away. Pure.
 */
import type { Absence } from '../../shared/absences.ts'
import type { Alert } from '../../shared/alert.ts'
import { alertId } from './alert-id.ts'
import { crediblePulse } from './due.ts'
import type { AlertDraft } from './host.ts'
import type { MonitorState } from './state.ts'

const PROCESS_SILENT_MS = 60_000
/** A shorter absence of ours is logged, not told; or the shortest timeout of any host, if that is less. */
const WORTH_TELLING_MS = 60_000
/** Absences end at whole seconds, the next one. */
const ROUNDED_UP_MS = 1000
const FAR_AHEAD_MS = 60_000
/** How long we wait after an absence to be able to say how it ended. */
const AFTERMATH_MS = 120_000

export interface MonitorFound {
  readonly name: string
  readonly pulseAt?: number
  /** Since when this checker has been awake and looking: only what it saw itself counts against the server. */
  readonly lookingSinceAt: number
  readonly absences: readonly Absence[]
  shortestTimeoutMs(): number
  /** The hosts that are up and report by themselves: when heard last, when due. */
  expected(): readonly { readonly name: string; readonly heardAt: number; readonly dueAt: number }[]
}

export interface MonitorStep {
  readonly state: MonitorState
  readonly alerts: readonly Alert[]
}

export function stepMonitor(before: MonitorState, found: MonitorFound, now: number): MonitorStep {
  let state = before
  const alerts: Alert[] = []
  const tell = (draft: AlertDraft, outage?: string) => {
    state = { ...state, alerts: state.alerts + 1 }
    const id = alertId('monitor', found.name, state.registeredAt, state.alerts)
    alerts.push({ id, outage: outage ?? id, hosts: [], tags: [], monitor: found.name, at: now, ...draft })
    return id
  }

  state = noteAbsences(state, found, now)
  const { lookingSinceAt } = found
  const pulseAt = crediblePulse(found.pulseAt, now)
  if (!state.serverDown && now - Math.max(pulseAt ?? 0, lookingSinceAt) >= PROCESS_SILENT_MS) {
    const sinceAt = pulseAt ?? lookingSinceAt
    const id = tell({ kind: 'process-down', process: 'server', sinceAt })
    state = { ...state, serverDown: { id, sinceAt, pulseAt: found.pulseAt } }
  } else if (state.serverDown && pulseAt !== undefined && beatsAgain(pulseAt, state.serverDown.pulseAt, now)) {
    const { id, sinceAt } = state.serverDown
    // What follows says that it runs again, and more: one outage has one end.
    if (state.absence) state = { ...state, absence: { ...state.absence, outage: id } }
    else tell({ kind: 'process-up', process: 'server', sinceAt, downMs: Math.max(0, now - sinceAt) }, id)
    state = { ...state, serverDown: undefined }
  }

  if (!state.absence) return { state, alerts }
  // It may have been written before the clock was set back.
  const absence = { ...state.absence, toAt: Math.min(state.absence.toAt, now) }
  const expected = found.expected()
  const waiting = expected.filter(({ heardAt }) => heardAt < absence.toAt)
  if (waiting.length > 0 && now < absence.toAt + AFTERMATH_MS) return { state, alerts }
  tell(
    {
      kind: 'monitor-was-down',
      sinceAt: absence.fromAt,
      downMs: absence.toAt - absence.fromAt,
      why: absence.why,
      heard: expected.length - waiting.length,
      of: expected.length,
      waitingFor: waiting.map(({ name }) => name),
      waitingUntilAt: waiting.length > 0 ? Math.max(...waiting.map(({ dueAt }) => dueAt)) : undefined,
    },
    absence.outage,
  )
  return { state: { ...state, absence: undefined }, alerts }
}

/** Not that the old pulse looks young because the clock was set back. */
function beatsAgain(pulseAt: number, before: number | undefined, now: number): boolean {
  return pulseAt !== before && now - pulseAt < PROCESS_SILENT_MS
}

/** Two absences before the first could be told become one story. */
function noteAbsences(before: MonitorState, { absences, shortestTimeoutMs }: MonitorFound, now: number): MonitorState {
  // A clock that was far ahead may have left moments that are still to come.
  const seenUntilAt = before.absencesSeenUntilAt > now + FAR_AHEAD_MS ? now : before.absencesSeenUntilAt
  const newest = absences.findLast(({ toAt }) => toAt <= now + ROUNDED_UP_MS)
  if (!newest || newest.toAt <= seenUntilAt) return before
  const tellable = Math.min(WORTH_TELLING_MS, shortestTimeoutMs())
  let { absence } = before
  for (const { fromAt, toAt, deaf, why } of absences) {
    if (toAt <= seenUntilAt || toAt > newest.toAt || !deaf || toAt - fromAt < tellable) continue
    absence = { ...absence, fromAt: absence?.fromAt ?? fromAt, toAt, why }
  }
  return { ...before, absence, absencesSeenUntilAt: newest.toAt }
}
