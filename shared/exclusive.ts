/**
 * One change of the registry at a time, among all processes that share the data folder: who reads, decides and writes
 * must not undo what another did in between. It takes milliseconds, so whoever waits just waits; a lock whose holder
 * died is taken over.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createExclusive, readIfThere, removeIfThere, replaceFile, statsIfThere } from './files.ts'
import type { DataPaths } from './paths.ts'

const WAIT_MS = 3000
const LOOK_EVERY_MS = 20
/** Two may find the same holder dead: by then it is settled who took its lock over. */
const SETTLE_MS = 200
/** Of a holder in another container, or on another machine, nothing is known but since when it holds the lock. */
const DEAD_ELSEWHERE_MS = 60_000

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

/** Another process holds the lock. */
export class BusyError extends Error {
  /** Its number, where it runs. */
  readonly holder: string

  constructor(file: string, holder: string) {
    super(`${file}: process ${holder} changes the registry just now`)
    this.holder = holder
  }
}

/**
 * Does the work while no other process changes the registry. Stops this process while it waits.
 * @throws BusyError when it is not its turn within seconds; what the work throws
 */
export function exclusively<T>(paths: Pick<DataPaths, 'root'>, work: () => T): T {
  const file = join(paths.root, '.change')
  const own = `${process.pid} ${startOf(process.pid) ?? ''} ${PLACE} ${randomBytes(6).toString('hex')}\n`
  try {
    take(file, own)
  } catch (error) {
    // It takes no lock, and nothing new of what is to be written; but what is removed makes room.
    if (!FULL.has((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  try {
    return work()
  } finally {
    if (readIfThere(file) === own) removeIfThere(file)
  }
}

function take(file: string, own: string): void {
  const until = performance.now() + WAIT_MS
  while (createExclusive(file, own) === 'exists') {
    // Empty when it was given back just now.
    const found = readIfThere(file) ?? ''
    if (found !== '' && isDead(file, found) && readIfThere(file) === found) {
      replaceFile(file, own)
      sleep(SETTLE_MS)
      if (readIfThere(file) === own) return
    }
    if (performance.now() > until) throw new BusyError(file, found.split(' ', 1)[0] || '?')
    sleep(LOOK_EVERY_MS)
  }
}

function isDead(file: string, lock: string): boolean {
  const [pid, start, place] = lock.split(' ')
  if (place === PLACE) return startOf(Number(pid)) !== start
  const takenAt = statsIfThere(file)?.mtimeMs ?? Date.now()
  return Math.abs(Date.now() - takenAt) > DEAD_ELSEWHERE_MS
}

/** Where a process has the number that it says: the machine, and on Linux the container. */
const PLACE = encodeURIComponent(`${hostname()} ${attempt(() => readlinkSync('/proc/self/ns/pid')) ?? ''}`)

/** When this process began, in the system's own count: its number may be another's by now. `undefined`: there is none. */
function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  if (stat !== undefined) {
    // Its name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // One that ended, and that nobody has asked how.
    return fields[0] === 'Z' ? undefined : fields[19]
  }
  return attempt(() => process.kill(pid, 0)) ? 'unknown' : undefined
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

function attempt<T>(what: () => T): T | undefined {
  try {
    return what()
  } catch {
    return undefined
  }
}
