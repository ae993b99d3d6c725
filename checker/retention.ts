/**
 * What is older than `historyFor` goes, a file at a time, so that nobody waits for it; of a job's runs also what does
 * not fit, for how often a job runs is for others to say. So does what killed processes left half-written.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { listNames, readIfThere, removeLeftovers } from '../shared/files.ts'
import { withoutOld } from '../shared/history.ts'
import { type DataPaths, foldersWritten } from '../shared/paths.ts'
import { readEnd } from '../shared/runs.ts'
import type { Commit } from './journal.ts'

const EVERY_MS = 86_400_000
const RUNS_EVERY_MS = 3_600_000
/** Bytes. */
const MOST_RUNS = 1_000_000
/** In one second. */
const MOST_LOOKS = 200

/** @returns to be called each second. @throws when the disk refuses; the file's turn comes again another time */
export function createRetention(paths: DataPaths, keptMs: number, commit: (commit: Commit) => void) {
  let folders: string[] = []
  let tidiedAt = Number.NEGATIVE_INFINITY
  let files: string[] = []
  let beganAt = Number.NEGATIVE_INFINITY
  let runs: string[] = []
  let lookedAt = Number.NEGATIVE_INFINITY

  /** @returns whether there was anything to do */
  function trimRuns(now: number): boolean {
    if (runs.length === 0) {
      if (Math.abs(now - lookedAt) < RUNS_EVERY_MS) return false
      lookedAt = now
      runs = listNames(paths.history, '.runs.jsonl')
    }
    const looked = runs.splice(-MOST_LOOKS)
    const large = looked.findIndex((name) => sizeOf(join(paths.history, `${name}.runs.jsonl`)) > MOST_RUNS)
    if (large === -1) return runs.length > 0
    const [name, ...rest] = looked.splice(large)
    runs.push(...rest)
    const file = `${name}.runs.jsonl`
    commit({ write: new Map([[`history/${file}`, readEnd(join(paths.history, file), MOST_RUNS)]]) })
    return true
  }

  function tidy(now: number): void {
    if (folders.length === 0) {
      if (Math.abs(now - tidiedAt) < EVERY_MS) return
      tidiedAt = now
      folders = foldersWritten(paths)
    }
    const folder = folders.pop()
    if (folder !== undefined) removeLeftovers(folder, now)
  }

  function forgetOld(now: number): void {
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

  // Runs first, so that no huge file is read whole.
  return (now: number): void => {
    tidy(now)
    if (!trimRuns(now)) forgetOld(now)
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
