/**
 * Forgets groups of errors that were not seen for long, and the oldest while all together are too large. Once a minute
 * it begins to look through them, some each second, so that nobody waits for it; what comes meanwhile is counted along,
 * so that no flood of new errors outruns it.
 */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorsSettings } from '../../shared/config/sections.ts'
import {
  errorFiles,
  errorGroupNames,
  errorProjectFile,
  errorProjects,
  readErrorReleases,
  readGroup,
} from '../../shared/errors.ts'
import type { DataPaths } from '../../shared/paths.ts'
import type { Commit } from '../journal.ts'
import { keyOf } from './step.ts'
import type { ErrorStore } from './store.ts'

interface RetentionDeps extends Pick<ErrorsSettings, 'keepFor' | 'maxMegabytes'> {
  readonly paths: DataPaths
  commit(commit: Commit): void
  readonly forget: ErrorStore['forget']
}

interface Name {
  readonly project: string
  readonly group: string
}

interface Found extends Name {
  readonly lastAt: number
  readonly bytes: number
}

const EVERY_MS = 60_000
/** In one second: as many as may come new in it, from all projects together. */
const MOST_LOOKS = 500
const MOST_REMOVED = 500
const MEGABYTE = 1_000_000
/** What a file takes is a multiple of it. */
const BLOCK = 4096

export function createErrorRetention({ paths, keepFor, maxMegabytes, commit, forget }: RetentionDeps) {
  const most = maxMegabytes * MEGABYTE
  let beganAt = Number.NEGATIVE_INFINITY
  let projects: string[] = []
  let waiting: Name[] = []
  let found: Found[] = []
  /** Of the last time that all were looked through; the oldest last. */
  let oldest: Found[] = []
  /** Bytes of all: what was found then, and what came since. */
  let kept = 0
  /** Bytes of new groups since it began to look, by key: whether it meets them on its way is chance. */
  const fresh = new Map<string, number>()

  function begin(now: number): void {
    beganAt = now
    projects = errorProjects(paths)
    fresh.clear()
  }

  /** The next of those to look at; a project is listed when its turn comes. */
  function next(now: number): Name | undefined {
    while (waiting.length === 0) {
      const project = projects.pop()
      if (project === undefined) return undefined
      waiting = errorGroupNames(paths, project).map((group) => ({ project, group }))
      if (waiting.length === 0) forgetProject(project, now)
    }
    return waiting.pop()
  }

  /** Its folder stays: the journal may name files in it. */
  function forgetProject(project: string, now: number): void {
    const releases = readErrorReleases(paths, project)
    if (releases.length === 0 || releases.some(({ firstAt }) => now - firstAt <= keepFor)) return
    commit({ remove: [errorProjectFile(project)] })
    forget(project)
  }

  function look(now: number): void {
    const old: Found[] = []
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const name = next(now)
      if (!name) {
        end()
        break
      }
      const group = { ...name, ...measured(name) }
      if (now - group.lastAt > keepFor) old.push(group)
      else if (!fresh.has(keyOf(name))) found.push(group)
    }
    remove(old)
  }

  function end(): void {
    oldest = found.sort((a, b) => b.lastAt - a.lastAt)
    kept = sum(oldest.map(({ bytes }) => bytes)) + sum(fresh.values())
    found = []
  }

  function makeRoom(): void {
    const gone: Found[] = []
    let room = most - kept
    for (let looks = 0; looks < MOST_REMOVED && room < 0; looks++) {
      const name = oldest.pop()
      if (!name) break
      const { lastAt, bytes } = measured(name)
      // It was seen since, or is gone already.
      if (lastAt !== name.lastAt) continue
      gone.push(name)
      room += bytes
    }
    remove(gone)
    kept = most - room
  }

  /** A file that makes no sense was last seen when it was written. */
  function measured({ project, group }: Name) {
    const files = errorFiles(project, group)
    const [own, samples] = [files.group, files.samples].map((file) =>
      lstatSync(join(paths.root, file), { throwIfNoEntry: false }),
    )
    const { lastAt = own?.mtimeMs ?? 0 } = readGroup(paths, project, group) ?? {}
    return { lastAt, bytes: onDisk(own?.size) + onDisk(samples?.size) }
  }

  function remove(groups: readonly Found[]): void {
    if (groups.length === 0) return
    commit({ remove: groups.flatMap(({ project, group }) => Object.values(errorFiles(project, group))) })
    for (const { project, group } of groups) forget(project, group)
  }

  return {
    /** A group is new. @param written the files of its round, by name */
    added({ project, group }: Name, written: ReadonlyMap<string, string>): void {
      const files = errorFiles(project, group)
      const bytes = onDisk(written.get(files.group)?.length) + onDisk(written.get(files.samples)?.length)
      fresh.set(keyOf({ project, group }), bytes)
      kept += bytes
    },

    /** To be called each second, epoch milliseconds. */
    tend(now: number): void {
      if (kept > most) makeRoom()
      if (projects.length === 0 && waiting.length === 0) {
        const mayWait = kept <= most || oldest.length > 0
        if (mayWait && Math.abs(now - beganAt) < EVERY_MS) return
        begin(now)
      }
      look(now)
    },
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}

function onDisk(size = 0): number {
  return Math.ceil(size / BLOCK) * BLOCK
}
