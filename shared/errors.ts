/**
 * Errors that applications report, in groups of those that are the same to people, as their files hold them:
 * `errors/PROJECT/GROUP.json`, its last samples, and the mark of whoever resolved it. The checker writes them; only that
 * mark is written here, for the command line, and the checker takes it away when the error comes back.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ERROR_LEVELS, type ErrorLevel, type ErrorSample } from './error-event.ts'
import { isErrorGroup, parseErrorSample } from './error-sample.ts'
import { isMissing, listNames, NOT_OURS, readIfThere, readJsonIfThere, replaceFile } from './files.ts'
import { parseTime } from './iso.ts'
import { isHostName } from './names.ts'
import type { DataPaths } from './paths.ts'

/** When a release was first met. */
export interface Release {
  readonly name: string
  readonly firstAt: number
}

/** What is told is counted from where the group was new, or came back after somebody had resolved it. */
export interface Counting {
  readonly sinceAt: number
  readonly count: number
  /** It is told when so many were counted; what quiet hid is told after it, by the next one. */
  readonly nextCount: number
  /** The id of the alert that told it first; none: nothing was told yet. */
  readonly outage?: string
  /** Of the first that was counted. */
  readonly release?: string
  /** It is back: it was resolved then. */
  readonly resolvedAt?: number
}

/** Times are epoch milliseconds. */
export interface ErrorGroup {
  readonly project: string
  /** 16 hex digits. */
  readonly group: string
  /** When the checker first met it; tells it from an earlier one that was forgotten. */
  readonly registeredAt: number
  /** How many alerts told of it. */
  readonly alerts: number
  /** All there ever were. */
  readonly count: number
  readonly firstAt: number
  readonly lastAt: number
  readonly counting: Counting
  /** A few, the newest last. */
  readonly releases: readonly Release[]
  /** Of the newest sample. */
  readonly type?: string
  readonly message?: string
  readonly level?: ErrorLevel
  readonly crash?: true
  readonly environment?: string
  /** Where it was raised, `cart.ts:88 applyCoupon`, and who called that, `checkout.ts:41`. */
  readonly place?: string
  readonly calledBy?: string
}

export interface Resolved {
  readonly at: number
  /** Who says so, for people. */
  readonly by: string
}

export interface KnownErrorGroup extends ErrorGroup {
  readonly resolved?: Resolved
}

/** `at`: when it reached us, ISO 8601. */
export type KeptSample = ErrorSample & { readonly at: string }

const GROUP_EXTENSION = '.json'
const LONGEST_BY = 64

/** Relative to the data folder, as the journal wants it. */
export function errorFiles(project: string, group: string) {
  const base = `errors/${project}/${group}`
  return { group: `${base}${GROUP_EXTENSION}`, samples: `${base}.samples.json`, resolved: `${base}.resolved` }
}

/** What is known of the project itself. Relative to the data folder. */
export function errorProjectFile(project: string): string {
  return `errors/${project}/project.json`
}

