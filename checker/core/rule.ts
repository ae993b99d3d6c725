/**
 * Rules on everyone who is past due: at fault alone, with its whole site, or is it us? Between the silence of each host
 * and what is told of it. Pure; judge.ts decides, here it is asked: first within the site, then, for what remains,
 * among all sites, for they share the network of this box.
 */
import { type Deafness, firstMissAt, reappearanceMs } from './due.ts'
import type { Host, Ruling } from './host.ts'
import { type Group, groupOf, type Member, type Suspect } from './judge.ts'
import { patienceOf, type Site } from './site.ts'
import type { SiteState } from './state.ts'
import { eyeOf, memberOf, type View } from './view.ts'

/** What the round believes of everyone, looked up when it is needed. */
export interface Scene {
  /** Until when everybody could be heard, epoch milliseconds. */
  readonly at: number
  /** Every host that was ever heard. */
  everyone(): Iterable<string>
  view(name: string): View
  absencesOf(host: Host): readonly Deafness[]
  siteOf(name: string): string | undefined
  /** Those of a site that were ever heard. */
  membersOf(site: string): readonly string[]
  site(name: string): Site
  siteState(name: string): SiteState | undefined
  /** Whether its file was read in this round. */
  isFresh(name: string): boolean
  /** The first return of another that was seen for a suspect, in an earlier round. */
  returnFor(suspect: string): number | undefined
}

export interface Fall {
  readonly site: string
  readonly fallen: readonly View[]
  readonly sinceAt: number
  /** Whether any other site reports; `undefined`: there is none. */
  readonly othersReport: boolean | undefined
}

export interface Rulings {
  readonly hosts: ReadonlyMap<string, Ruling>
  /** Sites that are silent as a whole, from now on. */
  readonly falls: readonly Fall[]
  /** Whose files have to be read before anybody can be ruled on. */
  readonly wanted: ReadonlySet<string>
  /** Whose files are to be read each second until it is decided. */
  readonly watched: ReadonlySet<string>
  /** Whose first return of another was asked for, and what it is. */
  readonly judged: ReadonlySet<string>
  readonly returns: ReadonlyMap<string, number>
  /** Nobody is heard at all: it may be us. */
  readonly allSilent?: { readonly sinceAt: number; readonly hosts: readonly string[] }
}

/** Somebody who would be told now, if it is not us. */
interface Candidate {
  readonly entity: string
  readonly suspects: readonly View[]
  readonly fall?: { readonly site: string; readonly fallen: readonly View[]; readonly sinceAt: number }
  readonly shouldAt: number
}

