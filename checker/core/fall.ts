/** The sites in a round: which of them are concerned, what is known of their hosts, and what follows for these. Pure. */
import { causeOf } from './cause.ts'
import type { Draft } from './draft.ts'
import { hostQuiet, type Ruling } from './host.ts'
import { forgetSilences } from './look.ts'
import type { Fall } from './rule.ts'
import type { Looked, Scene } from './scene.ts'
import { openOutage, siteQuiet, stepOutage } from './site.ts'
import { keepStill } from './site-telling.ts'
import type { HostState, SiteState } from './state.ts'
import type { View } from './view.ts'
import { SITE } from './world.ts'

/** @returns what each of its hosts is told by, or why it is not told */
export function openSite(scene: Scene, { site, fallen, sinceAt, othersReport }: Fall): Ruling {
  const { inputs, at, now } = scene
  const all = scene.membersOf(site).map((name) => scene.view(name))
  const around = { silences: inputs.silences, hearingUntilAt: at, othersReport: () => othersReport }
  const [draft, settings] = [scene.siteDraft(site), inputs.site(site)]
  const alert = openOutage(draft, settings, fallen, all, sinceAt, around, now)
  const hidden = alert === undefined ? siteQuiet(settings, draft.state, inputs.silences, now)?.why : undefined
  return { kind: 'site', site, alert, hidden }
}

/** A host is back from its site's outage: what it says is kept for the message that will sum it up. */
export function noteReturn(scene: Scene, site: string, { host }: Looked, before: HostState): void {
  const outage = scene.siteState(site)?.outage
  if (!outage) return
  const cause = causeOf(before, Math.max(0, scene.now - outage.sinceAt))
  const rebootedAt = cause.kind === 'rebooted' ? cause.at : undefined
  const stayedUp = rebootedAt === undefined && cause.kind !== 'unknown' ? true : undefined
  const others = (outage.returned ?? []).filter(({ name }) => name !== host.name)
  const returned = [...others, { name: host.name, rebootedAt, stayedUp } as const]
  scene.siteDraft(site).change({ outage: { ...outage, returned } })
}

/** Sites of which the last host was removed. */
export function emptySites(scene: Scene): string[] {
  const { hosts } = scene.inputs
  const isGone = (name: string) => !hosts.has(name)
  return [...scene.world.sites]
    .filter(([site, { unstable }]) => !unstable && scene.membersOf(site).length === 0)
    .filter(([, { outage }]) => outage?.hosts.every(isGone) ?? true)
    .map(([site]) => site)
}

export function stepSites(scene: Scene): void {
  const concerned = new Set(scene.siteDrafts.keys())
  for (const item of scene.inputs.look) if (item.startsWith(SITE)) concerned.add(item.slice(SITE.length))
  for (const name of scene.looked.keys()) {
    const site = scene.siteOf(name)
    if (site !== undefined && scene.siteState(site)?.outage) concerned.add(site)
  }
  for (const site of concerned) stepSite(scene, site)
}

function stepSite(scene: Scene, site: string): void {
  const { inputs, now } = scene
  const state = scene.siteState(site)
  if (!state || (!state.outage && !state.unstable)) return
  const settings = inputs.site(site)
  const draft = scene.siteDraft(site)
  const all = scene.membersOf(site).map((name) => scene.view(name))
  const keptAt = keepStill(draft, settings, all, inputs.silences, now)
  if (!draft.state.outage) {
    scene.lookAt.set(SITE + site, keptAt)
    return
  }
  join(scene, draft, site)
  const { hosts: names, sinceAt } = draft.state.outage
  const listed = names.filter((name) => scene.wasHeard(name)).map((name) => scene.view(name))
  const firstBackAt = firstReturn(scene, listed, all, sinceAt)
  const around = {
    silences: inputs.silences,
    hearingUntilAt: scene.at,
    othersReport: () => othersReport(scene, site),
  }
  const step = stepOutage(draft, settings, listed, all, firstBackAt, around, now)
  scene.lookAt.set(SITE + site, Math.min(step.lookAt, keptAt))
  // A second signal of those who came back is soon to come.
  if (draft.state.outage?.returnedAt !== undefined) for (const { host } of [...listed, ...all]) scene.soon(host.name)
  for (const { host } of step.sunk ?? []) sink(scene, host.name, site)
  if (!step.over) return
  forgetSilences(scene, `site:${site}`)
  const { told, missing } = step.over
  const outages = new Map<string, string>()
  for (const { host } of missing) {
    const id = goOn(scene, host.name, told, draft.alerts.at(-1)?.id)
    if (id !== undefined) outages.set(host.name, id)
  }
  const alert = draft.alerts.at(-1)
  if (alert?.kind !== 'site-recovered' || outages.size === 0) return
  draft.alerts[draft.alerts.length - 1] = { ...alert, outages: Object.fromEntries(outages) }
}

