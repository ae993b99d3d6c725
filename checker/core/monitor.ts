/**
 * What the monitor has to say of itself: its server or bot stopped or runs again, it was away, and nothing reaches it.
 * Pure.
 */
import type { Absence } from '../../shared/absences.ts'
import type { Alert } from '../../shared/alert.ts'
import { alertId } from './alert-id.ts'
import { type AlertFacts, begunBy } from './draft.ts'
import { crediblePulse } from './due.ts'
import type { MonitorState, ProcessDown } from './state.ts'

const PROCESS_SILENT_MS = 60_000
/** A shorter absence of ours is logged, not told; or the shortest timeout of any host, if that is less. */
const WORTH_TELLING_MS = 60_000
/** Absences end at whole seconds, the next one. */
const ROUNDED_UP_MS = 1000
const FAR_AHEAD_MS = 60_000
/** How long we wait after an absence to be able to say how it ended. */
const AFTERMATH_MS = 120_000
/** Who asks whether we reach the world gets an answer by then, or none. */
const PROBE_LIMIT_MS = 15_000
const MOST_SPANS = 200

export interface MonitorFound {
  readonly name: string
  readonly pulseAt?: number
  /** The bot's pulse; `undefined` where none is meant to run, or none ever did. */
  readonly botPulseAt?: number
  /** Since when this checker has been awake and looking: only what it saw itself counts against the server. */
  readonly lookingSinceAt: number
  readonly absences: readonly Absence[]
  shortestTimeoutMs(): number
  /** The hosts that are up and report by themselves: when heard last, when due. */
  expected(): readonly { readonly name: string; readonly heardAt: number; readonly dueAt: number }[]
  /** Nobody is heard since then who should be: it may be us. */
  readonly allSilent?: { readonly sinceAt: number; readonly hosts: readonly string[] }
  /** The last answer to whether we reach the world, and when it was asked for. */
  readonly probed?: { readonly askedAt: number; readonly reached: boolean | undefined }
  /** When it was asked and is not answered. */
  readonly probingSinceAt?: number
  /** Whether there is anyone who needs our network. */
  anyoneFar(): boolean
  /** The newest signal that this round found of anyone who needs our network. */
  readonly newestSignalAt?: number
  readonly reminderMs: number
}

export interface MonitorStep {
  readonly state: MonitorState
  readonly alerts: readonly Alert[]
  /** Whether we reach the world is to be found out. */
  readonly probe?: true
}

