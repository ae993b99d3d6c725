/**
 * Whether a file or a folder is still what it was: to list a hundred thousand names, or to open as many files, takes a
 * good part of a second.
 */
import type { Stats } from 'node:fs'
import { stampIn, statsIfThere } from '../shared/files.ts'

/** What was changed so shortly before it was read may have been changed again in the same tick of the disk's clock. */
const SETTLED_MS = 4000

/** `undefined`: it may change once more without showing it. */
export function settled(found: Stats | undefined, now: number): Stats | undefined {
  return found && found.ctimeMs <= now - SETTLED_MS ? found : undefined
}

/**
 * @param list what is to be done with the folders' names, unless they are the same as the last time; says whether all of
 *   them were dealt with, or is called again
 */
export type WhenChanged = (list: () => boolean) => void

export function whenChanged(folders: readonly string[], now: () => number): WhenChanged {
  let dealtWith = ''
  return (list) => {
    // Before they are listed: what changes meanwhile is found the next time.
    const found = folders.map(statsIfThere)
    const stamps = found.every((stats) => settled(stats, now())) ? found.map(stampIn).join() : ''
    if (stamps !== '' && stamps === dealtWith) return
    dealtWith = ''
    if (list()) dealtWith = stamps
  }
}
