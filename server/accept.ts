/**
 * Keeps what was said, in an order in which whoever sees the new time in the `.host` file finds what explains it. The
 * one place on a heartbeat's way that touches the disk; a plain heartbeat is one small write. What a signal means, and
 * so what is to be written, meaning.ts decides.
 */
import { existsSync } from 'node:fs'
import { replaceFile, stampOf } from '../shared/files.ts'
import { hostFileName, overwriteHostFile, writeHostFile } from '../shared/host-file.ts'
import type { InboxWriter } from '../shared/inbox.ts'
import type { Log } from '../shared/log.ts'
import type { DataPaths } from '../shared/paths.ts'
import { register, registrationFile } from '../shared/registry.ts'
import { type Report, readReport, reportContent, reportFile } from '../shared/report.ts'
import type { ErrorInbox } from './errors/inbox.ts'
import type { Scrub } from './errors/scrub.ts'
import type { Hearing } from './hearing.ts'
import { MOST_OF_PROJECT } from './jobs.ts'
import type { Keys } from './keys.ts'
import { type Circumstances, isBad, isPlain, meaningOf } from './meaning.ts'
import type { Deed, Outcome, Signal } from './signal.ts'

export interface AcceptDeps {
  readonly paths: DataPaths
  readonly now: () => number
  readonly inbox: InboxWriter
  readonly errors: ErrorInbox
  readonly hearing: Pick<Hearing, 'holdFor' | 'writeFailed'>
  readonly keys: () => Pick<Keys, 'mayAdd' | 'added'>
  readonly log: Log
  /** Another server process writes the same folder: what is known of a report is to be checked each time. */
  readonly shared: boolean
  /** A client said how often it means to report. */
  readonly intervalDeclared: (intervalMs: number) => void
  /** A ping ends the pauses of its host. @throws what the file system throws */
  readonly endPauses: (host: string) => void
  /** What a client says of itself may hold a password, as what applications report of errors may. */
  readonly scrub: () => Pick<Scrub, 'text' | 'value'>
}

/**
 * Keeps what was said. Answers at once unless something must be synced first; never throws or rejects.
 * @param address where it came from, if that is still known
 */
export type Accept = (deed: Deed, address: string | undefined) => Outcome | Promise<Outcome>

type SignalDeed = Extract<Deed, { kind: 'signal' }>

const COMPLAIN_EVERY_MS = 60_000
/** Made here, it holds nothing of what was said for as long as that is being synced. */
const registered = () => 'registered' as const

interface Known {
  /** As it stands on disk. */
  report: Report
  stamp: number
  suspended?: number
  /** Its `.host` file was written by us. */
  written: boolean
}

