/**
 * The file operations the journal is made of, each a step at which a machine may die: the tests run it against a
 * disk in memory that does. The real one is synchronous: a round is short, and nothing may come between its steps.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { isMissing, syncFolder } from '../shared/files.ts'

export interface Disk {
  /** `undefined`: no such file. */
  read(file: string): Buffer | undefined
  /** 0 when there is no such file. */
  size(file: string): number
  /** Makes the file, and its folder, or replaces what it holds; not atomic. */
  write(file: string, content: string): void
  /** Makes the file if it must. */
  writeAt(file: string, offset: number, content: string): void
  rename(from: string, to: string): void
  /** No error when there is no such file. */
  remove(file: string): void
  truncate(file: string, size: number): void
  /** The content; the name needs syncFolder. No error when there is no such file. */
  sync(file: string): void
  /** No error when there is no such folder. */
  syncFolder(folder: string): void
}

const MODE = 0o640
const FOLDER_MODE = 0o750

export const realDisk: Disk = {
  read: (file) => {
    try {
      return readFileSync(file)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  },
  size: (file) => {
    try {
      return statSync(file).size
    } catch (error) {
      if (isMissing(error)) return 0
      throw error
    }
  },
  write: (file, content) => {
    try {
      overwrite(file, content)
    } catch (error) {
      if (!isMissing(error)) throw error
      makeFolder(dirname(file))
      overwrite(file, content)
    }
  },
  writeAt: (file, offset, content) => withFile(file, 'r+', (fd) => writeAll(fd, Buffer.from(content), offset)),
  rename: (from, to) => renameSync(from, to),
  remove: (file) => {
    try {
      unlinkSync(file)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  },
  truncate: (file, size) => withFile(file, 'r+', (fd) => ftruncateSync(fd, size)),
  sync: (file) => {
    try {
      withFile(file, 'r', fsyncSync)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  },
  syncFolder: (folder) => {
    try {
      syncFolder(folder)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  },
}

/**
 * Its name is synced at once: nobody would later know that it was made here. Not the folders above it: where these are
 * missing, the disk is.
 */
function makeFolder(folder: string): void {
  mkdirSync(folder, { mode: FOLDER_MODE })
  syncFolder(dirname(folder))
}

/** In place: to empty a file before it is written takes ext4 ten times as long. */
function overwrite(file: string, content: string): void {
  const bytes = Buffer.from(content)
  withFile(file, 'r+', (fd) => {
    writeAll(fd, bytes, 0)
    if (fstatSync(fd).size > bytes.length) ftruncateSync(fd, bytes.length)
  })
}

function writeAll(fd: number, bytes: Buffer, offset: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written, offset + written)
  }
}

function withFile(file: string, flags: 'r' | 'r+', use: (fd: number) => void): void {
  let fd: number
  try {
    fd = openSync(file, flags)
  } catch (error) {
    if (!isMissing(error) || flags === 'r') throw error
    fd = openSync(file, 'wx+', MODE)
  }
  try {
    use(fd)
  } finally {
    closeSync(fd)
  }
}
