/** What a host last said of itself: `reports/NAME.json`. Written by the server when it changes, read by everyone. */
import { type JsonObject, NOT_OURS, readJsonIfThere } from './files.ts'
import { parseTime } from './iso.ts'
import type { DataPaths } from './paths.ts'

/** `failed`: a job that ended badly, a check that says down. */
export const CLIENT_STATUSES = ['ok', 'warning', 'error', 'failed'] as const
export type ClientStatus = (typeof CLIENT_STATUSES)[number]

/** Rhythm that a client declares of itself; what is configured or registered wins. Spans in milliseconds. */
export interface Declared {
  /** How often the client means to report. */
  readonly intervalMs?: number
  readonly timeoutMs?: number
  /** A cron pattern and its time zone. */
  readonly schedule?: string
  readonly timezone?: string
  readonly graceMs?: number
  /** How long a run may take. */
  readonly maxRunMs?: number
}

export interface Report extends Declared {
  readonly status?: ClientStatus
  /** Its status is not told yet: that is written down first. */
  readonly untold?: true
  readonly message?: string
  readonly version?: string
  readonly site?: string
  /** Changes with every start of the machine. */
  readonly boot?: string
  /** Changes with every start of the client's program. */
  readonly agent?: string
  /** Where its signals come from. */
  readonly address?: string
  /** What else it says of itself, small. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Changes while it gets on with its work, and since when it is what it is, epoch milliseconds. */
  readonly progress?: string
  readonly progressAt?: number
  /** A run that has begun and not ended. */
  readonly runId?: string
  readonly runStartedAt?: number
  /** The body of its last signal that had one. */
  readonly output?: string
  /** What it said last, when it no longer says it, and until when it did, epoch milliseconds. */
  readonly lastWords?: string
  readonly lastWordsAt?: number
}

export function reportFile(paths: DataPaths, name: string): string {
  return `${paths.reports}/${name}.json`
}

export function readReport(paths: DataPaths, name: string): Report {
  return reportIn(readJsonIfThere(reportFile(paths, name), NOT_OURS))
}

/** The same, of what its file holds. */
export function reportIn(found: JsonObject = {}): Report {
  const text = (key: string) => (typeof found[key] === 'string' ? (found[key] as string) : undefined)
  const span = (key: string) => {
    const value = found[key]
    return typeof value === 'number' && value > 0 ? value : undefined
  }
  const { metadata } = found
  return {
    status: CLIENT_STATUSES.find((status) => status === found.status),
    untold: found.untold === true ? true : undefined,
    message: text('message'),
    version: text('version'),
    intervalMs: span('intervalMs'),
    timeoutMs: span('timeoutMs'),
    schedule: text('schedule'),
    timezone: text('timezone'),
    graceMs: span('graceMs'),
    maxRunMs: span('maxRunMs'),
    site: text('site'),
    boot: text('boot'),
    agent: text('agent'),
    address: text('address'),
    metadata: typeof metadata === 'object' && metadata !== null ? (metadata as Report['metadata']) : undefined,
    progress: text('progress'),
    progressAt: parseTime(found.progressAt),
    runId: text('runId'),
    runStartedAt: parseTime(found.runStartedAt),
    output: text('output'),
    lastWords: text('lastWords'),
    lastWordsAt: parseTime(found.lastWordsAt),
  }
}

/** As its file holds it. @param at when it changed */
export function reportContent(report: Report, at: number): string {
  const { lastWordsAt, progressAt, runStartedAt } = report
  return `${JSON.stringify({
    ...report,
    progressAt: iso(progressAt),
    runStartedAt: iso(runStartedAt),
    lastWordsAt: iso(lastWordsAt),
    changedAt: iso(at),
  })}\n`
}

function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString()
}
