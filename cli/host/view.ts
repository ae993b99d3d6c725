/** What is known of hosts: the list of all, and everything of one. Reads only, and shows no secret. */
import { basename } from 'node:path'
import type { Config } from '../../shared/config/load.ts'
import { type Format, formatFor } from '../../shared/i18n/format.ts'
import { textsFor } from '../../shared/i18n/index.ts'
import type { Answer } from '../../shared/quiet.ts'
import {
  findRegistration,
  hasRhythm,
  isUnusable,
  type Registration,
  registeredSettings,
  type Unusable,
} from '../../shared/registry.ts'
import { rhythmOf } from '../../shared/rhythm.ts'
import { type HostStatus, readHostStatus, readStatus } from '../../shared/status.ts'
import { complainOf, tokenOf, unusableLine } from './change.ts'
import { settingLines } from './settings.ts'

const NONE = '–'

/** In columns, under their names. */
export function hostList(config: Config, now: number): string {
  const texts = textsFor(config.language).cli.host
  const { hosts } = readStatus(config, now)
  if (hosts.length === 0) return texts.none
  const rows = [texts.columns, ...hosts.map((host) => rowOf(config, host, now))]
  const widths = texts.columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function hostDetails(config: Config, name: string, now: number): Answer {
  const unknown = complainOf(config, name)
  if (unknown !== undefined) return { done: false, text: unknown }
  const texts = textsFor(config.language).cli.host
  const format = formatFor(config.language, config.timezone)
  const found = findRegistration(config.paths, name)
  const registration = isUnusable(found) ? undefined : found
  const status = readHostStatus(config, name, now)
  const inForce = settingLines(status.settings)
  const registered = settingLines(registration?.settings ?? {})
  const configured = config.hosts.get(name)
  const token = tokenOf(config, name, registration)
  const ignored = registration?.settings ? registeredSettings(registration.settings).ignored : []
  const zoneAlone = configured?.timezone !== undefined && status.settings.schedule === undefined
  const lines = [
    `${name}: ${stateOf(config, status, format, now)}`,
    knowsRhythm(config, status, found) ? texts.expected(expectedOf(config, status, format, now)) : texts.rhythmUnknown,
    ...(registration
      ? [texts.knownSince(format.clock(registration.registeredAt, now), originOf(config, registration))]
      : []),
    ...(isUnusable(found) ? [unusableLine(config, name, found)] : []),
    ...(isUnusable(found) && token === 'none' ? [] : [texts.tokens[token]]),
    ...(zoneAlone ? [texts.zoneAlone(name, basename(config.file))] : []),
    ...(inForce.length > 0 ? [texts.inForce, ...inForce] : []),
    ...(registered.length > 0 ? [texts.registered, ...registered] : []),
    ...(ignored.length > 0 ? [texts.ignored(format.list(ignored))] : []),
  ]
  return { done: true, text: lines.join('\n') }
}

function rowOf(config: Config, status: HostStatus, now: number): readonly string[] {
  const { name, settings, heardAt, condition, report } = status
  const texts = textsFor(config.language).cli.host
  const format = formatFor(config.language, config.timezone)
  const { timeoutMs, schedule } = rhythmOf(config, settings, report)
  const found = findRegistration(config.paths, name)
  const registration = isUnusable(found) ? undefined : found
  const expected = schedule ? (settings.schedule ?? report.schedule ?? NONE) : format.shortSpan(timeoutMs)
  return [
    name,
    settings.type ?? NONE,
    texts.states[condition.kind],
    heardAt === undefined ? NONE : texts.ago(format.shortSpan(Math.max(0, now - heardAt))),
    knowsRhythm(config, status, found) ? expected : NONE,
    originOf(config, registration ?? { origin: config.hosts.has(name) ? 'config' : 'adopted' }),
  ]
}

function stateOf({ language }: Config, { condition, heardAt }: HostStatus, format: Format, now: number): string {
  const { states, lastSignal } = textsFor(language).cli.host
  const words = states[condition.kind]
  return heardAt === undefined ? words : `${words}; ${lastSignal(format.clock(heardAt, now))}`
}

/** A registration that cannot be used may say something else than the default. */
function knowsRhythm(
  { hosts }: Config,
  { name, report }: HostStatus,
  found: Registration | Unusable | undefined,
): boolean {
  return !isUnusable(found) || hasRhythm(hosts.get(name), report)
}

/** When silence would be told, whoever has decided it: the configuration, the registration or the client. */
function expectedOf(config: Config, { settings, report }: HostStatus, format: Format, now: number) {
  const { timeoutMs, schedule, intervalMs } = rhythmOf(config, settings, report)
  const interval = intervalMs === undefined ? undefined : format.span(intervalMs)
  if (!schedule) return { timeout: format.span(timeoutMs), interval }
  const nextAt = schedule.next(now)
  return {
    schedule: settings.schedule ?? report.schedule ?? '',
    next: nextAt === undefined ? undefined : format.clock(nextAt, now),
    grace: format.span(schedule.graceMs),
  }
}

function originOf({ language, file }: Config, { origin, project }: Pick<Registration, 'origin' | 'project'>): string {
  const { origins } = textsFor(language).cli.host
  if (origin === 'config') return basename(file)
  return origin === 'project' ? origins.project(project ?? NONE) : origins[origin]
}
