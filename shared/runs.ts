/** `history/NAME.runs.jsonl`: a line for each run of a job that ended or should have, appended by the checker in its rounds. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { isMissing, parseObject } from './files.ts'
import { parseTime } from './iso.ts'
import type { DataPaths } from './paths.ts'

const WHAT = ['succeeded', 'failed', 'unfinished', 'log'] as const

/** Bytes: whoever reads wants the last of them, and a job that runs each second writes very many. */
const READ_BYTES = 256 * 1024

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
  const lines = readEnd(join(paths.history, `${name}.runs.jsonl`), READ_BYTES)
    .trimEnd()
    .split('\n')
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

/** The whole lines at the end of a file, however large it is. @returns '' when it is not there */
export function readEnd(file: string, most: number): string {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
  try {
    const found = fstatSync(fd)
    const size = found.isFile() ? found.size : 0
    // One byte more tells whether the first line is whole.
    const from = Math.max(0, size - most - 1)
    const content = Buffer.alloc(size - from)
    const end = content.subarray(0, readSync(fd, content, 0, content.length, from))
    return size <= most ? end.toString() : end.subarray(firstLine(end)).toString()
  } finally {
    closeSync(fd)
  }
}

function firstLine(bytes: Buffer): number {
  const newline = bytes.indexOf('\n')
  return newline === -1 ? bytes.length : newline + 1
}
