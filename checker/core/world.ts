/** What the checker believes, what a round of it finds, and what follows. Data only; step.ts makes the last of the others. */
import type { Absence } from '../../shared/absences.ts'
import type { Alert } from '../../shared/alert.ts'
import type { InboxEvent } from '../../shared/inbox.ts'
import type { RunLine } from '../../shared/runs.ts'
import type { Silence } from '../../shared/silences.ts'
import type { HistoryLine } from './draft.ts'
import type { Host } from './host.ts'
import type { Sight } from './judge.ts'
import type { Site } from './site.ts'
import type { HostState, MonitorState, SiteState } from './state.ts'

/** A host's site stays what it was, whatever address it reports from, while it is decided who is at fault. */
export interface Frozen {
  readonly site: string
  readonly untilAt: number
}

export interface World {
  readonly hosts: Map<string, HostState>
  readonly sites: Map<string, SiteState>
  monitor: MonitorState
  // What follows is not stored: it follows from the files again, a little more carefully.
  /** The newest settled reading of each .host file. */
  readonly heard: Map<string, number>
  readonly sights: Map<string, Sight>
  /** For those who are held: the first return of another one that was seen. */
  returns: ReadonlyMap<string, number>
  frozen: ReadonlyMap<string, Frozen>
}

export function newWorld(known: Pick<World, 'hosts' | 'sites' | 'monitor'>): World {
  return { ...known, heard: new Map(), sights: new Map(), returns: new Map(), frozen: new Map() }
}

export interface Inputs {
  /** All that is registered, with the settings in force. */
  readonly hosts: ReadonlyMap<string, Host>
  site(name: string): Site
  /** The hosts to look at, and sites (SITE and its name). */
  readonly look: ReadonlySet<string>
  /** Settled readings of .host files, epoch milliseconds. */
  readonly readings: ReadonlyMap<string, number>
  readonly events: readonly InboxEvent[]
  readonly silences: readonly Silence[]
  /** The server's last pulse: it could hear until then, but for the absences. */
  readonly pulseAt?: number
  /** The bot's, where one is meant to run. */
  readonly botPulseAt?: number
  readonly absences: readonly Absence[]
  readonly monitor: string
  /** Of what concerns everybody. */
  readonly reminderMs: number
  readonly lookingSinceAt: number
  /** The last answer to whether we reach the world, and when it was asked. */
  readonly probed?: { readonly askedAt: number; readonly reached: boolean | undefined }
  /** Since when an answer is awaited. */
  readonly probingSinceAt?: number
}

/** What a site is looked up by, beside hosts: no host's name holds a colon. */
export const SITE = 'site:'

export interface Round {
  /** The hosts and sites whose state changed; `undefined`: dropped. */
  readonly hosts: ReadonlyMap<string, HostState | undefined>
  readonly sites: ReadonlyMap<string, SiteState | undefined>
  readonly monitor?: MonitorState
  readonly heard: ReadonlyMap<string, number>
  readonly sights: ReadonlyMap<string, Sight>
  readonly returns: World['returns']
  readonly frozen: World['frozen']
  readonly alerts: readonly Alert[]
  readonly history: readonly { readonly host: string; readonly line: HistoryLine }[]
  readonly runs: readonly { readonly host: string; readonly line: RunLine }[]
  /** Files of the data folder that have served: acknowledgements of outages that are over. */
  readonly remove: readonly string[]
  /** When each host or site that was looked at is to be looked at again. */
  readonly lookAt: ReadonlyMap<string, number>
  /** Before anybody can be ruled on, these have to be read: the same round again, looking at them too. */
  readonly wanted: ReadonlySet<string>
  /** Whether we reach the world is to be found out. */
  readonly probe?: true
}

/** Makes the round the world's new belief. Only after the round is on disk. */
export function apply(world: World, round: Round): void {
  for (const [name, state] of round.hosts) {
    if (state) world.hosts.set(name, state)
    else {
      world.hosts.delete(name)
      world.heard.delete(name)
      world.sights.delete(name)
    }
  }
  for (const [name, state] of round.sites) {
    if (state) world.sites.set(name, state)
    else world.sites.delete(name)
  }
  for (const [name, heardAt] of round.heard) if (world.hosts.has(name)) world.heard.set(name, heardAt)
  for (const [name, sight] of round.sights) if (world.hosts.has(name)) world.sights.set(name, sight)
  if (round.monitor) world.monitor = round.monitor
  world.returns = round.returns
  world.frozen = round.frozen
}

/** Whom a change of what is quiet may concern: everyone who is not well, or not known yet. */
export function notWell(world: Readonly<World>): string[] {
  const hosts = [...world.hosts].filter(
    ([, { verdict, trouble, unstable }]) => verdict !== 'up' || trouble !== undefined || unstable !== undefined,
  )
  return [...hosts.map(([name]) => name), ...sitesInTrouble(world)]
}

/** As a round looks at them. */
export function sitesInTrouble({ sites }: Readonly<World>): string[] {
  const troubled = [...sites].filter(([, { outage, unstable }]) => outage !== undefined || unstable !== undefined)
  return troubled.map(([name]) => SITE + name)
}
