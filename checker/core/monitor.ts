/**
 * What the monitor has to say of itself: its server stopped or runs again, and it was away. Pure.
 */
import type { Absence } from '../../shared/absences.ts'
import type { Alert } from '../../shared/alert.ts'
import { alertId } from './alert-id.ts'
import type { AlertDraft } from './host.ts'
import type { MonitorState } from './state.ts'

const PROCESS_SILENT_MS = 60_000
/** A shorter absence of ours is logged, not told; or the shortest timeout of any host, if that is less. */
const WORTH_TELLING_MS = 60_000
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

  const { pulseAt, lookingSinceAt } = found
  // A pulse from the future was written before the clock was set back: it tells nothing of now.
  const lastSignAt = pulseAt === undefined || pulseAt > now ? lookingSinceAt : Math.max(pulseAt, lookingSinceAt)
  if (!state.serverDown && now - lastSignAt >= PROCESS_SILENT_MS) {
    const sinceAt = pulseAt ?? lookingSinceAt
    const id = tell({ kind: 'process-down', process: 'server', sinceAt })
    state = { ...state, serverDown: { id, sinceAt } }
  } else if (state.serverDown && pulseAt !== undefined && Math.abs(now - pulseAt) < PROCESS_SILENT_MS) {
    const { id, sinceAt } = state.serverDown
    if (pulseAt !== sinceAt) {
      tell({ kind: 'process-up', process: 'server', sinceAt, downMs: Math.max(0, pulseAt - sinceAt) }, id)
      state = { ...state, serverDown: undefined }
    }
  }

  state = noteAbsences(state, found)
  const { absence } = state
  if (!absence) return { state, alerts }
  const expected = found.expected()
  const waiting = expected.filter(({ heardAt }) => heardAt < absence.toAt)
  if (waiting.length > 0 && now < absence.toAt + AFTERMATH_MS) return { state, alerts }
  tell({
    kind: 'monitor-was-down',
    sinceAt: absence.fromAt,
    downMs: absence.toAt - absence.fromAt,
    why: absence.why,
    heard: expected.length - waiting.length,
    of: expected.length,
    waitingFor: waiting.map(({ name }) => name),
    waitingUntilAt: waiting.length > 0 ? Math.max(...waiting.map(({ dueAt }) => dueAt)) : undefined,
  })
  return { state: { ...state, absence: undefined }, alerts }
}

/** Two absences before the first could be told become one story. */
function noteAbsences(before: MonitorState, { absences, shortestTimeoutMs }: MonitorFound): MonitorState {
  const newest = absences.at(-1)
  if (!newest || newest.toAt <= before.absencesSeenUntilAt) return before
  const tellable = Math.min(WORTH_TELLING_MS, shortestTimeoutMs())
  let { absence } = before
  for (const { fromAt, toAt, deaf, why } of absences) {
    if (toAt <= before.absencesSeenUntilAt || !deaf || toAt - fromAt < tellable) continue
    absence = { fromAt: absence?.fromAt ?? fromAt, toAt, why }
  }
  return { ...before, absence, absencesSeenUntilAt: newest.toAt }
}
