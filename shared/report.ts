/** What a host last said of itself: `reports/NAME.json`. Written by the server when it changes, read by everyone. */
import { join } from 'node:path'
import { NOT_OURS, readJsonIfThere } from './files.ts'
import type { DataPaths } from './paths.ts'

export type ClientStatus = 'ok' | 'warning' | 'error'

export interface Report {
  readonly status?: ClientStatus
  readonly message?: string
  readonly version?: string
  /** How often the client means to report, in milliseconds. */
  readonly intervalMs?: number
  readonly site?: string
  /** Changes with every start of the machine. */
  readonly boot?: string
  /** Changes with every start of the client's program. */
  readonly agent?: string
  /** Where its signals come from. */
  readonly address?: string
  /** What it said last, when it no longer says it, and until when it did, epoch milliseconds. */
  readonly lastWords?: string
  readonly lastWordsAt?: number
}

export function reportFile(paths: DataPaths, name: string): string {
  return join(paths.reports, `${name}.json`)
}

export function readReport(paths: DataPaths, name: string): Report {
  const found = readJsonIfThere(reportFile(paths, name), NOT_OURS) ?? {}
  const text = (key: string) => (typeof found[key] === 'string' ? (found[key] as string) : undefined)
  const lastWordsAt = Date.parse(String(found.lastWordsAt))
  const interval = found.intervalMs
  const status = found.status
  return {
    status: status === 'ok' || status === 'warning' || status === 'error' ? status : undefined,
    message: text('message'),
    version: text('version'),
    intervalMs: typeof interval === 'number' && interval > 0 ? interval : undefined,
    site: text('site'),
    boot: text('boot'),
    agent: text('agent'),
    address: text('address'),
    lastWords: text('lastWords'),
    lastWordsAt: Number.isNaN(lastWordsAt) ? undefined : lastWordsAt,
  }
}
