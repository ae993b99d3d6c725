/**
 * What a host says of itself, beside whether it is heard: trouble, in errors and warnings; what it knows of its own
 * outage; and that it is two machines. Pure.
 */
import type { InboxEvent, Words } from '../../shared/inbox.ts'
import type { Draft } from './draft.ts'
import type { Host } from './host.ts'
import { type HostState, latestStart, type Run, type Trouble } from './state.ts'

/** How many starts are remembered: two machines take turns between two of them. */
const BOOTS = 4

/** Characters of what a run wrote, the last of it. */
const KEPT_OUTPUT = 1000

/** What is worse than all that was told is told again. */
const BADNESS = { warning: 1, error: 2, failed: 3 } as const

/** Nothing was told of it, or nothing as bad. */
export function isUntold({ id, kind, told = kind }: Trouble): boolean {
  return id === undefined || BADNESS[kind] > BADNESS[told]
}

/** @param quiet nothing is to be told of the host now */
export function absorb(draft: Draft<HostState>, host: Host, event: InboxEvent, quiet: boolean): void {
  const at = Date.parse(event.at)
  switch (event.kind) {
    case 'goodbye':
      draft.change({ goodbyeAt: at })
      return
    case 'status':
      hearStatus(draft, host, event, at, quiet)
      return
    case 'run-started':
      draft.change({ run: started(draft.state.run, event.id, at) })
      return
    case 'run-ended':
      endRun(draft, host, event, at)
      return
    case 'log':
      draft.runs.push({ at, what: 'log', ...wordsOf(event) })
      return
    case 'heartbeat':
      if (!quiet) tellHeartbeat(draft, host, event)
      return
    case 'account': {
      const { account } = event
      if (draft.state.verdict === 'down') draft.change({ account: { ...account, at } })
      if (!account.rebooted) return
      draft.change({ rebootedAt: at - (account.up ?? 0) * 1000 })
      noteBoot(draft, host, event, quiet)
    }
  }
}

function hearStatus(
  draft: Draft<HostState>,
  host: Host,
  { status, message, exitStatus, output }: Extract<InboxEvent, { kind: 'status' }>,
  at: number,
  quiet: boolean,
): void {
  const before = draft.state.trouble
  if (status === 'ok') {
    // That it does not get on, or that its run hangs, it did not say itself: that ends by what it does.
    if (before?.cause) draft.change({ trouble: { ...before, said: undefined } })
    else if (before) hearGood(draft, host, { ...before, good: 1, goodAt: secondOf(at) }, at)
    return
  }
  // Nothing that it says is worse than that it hangs.
  const hangs = before?.cause && before.good === 0 ? before : undefined
  const failures = (before && before.good === 0 ? before.failures : 0) + 1
  const { id, told, alert, toldAt, sinceAt = at } = before ?? {}
  const trouble: Trouble = hangs
    ? { ...hangs, failures, said: { kind: status, message, exitStatus, output } }
    : { id, told, alert, toldAt, sinceAt, kind: status, message, exitStatus, output, failures, good: 0 }
  draft.change({ trouble })
  if (!quiet && isUntold(trouble)) tellTrouble(draft, host)
}

function started(run: Run | undefined, id: string | undefined, at: number): Run {
  return run ? { id, startedAt: run.startedAt, latestAt: at } : { id, startedAt: at }
}

/** Tells it, if it failed often enough. */
export function tellTrouble(draft: Draft<HostState>, host: Host): void {
  const { trouble } = draft.state
  if (!trouble) return
  const { id: outage, kind, cause, message, exitStatus, output, failures } = trouble
  // What was told before may have begun earlier than the run that hangs now.
  const sinceAt = trouble.hungSinceAt ?? trouble.sinceAt
  // Who does not get on does not say so again and again.
  if (cause !== 'stuck' && failures < host.failuresBefore) return
  const { site, siteName, note, runGraceMs, rhythm } = host
  const timeoutMs = cause === 'unfinished' ? runGraceMs : cause === 'stuck' ? rhythm.timeoutMs : undefined
  const facts = { site, siteName, note, message, exitStatus, output, sinceAt, failures, why: cause, timeoutMs }
  const id = draft.tell({ kind, ...facts }, outage)
  draft.change({ trouble: { ...trouble, id: outage ?? id, told: kind, alert: id, toldAt: draft.now } })
}

