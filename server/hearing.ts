/**
 * Whether the server can hear, second by second. Its pulse with second S says: everything that reached us until S is in
 * the files. So after any span in which that was not so, the span is written down, synced, before the next pulse.
 */
import { join } from 'node:path'
import { type Absence, appendAbsence, forgetOldAbsences } from '../shared/absences.ts'
import type { Clock } from '../shared/clock.ts'
import { listNames, removeIfThere, replaceFile } from '../shared/files.ts'
import { HOST_EXTENSION, hostFileName, lastHeard } from '../shared/host-file.ts'
import { type Log, reasonOf } from '../shared/log.ts'
import type { DataPaths } from '../shared/paths.ts'
import { forgetStoppedServers, serverPulses, writePulse } from '../shared/pulse.ts'
import { absenceBetween, missed, type Reading, readClocks, startOf } from './absence.ts'

const HEARER = 'server'
const COMPLAIN_EVERY_MS = 60_000
/** Another server whose pulse is no older heard all the time, as far as anybody can tell. */
const HEARD_MS = 2000

export interface HearingDeps {
  readonly paths: DataPaths
  readonly clock: Clock
  readonly log: Log
  /** Which of several servers on this folder it is. */
  readonly instance?: number
}

export interface Hearing {
  /** Once it listens: writes down the time it did not run, then the first pulse. @throws when it cannot write */
  start(): void
  /** Each whole second. Resolves when the pulse is written, or cannot be. */
  beat(): Promise<void>
  /** A pulse that begins from now on waits until this work is done. */
  holdFor(work: Promise<unknown>): void
  /** A signal could not be kept. */
  writeFailed(error: unknown): void
  canWrite(): boolean
  /** After the last request was answered. @param heardUntil the clocks when it ceased to listen */
  lastPulse(heardUntil: Reading): Promise<void>
}

export function createHearing({ paths, clock, log, instance = 0 }: HearingDeps): Hearing {
  const held = new Set<Promise<unknown>>()
  let last: Reading
  let sinceAt: number
  let beating = false
  /** A write failed since the last pulse: whether only that file is at fault must be known before the next. */
  let suspect = false
  let refusing = false
  let complainedAt = Number.NEGATIVE_INFINITY

  function pulse(now: Reading): void {
    try {
      if (suspect) probe(paths)
      suspect = false
      const absence = refusing ? missed(last, now, 'cannot-write') : absenceBetween(last, now, sinceAt)
      if (absence) writeDown(absence)
      writePulse(paths, 'server', now.wallAt, instance)
      if (refusing) complainedAt = Number.NEGATIVE_INFINITY
      refusing = false
      last = now
    } catch (error) {
      suspect = true
      refusing = true
      complain(error)
    }
  }

  function writeDown(absence: Absence): void {
    appendAbsence(paths, HEARER, absence)
    const [from, to] = [absence.fromAt, absence.toAt].map((at) => new Date(at).toISOString())
    log.warn(`absence noted, ${from} to ${to}: ${absence.why}`)
  }

  function complain(error: unknown): void {
    if (clock.monotonic() - complainedAt < COMPLAIN_EVERY_MS) return
    complainedAt = clock.monotonic()
    const now = refusing ? 'no pulse until it can be written again, tried each second' : 'other files can be written'
    log.error(`cannot write: ${reasonOf(error)} (${now})`)
  }

  return {
    start() {
      const now = readClocks(clock)
      forgetOldAbsences(paths, HEARER, now.wallAt)
      forgetStoppedServers(paths, now.wallAt)
      const { newestAt, othersHear } = pulsesBefore(serverPulses(paths), instance, now.wallAt)
      const found = startOf(now.wallAt, newestAt, (notAfter) => newestHeard(paths, notAfter))
      if (found.absence && !othersHear) writeDown(found.absence)
      writePulse(paths, 'server', now.wallAt, instance)
      sinceAt = found.sinceAt
      last = now
    },

    async beat() {
      // One that still waits for a slow disk says nothing yet; when that takes too long, the next one finds us stuck.
      if (beating) return
      beating = true
      try {
        const now = readClocks(clock)
        // A timer may run before what already lies in the sockets is read. One turn takes in new connections, the next
        // what they sent: then all that reached us before this second is at least in hand.
        await turn()
        await turn()
        await Promise.allSettled([...held])
        pulse(now)
      } finally {
        beating = false
      }
    },

    holdFor(work) {
      held.add(work)
      const done = () => held.delete(work)
      work.then(done, done)
    },

    writeFailed(error) {
      if (!suspect) {
        suspect = true
        try {
          probe(paths)
        } catch {
          refusing = true
        }
      }
      complain(error)
    },

    canWrite: () => !refusing,

    async lastPulse(heardUntil) {
      await Promise.allSettled([...held])
      pulse(heardUntil)
    },
  }
}

/** What a start finds of those before it and beside it. */
function pulsesBefore(pulses: ReadonlyMap<number, number>, own: number, now: number) {
  const newestAt = pulses.size === 0 ? undefined : Math.max(...pulses.values())
  const othersHear = [...pulses].some(([instance, at]) => instance !== own && at <= now && now - at <= HEARD_MS)
  return { newestAt, othersHear }
}

/** Where a signal leaves something. What can be written there, synced, could have been heard. @throws what the disk says */
function probe({ alive, hosts, reports, registry, inbox }: DataPaths): void {
  for (const folder of [alive, hosts, reports, registry, inbox]) {
    const file = join(folder, '.probe')
    replaceFile(file, 'Can this disk be written?\n', { sync: true })
    removeIfThere(file)
  }
}

function newestHeard(paths: DataPaths, notAfter: number): number | undefined {
  let newest: number | undefined
  for (const name of listNames(paths.hosts, HOST_EXTENSION)) {
    const at = (lastHeard(join(paths.hosts, hostFileName(name))) ?? Number.POSITIVE_INFINITY) * 1000
    if (at <= notAfter && at > (newest ?? 0)) newest = at
  }
  return newest
}

function turn(): Promise<void> {
  return new Promise((done) => setImmediate(done))
}
