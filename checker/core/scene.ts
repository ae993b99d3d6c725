/**
 * One round while it is under way: who is looked at, what is believed of the others, and what has been decided so far.
 * Everything is looked up in what this round found, then in what the world believes. Belongs to one call of `step`.
 */
import type { Alert } from '../../shared/alert.ts'
import { nearest } from '../../shared/nearest.ts'
import { siteFileName } from '../../shared/sites.ts'
import { deafTimes } from './deaf.ts'
import { Draft } from './draft.ts'
import { crediblePulse } from './due.ts'
import type { Found, Host, Surroundings } from './host.ts'
import type { Sight } from './judge.ts'
import { newSite, type Site } from './site.ts'
import type { HostState, SiteState } from './state.ts'
import { type View, viewOf } from './view.ts'
import type { Inputs, World } from './world.ts'

export interface Looked {
  readonly host: Host
  readonly draft: Draft<HostState>
  readonly found: Found
  /** Believed now. */
  readonly heardAt?: number
  readonly isNew: boolean
  /** Its first signal ever is among the events. */
  readonly announced: boolean
  /** Its event is here and its new time is not: who speaks is not accused on an older reading. */
  readonly speaking: boolean
}

export class Scene {
  readonly world: Readonly<World>
  readonly inputs: Inputs
  readonly now: number
  /** Until when everybody could be heard, for certain. */
  readonly at: number
  readonly looked = new Map<string, Looked>()
  readonly siteDrafts = new Map<string, Draft<SiteState>>()
  readonly sights = new Map<string, Sight>()
  readonly lookAt = new Map<string, number>()
  readonly removed: string[] = []
  /** What hosts ask about the others. */
  readonly around: Surroundings
  readonly #teller: { readonly monitor: string; readonly now: number }
  readonly #absences: ReturnType<typeof deafTimes>
  #members: Map<string, string[]> | undefined
  readonly #living = new Map<string, View[]>()

  constructor(world: Readonly<World>, inputs: Inputs, now: number) {
    this.world = world
    this.inputs = inputs
    this.now = now
    this.at = crediblePulse(inputs.pulseAt, now) ?? 0
    this.around = {
      silences: inputs.silences,
      hearingUntilAt: this.at,
      neighbours: (name, heardSinceAt) => this.#neighbours(name, heardSinceAt),
      strangersLike: (name) => this.#strangersLike(name),
    }
    this.#teller = { monitor: inputs.monitor, now }
    const known = { absences: inputs.absences, sites: world.sites, monitor: world.monitor }
    this.#absences = deafTimes(known, now, (name) => this.siteOf(name))
  }

  stateOf(name: string): HostState | undefined {
    return this.looked.get(name)?.draft.state ?? this.world.hosts.get(name)
  }

