/** Healthchecks' rule: a ping ends a pause. What is paused is asked of the folder, at most once a second. */
import type { DataPaths } from '../shared/paths.ts'
import { readSilences, removeSilence, type Silence } from '../shared/silences.ts'

const FRESH_MS = 1000

/** @returns to be called with the host of each such ping. @throws what the file system throws */
export function createPauses(paths: DataPaths, now: () => number, monotonic: () => number): (host: string) => void {
  let readAt = Number.NEGATIVE_INFINITY
  let pauses: readonly Silence[] = []
  return (host) => {
    const at = monotonic()
    if (at - readAt >= FRESH_MS) {
      pauses = readSilences(paths, now()).filter(({ kind }) => kind === 'pause')
      readAt = at
    }
    for (const { id, target } of pauses) if (target === `host:${host}`) removeSilence(paths, id)
  }
}
