/**
 * A round of the checker may change hosts, the outbox and the history: it happens whole or not at all. Everything it
 * does stands in one line of `state/journal.jsonl`, synced, before any of it is done; doing it again does no harm.
 * Nothing else may write the files that go through here.
 */
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Disk } from './disk.ts'

/** Paths are relative to the data folder, so that the folder can be moved. */
export interface Commit {
  /** Whole new contents. */
  readonly write?: ReadonlyMap<string, string>
  /**
   * The same in place, which takes some disks a fiftieth of the time: for what changes all the time, and whose readers
   * can do with half of it for a moment.
   */
  readonly overwrite?: ReadonlyMap<string, string>
  /** Lines that files end with from now on. */
  readonly append?: readonly { readonly file: string; readonly text: string }[]
  readonly remove?: readonly string[]
}

/** As it stands in a line: with the offsets that make appending repeatable. */
interface Entry {
  readonly write: readonly (readonly [file: string, content: string])[]
  /** None in the lines of earlier versions. */
  readonly overwrite?: readonly (readonly [file: string, content: string])[]
  readonly append: readonly (readonly [file: string, offset: number, text: string])[]
  readonly remove: readonly string[]
}

const EMPTY_AFTER_MS = 10_000
const EMPTY_AFTER_BYTES = 1_000_000
/** While very much is touched all the time it is emptied at once, for that time does not come by itself. */
const TOO_LARGE_BYTES = 64 * 1024 * 1024
/** So many files can be synced at once without keeping others waiting. */
const FEW = 100

export class Journal {
  readonly #disk: Disk
  readonly #root: string
  readonly #file: string
  /** Where the last good line ends. */
  #end = 0
  #cutBack = false
  /** Committed, but not carried out: the disk refused. Until it is, nothing later may be. */
  #undone: Entry[] = []
  /** Changed since the journal was emptied, and the folders of those that were synced already. */
  readonly #touched = new Set<string>()
  readonly #folders = new Set<string>()
  #syncedAt: number

  private constructor(disk: Disk, root: string, file: string, now: number) {
    this.#disk = disk
    this.#root = root
    this.#file = file
    this.#syncedAt = now
  }