function endRun(
  draft: Draft<HostState>,
  host: Host,
  event: Extract<InboxEvent, { kind: 'run-ended' }>,
  at: number,
): void {
  const { run, trouble } = draft.state
  const { failed, ends, durationMs } = event
  const startedAt = durationMs === undefined ? undefined : at - durationMs
  draft.runs.push({ at, what: failed ? 'failed' : 'succeeded', startedAt, durationMs, ...wordsOf(event) })
  if (!ends) {
    // Of runs that overlap one has ended: what is open from now on is the last of them.
    if (run && !failed) draft.change({ run: { id: run.id, startedAt: latestStart(run) } })
    return
  }
  if (run) draft.change({ run: undefined })
  if (trouble?.cause !== 'unfinished') return
  // It came late, but it came: nobody but us had said that it failed. If it says so too, that is what stands from now on.
  if (failed) draft.change({ trouble: withoutCause(trouble) })
  else endHanging(draft, host, { ...trouble, good: trouble.good + 1, goodAt: secondOf(at) }, at)
}

/** @param trouble with a cause that is over; what it says of itself may not be */
export function endHanging(draft: Draft<HostState>, host: Host, trouble: Trouble, at: number): void {
  if (trouble.said) draft.change({ trouble: { ...withoutCause(trouble), ...trouble.said, good: 0 } })
  else hearGood(draft, host, trouble, at)
}

function withoutCause(trouble: Trouble): Trouble {
  return { ...trouble, cause: undefined, hungSinceAt: undefined, hungAt: undefined, said: undefined }
}

/** Of a host of which each heartbeat is to be told. */
function tellHeartbeat(
  draft: Draft<HostState>,
  { site, siteName, type, url }: Host,
  { status, message, version, metadata = {} }: Extract<InboxEvent, { kind: 'heartbeat' }>,
): void {
  const details = Object.entries(metadata).map(([key, value]) => `${key}: ${inWords(value)}`)
  draft.tell({ kind: 'heartbeat', site, siteName, type, url, status, message, version, details })
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** As the line of a run keeps them: there may be very many such lines. */
function wordsOf({ message, exitStatus, output }: Words): Words {
  return { message, exitStatus, output: output?.slice(-KEPT_OUTPUT) }
}

/** A plain signal of a host that was in trouble: after enough of them that is over. */
export function countGood(draft: Draft<HostState>, host: Host, heardAt: number, now: number): void {
  const { trouble } = draft.state
  if (!trouble || trouble.good === 0 || heardAt <= (trouble.goodAt ?? 0)) return
  hearGood(draft, host, { ...trouble, good: trouble.good + 1, goodAt: heardAt }, now)
}

function hearGood(draft: Draft<HostState>, host: Host, trouble: Trouble, at: number): void {
  if (trouble.good < host.recoverAfter) {
    draft.change({ trouble })
    return
  }
  draft.change({ trouble: undefined })
  const { id, sinceAt, message, cause } = trouble
  if (id === undefined) return
  const { site, siteName } = host
  const downMs = Math.max(0, at - sinceAt)
  draft.tell({ kind: 'cleared', site, siteName, message, sinceAt, downMs, why: cause }, id)
}

/** A machine that restarts never comes back to an earlier start: whoever does is another machine. */
function noteBoot(
  draft: Draft<HostState>,
  host: Host,
  { account }: Extract<InboxEvent, { kind: 'account' }>,
  quiet: boolean,
): void {
  const { boot, address, bootBefore, addressBefore } = account
  if (boot === undefined || bootBefore === undefined) return
  const known = draft.state.boots ?? [{ boot: bootBefore, address: addressBefore }]
  const last = known.at(-1)
  const earlier = known.find((start) => start.boot === boot)
  const boots = [...known.filter((start) => start.boot !== boot), { boot, address }].slice(-BOOTS)
  draft.change({ boots })
  if (!earlier || earlier === last || draft.state.twoMachinesId !== undefined || quiet) return
  const addresses = [...new Set([last?.address, address].filter((found) => found !== undefined))]
  const { site, siteName } = host
  draft.change({ twoMachinesId: draft.tell({ kind: 'two-machines', site, siteName, addresses }) })
}

function secondOf(at: number): number {
  return Math.floor(at / 1000) * 1000
}