/** Asked for a message only: it goes through all hosts. */
function othersReport(scene: Scene, site: string): boolean | undefined {
  let report: boolean | undefined
  for (const name of scene.everyone()) {
    if (scene.siteOf(name) === site || scene.inputs.hosts.get(name)!.local) continue
    const { state, moments, expected } = scene.view(name)
    if (expected) report ||= state.verdict === 'up' && moments.lateAt > scene.at
  }
  return report
}

/** Those who fell due while it was silent are part of it. */
function join(scene: Scene, draft: Draft<SiteState>, site: string): void {
  const outage = draft.state.outage!
  const known = new Set(outage.hosts)
  const joined = scene.membersOf(site).filter((name) => !known.has(name) && scene.stateOf(name)?.outage?.site === site)
  if (joined.length > 0) draft.change({ outage: { ...outage, hosts: [...outage.hosts, ...joined] } })
}

/** The first signal from anyone who is expected there, and not overdue again since. */
function firstReturn(
  { at, now }: Scene,
  listed: readonly View[],
  all: readonly View[],
  sinceAt: number,
): number | undefined {
  let firstAt: number | undefined
  const note = (backAt: number) => {
    firstAt = Math.min(firstAt ?? now, backAt)
  }
  const names = new Set(listed.map(({ host }) => host.name))
  for (const { state, moments } of listed) {
    // A clock that was set back makes a return look older than the outage.
    if (state.verdict === 'up' && moments.lateAt > at) note(state.sinceAt > sinceAt ? state.sinceAt : now)
  }
  for (const { host, state, moments, heardAt, expected } of all) {
    const counts = expected && state.verdict === 'up' && !names.has(host.name)
    if (counts && heardAt > sinceAt && moments.lateAt > at) note(heardAt)
  }
  return firstAt
}

/** It gave a sign and is overdue again, and so are all who came back: it never left the outage. */
function sink(scene: Scene, name: string, site: string): void {
  const looked = scene.looked.get(name)
  if (looked?.draft.state.verdict !== 'up' || looked.heardAt === undefined) {
    scene.soon(name)
    return
  }
  const { draft, heardAt } = looked
  const sinceAt = heardAt
  const outage = { sinceAt, toldAt: scene.now, site }
  draft.change({ verdict: 'down', reason: 'site-silent', sinceAt, heardAt, outage })
  draft.note({ verdict: 'down', reason: 'site-silent', sinceAt, site })
  scene.lookAt.set(name, Number.POSITIVE_INFINITY)
}

/**
 * Its site is back and it is not: it goes on by itself.
 * @returns the id of its own outage, if it is told
 */
function goOn(scene: Scene, name: string, told: boolean, alert: string | undefined): string | undefined {
  const looked = scene.looked.get(name)
  const host = scene.inputs.hosts.get(name)!
  // Who was not looked at is, with this draft, as it is believed to be.
  const draft = looked?.draft ?? scene.hostDraft(host, scene.stateOf(name)!)
  const { outage } = draft.state
  if (!outage) return undefined
  const quiet = hostQuiet(host, draft.state, scene.inputs.silences, scene.now)
  const id = outage.id ?? (told && !quiet ? draft.nextId() : undefined)
  const { sinceAt } = outage
  draft.change({ outage: { id, sinceAt, toldAt: scene.now } })
  if (id !== undefined && id !== outage.id) {
    draft.note({ verdict: 'down', reason: draft.state.reason, sinceAt: draft.state.sinceAt, alert })
  }
  if (!looked) {
    const found = { absences: scene.absencesOf(host) }
    scene.looked.set(name, { host, draft, found, isNew: false, announced: false, speaking: false })
  }
  scene.lookAt.set(name, id === undefined ? scene.now : scene.now + host.reminderMs)
  return id
}
