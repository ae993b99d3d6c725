/** The errors that applications reported, for the read API: groups as rows, and one group with its samples. */
import {
  errorGroupNames,
  errorProjects,
  isInForce,
  type KeptSample,
  type KnownErrorGroup,
  readErrorGroup,
  readGroup,
  readResolved,
} from '../../shared/errors.ts'
import type { DataPaths } from '../../shared/paths.ts'
import type { ErrorDetail, ErrorRow } from './answers.ts'
import { iso } from './times.ts'

/** Every group, whichever was seen last first. There may be many: one at a time, and each to its place at once. */
export function* readingErrorRows(paths: DataPaths): Generator<undefined, ErrorRow[]> {
  const rows: ErrorRow[] = []
  const times: number[] = []
  for (const project of errorProjects(paths)) {
    for (const name of errorGroupNames(paths, project)) {
      const group = readGroup(paths, project, name)
      if (!group) continue
      const resolved = readResolved(paths, project, name)
      const place = placeOf(group.lastAt, times)
      times.splice(place, 0, group.lastAt)
      rows.splice(place, 0, rowOf({ ...group, ...(isInForce(resolved, group) && { resolved }) }))
      yield
    }
  }
  return rows
}

/** @param times the newest first. @returns behind which of them it belongs */
function placeOf(time: number, times: readonly number[]): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! >= time) low = middle + 1
    else high = middle
  }
  return low
}

/** @returns `undefined` when there is none */
export function errorDetail(paths: DataPaths, project: string, group: string): ErrorDetail | undefined {
  const found = readErrorGroup(paths, project, group)
  return found && { ...rowOf(found.group), samples: found.samples.map(sampleOf) }
}

function rowOf(group: KnownErrorGroup): ErrorRow {
  return {
    project: group.project,
    group: group.group,
    type: group.type ?? null,
    message: group.message ?? null,
    level: group.level ?? null,
    crash: group.crash === true,
    place: group.place ?? null,
    called_by: group.calledBy ?? null,
    environment: group.environment ?? null,
    count: group.count,
    first: iso(group.firstAt),
    last: iso(group.lastAt),
    releases: group.releases.map(({ name, firstAt }) => ({ name, first: iso(firstAt) })),
    resolved: group.resolved ? { at: iso(group.resolved.at), by: group.resolved.by } : null,
  }
}

function sampleOf(sample: KeptSample): ErrorDetail['samples'][number] {
  return {
    at: sample.at,
    id: sample.id,
    type: sample.type,
    message: sample.message,
    level: sample.level,
    crash: sample.crash === true,
    frames: (sample.frames ?? []).map((frame) => ({
      file: frame.file ?? null,
      line: frame.line ?? null,
      function: frame.function ?? null,
      in_app: frame.inApp === true,
    })),
    stack: sample.stack ?? null,
    release: sample.release ?? null,
    environment: sample.environment ?? null,
    server: sample.server ?? null,
    platform: sample.platform ?? null,
    url: sample.url ?? null,
    tags: sample.tags ?? {},
    context: sample.context ?? {},
    breadcrumbs: (sample.breadcrumbs ?? []).map(({ at, category, message }) => ({
      at: at ?? null,
      category: category ?? null,
      message: message ?? null,
    })),
  }
}
