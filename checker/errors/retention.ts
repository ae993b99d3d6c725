/**
 * Forgets groups of errors that were not seen for long, and the oldest while all together are too large. Once a minute
 * it begins to look through them, some each second, so that nobody waits for it.
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
import type { ErrorStore } from './store.ts'

interface RetentionDeps extends Pick<ErrorsSettings, 'keepFor' | 'maxMegabytes'> {
  readonly paths: DataPaths
  commit(commit: Commit): void
  readonly forget: ErrorStore['forget']
}

interface Found {
  readonly project: string
  readonly group: string
  readonly lastAt: number
  readonly bytes: number
}

const EVERY_MS = 60_000
/** In one second. */
const MOST_LOOKS = 200
const MOST_REMOVED = 200
const MEGABYTE = 1_000_000
/** What a file takes is a multiple of it. */
const BLOCK = 4096

/** @returns to be called each second, epoch milliseconds */
export function createErrorRetention({ paths, keepFor, maxMegabytes, commit, forget }: RetentionDeps) {
  let beganAt = Number.NEGATIVE_INFINITY
  let projects: string[] = []
  let waiting: { project: string; group: string }[] = []
  let found: Found[] = []
  /** The oldest last. */
  let excess: Found[] = []

  function begin(now: number): void {
    beganAt = now
    projects = errorProjects(paths)
    found = []
  }

  /** The next of those to look at; a project is listed when its turn comes. */
  function next(now: number): { project: string; group: string } | undefined {
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
        excess = tooMuch(found, maxMegabytes * MEGABYTE)
        found = []
        break
      }
      const { lastAt, bytes } = measured(name)
      if (now - lastAt > keepFor) old.push({ ...name, lastAt, bytes })
      else found.push({ ...name, lastAt, bytes })
    }
    remove(old)
  }

  /** A file that makes no sense was last seen when it was written. */
  function measured({ project, group }: { project: string; group: string }) {
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

  return (now: number): void => {
    if (excess.length > 0) {
      const oldest = excess.splice(-MOST_REMOVED)
      // It may have been seen since.
      remove(oldest.filter((name) => measured(name).lastAt === name.lastAt))
      return
    }
    if (projects.length === 0 && waiting.length === 0) {
      if (Math.abs(now - beganAt) < EVERY_MS) return
      begin(now)
    }
    look(now)
  }
}

/** @returns those to remove so that the others fit, the oldest last */
function tooMuch(found: readonly Found[], most: number): Found[] {
  let bytes = 0
  const newestFirst = [...found].sort((a, b) => b.lastAt - a.lastAt)
  return newestFirst.filter((group) => {
    bytes += group.bytes
    return bytes > most
  })
}

function onDisk(size = 0): number {
  return Math.ceil(size / BLOCK) * BLOCK
}
