/** The state of everything, for whoever lists it: read host by host, kept for a moment, in the words of three contracts. */
import type { Config } from '../../shared/config/load.ts'
import { type Condition, type HostStatus, readingStatus, type Status } from '../../shared/status.ts'
import { projectId } from '../../shared/tokens.ts'
import { withoutPassword } from '../../shared/url.ts'
import type { BotStates, HostRow, Projects } from './answers.ts'
import { isoOrNull, isoSeconds } from './times.ts'

export interface Snapshot {
  readonly status: Status
  /** One for each host, in the order of `status`. */
  readonly rows: readonly HostRow[]
}

/** MishPulse's words. Who is allowed to be silent counts as alive: nobody needs to do anything. */
const STATUS: Readonly<Record<Condition['kind'], HostRow['status']>> = {
  fine: 'alive',
  away: 'alive',
  paused: 'alive',
  warning: 'warning',
  unstable: 'warning',
  error: 'error',
  failed: 'error',
  silent: 'dead',
  never: 'new',
}

export function* readingSnapshot(config: Config, now: number): Generator<undefined, Snapshot> {
  const status = yield* readingStatus(config, now)
  const rows: HostRow[] = []
  for (const host of status.hosts) {
    rows.push(rowOf(host, status.silenced !== undefined))
    yield
  }
  return { status, rows }
}

/** @param everything whether nothing at all is told */
export function rowOf({ name, site, condition, heardAt, report, settings, hushes }: HostStatus, everything: boolean) {
  const { kind } = condition
  return {
    name,
    status: kind === 'paused' && heardAt === undefined ? 'new' : STATUS[kind],
    last_seen: isoSeconds(heardAt),
    condition: kind,
    type: settings.type ?? null,
    site: site ?? null,
    message: report.message ?? null,
    version: report.version ?? null,
    since: isoOrNull('sinceAt' in condition ? condition.sinceAt : undefined),
    metadata: report.metadata ?? null,
    paused: kind === 'paused',
    silenced: everything || hushes.some((hush) => hush.kind !== 'ack'),
  } satisfies HostRow
}

/** As Bot Monitoring says it: whether it runs, not how it feels. */
export function botStates({ rows }: Snapshot): BotStates {
  return Object.fromEntries(
    rows.flatMap(({ name, type, condition }) => (type === 'bot' ? [[name, runs(condition)] as const] : [])),
  )
}

/** Error Monitor's projects: a host and a project are one thing here. */
export function projectsOf({ status, rows }: Snapshot): Projects {
  return rows.map(({ name, type, paused, last_seen, version, status: health }, index) => ({
    id: projectId(name),
    name,
    type: type ?? 'other',
    url: withoutCredentials(status.hosts[index]?.settings.url),
    status: paused ? 'paused' : 'active',
    last_heartbeat: last_seen,
    version,
    health,
  }))
}

/** Every condition is there, also that of nobody. */
export function countByCondition({ rows }: Pick<Snapshot, 'rows'>): Record<Condition['kind'], number> {
  const counts = { fine: 0, silent: 0, error: 0, warning: 0, failed: 0, never: 0, unstable: 0, away: 0, paused: 0 }
  for (const { condition } of rows) counts[condition]++
  return counts
}

/** A password in it is nobody's business. */
export function withoutCredentials(url: string | undefined): string | null {
  return url === undefined ? null : withoutPassword(url)
}

function runs(condition: Condition['kind']): BotStates[string] {
  if (condition === 'never' || condition === 'paused') return 'Unknown'
  return condition === 'silent' || condition === 'away' ? 'Not Running' : 'Running'
}
