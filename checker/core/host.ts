/**
 * A host as the core sees it: its settings, what is found of it, and what follows at once from these. Pure.
 * What becomes of it stands in transitions.ts.
 */

import type { Rhythm } from '../../shared/rhythm.ts'
import type { Silence } from '../../shared/silences.ts'
import type { Deafness } from './due.ts'
import { type Quiet, type QuietReason, quietOf } from './quiet.ts'
import { type HostState, latestStart } from './state.ts'
import { type Damping, stableAt } from './unstable.ts'

/** By so much a job's clock may be ahead of ours: it began in time, not for the occurrence before. */
const EARLY_MS = 60_000

/** A registered host with the settings that are in force: the configuration's, over what it says of itself. */
export interface Host {
  readonly name: string
  readonly registeredAt: number
  readonly rhythm: Rhythm
  readonly reminderMs: number
  /** False: it is shown, never told. */
  readonly alerted: boolean
  /** Somebody named it beforehand, and waits for it. */
  readonly configured: boolean
  readonly site?: string
  readonly siteName?: string
  readonly tags: readonly string[]
  readonly note?: string
  readonly address?: string
  /** It is this machine itself: its signals prove nothing about our network. */
  readonly local: boolean
  readonly sleeps: boolean
  /** How long after its start a run of it must have ended. */
  readonly runGraceMs: number
  /** What changes while it gets on with its work, and since when it has not. */
  readonly progress?: { readonly token: string; readonly sinceAt: number }
  /** As registered: what it is, and where. */
  readonly type?: string
  readonly url?: string
  readonly expectedAbsenceMs?: number
  readonly failuresBefore: number
  readonly recoverAfter: number
  readonly damping: Damping
  /** When the maintenance window that is in force ends, epoch milliseconds; `undefined`: none is. */
  maintenanceUntil(now: number): number | undefined
  /** Its own timeout is under twice its interval. */
  readonly shortTimeout: boolean
  /** What it said of itself last, and when it said so for the last time. */
  readonly lastWords?: { readonly text: string; readonly at: number }
}

/** What is known of the world around the host in this round. */
export interface Surroundings {
  readonly silences: readonly Silence[]
  /** Until when the server could hear, for certain: its last pulse. */
  readonly hearingUntilAt: number
  /** Who else of its site reports, in order: was heard since, and since when it runs, as far as is known. */
  neighbours(name: string, heardSinceAt: number): readonly { readonly name: string; readonly upSinceAt: number }[]
  /** Who reports though nobody named it, the most similar name first. */
  strangersLike(name: string): readonly string[]
}

export interface Found {
  /** The settled time in the .host file; `undefined`: it was never heard. */
  readonly heardAt?: number
  /** What was believed before this reading. */
  readonly believedAt?: number
  readonly absences: readonly (Deafness & { readonly why: string })[]
}

export type Ruling =
  /** Past due, but it may not be its fault: look again. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'fault' }
  /** Its site fell as a whole. `hidden`: why that is not told. */
  | { readonly kind: 'site'; readonly site: string; readonly alert?: string; readonly hidden?: QuietReason }

/** A host that the checker has no state of yet. */
export function newHost({ name, registeredAt }: Host): HostState {
  return { name, registeredAt, verdict: 'new', reason: 'registered', sinceAt: registeredAt, alerts: 0 }
}

/**
 * The heard time that counts: one that lies in the future would be no beginning that anybody could understand. Once it
 * does no longer, it may be a new signal that was written in that very second.
 */
export function countsFrom({ noticed }: HostState, heardAt: number, now: number): number {
  return noticed?.heardAt === heardAt && heardAt > now ? noticed.at : heardAt
}

/** When its silence began, if it is silent: a job that has begun since its last signal was not silent before that. */
export function silentFrom(host: Host, state: HostState, heardAt: number, now: number): number {
  return Math.max(countsFrom(state, heardAt, now), begunAt(host, state) ?? 0)
}

/**
 * From when on its next signal is waited for. Of a job that has begun, the next run's: whether this one ends is watched
 * by itself. Whoever is told that it did not need not hear the same as silence before a reminder would be due.
 */
export function waitsFrom(host: Host, state: HostState, heardAt: number, now: number): number {
  const countsAt = countsFrom(state, heardAt, now)
  const begun = begunAt(host, state)
  if (begun === undefined || begun <= countsAt) return countsAt
  const { run, trouble } = state
  const watchedUntilAt = run ? run.startedAt + host.runGraceMs : 0
  const isTold = trouble?.cause === 'unfinished' && trouble.failures >= host.failuresBefore
  return Math.max(watchedUntilAt, begun + Math.max(EARLY_MS, isTold ? host.reminderMs : 0))
}

/** The occurrence that it missed, silent since then. */
export function missedAfter(host: Host, state: HostState, sinceAt: number): number | undefined {
  return host.rhythm.schedule?.next(begunAt(host, state) === sinceAt ? sinceAt + EARLY_MS : sinceAt)
}

/** When its job began last; one that says how often it reports does so beside its job. */
function begunAt({ rhythm }: Host, { run, trouble }: HostState): number | undefined {
  const hung = trouble?.cause === 'unfinished' ? (trouble.hungAt ?? trouble.sinceAt) : undefined
  if ((!run && hung === undefined) || rhythm.intervalMs !== undefined) return undefined
  return Math.max(run ? latestStart(run) : 0, hung ?? 0)
}

export function hostQuiet(host: Host, state: HostState, silences: readonly Silence[], now: number): Quiet | undefined {
  const { damping } = host
  const told = quietOf({ ...host, host: host.name }, silences, now)
  if (told) return told
  if (state.verdict === 'down') {
    const untilAt = awayUntil(host, state, now)
    if (untilAt !== undefined && untilAt > now) return { why: 'away', untilAt }
  }
  return state.unstable && stableAt(state.changedAt, damping) > now
    ? { why: 'unstable', untilAt: stableAt(state.changedAt, damping) }
    : undefined
}

/** Nobody waits for who sleeps by design, or said goodbye where that is expected. */
export function isExcused({ sleeps, expectedAbsenceMs }: Host, state: HostState, heardAt: number): boolean {
  return sleeps || (expectedAbsenceMs !== undefined && lastGoodbye(state, heardAt) !== undefined)
}

/** Until when it may be away without a word; `undefined`: it may not. */
export function awayUntil(host: Host, state: HostState, now: number): number | undefined {
  const { heardAt = 0 } = state
  if (!isExcused(host, state, heardAt)) return undefined
  return countsFrom(state, heardAt, now) + (host.expectedAbsenceMs ?? Number.POSITIVE_INFINITY)
}

/** The goodbye is an event and the signal that brought it a time in seconds, written a sync later: near is the same. */
export function lastGoodbye({ goodbyeAt }: HostState, heardAt: number): number | undefined {
  return goodbyeAt !== undefined && Math.abs(heardAt - goodbyeAt) <= 2000 ? goodbyeAt : undefined
}
