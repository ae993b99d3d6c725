/**
 * The whole decision of one round: the world as it is believed, what was found → what changes and what is to be told.
 * Pure; the shell (run.ts) commits the round to disk and only then calls `apply`.
 * The place of sites is here: between the verdict of each host and what is told of it.
 */
import type { Absence } from '../../shared/absences.ts'
import type { Alert } from '../../shared/alert.ts'
import type { InboxEvent } from '../../shared/inbox.ts'
import { crediblePulse, dueAt } from './due.ts'
import { type HistoryLine, type Host, stepHost } from './host.ts'
import { stepMonitor } from './monitor.ts'
import type { HostState, MonitorState } from './state.ts'

export interface World {
  readonly hosts: Map<string, HostState>
  /** The newest settled reading of each .host file; not stored, the file is. */
  readonly heard: Map<string, number>
  monitor: MonitorState
}

export interface Inputs {
  /** All that is registered, with the settings in force. */
  readonly hosts: ReadonlyMap<string, Host>
  /** The hosts to look at. */
  readonly look: Iterable<string>
  /** Settled readings of .host files, epoch milliseconds. */
  readonly readings: ReadonlyMap<string, number>
  readonly events: readonly InboxEvent[]
  /** The server's last pulse: it could hear until then, but for the absences. */
  readonly pulseAt?: number
  readonly absences: readonly Absence[]
  readonly monitor: string
  readonly lookingSinceAt: number
}

export interface Round {
  /** The hosts whose state changed; `undefined`: dropped. */
  readonly hosts: Map<string, HostState | undefined>
  readonly heard: Map<string, number>
  readonly monitor?: MonitorState
  readonly alerts: Alert[]
  readonly history: { readonly host: string; readonly line: HistoryLine }[]
  /** When each host that was looked at is to be looked at again. */
  readonly lookAt: Map<string, number>
}

export function step(world: Readonly<World>, inputs: Inputs, now: number): Round {
  const round: Round = {
    hosts: new Map(),
    heard: new Map(inputs.readings),
    alerts: [],
    history: [],
    lookAt: new Map(),
  }
  const events = byHost(inputs.events)
  const hearingUntilAt = crediblePulse(inputs.pulseAt, now) ?? 0
  for (const name of new Set([...inputs.look, ...events.keys()])) {
    const host = inputs.hosts.get(name)
    let before = world.hosts.get(name)
    // Another host of the same name, registered anew since: the earlier one is gone.
    if (before && before.registeredAt !== host?.registeredAt) {
      round.hosts.set(name, undefined)
      round.history.push({
        host: name,
        line: { at: now, verdict: 'removed', reason: 'removed', sinceAt: before.sinceAt },
      })
      before = undefined
    }
    if (!host) continue
    const ofHost = events.get(name) ?? []
    const first = ofHost.find(({ kind }) => kind === 'first')
    const found = {
      // The event of a first signal is on disk before its .host file is.
      heardAt: inputs.readings.get(name) ?? (first && Math.floor(Date.parse(first.at) / 1000) * 1000),
      believedAt: before && world.heard.get(name),
      absences: inputs.absences,
      hearingUntilAt,
      monitor: inputs.monitor,
    }
    const known = ofHost.reduce(told, before)
    if (known && ofHost.length > 0 && known.verdict !== 'new' && !isBack(known, inputs.readings.get(name))) {
      // Its event is on disk before its new time is: who speaks is not accused on an older reading.
      if (known !== world.hosts.get(name)) round.hosts.set(name, known)
      round.lookAt.set(name, now)
      continue
    }
    const { state, alert, history, lookAt } = stepHost(host, known, found, first !== undefined, now)
    if (state !== world.hosts.get(name)) round.hosts.set(name, state)
    if (alert) round.alerts.push(alert)
    if (history) round.history.push({ host: name, line: history })
    round.lookAt.set(name, lookAt)
  }

  const monitor = stepMonitor(world.monitor, { ...inputs, name: inputs.monitor, ...surroundings(world, inputs) }, now)
  round.alerts.push(...monitor.alerts)
  return monitor.state === world.monitor ? round : { ...round, monitor: monitor.state }
}

/** Makes the round the world's new belief. Only after the round is on disk. */
export function apply(world: World, round: Round): void {
  for (const [name, state] of round.hosts) {
    if (state) world.hosts.set(name, state)
    else {
      world.hosts.delete(name)
      world.heard.delete(name)
    }
  }
  for (const [name, heardAt] of round.heard) if (world.hosts.has(name)) world.heard.set(name, heardAt)
  if (round.monitor) world.monitor = round.monitor
}

/** Silent until now, and heard again. */
function isBack({ verdict, heardAt }: HostState, reading: number | undefined): boolean {
  return verdict === 'down' && reading !== undefined && reading !== heardAt
}

function byHost(events: readonly InboxEvent[]): Map<string, InboxEvent[]> {
  const map = new Map<string, InboxEvent[]>()
  for (const event of events) {
    const list = map.get(event.host)
    if (list) list.push(event)
    else map.set(event.host, [event])
  }
  return map
}

/** What a host says of itself explains a silence later, or the one that is ending. */
function told(state: HostState | undefined, event: InboxEvent): HostState | undefined {
  if (!state) return state
  const at = Date.parse(event.at)
  if (event.kind === 'goodbye') return { ...state, goodbyeAt: at }
  if (event.kind === 'account' && state.verdict === 'down') return { ...state, account: { ...event.account, at } }
  return state
}

/** Asked for only while an absence of our own is fresh: it goes through all hosts. */
function surroundings(world: Readonly<World>, { hosts, readings, absences }: Inputs) {
  return {
    shortestTimeoutMs: () => {
      let shortest = Number.POSITIVE_INFINITY
      for (const { rhythm } of hosts.values()) if (!rhythm.schedule) shortest = Math.min(shortest, rhythm.timeoutMs)
      return shortest
    },
    expected: () => {
      const expected: { name: string; heardAt: number; dueAt: number }[] = []
      for (const [name, state] of world.hosts) {
        const heardAt = readings.get(name) ?? world.heard.get(name)
        const rhythm = hosts.get(name)?.rhythm
        if (state.verdict !== 'up' || heardAt === undefined || !rhythm || rhythm.schedule) continue
        expected.push({ name, heardAt, dueAt: dueAt(rhythm, heardAt, absences) })
      }
      return expected
    },
  }
}
