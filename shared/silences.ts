/**
 * Quiet when told: `silences/ID.json`, one file for each silence, acknowledgement or pause. Created and deleted by the
 * command line and the bot; the checker deletes an acknowledgement with the outage that it was for. Expiry is computed.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createExclusive, listNames, NOT_OURS, readJsonIfThere, removeIfThere } from './files.ts'
import { isHostName } from './names.ts'
import type { DataPaths } from './paths.ts'

/**
 * `silence`: nothing is told of the target until it ends. `ack`: somebody has taken this outage, no more reminders of it.
 * `pause`: the host is not expected to report at all.
 */
export type SilenceKind = 'silence' | 'ack' | 'pause'

/** `all`, or whose: a host by its name, a site as `site:` names it. */
export type Target = 'all' | `host:${string}` | `site:${string}`

export interface Silence {
  readonly id: string
  readonly kind: SilenceKind
  readonly target: Target
  /** Epoch milliseconds. */
  readonly fromAt: number
  /** `undefined`: until it is taken back, or the outage is over. */
  readonly untilAt?: number
  /** Who asked for it, in words: `cli`, a chat's member. */
  readonly by: string
}

const LONGEST_SITE = 64
const LONGEST_BY = 64

/** @returns the target, or `undefined` for what cannot be one: a name must be one of the wire, a site's any short text */
export function parseTarget(text: string): Target | undefined {
  if (text === 'all') return text
  const site = text.startsWith('site:') ? text.slice('site:'.length).trim() : undefined
  if (site !== undefined) return site !== '' && [...site].length <= LONGEST_SITE ? `site:${site}` : undefined
  const name = text.startsWith('host:') ? text.slice('host:'.length) : text
  return isHostName(name) ? `host:${name}` : undefined
}

/** Those that have not ended, in the order in which they began. Files that make no sense are passed over. */
export function readSilences(paths: DataPaths, now: number): Silence[] {
  return listNames(paths.silences, '.json')
    .map((id) => decode(id, readJsonIfThere(silenceFile(paths, id), NOT_OURS)))
    .filter((silence) => silence !== undefined)
    .filter(({ untilAt }) => untilAt === undefined || untilAt > now)
    .sort((a, b) => a.fromAt - b.fromAt)
}

/** Synced: when this returns it will be kept. */
export function addSilence(paths: DataPaths, silence: Omit<Silence, 'id'>): Silence {
  const { kind, target, fromAt, untilAt } = silence
  const by = shortened(silence.by)
  const id = `${fromAt.toString(36)}-${randomBytes(4).toString('hex')}`
  const content = {
    kind,
    target,
    from: new Date(fromAt).toISOString(),
    until: untilAt === undefined ? null : new Date(untilAt).toISOString(),
    by,
  }
  createExclusive(silenceFile(paths, id), `${JSON.stringify(content)}\n`, { sync: true })
  return { id, kind, target, fromAt, untilAt, by }
}

export function removeSilence(paths: DataPaths, id: string): void {
  removeIfThere(silenceFile(paths, id))
}

/** All of exactly this target, ended or not. */
export function forgetSilences(paths: DataPaths, target: Target): void {
  for (const id of listNames(paths.silences, '.json')) {
    if (decode(id, readJsonIfThere(silenceFile(paths, id), NOT_OURS))?.target === target) removeSilence(paths, id)
  }
}

/** Whose alerts it concerns: the host's own, its site's, or everyone's. */
export function covers({ target }: Silence, host: string | undefined, site: string | undefined): boolean {
  if (target === 'all') return true
  return (host !== undefined && target === `host:${host}`) || (site !== undefined && target === `site:${site}`)
}

/** Relative to the data folder, as the journal wants it. */
export function silencePath(id: string): string {
  return `silences/${id}.json`
}

function silenceFile(paths: DataPaths, id: string): string {
  return join(paths.silences, `${id}.json`)
}

function decode(id: string, found: Record<string, unknown> | undefined): Silence | undefined {
  if (!found) return undefined
  const { kind, target, from, until, by } = found
  const fromAt = Date.parse(String(from))
  const untilAt = typeof until === 'string' ? Date.parse(until) : undefined
  const known = kind === 'silence' || kind === 'ack' || kind === 'pause'
  const parsed = typeof target === 'string' ? parseTarget(target) : undefined
  // An end that cannot be read must not make a silence that never ends.
  const endless = until === null || until === undefined
  if (!known || !parsed || Number.isNaN(fromAt) || (!endless && Number.isNaN(untilAt ?? Number.NaN))) return undefined
  return { id, kind, target: parsed, fromAt, untilAt, by: typeof by === 'string' ? shortened(by) : '' }
}

/** Never through a character. */
function shortened(text: string): string {
  return [...text].slice(0, LONGEST_BY).join('')
}
