/**
 * What a signal means: what it changes of its host's report, which events it makes, and whether the host counts as
 * heard. Pure; accept.ts writes it down.
 *
 * A `start` and a `log` leave the last signal alone. A failure and a success end a run that has begun, but for a success
 * that names another run. A plain heartbeat says nothing of runs: an agent may report beside a job.
 */
import type { Account, InboxEvent, Words } from '../shared/inbox.ts'
import type { ClientStatus, Report } from '../shared/report.ts'
import type { Signal } from './signal.ts'

export interface Meaning {
  readonly report: Report
  readonly changed: boolean
  readonly events: readonly InboxEvent[]
  /** The host was heard: its time is now. */
  readonly heard: boolean
}

export interface Circumstances {
  /** The host was never heard before. */
  readonly first: boolean
  readonly everyHeartbeat: boolean
  readonly address: string | undefined
  /** All seconds that the machine had slept by the signal before; `undefined`: not known since our start. */
  readonly suspended: number | undefined
  /** Epoch milliseconds. */
  readonly at: number
}

/** Nothing but its time is to be kept of it: the common case, asked first. */
export function isPlain(signal: Signal, report: Report, circumstances: Circumstances): boolean {
  const { event, status, exitStatus, durationMs, unsent } = signal
  return (
    (event === undefined || event === 'success') &&
    status !== 'warning' &&
    status !== 'error' &&
    exitStatus === undefined &&
    durationMs === undefined &&
    !unsent &&
    !circumstances.everyHeartbeat &&
    !(event === 'success' && report.runStartedAt !== undefined) &&
    sleptS(signal, circumstances) === undefined &&
    isSame(reportAfter(signal, report, circumstances), report)
  )
}

export function meaningOf(signal: Signal, before: Report, circumstances: Circumstances): Meaning {
  const { first, at } = circumstances
  const { event } = signal
  const report = reportAfter(signal, before, circumstances)
  const heard = event !== 'start' && event !== 'log'
  const account = first ? undefined : accountOf(signal, before, report, circumstances)
  const about = { host: signal.host, at: new Date(at).toISOString() }
  const events: InboxEvent[] = []
  if (first && heard) events.push({ ...about, kind: 'first' })
  if (account) events.push({ ...about, kind: 'account', account })
  if (event === 'start') events.push({ ...about, kind: 'run-started', id: signal.run })
  if (event === 'log') events.push({ ...about, kind: 'log', ...wordsOf(signal) })
  if (heard) {
    const run = endOfRun(signal, before, at)
    if (run) events.push({ ...about, kind: 'run-ended', ...run })
    const { status } = report
    if (isBad(status) && !repeats(signal, before))
      events.push({ ...about, kind: 'status', status: status!, ...wordsOf(signal) })
    else if (!isBad(status) && isBad(before.status) && !first) events.push({ ...about, kind: 'status', status: 'ok' })
    // What is no good is told as that.
    if (circumstances.everyHeartbeat && !isBad(status)) {
      const { message, version, metadata } = signal
      events.push({ ...about, kind: 'heartbeat', status, message, version, metadata })
    }
  }
  if (event === 'goodbye') events.push({ ...about, kind: 'goodbye' })
  return { report, changed: !isSame(report, before), events, heard }
}

function reportAfter(signal: Signal, before: Report, { address = before.address, at }: Circumstances): Report {
  const { event } = signal
  // What it declared of a job's rhythm stays declared; how often an agent reports, it says each time.
  const { timeoutMs, schedule, timezone } = rhythmAfter(signal, before)
  const graceMs = signal.graceMs ?? before.graceMs
  const maxRunMs = signal.maxRunMs ?? before.maxRunMs
  if (event === 'start' || event === 'log') {
    const declared = { ...before, timeoutMs, schedule, timezone, graceMs, maxRunMs }
    return event === 'log' ? declared : { ...declared, address, runId: signal.run, runStartedAt: at }
  }

  const { message, version, site, boot, agent, progress, metadata, output = before.output } = signal
  // Words that are not said any more may still explain a silence that follows them.
  const over = before.message !== undefined && before.message !== message
  const ended = endsRun(signal, before)
  // Field by field: it is made of each heartbeat, and to spread an object into it would take many times as long.
  return {
    intervalMs: signal.intervalMs,
    timeoutMs,
    schedule,
    timezone,
    graceMs,
    maxRunMs,
    status: statusAfter(signal, before),
    message,
    version,
    site,
    boot,
    agent,
    address,
    metadata,
    progress,
    progressAt: progress === undefined ? undefined : progress === before.progress ? before.progressAt : at,
    runId: ended ? undefined : before.runId,
    runStartedAt: ended ? undefined : before.runStartedAt,
    output,
    lastWords: over ? before.message : before.lastWords,
    lastWordsAt: over ? at : before.lastWordsAt,
  }
}

