/**
 * A disk in memory that dies on command: at any step, as a killed process (what was done stays) or as a power cut
 * (of what was not synced, any part is lost). Names are synced with their folder, contents with their file.
 */
import { dirname } from 'node:path'
import type { Disk } from '../../checker/disk.ts'

export class Death extends Error {}

/** How a life ends: `keep` decides, for each step that was not synced, whether it survives. */
export type End = { readonly kind: 'killed'; readonly half: boolean } | { readonly kind: 'power-cut'; keep(): boolean }

type Inode = { bytes: Buffer }
type Pending =
  | { folder: string; change(names: Map<string, Inode>): void }
  | { inode: Inode; change(bytes: Buffer): Buffer }

export class MemoryDisk implements Disk {
  /** Steps until death or failure; each operation that changes something is one. */
  diesIn = Number.POSITIVE_INFINITY
  end: End = { kind: 'killed', half: false }
  /** Instead of dying, a step fails: a full disk. */
  failsIn = Number.POSITIVE_INFINITY
  steps = 0
  #names = new Map<string, Inode>()
  /** What would be left after a power cut. */
  #durableNames = new Map<string, Inode>()
  #durableBytes = new Map<Inode, Buffer>()
  #pending: Pending[] = []

  read(file: string): Buffer | undefined {
    const inode = this.#names.get(file)
    return inode && Buffer.from(inode.bytes)
  }

  size(file: string): number {
    return this.#names.get(file)?.bytes.length ?? 0
  }

  list(folder: string): string[] {
    return [...this.#names.keys()].filter((file) => dirname(file) === folder).sort()
  }

  write(file: string, content: string): void {
    const inode = this.#open(file)
    this.#step((half) =>
      this.#changeBytes(inode, () => Buffer.from(half ? content.slice(0, content.length / 2) : content)),
    )
  }

  writeAt(file: string, offset: number, content: string): void {
    const inode = this.#open(file)
    const data = Buffer.from(content)
    this.#step((half) =>
      this.#changeBytes(inode, (before) => {
        const part = half ? data.subarray(0, data.length / 2) : data
        const after = Buffer.alloc(Math.max(before.length, offset + part.length))
        before.copy(after)
        part.copy(after, offset)
        return after
      }),
    )
  }

  rename(from: string, to: string): void {
    this.#step(() =>
      this.#changeNames(dirname(to), (names) => {
        const inode = names.get(from)
        if (!inode) return
        names.delete(from)
        names.set(to, inode)
      }),
    )
  }

  remove(file: string): void {
    this.#step(() => this.#changeNames(dirname(file), (names) => void names.delete(file)))
  }

  truncate(file: string, size: number): void {
    const inode = this.#open(file)
    this.#step(() => this.#changeBytes(inode, (bytes) => Buffer.from(bytes.subarray(0, size))))
  }

  sync(file: string): void {
    const inode = this.#names.get(file)
    if (inode) this.#step(() => this.#settle((entry) => 'inode' in entry && entry.inode === inode))
  }

  syncFolder(folder: string): void {
    this.#step(() => this.#settle((entry) => 'folder' in entry && entry.folder === folder))
  }

  /** After death: the disk as the next life finds it. */
  survive(): void {
    this.diesIn = Number.POSITIVE_INFINITY
    const { end } = this
    if (end.kind === 'killed') return
    this.#settle(() => end.keep())
    this.#pending = []
    this.#names = new Map(this.#durableNames)
    for (const inode of this.#names.values()) inode.bytes = this.#durableBytes.get(inode) ?? Buffer.alloc(0)
  }

  #open(file: string): Inode {
    const known = this.#names.get(file)
    if (known) return known
    const inode: Inode = { bytes: Buffer.alloc(0) }
    this.#step(() => this.#changeNames(dirname(file), (names) => void names.set(file, inode)))
    return inode
  }

  #changeBytes(inode: Inode, change: (bytes: Buffer) => Buffer): void {
    inode.bytes = change(inode.bytes)
    this.#pending.push({ inode, change })
  }

  #changeNames(folder: string, change: (names: Map<string, Inode>) => void): void {
    change(this.#names)
    this.#pending.push({ folder, change })
  }

  #settle(chosen: (entry: Pending) => boolean): void {
    const left: Pending[] = []
    for (const entry of this.#pending) {
      if (!chosen(entry)) left.push(entry)
      else if ('folder' in entry) entry.change(this.#durableNames)
      else this.#durableBytes.set(entry.inode, entry.change(this.#durableBytes.get(entry.inode) ?? Buffer.alloc(0)))
    }
    this.#pending = left
  }

  #step(act: (half: boolean) => void): void {
    this.steps++
    if (--this.failsIn === 0) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
    if (--this.diesIn > 0) {
      act(false)
      return
    }
    if (this.end.kind === 'killed' && this.end.half) act(true)
    throw new Death()
  }
}
