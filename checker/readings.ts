/** Reads the .host files that a round asks for: settled times only, and nothing of what another is writing just now. */
import type { Absence } from '../shared/absences.ts'
import { readSettled } from '../shared/host-file.ts'
import { dueAt } from './core/due.ts'
import { SITE, type World } from './core/world.ts'
import type { Hosts } from './hosts.ts'

export interface ReadingsDeps {
  fileOf(name: string): string
  readonly hosts: Pick<Hosts, 'all' | 'refresh' | 'refreshIfChanged'>
  readonly world: Pick<World, 'heard'>
  /** Milliseconds that never jump. */
  monotonic(): number
  /** To be asked for again, for it cannot be read now. */
  later(name: string): void
}

/** Another program writes this file: it must have been no time for so long before that counts as nothing new. */
const GARBLED_MS = 10_000

export function createReadings({ fileOf, hosts, world, monotonic, later }: ReadingsDeps) {
  const garbledSince = new Map<string, number>()

  /** @returns the time, `undefined` when there is none, 'later' while the file is in somebody's hands */
  function read(name: string): number | 'later' | undefined {
    const seconds = attempt(() => readSettled(fileOf(name)))
    // This process or the disk is at fault: it says nothing about the host.
    if (seconds === undefined) return 'later'
    if (seconds !== 'garbled') garbledSince.delete(name)
    if (typeof seconds === 'number') return seconds * 1000
    if (seconds === 'missing') return undefined
    const sinceMs = garbledSince.get(name) ?? monotonic()
    garbledSince.set(name, sinceMs)
    return monotonic() - sinceMs < GARBLED_MS ? 'later' : undefined
  }

  /**
   * @param names those that cannot be read now are taken out
   * @param readings what was read is added, epoch milliseconds
   * @param glances of these, those that say something new are added to `names`
   */
  return (
    names: Set<string>,
    readings: Map<string, number>,
    { pulseAt = 0, absences }: { readonly pulseAt?: number; readonly absences: readonly Absence[] },
    glances: Iterable<string> = [],
  ): void => {
    const take = (name: string, heardAt: number | 'later' | undefined) => {
      if (heardAt === 'later') {
        names.delete(name)
        later(name)
      }
      if (typeof heardAt !== 'number') return
      readings.set(name, heardAt)
      // What a host says of its rhythm may have changed since: asked before it is accused.
      const host = hosts.all.get(name)
      // It may have got on, though it says so by another file.
      if (host?.progress) hosts.refreshIfChanged(name)
      if (host && dueAt(host.rhythm, heardAt, absences) <= pulseAt) hosts.refresh(name)
    }
    for (const name of names) if (!name.startsWith(SITE)) take(name, read(name))
    for (const name of glances) {
      if (names.has(name)) continue
      const heardAt = read(name)
      if (heardAt !== undefined && heardAt === world.heard.get(name)) continue
      names.add(name)
      take(name, heardAt)
    }
  }
}

/** @returns `undefined` when it fails */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
