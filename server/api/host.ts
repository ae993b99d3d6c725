/** One host, with all that is known of it but its secrets, and its history. Read at the moment of asking. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../shared/config/load.ts'
import { readIfThere, readJsonIfThere } from '../../shared/files.ts'
import { type HistoryLine, readHistory, type Span, uptime } from '../../shared/history.ts'
import { hostFileName } from '../../shared/host-file.ts'
import { parseTime } from '../../shared/iso.ts'
import { isHostName } from '../../shared/names.ts'
import { readRegistration, registrationFile } from '../../shared/registry.ts'
import { rhythmOf } from '../../shared/rhythm.ts'
import { type RunLine, readRuns } from '../../shared/runs.ts'
import { readSilences } from '../../shared/silences.ts'
import { type HostStatus, readHostStatus } from '../../shared/status.ts'
import { nextDue } from '../../shared/why.ts'
import type { HistoryAnswer, HostAnswer } from './answers.ts'
import { rowOf, withoutCredentials } from './state.ts'
import { iso, isoOrNull, secondsOrNull } from './times.ts'

const MOST_RUNS = 20
const VERDICTS = ['new', 'up', 'down'] as const

/** @returns `undefined` when there is no such host */
export function hostAnswer(config: Config, name: string, now: number): HostAnswer | undefined {
  if (!isHostName(name) || !isKnown(config, name)) return undefined
  const { paths } = config
  const status = readHostStatus(config, name, now)
  const everything = readSilences(paths, now).some(({ kind, target }) => kind === 'silence' && target === 'all')
  const registration = readRegistration(paths, name)
  const { condition, heardAt, report, hushes } = status
  const waitedFor = condition.kind !== 'silent' && condition.kind !== 'away' && condition.kind !== 'paused'
  return {
    ...rowOf(status, everything),
    due: isoOrNull(waitedFor && heardAt !== undefined ? nextDue(config, name, heardAt) : undefined),
    registered: registration
      ? {
          at: iso(registration.registeredAt),
          origin: registration.origin,
          project: registration.project ?? null,
          has_token: (config.hosts.get(name)?.token ?? registration.tokenHash) !== undefined,
        }
      : null,
    settings: settingsInForce(config, status),
    report: {
      status: report.status ?? null,
      address: report.address ?? null,
      boot: report.boot ?? null,
      agent: report.agent ?? null,
      progress: report.progress ?? null,
      progress_at: isoOrNull(report.progressAt),
      output: report.output ?? null,
      last_words: report.lastWords ?? null,
      last_words_at: isoOrNull(report.lastWordsAt),
    },
    run: report.runStartedAt === undefined ? null : { id: report.runId ?? null, started: iso(report.runStartedAt) },
    runs: readRuns(paths, name, MOST_RUNS).map(runOf),
    verdict: verdictOf(readJsonIfThere(join(paths.stateHosts, `${name}.json`))),
    hushes: hushes.map(({ kind, of, untilAt, by }) => ({ kind, of, until: isoOrNull(untilAt), by: by ?? null })),
  }
}

/** @returns `undefined` when nobody has ever heard of it; one that was removed has a history still */
export function historyAnswer(
  config: Config,
  name: string,
  { fromAt, toAt }: Span,
  now: number,
): HistoryAnswer | undefined {
  const { paths } = config
  if (!isHostName(name)) return undefined
  if (readIfThere(join(paths.history, `${name}.jsonl`)) === undefined && !isKnown(config, name)) {
    return undefined
  }
  const lines = readHistory(paths, name)
  const { upMs, downMs, knownMs, outages } = uptime(lines, fromAt, Math.min(toAt, Math.max(fromAt, now)))
  return {
    name,
    from: iso(fromAt),
    to: iso(toAt),
    up: upMs / 1000,
    down: downMs / 1000,
    known: knownMs / 1000,
    outages: outages.map((outage) => ({ from: iso(outage.fromAt), to: iso(outage.toAt) })),
    changes: lines.filter(({ at }) => at >= fromAt && at <= toAt).map(changeOf),
  }
}

