/** What is older than `historyFor` goes, a file at a time, so that nobody waits for it. */
import { join } from 'node:path'
import { listNames, readIfThere } from '../shared/files.ts'
import { withoutOld } from '../shared/history.ts'
import type { DataPaths } from '../shared/paths.ts'
import type { Commit } from './journal.ts'

const EVERY_MS = 86_400_000

/** @returns to be called each second. @throws when the disk refuses; the file's turn comes again tomorrow */
export function createRetention(paths: DataPaths, keptMs: number, commit: (commit: Commit) => void) {
  let files: string[] = []
  let beganAt = Number.NEGATIVE_INFINITY
  return (now: number): void => {
    if (files.length === 0) {
      if (Math.abs(now - beganAt) < EVERY_MS) return
      beganAt = now
      files = listNames(paths.history, '.jsonl')
    }
    const name = files.pop()
    if (name === undefined) return
    const text = readIfThere(join(paths.history, `${name}.jsonl`))
    const kept = text === undefined ? undefined : withoutOld(text, now - keptMs)
    if (kept !== undefined) commit({ write: new Map([[`history/${name}.jsonl`, kept]]) })
  }
}
