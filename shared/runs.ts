/** `history/NAME.runs.jsonl`: a line for each run of a job that ended or should have, appended by the checker in its rounds. */
import { join } from 'node:path'
import { parseObject, readIfThere } from './files.ts'
import { parseTime } from './iso.ts'
import type { DataPaths } from './paths.ts'

const WHAT = ['succeeded', 'failed', 'unfinished', 'log'] as const

/** Times are epoch milliseconds. */
export interface RunLine {
  readonly at: number
  /** `log`: something to note, within a run or not. */
  readonly what: (typeof WHAT)[number]
  readonly startedAt?: number
  readonly durationMs?: number
  readonly exitStatus?: number
  readonly message?: string
  readonly output?: string
}

/** The last of them, in the order of the file. What is torn is passed over. */
export function readRuns(paths: DataPaths, name: string, most: number): RunLine[] {
  const lines = (readIfThere(join(paths.history, `${name}.runs.jsonl`)) ?? '').trimEnd().split('\n')
  return lines.slice(-most).flatMap((line) => {
    const found = parseObject(line)
    const at = parseTime(found?.at)
    const what = WHAT.find((known) => known === found?.what)
    if (!found || at === undefined || what === undefined) return []
    const text = (key: string) => (typeof found[key] === 'string' ? (found[key] as string) : undefined)
    const number = (key: string) => (typeof found[key] === 'number' ? (found[key] as number) : undefined)
    const startedAt = parseTime(found.startedAt)
    const words = { message: text('message'), output: text('output') }
    return [{ at, what, startedAt, durationMs: number('durationMs'), exitStatus: number('exitStatus'), ...words }]
  })
}
