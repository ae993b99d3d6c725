/**
 * The whole decision of one round: the world as it is believed, what was found → what changes and what is to be told.
 * Pure; the shell (run.ts) commits the round to disk and only then calls `apply` (world.ts).
 *
 * In this order: what each host that is looked at says (look.ts); who of them is past due, and whose fault that is
 * (rule.ts); what becomes of each (host.ts); of the sites (fall.ts, site.ts); and of the monitor itself (monitor.ts).
 */
import type { InboxEvent } from '../../shared/inbox.ts'
import type { RunLine } from '../../shared/runs.ts'
import type { HistoryLine } from './draft.ts'
import { dueAt } from './due.ts'
import { emptySites, noteReturn, openSite, stepSites } from './fall.ts'
import type { Ruling } from './host.ts'
import { becomes, forgetSilences, isSuspect, lookAtHost } from './look.ts'
import { stepMonitor } from './monitor.ts'
import { type Rulings, rule } from './rule.ts'
import { Scene } from './scene.ts'
import type { HostState, SiteState } from './state.ts'
import { type Inputs, type Round, SITE, type World } from './world.ts'

/** Renewed each second while it is needed. */
const FROZEN_MS = 5000
const NO_EVENTS: readonly InboxEvent[] = []

export function step(world: Readonly<World>, inputs: Inputs, now: number): Round {
  const scene = new Scene(world, inputs, now)
  const events = byHost(inputs.events)
  const changed = new Map<string, HostState | undefined>()
  const history = lookAtAll(scene, events, changed)

  const suspects = [...scene.looked.values()].filter((looked) => isSuspect(scene, looked))
  const rulings =
    suspects.length > 0
      ? rule(
          suspects.map(({ host }) => scene.view(host.name)),
          scene,
        )
      : undefined
  const verdicts = new Map<string, Ruling>(rulings?.hosts)
  for (const fall of rulings?.falls ?? []) {
    const ruling = openSite(scene, fall)
    for (const { host } of fall.fallen) verdicts.set(host.name, ruling)
  }
  for (const looked of scene.looked.values()) {
    const { name } = looked.host
    const before = looked.draft.state
    becomes(scene, looked, verdicts.get(name), events.get(name) ?? NO_EVENTS)
    const site = before.outage?.site
    if (site !== undefined && looked.draft.state.verdict === 'up') noteReturn(scene, site, looked, before)
  }
  stepSites(scene)
  for (const name of rulings?.watched ?? []) scene.soon(name)

  const allSilent = rulings?.wanted.size === 0 ? rulings.allSilent : undefined
  const found = { ...inputs, name: inputs.monitor, ...surroundings(scene), allSilent, ...newestSignal(scene) }
  const monitor = stepMonitor(world.monitor, found, now)
  const runs: { readonly host: string; readonly line: RunLine }[] = []
  for (const [name, { draft, isNew }] of scene.looked) {
    for (const line of draft.history) history.push({ host: name, line })
    for (const line of draft.runs) runs.push({ host: name, line })
    if (isNew || draft.isChanged) changed.set(name, draft.state)
  }
  const sites = new Map<string, SiteState | undefined>()
  for (const [name, { state }] of scene.siteDrafts) if (state !== world.sites.get(name)) sites.set(name, state)
  if (history.some(({ line }) => line.verdict === 'removed')) {
    for (const site of emptySites(scene)) {
      sites.set(site, undefined)
      forgetSilences(scene, `site:${site}`)
    }
  }
  return {
    hosts: changed,
    sites,
    monitor: monitor.state === world.monitor ? undefined : monitor.state,
    heard: inputs.readings,
    sights: scene.sights,
    returns: rulings ? returnsAfter(world, rulings) : world.returns,
    frozen: frozenAfter(scene, rulings),
    alerts: [...scene.alerts(), ...monitor.alerts],
    history,
    runs,
    remove: scene.removed,
    lookAt: scene.lookAt,
    wanted: rulings?.wanted ?? new Set(),
    probe: monitor.probe,
  }
}

/** @returns what is to be noted of those that are gone */
function lookAtAll(
  scene: Scene,
  events: ReadonlyMap<string, readonly InboxEvent[]>,
  changed: Map<string, HostState | undefined>,
): { readonly host: string; readonly line: HistoryLine }[] {
  const { world, inputs, now } = scene
  const removed: { readonly host: string; readonly line: HistoryLine }[] = []
  const names = events.size === 0 ? inputs.look : new Set([...inputs.look, ...events.keys()])
  for (const name of names) {
    if (name.startsWith(SITE)) continue
    const host = inputs.hosts.get(name)
    let known = world.hosts.get(name)
    // Another host of the same name, registered anew since: the earlier one is gone.
    if (known && known.registeredAt !== host?.registeredAt) {
      changed.set(name, undefined)
      const { sinceAt } = known
      if (!host) forgetSilences(scene, `host:${name}`, ['ack', 'silence', 'pause'])
      removed.push({ host: name, line: { at: now, verdict: 'removed', reason: 'removed', sinceAt } })
      known = undefined
    }
    if (host) scene.looked.set(name, lookAtHost(scene, host, known, events.get(name) ?? NO_EVENTS))
  }
  return removed
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

/** Asked for only while an absence of our own is fresh: it goes through all hosts. */
function surroundings({ world, inputs: { hosts, readings, absences } }: Scene) {
  return {
    anyoneFar: () => [...hosts.values()].some(({ name, local }) => !local && world.hosts.get(name)?.verdict === 'up'),
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

/** Of anyone who needs our network, since nothing reached us. */
function newestSignal({ world, looked }: Scene): { newestSignalAt?: number } {
  const { unreachable } = world.monitor
  if (!unreachable) return {}
  let newestSignalAt: number | undefined
  for (const { host, found } of looked.values()) {
    const { heardAt, believedAt } = found
    if (host.local || heardAt === undefined) continue
    const isNew = believedAt === undefined ? heardAt > unreachable.sinceAt : heardAt !== believedAt
    if (isNew) newestSignalAt = Math.max(newestSignalAt ?? 0, heardAt)
  }
  return { newestSignalAt }
}

function returnsAfter(world: Readonly<World>, { judged, returns }: Rulings): World['returns'] {
  const kept = [...world.returns].filter(([key]) => !judged.has(key))
  return new Map([...kept, ...returns])
}

function frozenAfter(scene: Scene, rulings: Rulings | undefined): World['frozen'] {
  const { world, now } = scene
  if (!rulings?.watched.size && world.frozen.size === 0) return world.frozen
  const frozen = new Map([...world.frozen].filter(([, { untilAt }]) => untilAt > now))
  for (const name of rulings?.watched ?? []) {
    const site = scene.siteOf(name)
    if (site !== undefined) frozen.set(name, { site, untilAt: now + FROZEN_MS })
  }
  return frozen
}
