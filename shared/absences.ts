/**
 * Spans in which a hearer (the server) could not hear: `alive/absences/HEARER.jsonl`, a line each.
 * The hearer writes them, synced, before its first pulse after the span; the checker moves deadlines by them.
 * On disk in whole Unix seconds, as the .host files are; in memory epoch milliseconds.
 */
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isMissing, replaceFile, syncFolder } from './files.ts'
import type { DataPaths } from './paths.ts'

export type AbsenceReason = 'not-running' | 'asleep' | 'clock-set' | 'cannot-write' | 'stuck'

export interface Absence {
  readonly fromAt: number
  readonly toAt: number
  /** Signals sent in this span were lost. False for a span that never existed: the clock was set forward. */
  readonly deaf: boolean
  readonly why: AbsenceReason
}

/** Older ones explain nothing any more: the longest schedule is a year. */
const KEPT_MS = 400 * 86_400_000
/** An end is rounded up to a whole second. */
const ROUNDED_UP_MS = 2000

export function absencesFile(paths: DataPaths, hearer: string): string {
  return join(paths.absences, `${hearer}.jsonl`)
}

/** Appends, synced: when this returns, every reader of the next pulse finds it. */
export function appendAbsence(paths: DataPaths, hearer: string, absence: Absence): void {
  const file = absencesFile(paths, hearer)
  const line = JSON.stringify({
    from: Math.floor(absence.fromAt / 1000),
    to: Math.ceil(absence.toAt / 1000),
    deaf: absence.deaf,
    why: absence.why,
  })
  const fd = openSync(file, 'a', 0o640)
  try {
    const created = fstatSync(fd).size === 0
    // A line torn by a power cut must not swallow this one: it starts on a line of its own.
    writeSync(fd, created ? `${line}\n` : `\n${line}\n`)
    fsyncSync(fd)
    if (created) syncFolder(paths.absences)
  } finally {
    closeSync(fd)
  }
}

/** Disjoint, in order of time. Lines that make no sense are passed over. */
export function readAbsences(paths: DataPaths, hearer: string): Absence[] {
  return disjoint(readSpans(paths, hearer))
}

/**
 * For who asks all the time: reads anew only when the file changed, or the clock was set back. What ends in the future
 * was written by a clock that ran ahead: until now it did last, but a span that never existed is not to come either.
 */
export function absenceReader(paths: DataPaths, hearer: string, now: () => number): () => readonly Absence[] {
  const file = absencesFile(paths, hearer)
  let stamp = ''
  let askedAt = 0
  let known: readonly Absence[] = []
  return () => {
    const at = now()
    const found = statSync(file, { throwIfNoEntry: false })
    const newStamp = found ? `${found.size} ${found.mtimeMs} ${found.ino}` : ''
    if (newStamp !== stamp || at < askedAt) {
      known = disjoint(readSpans(paths, hearer).flatMap((span) => untilNow(span, at)))
      stamp = newStamp
    }
    askedAt = at
    return known
  }
}

/** Rewrites the file without what is too old to matter. Called by its one writer, the hearer, at its start. */
export function forgetOldAbsences(paths: DataPaths, hearer: string, nowMs: number): void {
  const all = readAbsences(paths, hearer)
  const kept = all.filter((absence) => absence.toAt > nowMs - KEPT_MS)
  if (kept.length === all.length && all.length < 1000) return
  const lines = kept.map(({ fromAt, toAt, deaf, why }) =>
    JSON.stringify({ from: fromAt / 1000, to: toAt / 1000, deaf, why }),
  )
  replaceFile(absencesFile(paths, hearer), `${lines.join('\n')}\n`, { sync: true })
}

function untilNow(span: Absence, now: number): Absence[] {
  if (span.toAt <= now + ROUNDED_UP_MS) return [span]
  return span.deaf && span.fromAt < now ? [{ ...span, toAt: now }] : []
}

function readSpans(paths: DataPaths, hearer: string): Absence[] {
  const lines = readFile(absencesFile(paths, hearer)).split('\n')
  return lines.map((line) => (line === '' ? undefined : parseAbsence(line))).filter((span) => span !== undefined)
}

/** Only a missing file holds no absences. One that cannot be read may: to go on without them would accuse the living. */
function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

function parseAbsence(line: string): Absence | undefined {
  try {
    const { from, to, deaf, why } = JSON.parse(line) as Record<string, unknown>
    if (typeof from !== 'number' || typeof to !== 'number' || !(to >= from)) return undefined
    return { fromAt: from * 1000, toAt: to * 1000, deaf: deaf !== false, why: why as AbsenceReason }
  } catch {
    return undefined
  }
}

/** Spans overlap where a clock was set back across one, or where rounding to seconds made neighbours touch. */
export function disjoint<T extends Pick<Absence, 'fromAt' | 'toAt' | 'deaf'>>(spans: readonly T[]): T[] {
  const result: T[] = []
  for (const span of [...spans].sort((a, b) => a.fromAt - b.fromAt || a.toAt - b.toAt)) {
    const last = result.at(-1)
    if (!last || span.fromAt >= last.toAt) result.push(span)
    else if (span.toAt > last.toAt) {
      if (span.deaf === last.deaf) result[result.length - 1] = { ...last, toAt: span.toAt }
      else result.push({ ...span, fromAt: last.toAt })
    }
  }
  return result
}
