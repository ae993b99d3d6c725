/**
 * The contents of very many small files, gathered in one: few of them have changed since the last start, so that this
 * one has only to ask of each whether it is still the same. Written by the start that reads it, and never the truth:
 * it may be deleted at any time, and whatever is wrong with it (torn, garbled, of another version) only means that the
 * files themselves are read.
 */
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type JsonObject, removeIfThere, stampIn, statsIfThere } from '../shared/files.ts'
import { settled } from './folders.ts'

export interface Gathered {
  /** To whom files belong. */
  readonly names: ReadonlySet<string>
  filesOf(name: string): readonly string[]
  /**
   * Where each name's first file is, if files there are replaced, never overwritten: as long as the folder is the same,
   * so are they. One that somebody overwrites by hand while nobody watches is found by the sweep.
   */
  readonly folder?: string
  /** @returns `undefined` when there is no such file, or it holds no JSON object */
  read(file: string): JsonObject | undefined
  /** @param stamps stampOf of each file */
  take(name: string, contents: readonly (JsonObject | undefined)[], stamps: readonly number[]): void
}

/** Changes with what stands below: what another version wrote is not understood. */
const VERSION = 'monitora contents 2'
/** Fewer files are read as fast one by one. */
const MANY = 1000
/** Longer files are left where they are, so that this one stays small. Bytes. */
const LONGEST = 1000
const NAMES_IN_BLOCK = 500
/** More than such a block comes to; a longer one would not be read, nor what follows it. */
const LONGEST_BLOCK = 4_000_000

/** As the block's JSON holds it: of each file what it was when it was read. */
type Entry = readonly [name: string, ...Part[]]
type Part = readonly [content: JsonObject | null, stamp: number, size: number]

/**
 * Reads the files of all names: those that have not changed from `file`, the others one by one.
 * @param now epoch milliseconds
 */
export function readGathered(file: string, gathered: Gathered, now: number): void {
  const { names, filesOf, folder, read, take } = gathered
  // Before anything in it is read.
  const folderStamp = stampIn(settled(folder === undefined ? undefined : statsIfThere(folder), now))
  const isMany = names.size >= MANY
  if (!isMany) attempt(() => removeIfThere(file))
  const renewed = isMany ? createRenewed(file, folderStamp) : undefined
  const unchanged: string[] = []
  try {
    for (const { bytes, entries, folderStamp: before } of isMany ? blocksOf(file) : []) {
      const folderIsSame = folderStamp !== 0 && folderStamp === before
      const same = entries.filter((entry) => takeSame(entry, gathered, folderIsSame))
      if (same.length === entries.length) renewed?.copy(bytes, before)
      else renewed?.add(same)
      for (const [name] of same) unchanged.push(name)
    }
    for (const name of without(names, unchanged)) {
      const files = filesOf(name)
      // Before they are read: what is written meanwhile is found the next time.
      const found = files.map(statsIfThere)
      const contents = files.map(read)
      take(name, contents, found.map(stampIn))
      const entry = entryOf(name, contents, found, now)
      if (entry) renewed?.add([entry])
    }
    renewed?.keep()
  } finally {
    renewed?.discard()
  }
}

function takeSame(entry: Entry, { names, filesOf, take }: Gathered, folderIsSame: boolean): boolean {
  const [name] = entry
  if (!names.has(name)) return false
  const files = filesOf(name)
  if (files.length !== entry.length - 1) return false
  const contents: (JsonObject | undefined)[] = []
  const stamps: number[] = []
  for (let index = 0; index < files.length; index++) {
    const part = entry[index + 1] as Part
    if (!(index === 0 && folderIsSame) && !isSame(part, statsIfThere(files[index]!))) return false
    contents.push(part[0] ?? undefined)
    stamps.push(part[1])
  }
  take(name, contents, stamps)
  return true
}

/** Nearly always nobody is left: very many need not be taken out of a set one by one. */
function without(names: ReadonlySet<string>, unchanged: readonly string[]): Iterable<string> {
  if (unchanged.length === names.size) return []
  const left = new Set(names)
  for (const name of unchanged) left.delete(name)
  return left
}

function isSame([, stamp, size]: Part, found: Stats | undefined): boolean {
  return stampIn(found) === stamp && (found?.size ?? 0) === size
}

