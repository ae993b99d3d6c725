/** What is told of a site, and when: its silence, its instability, and why it was away. Pure. */
import type { SiteCause } from '../../shared/alert.ts'
import type { Silence } from '../../shared/silences.ts'
import type { Draft } from './draft.ts'
import { hostQuiet } from './host.ts'
import { quietOf } from './quiet.ts'
import type { Around, Site } from './site.ts'
import type { Returned, SiteOutage, SiteState } from './state.ts'
import { isUnstable, stableAt } from './unstable.ts'
import type { View } from './view.ts'

export function announce(
  draft: Draft<SiteState>,
  site: Site,
  fallen: readonly View[],
  all: readonly View[],
  { silences, othersReport }: Around,
  now: number,
): string | undefined {
  const outage = draft.state.outage!
  const { changedAt = [] } = draft.state
  const told = fallen.filter(({ host, state }) => !hostQuiet(host, state, silences, now))
  if (told.length === 0) return undefined
  const hosts = told.map(({ host }) => host.name)
  const tags = tagsOf(told)
  const { sinceAt } = outage
  if (isUnstable(changedAt, site.damping, now)) {
    const { withinMs } = site.damping
    const id = draft.tell({
      kind: 'unstable',
      ...named(site),
      hosts,
      tags,
      sinceAt,
      changes: changedAt.length,
      withinMs,
    })
    draft.change({ unstable: { id, sinceAt: now, named: hosts } })
    return id
  }
  const heard = fallen.map(({ heardAt }) => heardAt)
  const names = new Set(fallen.map(({ host }) => host.name))
  const id = draft.tell({
    kind: 'site-silent',
    ...named(site),
    hosts,
    tags,
    sinceAt,
    // Who is silent and not told of must not look like somebody who still reports.
    of:
      told.length +
      all.filter(({ host, expected, state }) => expected && state.verdict === 'up' && !names.has(host.name)).length,
    spreadMs: Math.max(...heard) - Math.min(...heard),
    othersReport: othersReport(),
    nextReminderAt: now + site.reminderMs,
  })
  draft.change({ outage: { ...outage, id, named: hosts, toldAt: now, hushed: undefined } })
  return id
}

/** A site that is not silent may still have to be told stable. @returns when to look again */
export function keepStill(
  draft: Draft<SiteState>,
  site: Site,
  hosts: readonly View[],
  silences: readonly Silence[],
  now: number,
): number {
  const { unstable, changedAt, outage } = draft.state
  if (!unstable) return Number.POSITIVE_INFINITY
  const endAt = stableAt(changedAt, site.damping)
  if (endAt > now && endAt <= now + site.damping.withinMs) return endAt
  draft.change({ unstable: undefined, changedAt: undefined })
  const quiet = quietOf({ ...site, site: site.name, alerted: true }, silences, now)
  const silentSinceAt = outage && outage.id === undefined && !quiet ? outage.sinceAt : undefined
  const nextReminderAt = silentSinceAt === undefined ? undefined : now + site.reminderMs
  const { sinceAt } = unstable
  const told = hosts.filter(({ host }) => unstable.named?.includes(host.name) ?? true)
  const names = told.map(({ host }) => host.name)
  const facts = { ...named(site), hosts: names, tags: tagsOf(told), sinceAt, silentSinceAt, nextReminderAt }
  const id = draft.tell({ kind: 'stable', ...facts }, unstable.id)
  if (outage && silentSinceAt !== undefined) draft.change({ outage: { ...outage, id, named: names, toldAt: now } })
  return Number.POSITIVE_INFINITY
}

/** What those say that came back; nothing where none of them says anything of itself. */
export function causeOf({ returned = [] }: SiteOutage): SiteCause | undefined {
  const rebooted = returned.filter(({ rebootedAt }) => rebootedAt !== undefined)
  const stayedUp = returned.filter((host) => host.stayedUp)
  if (rebooted.length + stayedUp.length === 0) return undefined
  const names = (hosts: readonly Returned[]) => hosts.map(({ name }) => name)
  return {
    kind: stayedUp.length === 0 ? 'power' : rebooted.length === 0 ? 'network' : 'mixed',
    rebooted: names(rebooted),
    stayedUp: names(stayedUp),
    rebootedAt: rebooted.length > 0 ? Math.min(...rebooted.map(({ rebootedAt = 0 }) => rebootedAt)) : undefined,
  }
}

export function named({ name, title }: Site): { readonly site: string; readonly siteName?: string } {
  return { site: name, siteName: title }
}

export function tagsOf(views: readonly View[]): string[] {
  return [...new Set(views.flatMap(({ host }) => host.tags))]
}