export function stepMonitor(before: MonitorState, found: MonitorFound, now: number): MonitorStep {
  let state = before
  const alerts: Alert[] = []
  const tell = (facts: AlertFacts & Partial<Pick<Alert, 'hosts'>>, outage?: string) => {
    state = { ...state, alerts: state.alerts + 1 }
    const id = alertId('monitor', found.name, state.registeredAt, state.alerts)
    const about = { id, outage: outage ?? id, hosts: [], tags: [], monitor: found.name, at: now }
    alerts.push(begunBy(now, { ...about, ...facts }))
    return id
  }

  state = noteAbsences(state, found, now)
  watchProcess('server', state.serverDown, found.pulseAt)
  if (found.botPulseAt !== undefined) watchProcess('bot', state.botDown, found.botPulseAt)
  // None is meant to run any more.
  else if (state.botDown) state = { ...state, botDown: undefined }
  const probe = reach()
  tellAbsence()
  return { state, alerts, probe }

  function watchProcess(process: 'server' | 'bot', down: ProcessDown | undefined, written: number | undefined): void {
    const { lookingSinceAt } = found
    const key = process === 'server' ? 'serverDown' : 'botDown'
    const pulseAt = crediblePulse(written, now)
    if (!down && now - Math.max(pulseAt ?? 0, lookingSinceAt) >= PROCESS_SILENT_MS) {
      const sinceAt = pulseAt ?? lookingSinceAt
      const id = tell({ kind: 'process-down', process, sinceAt })
      state = { ...state, [key]: { id, sinceAt, pulseAt: written } }
    } else if (down && pulseAt !== undefined && beatsAgain(pulseAt, down.pulseAt, now)) {
      const { id, sinceAt } = down
      // What follows says that it runs again, and more: one outage has one end.
      const ends = process === 'server' && state.absence && state.absence.outage === undefined
      if (ends) state = { ...state, absence: { ...state.absence!, outage: id } }
      else tell({ kind: 'process-up', process, sinceAt, downMs: Math.max(0, now - sinceAt) }, id)
      state = { ...state, [key]: undefined }
    }
  }

  /** Nothing reaches us, or something does again. @returns whether it is to be found out if we reach the world */
  function reach(): true | undefined {
    const { allSilent, probed, probingSinceAt, newestSignalAt } = found
    const { unreachable } = state
    if (unreachable) {
      const { id, sinceAt, toldAt } = unreachable
      if (newestSignalAt !== undefined) {
        const toAt = Math.max(sinceAt, Math.min(newestSignalAt, now))
        const spans = [...(state.spans ?? []), { fromAt: sinceAt, toAt }].slice(-MOST_SPANS)
        state = { ...state, unreachable: undefined, spans }
        tell({ kind: 'reachable-again', sinceAt, heardAt: toAt, downMs: toAt - sinceAt }, id)
      } else if (!found.anyoneFar()) {
        // Removed, all of them: it goes with them.
        state = { ...state, unreachable: undefined }
      } else if (now >= Math.min(toldAt, now) + found.reminderMs) {
        tell({ kind: 'still-silent', sinceAt, downMs: now - sinceAt, nextReminderAt: now + found.reminderMs }, id)
        state = { ...state, unreachable: { id, sinceAt, toldAt: now } }
      }
      return undefined
    }
    if (!allSilent) return undefined
    const { sinceAt, hosts } = allSilent
    // An answer that is older than the question says nothing of now.
    const answered = probed !== undefined && probed.askedAt > sinceAt && now - probed.askedAt < PROBE_LIMIT_MS
    const unanswered = probingSinceAt !== undefined && now - probingSinceAt >= PROBE_LIMIT_MS
    if (!answered && !unanswered) return true
    const reached = answered ? probed.reached : undefined
    const facts = { sinceAt, reached, of: hosts.length, nextReminderAt: now + found.reminderMs }
    const id = tell({ kind: 'nothing-reaches-me', hosts, ...facts })
    state = { ...state, unreachable: { id, sinceAt, toldAt: now } }
    return undefined
  }

  function tellAbsence(): void {
    if (!state.absence) return
    // It may have been written before the clock was set back.
    const absence = { ...state.absence, toAt: Math.min(state.absence.toAt, now) }
    const expected = found.expected()
    const waiting = expected.filter(({ heardAt }) => heardAt < absence.toAt)
    if (waiting.length > 0 && now < absence.toAt + AFTERMATH_MS) return
    tell(
      {
        kind: 'monitor-was-down',
        sinceAt: absence.fromAt,
        downMs: absence.lostMs ?? absence.toAt - absence.fromAt,
        why: absence.why,
        heard: expected.length - waiting.length,
        of: expected.length,
        waitingFor: waiting.map(({ name }) => name),
        waitingUntilAt: waiting.length > 0 ? Math.max(...waiting.map(({ dueAt }) => dueAt)) : undefined,
      },
      absence.outage,
    )
    state = { ...state, absence: undefined }
  }
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
    const lostMs = (absence?.lostMs ?? 0) + toAt - Math.max(fromAt, absence?.toAt ?? fromAt)
    absence = { ...absence, fromAt: absence?.fromAt ?? fromAt, toAt, lostMs, why }
  }
  return { ...before, absence, absencesSeenUntilAt: newest.toAt }
}
