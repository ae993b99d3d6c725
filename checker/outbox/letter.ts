/** A letter: one alert for one channel, or several that waited and became one message. A file in `outbox/` each. */
import { ALERT_KINDS, type Alert } from '../../shared/alert.ts'
import { reasonOf } from '../../shared/log.ts'
import { DeliveryError } from '../channels/channel.ts'
import { decodeTimes, encode, encodeTimes } from '../json.ts'

export interface Letter {
  /** Of a folded letter the newest. */
  readonly alert: Alert
  /** All that it holds, the oldest first. Such a letter is made when its first try begins, so it never changes. */
  readonly folded?: readonly Alert[]
  readonly channel: string
  /** Those that were begun: once there was one it may have arrived, and must not arrive again in another letter. */
  readonly tries: number
  readonly nextTryAt: number
  /** Every try was refused for certain: none of them arrived, so it may still become part of another letter. */
  readonly refused?: true
  /** Why the last try failed. */
  readonly error?: string
}

export const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 900_000

/** A folded one is named for its newest alert and how many it holds: `+` is in no id and in no name of a channel. */
export function letterFile({ alert, folded, channel }: Letter): string {
  return `outbox/${alert.id.replaceAll(':', '.')}${folded ? `+${folded.length}` : ''}.${channel}.json`
}

export function alertsOf({ alert, folded }: Letter): readonly Alert[] {
  return folded ?? [alert]
}

export function encodeLetter(letter: Letter): string {
  return encode({ ...letter, folded: letter.folded?.map(encodeTimes) })
}

/** @returns `undefined` for what is no letter of ours */
export function decodeLetter(found: Record<string, unknown> | undefined): Letter | undefined {
  if (!found) return undefined
  const letter = decodeTimes(found) as unknown as Letter
  const { alert, channel, tries, nextTryAt } = letter
  if (!isAlert(alert) || typeof channel !== 'string' || !Number.isFinite(tries)) return undefined
  const folded = decodeFolded(found.folded)
  if (folded === 'garbled') return undefined
  return { ...letter, folded, nextTryAt: Number.isFinite(nextTryAt) ? nextTryAt : 0 }
}

/**
 * The order in which letters were in line, for those found on disk. Only the first in line is ever tried, so one that
 * was tried stood first.
 */
export function inOrder(a: Letter, b: Letter): number {
  const [first, second] = [alertsOf(a)[0]!, alertsOf(b)[0]!]
  return Number(b.tries > 0) - Number(a.tries > 0) || first.at - second.at || numberOf(first) - numberOf(second)
}

/**
 * After a try that failed: 1 s, 2 s, 4 s … 15 min, a fifth more or less; what the provider asks for comes first. Not
 * beyond the moment when it is given up, for which a last try is kept.
 */
export function postponed(
  letter: Letter,
  error: unknown,
  { now, expiresAt, random }: { now: number; expiresAt: number; random: () => number },
): Letter {
  const asked = error instanceof DeliveryError ? error.retryAfterMs : undefined
  const backoff = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(letter.tries - 1, 20))
  // What is no number asks for nothing.
  const delay = asked !== undefined && asked >= 0 ? asked : Math.round(backoff * (0.8 + 0.4 * random()))
  return { ...letter, nextTryAt: Math.min(now + delay, expiresAt), error: reasonOf(error) }
}

/** The clock may have been set since: what another run planned is not waited for longer than we would by ourselves. */
export function hurried(letter: Letter, now: number): Letter {
  return { ...letter, nextTryAt: Math.min(letter.nextTryAt, now + LONGEST_DELAY_MS) }
}

function decodeFolded(found: unknown): readonly Alert[] | undefined | 'garbled' {
  if (found === undefined) return undefined
  if (!Array.isArray(found) || found.length === 0) return 'garbled'
  const alerts = found.map((item: unknown) => (typeof item === 'object' && item !== null ? decodeTimes(item) : item))
  return alerts.every(isAlert) ? alerts : 'garbled'
}

function isAlert(found: unknown): found is Alert {
  const alert = found as Partial<Alert> | null | undefined
  const known = (ALERT_KINDS as readonly unknown[]).includes(alert?.kind)
  const listed = Array.isArray(alert?.hosts) && Array.isArray(alert?.tags) && Number.isFinite(alert?.at)
  return known && listed && typeof alert?.id === 'string'
}

function numberOf({ id }: Alert): number {
  return Number(id.slice(id.lastIndexOf(':') + 1))
}

/**
 * Where a letter takes its place in the queue of its channel: at the end. But what is told of hosts does not wait behind
 * the errors of applications, of which there may be many. What was tried before, or is under way, keeps its place.
 */
export function placeIn(queue: readonly Letter[], letter: Letter): number {
  if (isOfApplication(letter)) return queue.length
  const first = queue.findIndex((other, index) => index > 0 && isOfApplication(other) && other.tries === 0)
  return first === -1 ? queue.length : first
}

function isOfApplication({ alert, folded }: Letter): boolean {
  return alert.group !== undefined && folded === undefined
}