export function rule(suspects: readonly View[], scene: Scene): Rulings {
  const { at } = scene
  const hosts = new Map<string, Ruling>()
  const falls: Fall[] = []
  const wanted = new Set<string>()
  const watched = new Set<string>()
  const returns = new Map<string, number>()
  const judgedKeys = new Set<string>()
  const candidates: Candidate[] = []

  function hold(views: readonly View[], others: Iterable<string>): void {
    for (const { host } of views) hosts.set(host.name, { kind: 'hold' })
    for (const name of others) {
      watched.add(name)
      if (!scene.isFresh(name)) wanted.add(name)
    }
  }

  for (const [site, group] of bySite(suspects, scene)) {
    const alone = site === undefined ? group : group.filter(({ expected }) => !expected)
    const overdue = site === undefined ? [] : overdueIn(site)
    for (const view of alone) {
      // It may share the fate of those beside it, which is not known yet.
      if (view.host.rhythm.schedule && overdue.length > 0) hold([view], overdue)
      // Who is not expected falls silent without a word; a job is asked about like a site of its own.
      else if (!view.expected && !view.host.rhythm.schedule) hosts.set(view.host.name, { kind: 'fault' })
      else
        candidates.push({ entity: entityOf(view.host.name, scene), suspects: [view], shouldAt: view.moments.shouldAt })
    }
    const members = site === undefined ? [] : group.filter(({ expected }) => expected)
    if (site !== undefined && members.length > 0) judgeSite(site, members)
  }
  const allSilent = candidates.length > 0 ? judgeBox() : undefined
  return { hosts, falls, wanted, watched, judged: judgedKeys, returns, allSilent }

  function overdueIn(site: string): string[] {
    return scene.membersOf(site).filter((name) => {
      const { expected, state, moments } = scene.view(name)
      return expected && state.verdict === 'up' && moments.shouldAt <= at
    })
  }

  function judgeSite(site: string, members: readonly View[]): void {
    const outage = scene.siteState(site)?.outage
    const names = scene.membersOf(site)
    if (outage) {
      // While it returns, who falls silent anew waits for how that ends.
      if (outage.returnedAt !== undefined) hold(members, [])
      else for (const { host } of members) hosts.set(host.name, { kind: 'site', site, alert: outage.id })
      return
    }
    const views = names.map((name) => scene.view(name))
    const group = groupOf(views.map(memberOf), views.map(eyeOf), at)
    const open = members.map((view) => ({
      view,
      judgement: judged(group, view.host.name, suspectOf(view, view.host.name)),
    }))
    const unsure = open.filter(({ judgement }) => judgement.kind !== 'fault' || !judgement.proven)
    if (unsure.length > 0 && names.some((name) => !scene.isFresh(name))) {
      hold(
        unsure.map(({ view }) => view),
        names,
      )
    } else if (unsure.some(({ judgement }) => judgement.kind === 'hold')) {
      hold(
        unsure.filter(({ judgement }) => judgement.kind === 'hold').map(({ view }) => view),
        names,
      )
    }
    const ready = open.filter(({ view }) => !hosts.has(view.host.name))
    const together = ready.filter(({ judgement }) => judgement.kind === 'together').map(({ view }) => view)
    for (const { view, judgement } of ready) {
      if (judgement.kind !== 'fault') continue
      const { shouldAt } = view.moments
      candidates.push({ entity: entityOf(view.host.name, scene), suspects: [view], shouldAt })
    }
    if (together.length === 0) return
    const fallen = new Set(group.fallen)
    const all = views.filter(({ host }) => fallen.has(host.name))
    const shouldAt = Math.min(...all.map(({ moments }) => moments.shouldAt))
    const fall = { site, fallen: all, sinceAt: group.lastSignalAt }
    candidates.push({ entity: `site:${site}`, suspects: together, shouldAt, fall })
  }

  /** @returns when nobody was heard since, and who should have been, if it may be us */
  function judgeBox(): Rulings['allSilent'] {
    const entities = new Map<string, View[]>()
    for (const name of scene.everyone()) {
      const view = scene.view(name)
      if (view.host.local) continue
      const entity = entityOf(name, scene)
      const views = entities.get(entity)
      if (views) views.push(view)
      else entities.set(entity, [view])
    }
    const members = [...entities].map(([entity, views]) => asOne(entity, views))
    const group = groupOf(members, [...entities.values()].flat().map(eyeOf), at)
    const stale = [...names(entities)].some((name) => !scene.isFresh(name))
    const us: Candidate[] = []
    for (const candidate of candidates) {
      const { suspects, shouldAt, entity, fall } = candidate
      const first = suspects[0]!
      const pass = () => {
        if (!fall) hosts.set(first.host.name, { kind: 'fault' })
        else {
          const reports = members.some((member) => member.name !== entity && member.heardAt >= shouldAt)
          falls.push({ ...fall, othersReport: members.length > 1 ? reports : undefined })
        }
      }
      // What is on this machine needs no network.
      if (suspects.every(({ host }) => host.local)) {
        pass()
        continue
      }
      const key = `box/${entity}`
      const judgement = judged(group, key, {
        ...suspectOf(first, entity),
        ...(fall && { heardAt: fall.sinceAt, firstMissAt: firstMissIn(fall.fallen) }),
      })
      const sure = judgement.kind === 'fault' && judgement.proven
      if (!sure && stale) hold(suspects, names(entities))
      else if (judgement.kind === 'fault') pass()
      else {
        hold(suspects, names(entities))
        if (judgement.kind === 'together') us.push(candidate)
      }
    }
    if (us.length === 0) return undefined
    const silent = [...entities.values()].flat().filter(({ expected, state }) => expected && state.verdict === 'up')
    return { sinceAt: group.lastSignalAt, hosts: silent.map(({ host }) => host.name) }
  }

  function judged(group: Group, key: string, suspect: Suspect) {
    // What was seen before its last signal says nothing of this silence.
    const seenAt = scene.returnFor(key)
    const returnAt = seenAt !== undefined && seenAt >= suspect.shouldAt ? seenAt : undefined
    judgedKeys.add(key)
    const judgement = group.judge({ ...suspect, returnAt })
    if (judgement.kind === 'hold' && judgement.returnAt !== undefined) returns.set(key, judgement.returnAt)
    return judgement
  }

  function firstMissIn(views: readonly View[]): number {
    return Math.min(...views.map(({ host, heardAt }) => firstMissAt(host.rhythm, heardAt, scene.absencesOf(host))))
  }

  function suspectOf({ host, moments, heardAt }: View, name: string): Suspect {
    const { rhythm } = host
    const site = scene.siteOf(host.name)
    return {
      name,
      // Whether the network was there matters from when a job should have run, not from its last run.
      heardAt: rhythm.schedule ? moments.dueAt - rhythm.schedule.graceMs : heardAt,
      firstMissAt: firstMissAt(rhythm, heardAt, scene.absencesOf(host)),
      dueAt: moments.dueAt,
      patienceMs: patienceOf(site === undefined ? undefined : scene.site(site), rhythm.timeoutMs),
      reappearanceMs: reappearanceMs(rhythm),
    }
  }
}

function* names(entities: ReadonlyMap<string, readonly View[]>): Generator<string> {
  for (const views of entities.values()) for (const { host } of views) yield host.name
}

/** A host without a site is a site. */
function entityOf(name: string, scene: Scene): string {
  const site = scene.siteOf(name)
  return site === undefined ? `host:${name}` : `site:${site}`
}

/** A site as one of many: silent when all its hosts are, missing when the first of the others should have been heard. */
function asOne(name: string, views: readonly View[]): Member {
  const expected = views.filter((view) => view.expected)
  const up = expected.filter(({ state }) => state.verdict === 'up')
  const counted = up.length > 0 ? up : expected
  const first = (moment: 'shouldAt' | 'lateAt' | 'dueAt') => Math.min(...counted.map(({ moments }) => moments[moment]))
  return {
    name,
    heardAt: Math.max(...views.map(({ heardAt }) => heardAt)),
    shouldAt: first('shouldAt'),
    lateAt: first('lateAt'),
    dueAt: first('dueAt'),
    witness: expected.length === 0,
    silent: up.length === 0,
  }
}

function bySite(suspects: readonly View[], scene: Scene): Map<string | undefined, View[]> {
  const groups = new Map<string | undefined, View[]>()
  for (const view of suspects) {
    const site = scene.siteOf(view.host.name)
    const group = groups.get(site)
    if (group) group.push(view)
    else groups.set(site, [view])
  }
  return groups
}
