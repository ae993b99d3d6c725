/**
 * What reported errors make of their groups, and what is told of that: a group when it is new or back, then at 10, 100,
 * 1,000 … of them. Quiet hides alerts, never state: the next error after it tells what was not told. Pure.
 */
import type { Alert } from '../../shared/alert.ts'
import type { ErrorEvent, ErrorSample } from '../../shared/error-event.ts'
import { type ErrorGroup, isInForce, type KeptSample, type Release, type Resolved } from '../../shared/errors.ts'
import { alertId } from '../core/alert-id.ts'
import { placeOf } from './place.ts'

/** Names a group of a project. */
export function keyOf({ project, group }: { readonly project: string; readonly group: string }): string {
  return `${project}/${group}`
}

/** What the alerts of a project carry, and whether anything is told of it just now. */
export interface Project {
  readonly quiet: boolean
  readonly tags: readonly string[]
  readonly site?: string
  readonly siteName?: string
}

/** How many alerts of a project were told since when. */
export interface Told {
  readonly sinceAt: number
  readonly count: number
}

interface ErrorsInput {
  /** The oldest first. */
  readonly events: readonly ErrorEvent[]
  readonly monitor: string
  group(project: string, group: string): ErrorGroup | undefined
  /** The mark of whoever resolved it. */
  resolved(project: string, group: string): Resolved | undefined
  /** When the releases of a project were first met. */
  releases(project: string): readonly Release[]
  project(name: string): Project
  told(project: string): Told | undefined
}

export interface ErrorsRound {
  /** Changed groups, by key. */
  readonly groups: ReadonlyMap<string, ErrorGroup>
  /** What came with the events, by key; the newest last. */
  readonly samples: ReadonlyMap<string, readonly KeptSample[]>
  /** Of projects in which a release was met for the first time. */
  readonly releases: ReadonlyMap<string, readonly Release[]>
  readonly told: ReadonlyMap<string, Told>
  readonly alerts: readonly Alert[]
  /** Groups whose mark is answered: they are back. */
  readonly back: readonly ErrorGroup[]
}

/** Of many different errors at once these are told one by one; beyond them, silence of a host would wait in line. */
const MOST_TOLD = 30
export const TOLD_WITHIN_MS = 600_000
/** A release that is older has no part in it. */
const RELEASE_MATTERS_MS = 3_600_000
/** So many are told even if nothing is known of them. */
const SURELY = 10
/** Sooner after its release appeared, an error is one of those by which it did. */
const AFTER_MS = 10_000
const RELEASES_OF_GROUP = 10
const RELEASES_OF_PROJECT = 20

export function stepErrors(input: ErrorsInput, now: number): ErrorsRound {
  const groups = new Map<string, ErrorGroup>()
  const samples = new Map<string, KeptSample[]>()
  const releases = new Map<string, readonly Release[]>()
  const told = new Map<string, Told>()
  const alerts: Alert[] = []
  const marks = new Map<string, Resolved | undefined>()

  for (const { project, group: name, at, sample } of input.events) {
    const key = keyOf({ project, group: name })
    // A clock that was set back since must not make it an error of the future.
    const happenedAt = Math.min(Date.parse(at), now)
    let group = groups.get(key)
    if (!group) {
      group = input.group(project, name) ?? newGroup(project, name, happenedAt, now)
      const mark = input.resolved(project, name)
      marks.set(key, isInForce(mark, group) ? mark : undefined)
    }
    groups.set(key, counted(group, sample, happenedAt, marks.get(key)))
    if (!sample) continue
    samples.set(key, [...(samples.get(key) ?? []).slice(1 - MOST_SAMPLES), { at, ...sample }])
    const known = releases.get(project) ?? input.releases(project)
    const met = withRelease(known, sample.release, happenedAt, RELEASES_OF_PROJECT)
    if (met !== known) releases.set(project, met)
  }

  for (const [key, group] of groups) {
    const { counting, project: name } = group
    if (counting.count < counting.nextCount || isInForce(marks.get(key), group)) continue
    const project = input.project(name)
    if (project.quiet) continue
    // In a flood the first of them may come without details: that it is an error, and no more, helps nobody.
    if (!group.type && !group.message && counting.count < SURELY) continue
    const before = told.get(name) ?? input.told(name)
    const window = before && within(before, now) ? before : { sinceAt: now, count: 0 }
    if (window.count >= MOST_TOLD) continue
    told.set(name, { ...window, count: window.count + 1 })
    const isLast = window.count + 1 === MOST_TOLD
    const known = releases.get(name) ?? input.releases(name)
    const alert = alertOf(group, project, input.monitor, now, {
      releaseAt: releaseAt(group, known),
      quietUntilAt: isLast ? window.sinceAt + TOLD_WITHIN_MS : undefined,
    })
    alerts.push(alert)
    groups.set(key, {
      ...group,
      alerts: group.alerts + 1,
      counting: { ...counting, nextCount: nextCount(counting.count), outage: alert.outage },
    })
  }
  const back = [...groups].flatMap(([key, group]) =>
    marks.get(key) && !isInForce(marks.get(key), group) ? [group] : [],
  )
  return { groups, samples, releases, told, alerts, back }
}

