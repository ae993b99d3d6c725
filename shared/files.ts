/**
 * The few ways in which a file is written: replaced whole, created once, overwritten in place (host-file.ts).
 * Nothing here syncs unless asked: what a caller acknowledges, it syncs.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  opendirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

const MODE = 0o640
/** By then no process is still writing it. */
const LEFTOVER_MS = 3_600_000
/** A folder may hold very many, and these need not be in order. */
const ENTRIES_AT_ONCE = 4096
/** Not the pid: in containers that share the folder each process is number 1, in every life. */
const LIFE = randomBytes(6).toString('hex')
let counter = 0

/** A name beside the target that no reader looks at: it starts with a dot. */
function temporaryName(file: string): string {
  return join(dirname(file), `.${basename(file)}.${LIFE}.${counter++}`)
}

const TEMPORARY_NAME = /^\..+\.[0-9a-f]{12}\.\d+$/

/** Removes what a process was writing when it was killed: nobody else will ever look at it. Others' files stay. */
export function removeLeftovers(folder: string, now: number): void {
  if (!existsSync(folder)) return
  const entries = opendirSync(folder, { bufferSize: ENTRIES_AT_ONCE })
  try {
    for (let entry = entries.readSync(); entry; entry = entries.readSync()) {
      if (!TEMPORARY_NAME.test(entry.name)) continue
      const file = join(folder, entry.name)
      const found = lstatSync(file, { throwIfNoEntry: false })
      if (found?.isFile() && now - found.mtimeMs > LEFTOVER_MS) removeIfThere(file)
    }
  } finally {
    entries.closeSync()
  }
}

/** Readers see the old content or the new, never a part. */
export function replaceFile(file: string, content: string, { sync = false, mode = MODE } = {}): void {
  const temporary = temporaryName(file)
  try {
    writeTo(temporary, content, sync, mode)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  if (sync) syncFolder(dirname(file))
}

/** Writes the file unless it exists; of two who try at once, one wins. */
export function createExclusive(
  file: string,
  content: string,
  { sync = false, mode = MODE } = {},
): 'created' | 'exists' {
  const temporary = temporaryName(file)
  try {
    writeTo(temporary, content, sync, mode)
    linkSync(temporary, file)
    if (sync) syncFolder(dirname(file))
    return 'created'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists'
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** What stands there is no file of ours: a folder, a link that leads nowhere or to itself. */
const NO_FILE: ReadonlySet<string> = new Set(['ENOENT', 'EISDIR', 'ELOOP', 'ENOTDIR'])

/** Or one that we may not read: somebody else put it there. */
export const NOT_OURS: ReadonlySet<string> = new Set([...NO_FILE, 'EACCES', 'EPERM'])

/** `undefined` when there is no such file. Other errors are thrown. */
export function readIfThere(file: string, passedOver: ReadonlySet<string> = NO_FILE): string | undefined {
  try {
    return readText(file)
  } catch (error) {
    if (passedOver.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

/** Nearly all files are far shorter, and read at once: a checker reads several for each of its hosts when it starts. */
const beginning = Buffer.alloc(8192)

function readText(file: string): string {
  const fd = openSync(file, 'r')
  try {
    const length = readSync(fd, beginning, 0, beginning.length, 0)
    return length < beginning.length ? beginning.toString('utf8', 0, length) : readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

export type JsonObject = Record<string, unknown>

/** `undefined` when there is no such file or it holds no JSON object: a reader must survive what others write. */
export function readJsonIfThere(file: string, passedOver?: ReadonlySet<string>): JsonObject | undefined {
  const text = readIfThere(file, passedOver)
  return text === undefined ? undefined : parseObject(text)
}

/** `undefined` for what is no JSON object. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

/** The names that end in `extension`, without it; half-written files (a leading dot) are left out. */
export function listNames(folder: string, extension: string): string[] {
  const names: string[] = []
  let entries: string[]
  try {
    entries = readdirSync(folder)
  } catch (error) {
    if (isMissing(error)) return names
    throw error
  }
  for (const entry of entries) {
    if (entry.endsWith(extension) && !entry.startsWith('.')) names.push(entry.slice(0, -extension.length))
  }
  return names
}

/**
 * Another number whenever a file was written or replaced, or something in a folder was made, renamed or removed; 0 when
 * it is not there. One number, for many are kept: milliseconds, and what tells two files of the same one apart.
 */
export function stampOf(path: string): number {
  return stampIn(statsIfThere(path))
}

/** The same, of what was found already. */
export function stampIn(found: Stats | undefined): number {
  // By the time of its last change of any kind, which nobody can set as they can that of its content.
  return found ? Math.floor(found.ctimeMs) * 2048 + (found.ino % 2048) : 0
}

/** Another text whenever a file was written or replaced, by whatever program; empty when nothing can be seen there. */
export function versionOf(file: string): string {
  try {
    const { mtimeMs, ctimeMs, ino, size } = statSync(file)
    return `${mtimeMs} ${ctimeMs} ${ino} ${size}`
  } catch {
    return ''
  }
}

/** `undefined` when there is nothing that we could read. */
export function statsIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (NOT_OURS.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

export function removeIfThere(file: string): void {
  try {
    unlinkSync(file)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException)?.code === 'ENOENT'
}

function writeTo(file: string, content: string, sync: boolean, mode: number): void {
  const fd = openSync(file, 'wx', mode)
  try {
    writeFileSync(fd, content)
    if (sync) fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
