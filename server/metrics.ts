/**
 * What /metrics shows: hosts, what was accepted and refused, the outbox, how long writing takes, and this process.
 * Names are a contract with dashboards; docs/api.md lists them.
 */
import { join } from 'node:path'
import { listNames, NOT_OURS, readJsonIfThere } from '../shared/files.ts'
import { parseTime } from '../shared/iso.ts'
import type { DataPaths } from '../shared/paths.ts'
import type { Accept } from './accept.ts'
import { countByCondition, type Snapshot } from './api/state.ts'
import { createHistogram, type Metric, type Sample, textOf } from './prometheus.ts'
import type { Outcome } from './signal.ts'
import type { Tally } from './tally.ts'

export interface MetricsDeps {
  readonly tally: Tally
  readonly monotonic: () => number
  readonly canWrite: () => boolean
}

export interface Metrics {
  /** The same, its time taken: of events each, of plain heartbeats one in sixteen. */
  timed(accept: Accept): Accept
  text(snapshot: Snapshot, oldestUnsentAt: number | undefined): string
}

/** A time series for each of more would burden whoever stores them. */
const MOST_HOSTS = 1000
/** In place it takes microseconds, synced a good part of a second on a slow disk. */
const BOUNDS_S = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.001, 0.005, 0.01, 0.025, 0.1, 0.25, 1, 5]
const ONE_IN = 16

export function createMetrics({ tally, monotonic, canWrite }: MetricsDeps): Metrics {
  const heartbeats = createHistogram(BOUNDS_S)
  const events = createHistogram(BOUNDS_S)
  let count = 0

  return {
    timed: (accept) => (deed, address) => {
      const begunAt = monotonic()
      const outcome = accept(deed, address)
      if (outcome instanceof Promise) {
        const done = (settled: Outcome) => {
          if (settled === 'registered') events.observe((monotonic() - begunAt) / 1000)
        }
        void outcome.then(done)
      } else if (outcome === 'registered' && count++ % ONE_IN === 0) heartbeats.observe((monotonic() - begunAt) / 1000)
      return outcome
    },

    text: (snapshot, oldestUnsentAt) =>
      textOf([
        ...hostMetrics(snapshot),
        ...talkMetrics(tally),
        ...alertMetrics(snapshot, oldestUnsentAt),
        {
          name: 'monitora_write_duration_seconds',
          help: 'How long it took to keep what was said: every event, and one plain heartbeat in sixteen.',
          type: 'histogram',
          samples: [...heartbeats.samples({ kind: 'heartbeat' }), ...events.samples({ kind: 'event' })],
        },
        gauge('monitora_can_write', 'Whether signals can be kept.', [{ value: Number(canWrite()) }]),
        ...processMetrics(),
      ]),
  }
}

/** When the oldest of the alerts that wait for their channel was decided; letter by letter, for there may be many. */
export function* readingOldestUnsent(paths: DataPaths): Generator<undefined, number | undefined> {
  let oldestAt: number | undefined
  for (const name of listNames(paths.outbox, '.json')) {
    const letter = readJsonIfThere(join(paths.outbox, `${name}.json`), NOT_OURS)
    const { alert, folded } = letter ?? {}
    // Of several in one message `alert` is the newest; all of them stand in `folded`, the oldest first.
    const oldest = (Array.isArray(folded) ? folded[0] : alert) as { readonly at?: unknown } | null | undefined
    const at = parseTime(oldest?.at)
    if (at !== undefined && at < (oldestAt ?? Number.POSITIVE_INFINITY)) oldestAt = at
    yield
  }
  return oldestAt
}

function hostMetrics({ status, rows }: Snapshot): Metric[] {
  const conditions = Object.entries(countByCondition({ rows }))
  const shown = rows.length <= MOST_HOSTS ? status.hosts : []
  return [
    gauge(
      'monitora_hosts',
      'Hosts by what is known of them.',
      conditions.map(([condition, value]) => ({ labels: { condition }, value })),
    ),
    gauge(
      'monitora_host_signal_age_seconds',
      'Time since the last signal of a host; none of hosts that were never heard.',
      shown.flatMap(({ name, heardAt }) =>
        heardAt === undefined ? [] : [{ labels: { host: name }, value: secondsSince(heardAt, status.at) }],
      ),
    ),
    gauge(
      'monitora_hosts_left_out',
      `Hosts without a series of their own, because there are more than ${MOST_HOSTS}.`,
      [{ value: rows.length - shown.length }],
    ),
  ]
}

function talkMetrics({ answered }: Tally): Metric[] {
  const counter = (name: string, help: string, what: 'signals' | 'errors' | 'refused'): Metric => ({
    name,
    help,
    type: 'counter',
    samples: [...answered].map(([dialect, numbers]) => ({ labels: { dialect }, value: numbers[what] })),
  })
  return [
    counter('monitora_signals_accepted_total', 'Signals that were kept.', 'signals'),
    counter('monitora_errors_accepted_total', 'Errors of applications that were kept.', 'errors'),
    counter('monitora_refused_total', 'What was asked for and not kept, for whatever reason.', 'refused'),
  ]
}

function alertMetrics({ status }: Snapshot, oldestUnsentAt: number | undefined): Metric[] {
  const { at, unsent, failed, processes } = status
  return [
    gauge('monitora_outbox_alerts', 'Alerts that wait for their channel.', [{ value: unsent }]),
    gauge('monitora_outbox_oldest_age_seconds', 'How long the oldest of them has been waiting; 0 when none does.', [
      { value: oldestUnsentAt === undefined ? 0 : secondsSince(oldestUnsentAt, at) },
    ]),
    gauge('monitora_deliveries_failed', 'Alerts that a channel refused for good, or that were given up.', [
      { value: failed },
    ]),
    gauge(
      'monitora_process_running',
      'Whether a process of the monitor had a pulse in the last ten seconds.',
      processes.map(({ name, running }) => ({ labels: { process: name }, value: Number(running) })),
    ),
    gauge(
      'monitora_process_pulse_age_seconds',
      'Time since the last pulse of a process; none of one that never ran.',
      processes.flatMap(({ name, pulseAt }) =>
        pulseAt === undefined ? [] : [{ labels: { process: name }, value: secondsSince(pulseAt, at) }],
      ),
    ),
  ]
}

function processMetrics(): Metric[] {
  const { user, system } = process.cpuUsage()
  return [
    gauge('process_resident_memory_bytes', 'Resident memory size.', [{ value: process.memoryUsage.rss() }]),
    gauge('process_start_time_seconds', 'When this process started, Unix time.', [
      { value: performance.timeOrigin / 1000 },
    ]),
    {
      name: 'process_cpu_seconds_total',
      help: 'Processor time of this process.',
      type: 'counter',
      samples: [{ value: (user + system) / 1e6 }],
    },
  ]
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples }
}

/** A clock that was set back makes no negative age. */
function secondsSince(at: number, now: number): number {
  return Math.max(0, now - at) / 1000
}