/** So many samples of a group are kept. */
export const MOST_SAMPLES = 20

function within({ sinceAt }: Told, now: number): boolean {
  return now >= sinceAt && now - sinceAt < TOLD_WITHIN_MS
}

function newGroup(project: string, group: string, firstAt: number, now: number): ErrorGroup {
  return {
    project,
    group,
    registeredAt: now,
    alerts: 0,
    count: 0,
    firstAt,
    lastAt: firstAt,
    counting: { sinceAt: firstAt, count: 0, nextCount: 1 },
    releases: [],
  }
}

/** With one more. @param mark of whoever resolved it: what happened before that does not make it come back */
function counted(
  group: ErrorGroup,
  sample: ErrorSample | undefined,
  at: number,
  mark: Resolved | undefined,
): ErrorGroup {
  const isBack = isInForce(mark, group) && at > mark.at
  const counting = isBack ? { sinceAt: at, count: 0, nextCount: 1, resolvedAt: mark.at } : group.counting
  return {
    ...group,
    ...(sample && knownFrom(sample)),
    count: group.count + 1,
    lastAt: Math.max(group.lastAt, at),
    counting: { ...counting, count: counting.count + 1, release: counting.release ?? sample?.release },
    releases: withRelease(group.releases, sample?.release, at, RELEASES_OF_GROUP),
  }
}

function knownFrom({ type, message, level, crash, environment, frames }: ErrorSample): Partial<ErrorGroup> {
  return {
    type: type || undefined,
    message: message || undefined,
    level,
    crash,
    environment,
    place: undefined,
    calledBy: undefined,
    ...placeOf(frames),
  }
}

/** The same list when nothing is new. */
function withRelease(known: readonly Release[], name: string | undefined, at: number, most: number) {
  if (!name || known.some((release) => release.name === name)) return known
  return [...known.slice(1 - most), { name, firstAt: at }]
}

/** When the release came that the error came with, if that was shortly before. */
function releaseAt({ counting }: ErrorGroup, releases: readonly Release[]): number | undefined {
  const met = releases.find(({ name }) => name === counting.release)
  if (!met || counting.sinceAt - met.firstAt < AFTER_MS) return undefined
  return counting.sinceAt - met.firstAt <= RELEASE_MATTERS_MS ? met.firstAt : undefined
}

/** The next power of ten, 10 at least. */
function nextCount(count: number): number {
  let next = 10
  while (next <= count) next *= 10
  return next
}

function alertOf(
  group: ErrorGroup,
  { tags, site, siteName }: Project,
  monitor: string,
  now: number,
  more: Pick<Alert, 'releaseAt' | 'quietUntilAt'>,
): Alert {
  const { project, counting, registeredAt, alerts, lastAt } = group
  const id = alertId('error', `${project}.${group.group}`, registeredAt, alerts + 1)
  return {
    id,
    outage: counting.outage ?? id,
    kind: 'error',
    hosts: [project],
    site,
    siteName,
    tags,
    monitor,
    at: now,
    sinceAt: counting.sinceAt,
    group: group.group,
    errorType: group.type,
    message: group.message,
    place: group.place,
    calledBy: group.calledBy,
    level: group.level,
    crash: group.crash,
    environment: group.environment,
    count: counting.count,
    spanMs: Math.max(0, lastAt - counting.sinceAt),
    release: counting.release,
    isBack: counting.resolvedAt !== undefined,
    resolvedAt: counting.resolvedAt,
    nextCount: nextCount(counting.count),
    ...more,
  }
}
