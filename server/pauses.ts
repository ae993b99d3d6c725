/** Healthchecks' rule: a ping ends a pause. What is paused is asked of the folder, whose own time tells when it changed. */
import { statSync } from 'node:fs'
import type { DataPaths } from '../shared/paths.ts'
import { readSilences, removeSilence, type Silence } from '../shared/silences.ts'

/** @returns to be called with the host of each such ping. @throws what the file system throws */
export function createPauses(paths: DataPaths, now: () => number): (host: string) => void {
  let known: { readonly changedMs: number; readonly pauses: readonly Silence[] } | undefined
  return (host) => {
    const changedMs = statSync(paths.silences).mtimeMs
    if (known?.changedMs !== changedMs) {
      known = { changedMs, pauses: readSilences(paths, now()).filter(({ kind }) => kind === 'pause') }
    }
    for (const { id, target } of known.pauses) if (target === `host:${host}`) removeSilence(paths, id)
  }
}