/** `undefined`: it is to be read again the next time. */
function entryOf(
  name: string,
  contents: readonly (JsonObject | undefined)[],
  found: readonly (Stats | undefined)[],
  now: number,
): Entry | undefined {
  const parts: Part[] = []
  for (const [index, content] of contents.entries()) {
    const stats = found[index]
    // Gone since, come since, or garbled.
    if ((content === undefined) !== (stats === undefined)) return undefined
    if (content === undefined || !stats) {
      parts.push([null, 0, 0])
      continue
    }
    if (stats.size > LONGEST || !settled(stats, now)) return undefined
    parts.push([content, stampIn(stats), stats.size])
  }
  return [name, ...parts]
}

/** `length checksum json`, a line each; what follows a wrong one is not read. The bytes are valid until the next. */
function* blocksOf(file: string): Generator<{ bytes: Buffer; entries: Entry[]; folderStamp: number }> {
  const fd = attempt(() => openSync(file, 'r'))
  if (fd === undefined) return
  const buffer = Buffer.allocUnsafe(LONGEST_BLOCK)
  const fill = (from: number, length: number) => readSync(fd, buffer, from, length, null) === length
  try {
    const headLength = headOf(0).length
    if (!fill(0, headLength)) return
    const head = buffer.toString('latin1', 0, headLength)
    const folderStamp = Number(head.slice(VERSION.length))
    if (head !== headOf(folderStamp)) return
    while (fill(0, LINE_HEAD)) {
      const [length, checksum] = buffer.toString('latin1', 0, LINE_HEAD).split(' ', 2)
      const end = LINE_HEAD + Number(length)
      if (!(end <= buffer.length) || !fill(LINE_HEAD, Number(length))) return
      const json = buffer.subarray(LINE_HEAD, end)
      if (crc32(json) !== Number.parseInt(checksum!, 16)) return
      yield { bytes: buffer.subarray(0, end), entries: JSON.parse(json.toString()) as Entry[], folderStamp }
    }
  } catch {
    // What cannot be read to its end ends here.
  } finally {
    closeSync(fd)
  }
}

function headOf(folderStamp: number): string {
  return `${VERSION} ${String(folderStamp).padStart(16, '0')}\n`
}

const LINE_HEAD = '00000000 00000000 '.length

function lineOf(entries: readonly Entry[]): string {
  const json = `${JSON.stringify(entries)}\n`
  const length = `${Buffer.byteLength(json)}`.padStart(8, '0')
  return `${length} ${crc32(json).toString(16).padStart(8, '0')} ${json}`
}

/**
 * The file for the next start, made beside this one, from the first difference on. A disk that refuses it costs the next
 * start time, no more.
 */
function createRenewed(file: string, folderStamp: number) {
  const aside = join(dirname(file), `.${basename(file)}.new`)
  const head = Buffer.from(headOf(folderStamp))
  let fd: number | undefined
  let begun = false
  /** Of the new file; until it is begun, of the part of the old one that is the same. */
  let length = head.length
  let waiting: Entry[] = []

  function begin(): void {
    if (begun) return
    begun = true
    attempt(() => {
      if (length > head.length) copyFileSync(file, aside)
      else writeFileSync(aside, '', { mode: 0o640 })
      fd = openSync(aside, 'r+')
      ftruncateSync(fd, length)
      return writeAt(head, 0)
    }) ?? discard()
  }

  function writeAt(bytes: Buffer, position: number): true {
    if (fd !== undefined && writeSync(fd, bytes, 0, bytes.length, position) !== bytes.length) throw new Error('ENOSPC')
    return true
  }

  function write(bytes: Buffer): void {
    if (begun) attempt(() => writeAt(bytes, length)) ?? discard()
    length += bytes.length
  }

  function flush(): void {
    if (waiting.length > 0) write(Buffer.from(lineOf(waiting)))
    waiting = []
  }

  function discard(): void {
    const open = fd
    fd = undefined
    if (open !== undefined) attempt(() => closeSync(open))
    if (begun) attempt(() => removeIfThere(aside))
  }

  return {
    /** A whole block, as it stands. @param before the stamp of the folder that stood above it */
    copy(bytes: Buffer, before: number): void {
      if (before !== folderStamp) begin()
      write(bytes)
    },

    /** What is left of a block, or new. */
    add(entries: readonly Entry[]): void {
      begin()
      for (const entry of entries) {
        waiting.push(entry)
        if (waiting.length === NAMES_IN_BLOCK) flush()
      }
    },

    /** From now on it is the file, if there is anything new in it. */
    keep(): void {
      flush()
      const made = fd
      if (made === undefined) return
      closeSync(made)
      fd = undefined
      attempt(() => renameSync(aside, file))
    },

    discard,
  }
}

function attempt<T>(what: () => T): T | undefined {
  try {
    return what()
  } catch {
    return undefined
  }
}