  /** Opens the journal and carries out again what it holds. A torn last line never happened. */
  static open(disk: Disk, root: string, now: number): Journal {
    const file = join(root, 'state', 'journal.jsonl')
    const journal = new Journal(disk, root, file, now)
    const found = disk.read(file) ?? Buffer.alloc(0)
    if (found.length === 0) disk.writeAt(file, 0, '')
    disk.sync(file)
    // Always: the process that made it may have died before its name was safe.
    disk.syncFolder(dirname(file))
    for (const { entry, end } of goodLines(found)) {
      journal.#carryOut(entry)
      journal.#end = end
    }
    if (journal.#end < found.length) journal.#cutBackNow()
    return journal
  }

  /**
   * Makes the commit happen: when this returns it will survive, if `synced`; when it throws it never happened.
   * Unsynced it survives the end of the process, not a power cut.
   */
  commit(
    { write = new Map(), overwrite = new Map(), append = [], remove = [] }: Commit,
    { synced }: { synced: boolean },
  ): void {
    this.retry()
    if (this.#cutBack) this.#cutBackNow()
    const sizes = new Map<string, number>()
    const entry: Entry = {
      write: [...write],
      overwrite: [...overwrite],
      append: append.map(({ file, text }) => {
        const offset = sizes.get(file) ?? this.#disk.size(join(this.#root, file))
        sizes.set(file, offset + Buffer.byteLength(text))
        return [file, offset, text]
      }),
      remove,
    }
    const line = lineOf(entry)
    try {
      this.#disk.writeAt(this.#file, this.#end, line)
      if (synced) this.#disk.sync(this.#file)
    } catch (error) {
      this.#cutBack = true
      try {
        this.#cutBackNow()
      } catch {
        // The next commit tries again, before it writes anything.
      }
      throw error
    }
    this.#end += Buffer.byteLength(line)
    this.#undone.push(entry)
    try {
      this.retry()
    } catch {
      // It is committed; the shell calls retry() until the disk takes it.
    }
  }

  /** Carries out what was committed and refused by the disk. @throws while the disk still refuses */
  retry(): void {
    while (this.#undone.length > 0) {
      this.#carryOut(this.#undone[0]!)
      this.#undone.shift()
    }
  }

  /** The files that are gone by what was committed, though the disk may not have let go of them yet. */
  isRemoved(file: string): boolean {
    return this.#undone.some(({ remove }) => remove.includes(file))
  }

  /** Call now and then: empties the journal when it is old or large, a part of the syncing at a time. */
  tend(now: number): void {
    if (this.#end === 0 || this.#undone.length > 0) return
    if (now - this.#syncedAt < EMPTY_AFTER_MS && this.#end < EMPTY_AFTER_BYTES) return
    if (this.#touched.size <= FEW || this.#end > TOO_LARGE_BYTES) {
      this.checkpoint(now)
      return
    }
    let left = FEW
    for (const file of this.#touched) {
      if (left-- === 0) return
      this.#disk.sync(file)
      this.#touched.delete(file)
      // Its folder must be synced as well, at the end.
      this.#folders.add(dirname(file))
    }
  }

  /** Syncs what the journal's lines changed; then they are not needed any more. @throws when the disk refuses */
  checkpoint(now: number): void {
    this.retry()
    for (const file of this.#touched) {
      this.#disk.sync(file)
      this.#folders.add(dirname(file))
    }
    for (const folder of this.#folders) this.#disk.syncFolder(folder)
    this.#touched.clear()
    this.#folders.clear()
    if (this.#end > 0) {
      this.#disk.truncate(this.#file, 0)
      // Not later: lines written at the start must never be followed by the rest of old ones.
      this.#disk.sync(this.#file)
      this.#end = 0
    }
    this.#syncedAt = now
  }

  #carryOut({ write, overwrite = [], append, remove }: Entry): void {
    const disk = this.#disk
    for (const [name, content] of write) {
      const file = join(this.#root, name)
      const aside = join(dirname(file), `.${name.slice(name.lastIndexOf('/') + 1)}.new`)
      disk.write(aside, content)
      disk.rename(aside, file)
      this.#touched.add(file)
    }
    for (const [name, content] of overwrite) {
      const file = join(this.#root, name)
      disk.write(file, content)
      this.#touched.add(file)
    }
    for (const [name, offset, text] of append) {
      const file = join(this.#root, name)
      disk.writeAt(file, offset, text)
      this.#touched.add(file)
    }
    for (const name of remove) {
      const file = join(this.#root, name)
      disk.remove(file)
      // Of what is gone only the name is left to sync: a flood of small files must not keep the journal from being emptied.
      this.#touched.delete(file)
      this.#folders.add(dirname(file))
    }
  }

  #cutBackNow(): void {
    this.#disk.truncate(this.#file, this.#end)
    this.#disk.sync(this.#file)
    this.#cutBack = false
  }
}

/** `length checksum json`: a line that was cut short anywhere is recognized. */
function lineOf(entry: Entry): string {
  const json = JSON.stringify(entry)
  return `${Buffer.byteLength(json)} ${crc32(json).toString(16)} ${json}\n`
}

function* goodLines(content: Buffer): Generator<{ entry: Entry; end: number }> {
  let at = 0
  while (at < content.length) {
    const head = /^(\d{1,10}) ([0-9a-f]{1,8}) /.exec(content.toString('latin1', at, at + 24))
    if (!head) return
    const start = at + head[0].length
    const end = start + Number(head[1])
    if (content[end] !== 0x0a) return
    const json = content.subarray(start, end)
    if (crc32(json) !== Number.parseInt(head[2]!, 16)) return
    yield { entry: JSON.parse(json.toString('utf8')) as Entry, end: end + 1 }
    at = end + 1
  }
}
