/**
 * How an outage came to be told, from the last signal to the provider's answer: read from what the checker wrote down.
 * Plain data; why-text.ts makes words of it.
 */
import { join } from 'node:path'
import { readAbsences } from './absences.ts'
import type { Config } from './config/load.ts'
import { listNames, NOT_OURS, parseObject, readIfThere, readJsonIfThere } from './files.ts'
import { type HistoryLine, type Phase, phasesOf, readHistory, type Span } from './history.ts'
import { hostFileName, lastHeard } from './host-file.ts'
import { parseTime } from './iso.ts'
import type { DataPaths } from './paths.ts'
import { readRegistration, settingsOf } from './registry.ts'
import { readReport } from './report.ts'
import { CUT_OFF_MS, rhythmOf } from './rhythm.ts'
import { type RunLine, readRuns } from './runs.ts'
import { type HostStatus, readHostStatus } from './status.ts'

/** What became of one alert at one channel. */
export interface Delivery {
  readonly channel: string
  readonly outcome: 'delivered' | 'refused' | 'given-up' | 'folded' | 'waiting'
  /** When that was; of one that waits, when it is tried next. */
  readonly at: number
  readonly tries: number
  readonly error?: string
}

export interface WhyOutage {
  /** From the last signal to the first one after it; Infinity: it lasts. */
  readonly span: Span
  /** Its lines in the history: how it was found, and what was told of it later. */
  readonly lines: readonly HistoryLine[]
  readonly end?: HistoryLine
  /** By the id of the alert. */
  readonly deliveries: ReadonlyMap<string, readonly Delivery[]>
}

/** What is wrong with it though it is heard. */
export interface WhyTrouble {
  readonly sinceAt: number
  /** Not known of what an earlier version told. */
  readonly toldAt?: number
  /** The alert that told it, and what became of that. */
  readonly alert?: string
  readonly deliveries: WhyOutage['deliveries']
}

/** Times are epoch milliseconds. */
export interface Why {
  readonly at: number
  readonly host: HostStatus
  readonly asked?: Span
  /** The one that was asked for, else the last one. */
  readonly outage?: WhyOutage
  readonly trouble?: WhyTrouble
  /** Of a job, the newest last. */
  readonly runs: readonly RunLine[]
  /** Nothing is known of an outage at that time, but of an earlier one. */
  readonly lastOneAt?: number
  readonly heardAt?: number
  /** When its next signal is due; `undefined`: it is silent, or what we could not hear has moved it. */
  readonly dueAt?: number
}

const MOST_LINES = 50
const MOST_RUNS = 3
/** A run that was under way at the time that was asked for ended after it. */
const AROUND_MS = 3_600_000

/**
 * @param asked which outage is meant: one that lasted then
 * @param now epoch milliseconds
 * @throws what the file system throws, except for files that are missing or make no sense
 */
export function readWhy(config: Config, name: string, asked: Span | undefined, now: number): Why {
  const { paths } = config
  const host = readHostStatus(config, name, now)
  const phases = phasesOf(readHistory(paths, name))
  const outages = phases.filter(({ verdict }) => verdict === 'down')
  const meant = asked
    ? outages.findLast(({ fromAt, toAt }) => fromAt < asked.toAt && toAt >= asked.fromAt)
    : outages.at(-1)
  const seconds = lastHeard(join(paths.hosts, hostFileName(name)))
  const heardAt = seconds === undefined ? undefined : seconds * 1000
  const reports = host.condition.kind !== 'silent' && host.condition.kind !== 'away'
  return {
    at: now,
    host,
    asked,
    outage: meant && outageOf(paths, meant, phases),
    trouble: asked ? undefined : readTrouble(paths, name),
    runs: readRuns(paths, name, MOST_LINES)
      .filter(({ what, at }) => what !== 'log' && isMeant(at, asked))
      .slice(-MOST_RUNS),
    lastOneAt: meant ? undefined : outages.at(-1)?.fromAt,
    heardAt,
    dueAt: reports && heardAt !== undefined ? nextDue(config, name, heardAt) : undefined,
  }
}

