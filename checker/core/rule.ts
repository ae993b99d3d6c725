/**
 * Rules on everyone who is past due: at fault alone, or with its whole site? Between the silence of each host and what is
 * told of it. Pure; judge.ts decides, here it is asked within each site, then, for what remains, among all sites (box.ts).
 */
import { type Candidate, entityOf, judgeBox, suspectOf } from './box.ts'
import type { Ruling } from './host.ts'
import { type Group, groupOf, type Suspect, unbroken } from './judge.ts'
import type { Scene } from './scene.ts'
import { eyeOf, memberOf, type View } from './view.ts'

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
    for (const view of alone) {
      const isJob = view.host.rhythm.schedule !== undefined
      const overdue = isJob && site !== undefined ? scene.overdueIn(site) : []
      // It may share the fate of those beside it, which is not known yet.
      if (overdue.length > 0) hold([view], overdue)
      // Who is not expected falls silent without a word; a job is asked about like a site of its own.
      else if (!view.expected && !isJob) hosts.set(view.host.name, { kind: 'fault' })
      else candidates.push({ entity: entityOf(view.host.name, scene), suspects: [view] })
    }
    const members = site === undefined ? [] : group.filter(({ expected }) => expected)
    if (site !== undefined && members.length > 0) judgeSite(site, members)
  }
  const allSilent = candidates.length > 0 ? judgeBox(candidates, scene, { hold, judged, hosts, falls }) : undefined
  return { hosts, falls, wanted, watched, judged: judgedKeys, returns, allSilent }

  function judgeSite(site: string, members: readonly View[]): void {
    const outage = scene.siteState(site)?.outage
    const names = scene.membersOf(site)
    if (outage) {
      // While it returns, who falls silent anew waits for how that ends.
      if (outage.returnedAt !== undefined) hold(members, [])
      else for (const { host } of members) hosts.set(host.name, { kind: 'site', site, alert: outage.id })
      return
    }
    const proof = unbroken(names.map((name) => scene.sightOf(name)))
    const doubted = members.filter((view) => {
      const { heardAt, firstMissAt } = suspectOf(view, view.host.name, scene)
      const proven = proof(heardAt) >= firstMissAt
      if (proven) candidates.push({ entity: `site:${site}`, suspects: [view] })
      return !proven
    })
    if (doubted.length > 0) judgeTogether(site, names, doubted)
  }

  function judgeTogether(site: string, names: readonly string[], doubted: readonly View[]): void {
    const views = names.map((name) => scene.view(name))
    const group = groupOf(views.map(memberOf), views.map(eyeOf), at)
    const open = doubted.map((view) => ({
      view,
      judgement: judged(group, view.host.name, suspectOf(view, view.host.name, scene)),
    }))
    const unsure = open.filter(({ judgement }) => judgement.kind !== 'fault' || !judgement.proven)
    const stale = names.some((name) => !scene.isFresh(name))
    const held = unsure.filter(({ judgement }) => stale || judgement.kind === 'hold')
    if (held.length > 0)
      hold(
        held.map(({ view }) => view),
        names,
      )
    const together: View[] = []
    for (const { view, judgement } of open) {
      if (hosts.has(view.host.name)) continue
      if (judgement.kind === 'together') together.push(view)
      else candidates.push({ entity: `site:${site}`, suspects: [view] })
    }
    const [first, ...others] = together
    if (!first) return
    const fallen = new Set(group.fallen)
    const fall = { site, fallen: views.filter(({ host }) => fallen.has(host.name)), sinceAt: group.lastSignalAt }
    candidates.push({ entity: `site:${site}`, suspects: [first, ...others], fall })
  }

  function judged(group: Group, key: string, suspect: Suspect) {
    // What was seen before its last signal says nothing of this silence.
    const seenAt = scene.returnFor(key)
    const returnAt = seenAt !== undefined && seenAt >= suspect.firstMissAt ? seenAt : undefined
    judgedKeys.add(key)
    const judgement = group.judge({ ...suspect, returnAt })
    if (judgement.kind === 'hold' && judgement.returnAt !== undefined) returns.set(key, judgement.returnAt)
    return judgement
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