/** Of which errors are known, by name. */
export function errorProjects({ errors }: DataPaths): string[] {
  try {
    const entries = readdirSync(errors, { withFileTypes: true })
    return entries.flatMap((entry) => (entry.isDirectory() && isHostName(entry.name) ? [entry.name] : [])).sort()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** None of a folder that is not ours: it must not stop whoever looks through all of them. */
export function errorGroupNames({ errors }: DataPaths, project: string): string[] {
  try {
    return isHostName(project) ? listNames(join(errors, project), GROUP_EXTENSION).filter(isErrorGroup) : []
  } catch (error) {
    if (NOT_OURS.has((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}

/** All there are, of one project or of each: whichever was seen last comes first. */
export function readErrorGroups(paths: DataPaths, project?: string): KnownErrorGroup[] {
  const projects = project === undefined ? errorProjects(paths) : [project]
  return projects
    .flatMap((name) => errorGroupNames(paths, name).map((group) => readKnown(paths, name, group)))
    .filter((group) => group !== undefined)
    .sort((a, b) => b.lastAt - a.lastAt)
}

/** One with its last samples, the newest last; `undefined` when there is none. */
export function readErrorGroup(
  paths: DataPaths,
  project: string,
  group: string,
): { readonly group: KnownErrorGroup; readonly samples: readonly KeptSample[] } | undefined {
  const found = isHostName(project) && isErrorGroup(group) ? readKnown(paths, project, group) : undefined
  return found && { group: found, samples: readErrorSamples(paths, project, group) }
}

/** As the checker left it. `undefined` for what is no group of ours. */
export function readGroup({ root }: DataPaths, project: string, group: string): ErrorGroup | undefined {
  const file = join(root, errorFiles(project, group).group)
  // It is overwritten in place: what was caught half-way is whole the next time.
  const found = readJsonIfThere(file, NOT_OURS) ?? readJsonIfThere(file, NOT_OURS)
  if (!found || found.project !== project || found.group !== group) return undefined
  const firstAt = parseTime(found.firstAt)
  if (firstAt === undefined) return undefined
  const text = (key: string) => textOf(found[key])
  const { counting, releases } = found
  return {
    project,
    group,
    registeredAt: parseTime(found.registeredAt) ?? firstAt,
    alerts: numberOf(found.alerts) ?? 0,
    count: numberOf(found.count) ?? 0,
    firstAt,
    lastAt: parseTime(found.lastAt) ?? firstAt,
    counting: countingOf(counting, firstAt),
    releases: releasesOf(releases),
    type: text('type'),
    message: text('message'),
    level: ERROR_LEVELS.find((level) => level === found.level),
    ...(found.crash === true && { crash: true }),
    environment: text('environment'),
    place: text('place'),
    calledBy: text('calledBy'),
  }
}

export function readErrorSamples({ root }: DataPaths, project: string, group: string): KeptSample[] {
  const file = join(root, errorFiles(project, group).samples)
  const read = () => parseList(readIfThere(file, NOT_OURS))
  return (read() ?? read() ?? []).flatMap((item) => {
    const sample = parseErrorSample(item)
    const { at } = (item ?? {}) as { readonly at?: unknown }
    return sample && typeof at === 'string' && parseTime(at) !== undefined ? [{ at, ...sample }] : []
  })
}

export function readErrorReleases({ root }: DataPaths, project: string): Release[] {
  return releasesOf(readJsonIfThere(join(root, errorProjectFile(project)), NOT_OURS)?.releases)
}

export function readResolved({ root }: DataPaths, project: string, group: string): Resolved | undefined {
  const found = readJsonIfThere(join(root, errorFiles(project, group).resolved), NOT_OURS)
  const at = parseTime(found?.at)
  return at === undefined ? undefined : { at, by: textOf(found?.by) ?? '' }
}

/** From now on silence about it is expected: the next one is told. Synced. */
export function resolveErrorGroup(paths: DataPaths, { project, group }: ErrorGroup, { at, by }: Resolved): void {
  const content = { at: new Date(at).toISOString(), by: [...by].slice(0, LONGEST_BY).join('') }
  const file = join(paths.root, errorFiles(project, group).resolved)
  replaceFile(file, `${JSON.stringify(content)}\n`, { sync: true })
}

/** A mark that was answered already, by coming back, may still lie there: the disk did not let go of it. */
export function isInForce(resolved: Resolved | undefined, { counting }: ErrorGroup): resolved is Resolved {
  return resolved !== undefined && resolved.at > (counting.resolvedAt ?? Number.NEGATIVE_INFINITY)
}

function readKnown(paths: DataPaths, project: string, name: string): KnownErrorGroup | undefined {
  const group = readGroup(paths, project, name)
  const resolved = group && readResolved(paths, project, name)
  return group && isInForce(resolved, group) ? { ...group, resolved } : group
}

function countingOf(value: unknown, firstAt: number): Counting {
  const found = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  return {
    sinceAt: parseTime(found.since) ?? firstAt,
    count: numberOf(found.count) ?? 0,
    nextCount: numberOf(found.nextCount) ?? 1,
    outage: textOf(found.outage),
    release: textOf(found.release),
    resolvedAt: parseTime(found.resolvedAt),
  }
}

function releasesOf(value: unknown): Release[] {
  return (Array.isArray(value) ? value : []).flatMap((item: unknown) => {
    const { name, firstAt } = (item ?? {}) as Record<string, unknown>
    const at = parseTime(firstAt)
    return typeof name === 'string' && at !== undefined ? [{ name, firstAt: at }] : []
  })
}

/** `undefined` for what is garbled. */
function parseList(text: string | undefined): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value : []
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined
}