function readTrouble(paths: DataPaths, name: string): WhyTrouble | undefined {
  const trouble = readJsonIfThere(join(paths.stateHosts, `${name}.json`), NOT_OURS)?.trouble
  const { since, toldAt, id, alert: last = id } = (trouble ?? {}) as Readonly<Record<string, unknown>>
  const sinceAt = parseTime(since)
  if (sinceAt === undefined) return undefined
  const alert = textOf(last)
  return {
    sinceAt,
    toldAt: parseTime(toldAt),
    alert,
    deliveries: readDeliveries(paths, new Set(alert === undefined ? [] : [alert])),
  }
}

function isMeant(at: number, asked: Span | undefined): boolean {
  return !asked || (at >= asked.fromAt && at <= asked.toAt + AROUND_MS)
}

function outageOf(paths: DataPaths, outage: Phase, phases: readonly Phase[]): WhyOutage {
  const { fromAt, toAt, lines } = outage
  const end = phases[phases.indexOf(outage) + 1]?.lines[0]
  const alerts = [...lines, ...(end ? [end] : [])].map(({ alert }) => alert).filter((id) => id !== undefined)
  return { span: { fromAt, toAt }, lines, end, deliveries: readDeliveries(paths, new Set(alerts)) }
}

/** What is settled, and what still waits or was given up; the last word for each channel. */
function readDeliveries(paths: DataPaths, ids: ReadonlySet<string>): Map<string, Delivery[]> {
  const found = new Map<string, Map<string, Delivery>>([...ids].map((id) => [id, new Map()]))
  if (ids.size === 0) return new Map()
  for (const line of (readIfThere(join(paths.history, 'deliveries.log.jsonl')) ?? '').split('\n')) {
    const record = parseObject(line)
    const delivery = record && settledOf(record)
    if (delivery) found.get(String(record.alert))?.set(delivery.channel, delivery)
  }
  for (const [folder, waits] of [
    [paths.outbox, true],
    [paths.failed, false],
  ] as const) {
    for (const name of listNames(folder, '.json')) {
      const letter = readJsonIfThere(join(folder, `${name}.json`), NOT_OURS)
      if (!letter) continue
      for (const id of alertsOf(letter)) {
        const known = found.get(id)
        const delivery = letterOf(letter, waits)
        // The record of a refusal knows when that was; the letter that is kept knows only why.
        if (waits || known?.get(delivery.channel) === undefined) known?.set(delivery.channel, delivery)
      }
    }
  }
  return new Map([...found].map(([id, byChannel]) => [id, [...byChannel.values()]]))
}

function settledOf({ at, channel, tries, outcome, error }: Record<string, unknown>): Delivery | undefined {
  const settledAt = parseTime(at)
  const known = outcome === 'delivered' || outcome === 'refused' || outcome === 'given-up' || outcome === 'folded'
  if (settledAt === undefined || typeof channel !== 'string' || !known) return undefined
  return { channel, outcome, at: settledAt, tries: Number(tries) || 0, error: textOf(error) }
}

function letterOf({ channel, tries, nextTryAt, error }: Record<string, unknown>, waits: boolean): Delivery {
  return {
    channel: String(channel),
    outcome: waits ? 'waiting' : 'refused',
    at: parseTime(nextTryAt) ?? 0,
    tries: Number(tries) || 0,
    error: textOf(error),
  }
}

function alertsOf({ alert, folded }: Record<string, unknown>): string[] {
  const alerts = [alert, ...(Array.isArray(folded) ? folded : [])] as ({ readonly id?: unknown } | null | undefined)[]
  return [...new Set(alerts.map((one) => one?.id).filter((id) => typeof id === 'string'))]
}

/** As the checker reckons while nothing of ours has moved it. */
export function nextDue(config: Config, name: string, heardAt: number): number | undefined {
  if (readAbsences(config.paths, 'server').some(({ toAt }) => toAt > heardAt)) return undefined
  const settings = settingsOf(config, name, readRegistration(config.paths, name))
  const { schedule, timeoutMs } = rhythmOf(config, settings, readReport(config.paths, name))
  if (!schedule) return heardAt + CUT_OFF_MS + timeoutMs
  const runAt = schedule.next(heardAt)
  return runAt === undefined ? undefined : runAt + schedule.graceMs
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
