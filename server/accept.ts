/**
 * What a signal means, and the order in which it is written: whoever sees the new time in the `.host` file finds what
 * explains it. The one place on a heartbeat's way that touches the disk; a plain heartbeat is one small write.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../shared/files.ts'
import { hostFileName, overwriteHostFile, writeHostFile } from '../shared/host-file.ts'
import type { Account, InboxEvent, InboxWriter } from '../shared/inbox.ts'
import type { Log } from '../shared/log.ts'
import type { DataPaths } from '../shared/paths.ts'
import { register } from '../shared/registry.ts'
import { type Report, readReport, reportFile } from '../shared/report.ts'
import type { Hearing } from './hearing.ts'
import type { Outcome, Signal } from './signal.ts'

export interface AcceptDeps {
  readonly paths: DataPaths
  readonly now: () => number
  readonly inbox: InboxWriter
  readonly hearing: Pick<Hearing, 'holdFor' | 'writeFailed'>
  readonly log: Log
  /** A client said how often it means to report. */
  readonly intervalDeclared: (intervalMs: number) => void
}

/**
 * Keeps a signal. Answers at once unless something must be synced first; never throws or rejects.
 * @param address where it came from, if that is still known
 */
export type Accept = (signal: Signal, address: string | undefined) => Outcome | Promise<Outcome>

interface Known {
  readonly file: string
  /** As it stands on disk. */
  report: Report
  suspended?: number
}

const REPORT_KEYS = ['status', 'message', 'version', 'intervalMs', 'site', 'boot', 'agent', 'address'] as const

export function createAccept({ paths, now, inbox, hearing, log, intervalDeclared }: AcceptDeps): Accept {
  /** Not a registration: whether a host exists is asked of its file each time, so that a removed one begins anew. */
  const known = new Map<string, Known>()
  /** A host whose event is being synced: its next signal must not make the new time visible before that. */
  const pending = new Map<string, Promise<unknown>>()

  function accept(signal: Signal, address: string | undefined): Outcome | Promise<Outcome> {
    const before = pending.get(signal.host)
    if (before) return hold(before.then(() => accept(signal, address)))
    const at = now()
    try {
      const host = known.get(signal.host)
      if (host) {
        const report = reportOf(signal, address ?? host.report.address, host.report, at)
        const changed = !same(report, host.report)
        // Whatever makes an event, a changed boot or agent included, shows in one of these.
        if (!changed && !isEvent(signal) && slept(signal, host) === undefined) {
          if (overwriteHostFile(host.file, seconds(at))) return 'registered'
        }
      }
      return attend(signal, address, at)
    } catch (error) {
      return failed(error)
    }
  }

  /** All but the plain heartbeat. */
  function attend(signal: Signal, address: string | undefined, at: number): Outcome | Promise<Outcome> {
    const name = signal.host
    const file = join(paths.hosts, hostFileName(name))
    const first = !existsSync(file)
    // The report of an earlier host of this name is not this one's.
    const host: Known = first ? { file, report: {} } : (known.get(name) ?? { file, report: readReport(paths, name) })
    const report = reportOf(signal, address ?? host.report.address, host.report, at)
    const account = first ? undefined : accountOf(signal, host, report)
    const events = eventsOf(signal, new Date(at).toISOString(), { first, account, statusBefore: host.report.status })

    if (first) register(paths, { name, registeredAt: at, origin: 'signal' })
    const finish = (): Outcome => {
      if (!same(report, host.report)) writeReport(host, name, report, at)
      writeHostFile(file, seconds(at))
      if (first) log.info(`${name} reports for the first time, from ${address}`)
      else if (!known.has(name)) log.info(`${name} reports`)
      host.suspended = signal.suspended
      known.set(name, host)
      if (report.intervalMs !== undefined) intervalDeclared(report.intervalMs)
      return 'registered'
    }
    if (events.length === 0) return finish()

    // A first signal is told with its report. An account follows from the report before: that one must stay until the
    // account is on disk, or a crash in between would make the repeated signal look as if nothing had happened.
    if (first) writeReport(host, name, report, at)
    const work = Promise.all(events.map((event) => inbox.add(event)))
      .then(finish)
      .catch((error: unknown) => failed(error))
      .finally(() => pending.delete(name))
    pending.set(name, work)
    return hold(work)
  }

  function writeReport(host: Known, name: string, report: Report, at: number): void {
    const { lastWordsAt } = report
    const until = lastWordsAt === undefined ? undefined : new Date(lastWordsAt).toISOString()
    const content = JSON.stringify({ ...report, lastWordsAt: until, changedAt: new Date(at).toISOString() })
    replaceFile(reportFile(paths, name), `${content}\n`)
    host.report = report
  }

  function hold(work: Promise<Outcome>): Promise<Outcome> {
    hearing.holdFor(work)
    return work
  }

  function failed(error: unknown): Outcome {
    hearing.writeFailed(error)
    return { cannotWrite: (error as NodeJS.ErrnoException).code ?? 'unknown error' }
  }

  return accept
}