  #heardOf(name: string): number | undefined {
    return this.looked.get(name)?.heardAt ?? this.world.heard.get(name) ?? this.world.hosts.get(name)?.heardAt
  }

  siteOf(name: string): string | undefined {
    const frozen = this.world.frozen.get(name)
    if (frozen && frozen.untilAt > this.now) return frozen.site
    return this.world.hosts.get(name)?.outage?.site ?? this.inputs.hosts.get(name)?.site
  }

  absencesOf(host: Host) {
    return this.#absences(host)
  }

  /** Every registered host that was ever heard. */
  *everyone(): Generator<string> {
    for (const name of this.inputs.hosts.keys()) if (this.wasHeard(name)) yield name
  }

  /** It is registered, and was heard since. */
  wasHeard(name: string): boolean {
    const state = this.inputs.hosts.has(name) ? this.stateOf(name) : undefined
    return state !== undefined && state.verdict !== 'new' && this.#heardOf(name) !== undefined
  }

  membersOf(site: string): readonly string[] {
    if (!this.#members) {
      this.#members = new Map()
      for (const name of this.everyone()) {
        const key = this.siteOf(name)
        const list = key === undefined ? undefined : this.#members.get(key)
        if (list) list.push(name)
        else if (key !== undefined) this.#members.set(key, [name])
      }
    }
    return this.#members.get(site) ?? []
  }

  /** @param name of somebody who was ever heard */
  view(name: string): View {
    const host = this.inputs.hosts.get(name)!
    const { silences } = this.inputs
    return viewOf(
      host,
      this.stateOf(name)!,
      this.#heardOf(name)!,
      this.sightOf(name),
      this.absencesOf(host),
      silences,
      this.now,
    )
  }

  /** Others of its site are silent or overdue, or nobody at all is heard: what it said may be lost with their signals. */
  isInDoubt(name: string): boolean {
    const site = this.siteOf(name)
    if (this.world.monitor.unreachable && !this.inputs.hosts.get(name)?.local) return true
    if (site === undefined) return false
    if (this.siteState(site)?.outage) return true
    return this.overdueIn(site).some((other) => other !== name)
  }

  /** Who of a site should have been heard, and is not known to be silent. */
  overdueIn(site: string): string[] {
    return this.membersOf(site).filter((name) => {
      const { expected, state, moments } = this.view(name)
      return expected && state.verdict === 'up' && moments.shouldAt <= this.at
    })
  }

  site(name: string): Site {
    return this.inputs.site(name)
  }

  /** When this checker began to look again after a time in which it did not. */
  get lookingAgainAt(): number {
    return Math.min(this.world.monitor.lookingAgainAt ?? 0, this.now)
  }

  returnFor(suspect: string): number | undefined {
    return this.world.returns.get(suspect)
  }

  sightOf(name: string): Sight {
    return this.sights.get(name) ?? this.world.sights.get(name) ?? {}
  }

  farSights(): Sight[] {
    const sights: Sight[] = []
    for (const [name, host] of this.inputs.hosts) {
      if (!host.local) sights.push(this.sightOf(name))
    }
    return sights
  }

  isFresh(name: string): boolean {
    return this.looked.has(name)
  }

  siteState(name: string): SiteState | undefined {
    return this.siteDrafts.get(name)?.state ?? this.world.sites.get(name)
  }

  siteDraft(site: string): Draft<SiteState> {
    let draft = this.siteDrafts.get(site)
    if (!draft) {
      // As its file is called: no two sites share that, whatever their names are made of.
      const name = siteFileName(site).replace(/\.json$/, '')
      const state = this.world.sites.get(site) ?? newSite(site, this.now)
      draft = new Draft<SiteState>('site', { name, tags: [] }, state, this.#teller)
      this.siteDrafts.set(site, draft)
    }
    return draft
  }

  hostDraft(host: Host, state: HostState): Draft<HostState> {
    return new Draft<HostState>('host', host, state, this.#teller)
  }

  #neighbours(name: string, heardSinceAt: number): { name: string; upSinceAt: number }[] {
    const site = this.siteOf(name)
    if (site === undefined) return []
    let living = this.#living.get(site)
    if (!living) {
      // Once a round: many of one site may ask.
      living = this.membersOf(site)
        .filter((other) => this.stateOf(other)?.verdict === 'up')
        .map((other) => this.view(other))
        .filter(({ moments, expected }) => expected && moments.lateAt > this.at)
      this.#living.set(site, living)
    }
    return living
      .filter(({ host, heardAt }) => host.name !== name && heardAt >= heardSinceAt)
      .map(({ host, state }) => ({ name: host.name, upSinceAt: Math.max(state.sinceAt, state.rebootedAt ?? 0) }))
  }

  #strangersLike(name: string): string[] {
    const strangers: string[] = []
    for (const host of this.inputs.hosts.values()) {
      if (!host.configured && this.stateOf(host.name)?.verdict === 'up') strangers.push(host.name)
    }
    // Farther than that it is another name, no typo.
    const likeliest = nearest(name, strangers, Math.ceil(name.length / 2))
    return likeliest === undefined ? [] : [likeliest]
  }

  /** At the latest in a second. */
  soon(name: string): void {
    const planned = this.lookAt.get(name) ?? Number.POSITIVE_INFINITY
    this.lookAt.set(name, Math.min(planned, this.now + 1000))
  }

  alerts(): Alert[] {
    const alerts: Alert[] = []
    for (const { draft } of this.looked.values()) alerts.push(...draft.alerts)
    for (const draft of this.siteDrafts.values()) alerts.push(...draft.alerts)
    return alerts
  }
}