export function createAccept(deps: AcceptDeps): Accept {
  const { paths, now, inbox, errors, hearing, keys, log, shared, scrub } = deps
  /** Not a registration: whether a host exists is asked of its file each time, so that a removed one begins anew. */
  const known = new Map<string, Known>()
  /** A host whose event is being synced: its next signal must not make the new time visible before that. */
  const pending = new Map<string, Promise<unknown>>()
  let complainedAt = Number.NEGATIVE_INFINITY

  function accept(deed: Deed, address: string | undefined): Outcome | Promise<Outcome> {
    const at = now()
    if (deed.kind === 'error') {
      const event = { project: deed.subject.name, at: new Date(at).toISOString(), group: deed.group }
      return hold(errors.add(event, deed).then(registered, failed))
    }
    const { subject } = deed
    const signal = scrubbed(deed.signal, scrub())
    const before = pending.get(signal.host)
    if (before) return hold(before.then(() => accept(deed, address)))
    try {
      const host = known.get(signal.host)
      if (host && !(shared && host.stamp !== stampOf(reportFile(paths, signal.host)))) {
        const circumstances: Circumstances = {
          first: false,
          everyHeartbeat: subject?.everyHeartbeat === true,
          address,
          suspended: host.suspended,
          at,
        }
        if (
          isPlain(signal, host.report, circumstances) &&
          overwriteHostFile(hostFile(signal.host), seconds(at), host.written)
        ) {
          host.written = true
          if (deed.endsPause) deps.endPauses(signal.host)
          return 'registered'
        }
      }
      return attend({ ...deed, signal }, address, at)
    } catch (error) {
      return failed(error)
    }
  }

  /** Made each time: a hundred thousand of them are not to be kept. */
  function hostFile(name: string): string {
    return `${paths.hosts}/${hostFileName(name)}`
  }

  /** All but the plain heartbeat. */
  function attend(deed: SignalDeed, address: string | undefined, at: number): Outcome | Promise<Outcome> {
    const { signal, subject, project } = deed
    const name = signal.host
    const file = hostFile(name)
    const first = !existsSync(file)
    // Asked of the disk: what is known of a host may be a second old, and it was removed since.
    const may = first ? keys().mayAdd(name, project, subject?.hasToken) : 'yes'
    if (may !== 'yes') {
      complain(name, may, project)
      return may
    }
    const host = hostOf(name, first && !subject)
    const circumstances = {
      first,
      everyHeartbeat: subject?.everyHeartbeat === true,
      address,
      suspended: host.suspended,
      at,
    }
    const { report, changed, events, heard } = meaningOf(signal, host.report, circumstances)

    if (first) {
      const origin = project === undefined ? 'signal' : 'project'
      if (register(paths, { name, registeredAt: at, origin, project }) === 'created') keys().added(project)
    }
    const isRegistered = () => existsSync(registrationFile(paths, name))
    const hadToken = events.length > 0 && subject?.hasToken && isRegistered()
    const finish = (): Outcome => {
      // Removed while its event was being synced: it would be back without its token, and anybody's.
      if (hadToken && !isRegistered()) return 'not-known'
      if (changed) writeReport(host, name, report, at)
      if (heard) {
        writeHostFile(file, seconds(at))
        host.written = true
      }
      if (deed.endsPause && signal.event !== 'log') deps.endPauses(name)
      if (first && heard) log.info(`${name} reports for the first time, from ${address}`)
      else if (!known.has(name)) log.debug(`${name} reports`)
      host.suspended = signal.suspended
      known.set(name, host)
      if (report.intervalMs !== undefined) deps.intervalDeclared(report.intervalMs)
      return 'registered'
    }
    if (events.length === 0) return finish()

    // A first signal is told with its report. An account follows from the report before: that one must stay until the
    // account is on disk, or a crash in between would make the repeated signal look as if nothing had happened.
    if (first) writeReport(host, name, report, at)
    // That it is in trouble is known before it is told: a crash in between would forget that there is an end to tell, or
    // that nobody was told.
    else if (changed && isBad(report.status) && !isBad(host.report.status))
      writeReport(host, name, { ...host.report, status: report.status, untold: true }, at)
    const work = Promise.all(events.map((event) => inbox.add(event)))
      .then(finish)
      .catch(failed)
      .finally(() => pending.delete(name))
    pending.set(name, work)
    return hold(work)
  }

  function complain(name: string, why: 'not-known' | 'too-many-hosts', project: string | undefined): void {
    const at = now()
    if (Math.abs(at - complainedAt) < COMPLAIN_EVERY_MS) return
    complainedAt = at
    const many = project === undefined ? 'server.maxHosts' : `server.maxHosts (of ${project}: ${MOST_OF_PROJECT})`
    const reason = {
      'not-known': 'it is no host, or was removed: `monitora host add` makes it one',
      'too-many-hosts': `there are as many hosts as ${many} allows: raise that, or make it one by \`monitora host add\``,
    }[why]
    log.warn(`${name} was refused: ${reason} (said once a minute)`)
  }

  /** @param unknown nobody has heard of it: the report of an earlier host of this name is not this one's */
  function hostOf(name: string, unknown: boolean): Known {
    const host = known.get(name)
    const stamp = stampOf(reportFile(paths, name))
    if (unknown) return { report: {}, stamp, written: false }
    // A report that vanished was another host's of this name, which was removed.
    if (host && host.stamp === stamp) return host
    return { report: readReport(paths, name), stamp, suspended: host?.suspended, written: false }
  }

  function writeReport(host: Known, name: string, report: Report, at: number): void {
    replaceFile(reportFile(paths, name), reportContent(report, at))
    host.report = report
    host.stamp = stampOf(reportFile(paths, name))
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

/** The same object, if there is nothing to take out of it: the common case. */
function scrubbed(signal: Signal, scrub: ReturnType<AcceptDeps['scrub']>): Signal {
  const { message, output, metadata } = signal
  if (message === undefined && output === undefined && metadata === undefined) return signal
  const plain = {
    message: message && scrub.text(message),
    output: output && scrub.text(output),
    metadata: metadata && (scrub.value(metadata) as Signal['metadata']),
  }
  const isSame = plain.message === message && plain.output === output && metadata === undefined
  return isSame ? signal : { ...signal, ...plain }
}

function seconds(at: number): number {
  return Math.floor(at / 1000)
}
