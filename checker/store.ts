/**
 * How what the checker knows stands in files: `state/hosts/NAME.json`, `state/sites/…`, `state/monitor.json`,
 * `history/NAME.jsonl`.
 * Written through the journal only; readable for people, so times are ISO 8601 on disk and epoch milliseconds here.
 */
import { join } from 'node:path'
import { type JsonObject, listNames, readJsonIfThere } from '../shared/files.ts'
import { parseTime } from '../shared/iso.ts'
import { isHostName } from '../shared/names.ts'
import type { DataPaths } from '../shared/paths.ts'
import { siteFileName } from '../shared/sites.ts'
import { type Gathered, readGathered } from './contents.ts'
import type { HostState, MonitorState, Outage, SiteOutage, SiteState, Trouble, Unstable } from './core/state.ts'
import type { Round } from './core/world.ts'
import { decodeTimes, encode } from './json.ts'

export const MONITOR_FILE = 'state/monitor.json'

export function readHostStates(paths: DataPaths, now: number): Map<string, HostState> {
  const states = new Map<string, HostState>()
  const gathered: Gathered = {
    names: new Set(listNames(paths.stateHosts, '.json').filter(isHostName)),
    filesOf: (name) => [`${paths.stateHosts}/${name}.json`],
    read: (file) => readJsonIfThere(file),
    take: (name, [found]) => {
      const state = decodeHost(found)
      if (state?.name === name) states.set(state.name, state)
    },
  }
  readGathered(join(paths.state, 'hosts.contents'), gathered, now)
  return states
}

export function readSiteStates(paths: DataPaths): Map<string, SiteState> {
  const states = new Map<string, SiteState>()
  for (const file of listNames(paths.stateSites, '.json')) {
    const found = readJsonIfThere(join(paths.stateSites, `${file}.json`))
    const state = found && (decodeTimes(found) as unknown as SiteState)
    const sound = typeof state?.name === 'string' && [state.registeredAt, state.alerts].every(Number.isFinite)
    if (sound && siteFileName(state.name) === `${file}.json`) {
      const { spans = [], ...rest } = withoutGarbled(state, SITE_PARTS)
      states.set(state.name, { ...rest, spans })
    }
  }
  return states
}

/** A folder that was never watched over begins now: what was before is nobody's absence. */
export function readMonitorState(paths: DataPaths, now: number): MonitorState {
  const found = readJsonIfThere(join(paths.root, MONITOR_FILE))
  const registeredAt = parseTime(found?.registeredAt)
  if (!found || registeredAt === undefined) return { registeredAt: now, alerts: 0, absencesSeenUntilAt: now }
  const state = withoutGarbled(decodeTimes(found) as Partial<MonitorState>, MONITOR_PARTS)
  const { alerts = 0, absencesSeenUntilAt = now } = state
  return { ...state, registeredAt, alerts, absencesSeenUntilAt }
}

/** What the round changes of state and history. */
export function commitOf({ hosts, sites, monitor, history, runs, remove: served }: Round) {
  const write = new Map<string, string>()
  const remove = [...served]
  for (const [name, state] of hosts) {
    const file = `state/hosts/${name}.json`
    if (state) write.set(file, encode(state))
    else remove.push(file)
  }
  for (const [name, state] of sites) {
    const file = `state/sites/${siteFileName(name)}`
    if (state) write.set(file, encode(state))
    else remove.push(file)
  }
  if (monitor) write.set(MONITOR_FILE, encode(monitor))
  const append = history.map(({ host, line }) => ({ file: `history/${host}.jsonl`, text: encode(line) }))
  for (const { host, line } of runs) append.push({ file: `history/${host}.runs.jsonl`, text: encode(line) })
  return { write, append, remove }
}

function decodeHost(found: JsonObject | undefined): HostState | undefined {
  if (!found) return undefined
  const state = decodeTimes(found) as unknown as HostState
  const { name, verdict, registeredAt, sinceAt, alerts } = state
  const known = verdict === 'new' || verdict === 'up' || verdict === 'down'
  const sound = known && typeof name === 'string' && [registeredAt, sinceAt, alerts].every(Number.isFinite)
  return sound ? withoutGarbled(state, HOST_PARTS) : undefined
}

type Parts<S> = { readonly [K in keyof S]?: (part: never) => boolean }

/** What the rounds go into without asking. */
const HOST_PARTS: Parts<HostState> = {
  heardAt: Number.isFinite,
  noticed: ({ heardAt, at }: NonNullable<HostState['noticed']>) => [heardAt, at].every(Number.isFinite),
  gapMs: Number.isFinite,
  outage: isOutage,
  returning: ({ count, sinceAt, heardAt }: NonNullable<HostState['returning']>) =>
    [count, sinceAt, heardAt].every(Number.isFinite),
  goodbyeAt: Number.isFinite,
  account: ({ at }: NonNullable<HostState['account']>) => Number.isFinite(at),
  rebootedAt: Number.isFinite,
  trouble: ({ sinceAt, failures, good, hungSinceAt = sinceAt, hungAt = sinceAt }: Trouble) =>
    [sinceAt, failures, good, hungSinceAt, hungAt].every(Number.isFinite),
  run: ({ startedAt, latestAt = startedAt }: NonNullable<HostState['run']>) =>
    [startedAt, latestAt].every(Number.isFinite),
  recentAt: areTimes,
  changedAt: areTimes,
  unstable: isNamedOutage,
  boots: (boots: unknown) => Array.isArray(boots) && boots.every((start) => typeof start?.boot === 'string'),
}
const SITE_PARTS: Parts<SiteState> = {
  outage: (outage: SiteOutage) =>
    isOutage(outage) && areNames(outage.hosts) && areNames(outage.named ?? []) && areNamed(outage.returned ?? []),
  spans: areSpans,
  changedAt: areTimes,
  unstable: isNamedOutage,
}
const MONITOR_PARTS: Parts<MonitorState> = {
  alerts: Number.isFinite,
  serverDown: isNamedOutage,
  botDown: isNamedOutage,
  absence: (absence: NonNullable<MonitorState['absence']>) => areSpans([absence]),
  absencesSeenUntilAt: Number.isFinite,
  lookingAgainAt: Number.isFinite,
  unreachable: (unreachable: NonNullable<MonitorState['unreachable']>) =>
    isNamedOutage(unreachable) && isOutage(unreachable),
  spans: areSpans,
}

/** A part that somebody garbled is left out: one wrong file must not stop the rounds, which watch over everyone. */
function withoutGarbled<S extends object>(state: S, parts: Parts<S>): S {
  let sound = state
  for (const key in parts) {
    const part = state[key]
    if (part === undefined || (part !== null && parts[key]?.(part as never))) continue
    sound = { ...sound, [key]: undefined }
  }
  return sound
}

function isOutage({ sinceAt, toldAt }: Outage): boolean {
  return [sinceAt, toldAt].every(Number.isFinite)
}

function isNamedOutage({ id, sinceAt }: Unstable): boolean {
  return typeof id === 'string' && Number.isFinite(sinceAt)
}

function areTimes(times: unknown): boolean {
  return Array.isArray(times) && times.every(Number.isFinite)
}

function areSpans(spans: unknown): boolean {
  return Array.isArray(spans) && spans.every((span) => [span?.fromAt, span?.toAt].every(Number.isFinite))
}

function areNames(names: unknown): boolean {
  return Array.isArray(names) && names.every((name) => typeof name === 'string')
}

function areNamed(hosts: unknown): boolean {
  return Array.isArray(hosts) && hosts.every((host) => typeof host?.name === 'string')
}
