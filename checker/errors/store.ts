/**
 * Groups of errors between the rounds: read from their files when they are asked for, kept while they are in use, and
 * written through the journal. Memory is bounded, however many groups there are.
 */
import {
  type ErrorGroup,
  errorFiles,
  errorProjectFile,
  type KeptSample,
  type Release,
  readErrorReleases,
  readErrorSamples,
  readGroup,
} from '../../shared/errors.ts'
import type { DataPaths } from '../../shared/paths.ts'
import { encode } from '../json.ts'
import { type ErrorsRound, keyOf, MOST_SAMPLES } from './step.ts'

const MOST_GROUPS = 5000
const MOST_PROJECTS = 1000
/** In one file; the newest, if one alone is larger. */
const SAMPLES_BYTES = 256_000
/** In one round: more would keep others waiting. Beyond that, only such samples are kept as need no reading. */
const ROUND_BYTES = 1_000_000
const FLOOD_MS = 1000

export function createErrorStore(paths: DataPaths) {
  const groups = createCache<ErrorGroup>(MOST_GROUPS)
  const projects = createCache<readonly Release[]>(MOST_PROJECTS)
  /** When the samples of a group were written last. */
  const sampledAt = createCache<number>(MOST_GROUPS)

  return {
    group(project: string, group: string): ErrorGroup | undefined {
      return groups.get(keyOf({ project, group }), () => readGroup(paths, project, group))
    },

    releases(project: string): readonly Release[] {
      return projects.get(project, () => readErrorReleases(paths, project)) ?? []
    },

    /**
     * What the round changes on disk.
     * @param flood more waits: then the samples of a group are written once a second, for there will be newer ones
     */
    commitOf(round: ErrorsRound, flood: boolean, now: number) {
      const write = new Map<string, string>()
      const overwrite = new Map<string, string>()
      let bytes = 0
      for (const [key, state] of round.groups) {
        const { project, group } = state
        const files = errorFiles(project, group)
        overwrite.set(files.group, encode(state))
        const fresh = round.samples.get(key)
        if (!fresh) continue
        // It is new, or there are so many that none of the older ones stays.
        const areAll = fresh.length === Math.min(state.count, MOST_SAMPLES)
        const recently = flood && Math.abs(now - (sampledAt.get(key) ?? Number.NEGATIVE_INFINITY)) < FLOOD_MS
        if (!areAll && (recently || bytes > ROUND_BYTES)) continue
        const kept = areAll ? [] : readErrorSamples(paths, project, group)
        const content = samplesContent([...kept, ...fresh])
        bytes += content.length
        overwrite.set(files.samples, content)
        sampledAt.set(key, now)
      }
      for (const [project, releases] of round.releases) write.set(errorProjectFile(project), encode({ releases }))
      return { write, overwrite, remove: round.back.map(({ project, group }) => errorFiles(project, group).resolved) }
    },

    /** The round is committed. */
    apply({ groups: changed, releases }: ErrorsRound): void {
      for (const [key, group] of changed) groups.set(key, group)
      for (const [project, known] of releases) projects.set(project, known)
    },

    /** Its files are gone. */
    forget(project: string, group?: string): void {
      if (group === undefined) projects.delete(project)
      else groups.delete(keyOf({ project, group }))
    },
  }
}

export type ErrorStore = ReturnType<typeof createErrorStore>

/** As it came, times and all: what an application calls its own fields is not ours to change. */
function samplesContent(samples: readonly KeptSample[]): string {
  const lines: string[] = []
  let bytes = 0
  for (const sample of samples.slice(-MOST_SAMPLES).reverse()) {
    const line = JSON.stringify(sample)
    bytes += Buffer.byteLength(line)
    if (lines.length > 0 && bytes > SAMPLES_BYTES) break
    lines.unshift(line)
  }
  return `[\n${lines.join(',\n')}\n]\n`
}

/** Whoever was used longest ago goes first. */
function createCache<T>(most: number) {
  const entries = new Map<string, T>()
  const set = (key: string, value: T) => {
    entries.delete(key)
    entries.set(key, value)
    if (entries.size > most) entries.delete(entries.keys().next().value!)
  }
  return {
    get(key: string, read?: () => T | undefined): T | undefined {
      const known = entries.get(key)
      const value = known ?? read?.()
      if (value !== undefined) set(key, value)
      return value
    },
    set,
    delete: (key: string) => entries.delete(key),
  }
}
