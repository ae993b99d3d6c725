/**
 * `history/NAME.jsonl`: a line for each change of a host's state, appended by the checker in the round that decided it.
 * Uptime is computed from it, never counted along, so it is exact for any span and a wrong sum cannot stay.
 */
import { join } from 'node:path'
import { parseObject, readIfThere } from './files.ts'
import { parseTime } from './iso.ts'
import type { DataPaths } from './paths.ts'

/** Times are epoch milliseconds, spans milliseconds; on disk ISO 8601. */
export interface HistoryLine {
  readonly at: number
  readonly verdict: 'new' | 'up' | 'down' | 'removed'
  readonly reason: string
  /** When the verdict began: for silence, the last signal. Never after `at`. */
  readonly sinceAt: number
  /** The id of the alert that told it, the host's own or its site's. */
  readonly alert?: string
  /** When its signal was due. */
  readonly dueAt?: number
  /** How long it may be silent; of a job, how late it may be. */
  readonly timeoutMs?: number
  readonly intervalMs?: number
  /** The occurrence of its schedule that it missed. */
  readonly missedAt?: number
  /** Spans in which we could not hear, that moved the moment when it was due. */
  readonly absences: readonly HistoryAbsence[]
  /** Why nobody was told. */
  readonly hidden?: string
  /** The site that fell silent as a whole. */
  readonly site?: string
}

export interface HistoryAbsence {
  readonly fromAt: number
  readonly toAt: number
  readonly why: string
}

export interface Span {
  readonly fromAt: number
  readonly toAt: number
}

export interface Uptime {
  readonly upMs: number
  readonly downMs: number
  /** The part of the span of which it is known how the host was. */
  readonly knownMs: number
  /** Those that reach into the span, cut to it. */
  readonly outages: readonly Span[]
}

const VERDICTS: ReadonlySet<unknown> = new Set(['new', 'up', 'down', 'removed'])

/** In the order of the file. What is torn, or no line of a history, is passed over. */
export function readHistory(paths: DataPaths, name: string): HistoryLine[] {
  const text = readIfThere(join(paths.history, `${name}.jsonl`)) ?? ''
  return text
    .split('\n')
    .map((line) => decodeLine(parseObject(line)))
    .filter((line) => line !== undefined)
}

/**
 * A host is down from the last signal before its silence to the first one after it; a further line of the same outage
 * begins nothing. Before the first line, and after it was removed, nothing is known.
 * @param fromAt epoch milliseconds, as `toAt`
 */
export function uptime(lines: readonly HistoryLine[], fromAt: number, toAt: number): Uptime {
  let upMs = 0
  let downMs = 0
  const outages: Span[] = []
  for (const { verdict, ...phase } of phasesOf(lines)) {
    const part = { fromAt: Math.max(fromAt, phase.fromAt), toAt: Math.min(toAt, phase.toAt) }
    if (part.toAt <= part.fromAt) continue
    if (verdict === 'up') upMs += part.toAt - part.fromAt
    if (verdict !== 'down') continue
    downMs += part.toAt - part.fromAt
    outages.push(part)
  }
  return { upMs, downMs, knownMs: upMs + downMs, outages }
}

export interface Phase extends Span {
  readonly verdict: HistoryLine['verdict']
  /** The line that began it; of an outage, those that followed within it, too. */
  readonly lines: readonly HistoryLine[]
}

/** What the host was, one after another, without gaps; the last one reaches to Infinity. */
export function phasesOf(lines: readonly HistoryLine[]): Phase[] {
  const phases: { verdict: HistoryLine['verdict']; fromAt: number; toAt: number; lines: HistoryLine[] }[] = []
  for (const line of lines) {
    const last = phases.at(-1)
    if (last?.verdict === line.verdict) {
      last.lines.push(line)
      continue
    }
    // A clock that was set back must not make a phase end before it began.
    const fromAt = Math.max(line.sinceAt, last?.fromAt ?? Number.NEGATIVE_INFINITY)
    if (last) last.toAt = fromAt
    phases.push({ verdict: line.verdict, fromAt, toAt: Number.POSITIVE_INFINITY, lines: [line] })
  }
  return phases
}

/**
 * For retention: the text of a file without the lines that were written before `beforeAt`, but with the one that says
 * what the host was then, so that no uptime from that moment on changes.
 * @returns `undefined` when there is nothing to leave out
 */
export function withoutOld(text: string, beforeAt: number): string | undefined {
  const lines = text.split('\n')
  const isNew = (line: string) => (parseTime(parseObject(line)?.at) ?? Number.NEGATIVE_INFINITY) >= beforeAt
  const firstNew = lines.findIndex(isNew)
  // What stands behind the last newline is empty, or torn: the next line is written behind it.
  const end = firstNew === -1 ? lines.length - 1 : firstNew
  let kept: number | undefined
  let verdict: string | undefined
  for (let index = 0; index < end; index++) {
    const line = decodeLine(parseObject(lines[index]!))
    if (!line || line.verdict === verdict) continue
    verdict = line.verdict
    kept = index
  }
  if (end <= (kept === undefined ? 0 : 1)) return undefined
  return [...(kept === undefined ? [] : [lines[kept]!]), ...lines.slice(end)].join('\n')
}

function decodeLine(found: Record<string, unknown> | undefined): HistoryLine | undefined {
  const at = parseTime(found?.at)
  if (!found || at === undefined || !VERDICTS.has(found.verdict)) return undefined
  const text = (key: string) => (typeof found[key] === 'string' ? (found[key] as string) : undefined)
  const span = (key: string) => (typeof found[key] === 'number' ? (found[key] as number) : undefined)
  // Until the moment at which it was removed it was what it was, whenever it was heard last.
  const sinceAt = found.verdict === 'removed' ? at : Math.min(parseTime(found.since) ?? at, at)
  return {
    at,
    verdict: found.verdict as HistoryLine['verdict'],
    reason: text('reason') ?? '',
    sinceAt,
    alert: text('alert'),
    dueAt: parseTime(found.dueAt),
    timeoutMs: span('timeoutMs'),
    intervalMs: span('intervalMs'),
    missedAt: parseTime(found.missedAt),
    absences: decodeAbsences(found.absences),
    hidden: text('hidden'),
    site: text('site'),
  }
}

function decodeAbsences(found: unknown): HistoryAbsence[] {
  if (!Array.isArray(found)) return []
  return found.flatMap((entry: Record<string, unknown> | null) => {
    const [fromAt, toAt] = [parseTime(entry?.from), parseTime(entry?.to)]
    return fromAt === undefined || toAt === undefined ? [] : [{ fromAt, toAt, why: String(entry?.why) }]
  })
}
