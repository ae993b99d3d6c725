/**
 * One change of the registry at a time, among all processes that share the data folder: who reads, decides and writes
 * must not undo what another did in between. It takes milliseconds, so whoever waits just waits; a lock whose holder
 * died is taken over.
 */
import { randomBytes } from 'node:crypto'
import { lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createExclusive, readIfThere, removeIfThere, replaceFile } from './files.ts'
import type { DataPaths } from './paths.ts'

const WAIT_MS = 3000
const LOOK_EVERY_MS = 20
/** Two may find the same holder dead: by then it is settled who took its lock over. */
const SETTLE_MS = 200
/** Of a holder in another container, or on another machine, nothing is known but since when it holds the lock. */
const DEAD_ELSEWHERE_MS = 60_000
/** No holder writes nothing, or a link: a power cut left it, or somebody's hand. */
const DEAD_EMPTY_MS = 5000

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

/** Another process holds the lock, or something stands in its place. */
export class BusyError extends Error {
  readonly file: string
  /** The number of that process, where it runs; `undefined`: the lock does not say. */
  readonly holder: string | undefined
  /** Else it is a folder or the like, and only a person can remove it. */
  readonly isFile: boolean

  constructor(file: string, { holder, isFile }: { readonly holder?: string; readonly isFile: boolean }) {
    super(
      isFile
        ? `${file}: ${holder === undefined ? 'somebody else' : `process ${holder}`} changes the registry just now`
        : `${file}: is no file, as the lock of the registry is`,
    )
    this.file = file
    this.holder = holder
    this.isFile = isFile
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
    const found = find(file)
    if (found?.isFolder) throw new BusyError(file, { isFile: false })
    if (found && isDead(found) && find(file)?.lock === found.lock) {
      replaceFile(file, own)
      sleep(SETTLE_MS)
      if (readIfThere(file) === own) return
    }
    if (performance.now() > until) {
      const [holder = ''] = found?.lock.split(' ', 1) ?? []
      throw new BusyError(file, { isFile: found?.isFile ?? true, ...(/^\d+$/.test(holder) && { holder }) })
    }
    sleep(LOOK_EVERY_MS)
  }
}

interface Found {
  /** Empty for what is no file: it is not opened, for a pipe would be waited for, and a link leads elsewhere. */
  readonly lock: string
  readonly isFile: boolean
  /** A folder is the one thing that no file replaces. */
  readonly isFolder: boolean
  readonly writtenAt: number
}

/** `undefined`: it was given back just now. */
function find(file: string): Found | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false })
  const isFile = stats?.isFile() === true
  const lock = isFile ? readIfThere(file) : ''
  return stats && lock !== undefined
    ? { lock, isFile, isFolder: stats.isDirectory(), writtenAt: stats.mtimeMs }
    : undefined
}

function isDead({ lock, writtenAt }: Found): boolean {
  const [pid, start, place] = lock.split(' ')
  if (place === PLACE) return startOf(Number(pid)) !== start
  return Math.abs(Date.now() - writtenAt) > (lock === '' ? DEAD_EMPTY_MS : DEAD_ELSEWHERE_MS)
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
