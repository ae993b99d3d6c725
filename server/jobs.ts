/**
 * How many hosts the clients of a project made: their key may stand in a web page, and whoever reads it there must not
 * fill the list of hosts. The registry is the truth; to read all of it takes long, so what is added is counted along.
 */
import type { DataPaths } from '../shared/paths.ts'
import { readRegistration, registeredNames } from '../shared/registry.ts'

export const MOST_OF_PROJECT = 100
/** Some may have been removed since. */
const COUNT_AGAIN_MS = 600_000

export interface Jobs {
  mayAdd(project: string): boolean
  added(project: string): void
}

/** @param monotonic milliseconds that never jump */
export function createJobs(paths: DataPaths, monotonic: () => number): Jobs {
  let counts: Map<string, number> | undefined
  let countedAt = Number.NEGATIVE_INFINITY

  function countAll(): Map<string, number> {
    const found = new Map<string, number>()
    for (const name of registeredNames(paths)) {
      const project = readRegistration(paths, name)?.project
      if (project !== undefined) found.set(project, (found.get(project) ?? 0) + 1)
    }
    countedAt = monotonic()
    return found
  }

  return {
    mayAdd(project) {
      const known = counts?.get(project) ?? 0
      const isOld = known >= MOST_OF_PROJECT && monotonic() - countedAt > COUNT_AGAIN_MS
      if (!counts || isOld) counts = countAll()
      return (counts.get(project) ?? 0) < MOST_OF_PROJECT
    },

    added(project) {
      counts?.set(project, (counts.get(project) ?? 0) + 1)
    },
  }
}
