/**
 * The `.host` file: ten digits of Unix time and a newline, the whole truth about when a host was last heard.
 * Eleven bytes lie within one sector, so a file that has that size is overwritten in place: twenty times faster than
 * replacing it, and a reader never sees it empty or short. Digits of two writes may mix, rarely: readSettled.
 */
import { closeSync, constants, openSync, readSync, statSync, writeSync } from 'node:fs'
import { isMissing, replaceFile } from './files.ts'

const SIZE = 11
const EXTENSION = '.host'
/** Other programs write a float, or no newline; never fewer digits than ten, unless they are caught half-way. */
const LEADING_DIGITS = /^\d{10}(?!\d)/

export function hostFileName(host: string): string {
  return `${host}${EXTENSION}`
}

/**
 * Says that a host was heard.
 * @param seconds Unix time, whole seconds
 * @returns 'created' when there was no file yet
 */
export function writeHostFile(file: string, seconds: number): 'created' | 'overwritten' {
  const known = overwriteHostFile(file, seconds)
  if (!known) replaceFile(file, contentOf(seconds).toString())
  return known ? 'overwritten' : 'created'
}

/**
 * The hot path: overwrites what is there.
 * @param ours this process has written it before: that it has our size is not asked again, which is a third of the work
 * @returns false, with nothing written, when there is no such file
 */
export function overwriteHostFile(file: string, seconds: number, ours = false): boolean {
  const bytes = contentOf(seconds)
  let fd: number
  try {
    fd = openSync(file, 'r+')
  } catch (error) {
    if (isMissing(error)) return false
    // A file of another owner in a folder of ours can still be replaced.
    if ((error as NodeJS.ErrnoException).code === 'EACCES' && statSync(file).isFile()) {
      replaceFile(file, bytes.toString())
      return true
    }
    throw error
  }
  try {
    // One byte more than there should be: cheaper than asking for the size, by a quarter of this function.
    if (ours || readSync(fd, start, 0, SIZE + 1, 0) === SIZE) {
      writeSync(fd, bytes, 0, SIZE, 0)
      return true
    }
  } finally {
    closeSync(fd)
  }
  // What another program wrote there is longer or shorter: in place the two would mix.
  replaceFile(file, bytes.toString())
  return true
}

const content = Buffer.alloc(SIZE)
let contentSeconds = Number.NaN

/** Always eleven bytes: a box without a clock of its own starts in 1970. Valid until the next call: all of one second share them. */
function contentOf(seconds: number): Buffer {
  if (seconds !== contentSeconds) content.write(`${String(seconds).padStart(SIZE - 1, '0')}\n`, 'latin1')
  contentSeconds = seconds
  return content
}

/** Not that file is at fault, but this process or the disk: it says nothing about a host. */
const OUR_TROUBLE = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO'])

function isOurTrouble(error: unknown): boolean {
  return OUR_TROUBLE.has((error as NodeJS.ErrnoException).code ?? '')
}

/** @returns Unix time in seconds; 'missing' without a file; 'garbled' when its content is no time */
export function readHostFile(file: string): number | 'missing' | 'garbled' {
  return readTime(file, readStart)
}

function readTime(file: string, read: (fd: number) => string): number | 'missing' | 'garbled' {
  let text: string
  try {
    text = withOpen(file, read)
  } catch (error) {
    if (isMissing(error)) return 'missing'
    if (isOurTrouble(error)) throw error
    return 'garbled'
  }
  const digits = LEADING_DIGITS.exec(text)
  return digits ? Number(digits[0]) : 'garbled'
}

/**
 * What a verdict may rest on: two readings in a row that say the same.
 * @returns as readHostFile; 'garbled' also when it never settles
 */
export function readSettled(file: string): number | 'missing' | 'garbled' {
  return readTime(file, settledStart)
}

const start = Buffer.alloc(32)

function readStart(fd: number): string {
  return start.toString('latin1', 0, readSync(fd, start, 0, start.length, 0))
}

/** Empty when it never settles. To open the file for each reading would cost twice as much. */
function settledStart(fd: number): string {
  let last = readStart(fd)
  for (let attempt = 0; attempt < 5; attempt++) {
    const next = readStart(fd)
    if (next === last) return next
    last = next
  }
  return ''
}

/** On Linux reading leaves no trace: to note when it was is a write, and a twentieth of the checker's work. */
let reading = constants.O_RDONLY | (constants.O_NOATIME ?? 0)

function openToRead(file: string): number {
  try {
    return openSync(file, reading)
  } catch (error) {
    if (reading === constants.O_RDONLY || isMissing(error) || isOurTrouble(error)) throw error
    // Another owner's may not be read so, and some file systems may know nothing of it.
    const fd = openSync(file, constants.O_RDONLY)
    reading = constants.O_RDONLY
    return fd
  }
}

function withOpen<T>(file: string, read: (fd: number) => T): T {
  const fd = openToRead(file)
  try {
    return read(fd)
  } finally {
    closeSync(fd)
  }
}

/** When a host was last heard, for people: no second reading. `undefined`: never, or unreadable. */
export function lastHeard(file: string): number | undefined {
  const heard = readHostFile(file)
  return typeof heard === 'number' ? heard : undefined
}

export { EXTENSION as HOST_EXTENSION }
