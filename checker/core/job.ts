/**
 * What is watched of a host beside its signals: that a run which has begun ends in time, and that who reports gets on
 * with its work. Both make it `failed`, for it is not silent. Pure.
 */
import type { Draft } from './draft.ts'
import { type Deafness, dueAt } from './due.ts'
import type { Host } from './host.ts'
import type { Quiet } from './quiet.ts'
import { endHanging, isUntold, tellTrouble } from './said.ts'
import { type HostState, latestStart, type Trouble } from './state.ts'

export interface JobSurroundings {
  /** Until when the server could hear, for certain. */
  readonly hearingUntilAt: number
  readonly absences: readonly Deafness[]
  readonly quiet: Quiet | undefined
  /** Others of its site are overdue: its end may be lost with their signals. */
  readonly siteInDoubt: boolean
}

const LOOK_AGAIN_MS = 1000

/** @returns when to look again */
export function watchJob(
  draft: Draft<HostState>,
  host: Host,
  around: JobSurroundings,
  heardAt: number,
  now: number,
): number {
  return Math.min(watchRun(draft, host, around, now), watchProgress(draft, host, around, heardAt, now))
}

function watchRun(
  draft: Draft<HostState>,
  host: Host,
  { hearingUntilAt, absences, quiet, siteInDoubt }: JobSurroundings,
  now: number,
): number {
  const { run, trouble } = draft.state
  if (!run) return Number.POSITIVE_INFINITY
  const endsBy = dueAt({ timeoutMs: host.runGraceMs }, run.startedAt, absences)
  // A job says only once that it ended. What may have been lost on us is no reason to accuse it; that its next success
  // does not come, its schedule or its timeout will tell.
  const lost = absences.findLast(({ deaf, fromAt, toAt }) => deaf && toAt > run.startedAt && fromAt < endsBy)
  if (lost) {
    const startedAt = latestStart(run)
    const begunAnew = startedAt > run.startedAt && startedAt >= lost.toAt
    draft.change({ run: begunAnew ? { id: run.id, startedAt } : undefined })
    return begunAnew ? now : Number.POSITIVE_INFINITY
  }
  if (endsBy > hearingUntilAt) return endsBy
  if (siteInDoubt) return now + LOOK_AGAIN_MS
  draft.runs.push({ at: now, what: 'unfinished', startedAt: run.startedAt })
  if (draft.state.outage?.id !== undefined) {
    // That it is silent says it all.
    draft.change({ run: undefined })
    return Number.POSITIVE_INFINITY
  }
  const { id, told, alert, toldAt, sinceAt = run.startedAt } = trouble ?? {}
  const unfinished: Trouble = {
    ...{ id, told, alert, toldAt, sinceAt, kind: 'failed', cause: 'unfinished' },
    hungSinceAt: run.startedAt,
    hungAt: latestStart(run),
    said: trouble && saidOf(trouble),
    failures: (trouble && trouble.good === 0 ? trouble.failures : 0) + 1,
    good: 0,
  }
  draft.change({ run: undefined, trouble: unfinished })
  // Whoever was told that it fails need not hear each way in which it does.
  return isUntold(unfinished) ? tellUnless(quiet, draft, host) : Number.POSITIVE_INFINITY
}

/** What a host says of itself beside what it does: that its job failed, the next run takes back. */
function saidOf({ cause, said, good, kind, message, exitStatus, output }: Trouble): Trouble['said'] {
  if (cause) return said
  return good === 0 && kind !== 'failed' ? { kind, message, exitStatus, output } : undefined
}

function watchProgress(
  draft: Draft<HostState>,
  host: Host,
  { hearingUntilAt, absences, quiet }: JobSurroundings,
  heardAt: number,
  now: number,
): number {
  const { progress, rhythm } = host
  const { trouble, verdict } = draft.state
  if (trouble?.cause === 'stuck') {
    // It got on, or says nothing of it any more.
    const since = progress?.sinceAt ?? heardAt
    if (since > trouble.sinceAt || !progress) endHanging(draft, host, { ...trouble, good: host.recoverAfter }, since)
    return draft.state.trouble?.cause === 'stuck' ? now + rhythm.timeoutMs : now
  }
  if (!progress || rhythm.schedule || verdict !== 'up') return Number.POSITIVE_INFINITY
  if (trouble && (trouble.cause || !isUntold({ ...trouble, kind: 'failed' }))) return Number.POSITIVE_INFINITY
  const stuckAt = dueAt({ timeoutMs: rhythm.timeoutMs }, progress.sinceAt, absences)
  if (stuckAt > hearingUntilAt) return stuckAt
  // It must have spoken since, or it is silent and nothing else.
  if (heardAt <= progress.sinceAt) return Number.POSITIVE_INFINITY
  const { id, told, alert, toldAt } = trouble ?? {}
  const stuck = { kind: 'failed', cause: 'stuck', sinceAt: progress.sinceAt, failures: 1, good: 0 } as const
  draft.change({ trouble: { id, told, alert, toldAt, ...stuck, said: trouble && saidOf(trouble) } })
  return Math.min(tellUnless(quiet, draft, host), now + rhythm.timeoutMs)
}

/** What is kept quiet now, telling.ts tells when the quiet ends. */
function tellUnless(quiet: Quiet | undefined, draft: Draft<HostState>, host: Host): number {
  if (quiet) return quiet.untilAt
  tellTrouble(draft, host)
  return Number.POSITIVE_INFINITY
}