/** As `knownHosts` finds it, without looking at all the others. */
function isKnown({ hosts, paths }: Config, name: string): boolean {
  return (
    hosts.has(name) || existsSync(registrationFile(paths, name)) || existsSync(join(paths.hosts, hostFileName(name)))
  )
}

/** Key by key as the checker has it: the host's, its site's, the defaults. */
function settingsInForce(config: Config, { settings, site, report }: HostStatus): HostAnswer['settings'] {
  const { defaults } = config
  const ofSite = site === undefined ? undefined : config.sites.get(site)
  const { timeoutMs, intervalMs, schedule } = rhythmOf(config, settings, report)
  const { changes, within } = settings.unstable ?? ofSite?.unstable ?? defaults.unstable
  const windows = [settings, ofSite, defaults].flatMap((some) => some?.maintenance ?? [])
  const declared = schedule && settings.schedule === undefined ? report : settings
  return {
    type: settings.type ?? null,
    url: withoutCredentials(settings.url),
    site: settings.site ?? null,
    timeout: timeoutMs / 1000,
    interval: secondsOrNull(intervalMs),
    scheduled: schedule !== undefined,
    schedule: declared.schedule ?? null,
    timezone: declared.timezone ?? null,
    grace: secondsOrNull(schedule?.graceMs ?? settings.grace),
    every: settings.every ?? null,
    note: settings.note ?? null,
    tags: settings.tags ?? [],
    sleeps: settings.sleeps ?? false,
    expected_absence: secondsOrNull(settings.expectedAbsence),
    failures_before: settings.failuresBefore ?? defaults.failuresBefore ?? 1,
    recover_after: settings.recoverAfter ?? defaults.recoverAfter ?? 1,
    reminder: (settings.reminder ?? ofSite?.reminder ?? defaults.reminder) / 1000,
    channels: settings.channels ?? ofSite?.channels ?? defaults.channels ?? null,
    unstable: { changes, within: within / 1000 },
    maintenance: windows.map((window) => ({
      schedule: window.schedule,
      timezone: window.timezone ?? null,
      for: window.for / 1000,
    })),
  }
}

/** As it stands in the checker's file; what makes no sense there is left out. */
function verdictOf(state: Record<string, unknown> | undefined): HostAnswer['verdict'] {
  const verdict = VERDICTS.find((known) => known === state?.verdict)
  if (!state || !verdict) return null
  const outage = partOf(state.outage)
  const trouble = partOf(state.trouble)
  return {
    verdict,
    reason: textOf(state.reason) ?? '',
    since: isoOrNull(parseTime(state.since)),
    outage: outage && {
      id: textOf(outage.id),
      since: isoOrNull(parseTime(outage.since)),
      site: textOf(outage.site),
    },
    trouble: trouble && {
      kind: textOf(trouble.kind) ?? '',
      cause: textOf(trouble.cause),
      since: isoOrNull(parseTime(trouble.since)),
      message: textOf(trouble.message),
      failures: numberOf(trouble.failures) ?? 0,
      exit_status: numberOf(trouble.exitStatus),
    },
  }
}

function runOf({ at, what, startedAt, durationMs, exitStatus, message, output }: RunLine): HostAnswer['runs'][number] {
  return {
    at: iso(at),
    what,
    started: isoOrNull(startedAt),
    duration: secondsOrNull(durationMs),
    exit_status: exitStatus ?? null,
    message: message ?? null,
    output: output ?? null,
  }
}

function changeOf(line: HistoryLine): HistoryAnswer['changes'][number] {
  return {
    at: iso(line.at),
    verdict: line.verdict,
    reason: line.reason,
    since: iso(line.sinceAt),
    alert: line.alert ?? null,
    due: isoOrNull(line.dueAt),
    timeout: secondsOrNull(line.timeoutMs),
    interval: secondsOrNull(line.intervalMs),
    missed: isoOrNull(line.missedAt),
    absences: line.absences.map(({ fromAt, toAt, why }) => ({ from: iso(fromAt), to: iso(toAt), why })),
    hidden: line.hidden ?? null,
    site: line.site ?? null,
  }
}

function partOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
