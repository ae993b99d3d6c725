/**
 * The last question before anything is told: is it they, or is it we? Sites stand to this box as hosts to their site, and
 * a host without a site is a site. Pure.
 */

import { firstMissAt, reappearanceMs } from './due.ts'
import type { Ruling } from './host.ts'
import { type Group, groupOf, type Judgement, type Member, type Suspect, unbroken } from './judge.ts'
import type { Fall } from './rule.ts'
import type { Scene } from './scene.ts'
import { patienceOf } from './site.ts'
import { eyeOf, type View } from './view.ts'

/** Somebody who would be told now, if it is not us: a host, or a site as a whole. */
export interface Candidate {
  readonly entity: string
  /** Those of it who are past due; the first of them speaks for it. */
  readonly suspects: readonly [View, ...View[]]
  readonly fall?: Omit<Fall, 'othersReport'>
}

export interface Rule {
  hold(views: readonly View[], others: Iterable<string>): void
  judged(group: Group, key: string, suspect: Suspect): Judgement
  readonly hosts: Map<string, Ruling>
  readonly falls: Fall[]
}

/** @returns when nobody was heard since, and who should have been, if it may be us */
export function judgeBox(
  candidates: readonly Candidate[],
  scene: Scene,
  rule: Rule,
): { readonly sinceAt: number; readonly hosts: readonly string[] } | undefined {
  const proof = unbroken(scene.farSights())
  const open: Candidate[] = []
  for (const candidate of candidates) {
    const { heardAt, firstMissAt } = suspectFor(candidate, scene)
    // What is on this machine needs no network; and mostly somebody reports without a break.
    if (candidate.suspects.every(({ host }) => host.local)) pass(candidate, undefined)
    else if (proof(heardAt) >= firstMissAt) pass(candidate, true)
    else open.push(candidate)
  }
  return open.length === 0 ? undefined : judgeOpen()

  function pass({ suspects: [{ host }], fall }: Candidate, othersReport: boolean | undefined): void {
    if (fall) rule.falls.push({ ...fall, othersReport })
    else rule.hosts.set(host.name, { kind: 'fault' })
  }

  function judgeOpen(): ReturnType<typeof judgeBox> {
    const entities = new Map<string, View[]>()
    for (const name of scene.everyone()) {
      const view = scene.view(name)
      if (view.host.local) continue
      const entity = entityOf(name, scene)
      const views = entities.get(entity)
      if (views) views.push(view)
      else entities.set(entity, [view])
    }
    const views = [...entities.values()].flat()
    const names = views.map(({ host }) => host.name)
    const stale = names.some((name) => !scene.isFresh(name))
    const members = [...entities].map(([entity, hosts]) => asOne(entity, hosts))
    const group = groupOf(members, views.map(eyeOf), scene.at)
    let us = false
    for (const candidate of open) {
      const { suspects, entity, fall } = candidate
      const judgement = rule.judged(group, `box/${entity}`, suspectFor(candidate, scene))
      const unproven = judgement.kind !== 'fault' || !judgement.proven
      if (unproven && stale) rule.hold(suspects, names)
      else if (judgement.kind === 'fault') {
        const shouldAt = fall && Math.min(...fall.fallen.map(({ moments }) => moments.shouldAt))
        const others = members.filter(({ name }) => name !== entity)
        pass(candidate, others.length > 0 ? others.some(({ heardAt }) => heardAt >= (shouldAt ?? 0)) : undefined)
      } else {
        rule.hold(suspects, names)
        us ||= judgement.kind === 'together'
      }
    }
    if (!us) return undefined
    const silent = views.filter(({ expected, state }) => expected && state.verdict === 'up')
    return { sinceAt: group.lastSignalAt, hosts: silent.map(({ host }) => host.name) }
  }
}

export function suspectOf({ host, moments, heardAt }: View, name: string, scene: Scene): Suspect {
  const { rhythm } = host
  const site = scene.siteOf(host.name)
  const patienceMs = patienceOf(site === undefined ? undefined : scene.site(site), rhythm.timeoutMs)
  return {
    name,
    // Whether the network was there matters from when a job should have run, not from its last run.
    heardAt: rhythm.schedule ? moments.dueAt - rhythm.schedule.graceMs : heardAt,
    firstMissAt: firstMissAt(rhythm, heardAt, scene.absencesOf(host)),
    dueAt: moments.dueAt,
    boundAt: Math.max(moments.dueAt, scene.lookingAgainAt) + patienceMs + reappearanceMs(rhythm),
    patienceMs,
    reappearanceMs: reappearanceMs(rhythm),
  }
}

function suspectFor({ entity, suspects: [first], fall }: Candidate, scene: Scene): Suspect {
  const alone = suspectOf(first, entity, scene)
  if (!fall) return alone
  const misses = fall.fallen.map(({ host, heardAt }) => firstMissAt(host.rhythm, heardAt, scene.absencesOf(host)))
  return { ...alone, heardAt: fall.sinceAt, firstMissAt: Math.min(...misses) }
}

export function entityOf(name: string, scene: Scene): string {
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