function reportOf(signal: Signal, address: string | undefined, before: Report, at: number): Report {
  const { status, message, version, intervalMs, site, boot, agent } = signal
  // Words that are not said any more may still explain a silence that follows them.
  const over = before.message !== undefined && before.message !== message
  const lastWords = over ? before.message : before.lastWords
  const lastWordsAt = over ? at : before.lastWordsAt
  return { status, message, version, intervalMs, site, boot, agent, address, lastWords, lastWordsAt }
}

/** Something that must not be lost, whether the report changes with it or not. */
function isEvent({ goodbye, unsent, status }: Signal): boolean {
  return goodbye || Boolean(unsent) || status === 'error' || status === 'warning'
}

function same(a: Report, b: Report): boolean {
  for (const key of REPORT_KEYS) if (a[key] !== b[key]) return false
  return true
}

function eventsOf(
  signal: Signal,
  at: string,
  { first, account, statusBefore }: { first: boolean; account: Account | undefined; statusBefore: Report['status'] },
): InboxEvent[] {
  const events: InboxEvent[] = []
  const { host, status, message } = signal
  const wasBad = statusBefore === 'error' || statusBefore === 'warning'
  if (first) events.push({ host, at, kind: 'first' })
  if (account) events.push({ host, at, kind: 'account', account })
  if (status === 'error' || status === 'warning') events.push({ host, at, kind: 'status', status, message })
  else if (wasBad && !first) events.push({ host, at, kind: 'status', status: 'ok' })
  if (signal.goodbye) events.push({ host, at, kind: 'goodbye' })
  return events
}

/** What the client says about an outage of its own, if there is anything to say. */
function accountOf(signal: Signal, { report, suspended }: Known, now: Report): Account | undefined {
  const rebooted = changed(report.boot, signal.boot)
  const agentRestarted = changed(report.agent, signal.agent)
  const { up, age, unsent } = signal
  // A new start counts its sleep anew.
  const asleep = rebooted || agentRestarted ? undefined : slept(signal, { suspended })
  if (!rebooted && !agentRestarted && !unsent && asleep === undefined) return undefined
  const starts = rebooted && {
    boot: now.boot,
    address: now.address,
    bootBefore: report.boot,
    addressBefore: report.address,
  }
  return { rebooted, agentRestarted, up, age, slept: asleep, unsent, ...starts }
}

/** Seconds asleep since the last signal. After a start of our own that one's sum is unknown, and nothing is claimed. */
function slept(signal: Signal, { suspended }: { suspended?: number }): number | undefined {
  const grown = (signal.suspended ?? 0) - (suspended ?? signal.suspended ?? 0)
  return grown >= 1 ? grown : undefined
}

/** Clients that say nothing did not change. */
function changed(before: string | undefined, after: string | undefined): boolean {
  return before !== undefined && after !== undefined && before !== after
}

function seconds(at: number): number {
  return Math.floor(at / 1000)
}