/** A schedule and a timeout are two answers to one question: the one that was given last counts. */
function rhythmAfter(signal: Signal, before: Report): Pick<Report, 'timeoutMs' | 'schedule' | 'timezone'> {
  const said = signal.schedule === undefined && signal.timeoutMs === undefined ? before : signal
  return { timeoutMs: said.timeoutMs, schedule: said.schedule, timezone: said.timezone }
}

function statusAfter(signal: Signal, before: Report): ClientStatus | undefined {
  if (hasFailed(signal)) return 'failed'
  // Only the job itself can say that it is well again.
  const silent = signal.status === undefined && signal.event !== 'success'
  return silent && before.status === 'failed' ? 'failed' : signal.status
}

function hasFailed({ event, exitStatus = 0 }: Signal): boolean {
  return event === 'fail' || exitStatus > 0
}

export function isBad(status: ClientStatus | undefined): boolean {
  return status !== undefined && status !== 'ok'
}

/** It says nothing of its own, only that it lives: what it said before still stands, and was told. */
function repeats(signal: Signal, before: Report): boolean {
  return before.status === 'failed' && !before.untold && signal.status === undefined && !hasFailed(signal)
}

function endsRun(signal: Signal, { runId, runStartedAt }: Report): boolean {
  if (runStartedAt === undefined) return false
  if (hasFailed(signal)) return true
  const says = signal.event === 'success' || signal.exitStatus !== undefined
  return says && (signal.run === undefined || runId === undefined || signal.run === runId)
}

function endOfRun(signal: Signal, before: Report, at: number) {
  const { runId, runStartedAt } = before
  const ends = endsRun(signal, before)
  if (!ends && !speaksOfRun(signal, before)) return undefined
  const sameRun = ends && runStartedAt !== undefined && (signal.run === undefined || signal.run === runId)
  const durationMs = signal.durationMs ?? (sameRun ? Math.max(0, at - runStartedAt) : undefined)
  return { failed: hasFailed(signal), ends, durationMs, ...wordsOf(signal) }
}

/** It ended a run that is not the open one; or the last that was known failed, and that is over. */
function speaksOfRun(signal: Signal, before: Report): boolean {
  if (signal.exitStatus !== undefined || signal.durationMs !== undefined || hasFailed(signal)) return true
  if (signal.event !== 'success') return false
  return before.status === 'failed' || (signal.run !== undefined && before.runStartedAt !== undefined)
}

function wordsOf({ message, exitStatus, output }: Signal): Words {
  return { message, exitStatus, output }
}

/** Field by field, as reportAfter: what follows from the others (`progressAt`, `lastWords`) is not asked. */
function isSame(a: Report, b: Report): boolean {
  return (
    a.status === b.status &&
    a.untold === b.untold &&
    a.message === b.message &&
    a.version === b.version &&
    a.intervalMs === b.intervalMs &&
    a.timeoutMs === b.timeoutMs &&
    a.schedule === b.schedule &&
    a.timezone === b.timezone &&
    a.graceMs === b.graceMs &&
    a.maxRunMs === b.maxRunMs &&
    a.site === b.site &&
    a.boot === b.boot &&
    a.agent === b.agent &&
    a.address === b.address &&
    a.progress === b.progress &&
    a.runId === b.runId &&
    a.runStartedAt === b.runStartedAt &&
    a.output === b.output &&
    (a.metadata === b.metadata || JSON.stringify(a.metadata) === JSON.stringify(b.metadata))
  )
}

/** What the client says about an outage of its own, if there is anything to say. */
function accountOf(signal: Signal, before: Report, now: Report, circumstances: Circumstances): Account | undefined {
  const rebooted = isChanged(before.boot, signal.boot)
  const agentRestarted = isChanged(before.agent, signal.agent)
  const { up, age, unsent } = signal
  // A new start counts its sleep anew.
  const slept = rebooted || agentRestarted ? undefined : sleptS(signal, circumstances)
  if (!rebooted && !agentRestarted && !unsent && slept === undefined) return undefined
  const starts = rebooted && {
    boot: now.boot,
    address: now.address,
    bootBefore: before.boot,
    addressBefore: before.address,
  }
  return { rebooted, agentRestarted, up, age, slept, unsent, ...starts }
}

/** Seconds asleep since the last signal. After a start of our own that one's sum is unknown, and nothing is claimed. */
function sleptS({ suspended = 0 }: Signal, { suspended: before = suspended }: Circumstances): number | undefined {
  const grown = suspended - before
  return grown >= 1 ? grown : undefined
}

/** Clients that say nothing did not change. */
function isChanged(before: string | undefined, after: string | undefined): boolean {
  return before !== undefined && after !== undefined && before !== after
}
