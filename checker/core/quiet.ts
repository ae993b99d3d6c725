/**
 * Whether something is told at all just now. Quiet hides alerts, never state: what is still wrong when it ends is told
 * then, and what was told before it began is told to its end all the same. Pure.
 */
import { covers, type Silence } from '../../shared/silences.ts'

export type QuietReason = 'not-alerted' | 'pause' | 'silence' | 'maintenance' | 'away' | 'unstable'

export interface Quiet {
  readonly why: QuietReason
  /** When to ask again; Infinity: when something else changes. */
  readonly untilAt: number
}

interface Whose {
  readonly host?: string
  readonly site?: string
}

export interface QuietSubject extends Whose {
  readonly alerted: boolean
  /** When the maintenance window that is in force ends, epoch milliseconds; `undefined`: none is. */
  maintenanceUntil(now: number): number | undefined
}

export function quietOf(subject: QuietSubject, silences: readonly Silence[], now: number): Quiet | undefined {
  if (!subject.alerted) return { why: 'not-alerted', untilAt: Number.POSITIVE_INFINITY }
  for (const why of ['pause', 'silence'] as const) {
    const silence = inForce(why, subject, silences, now)
    if (silence) return { why, untilAt: silence.untilAt ?? Number.POSITIVE_INFINITY }
  }
  const untilAt = subject.maintenanceUntil(now)
  return untilAt === undefined ? undefined : { why: 'maintenance', untilAt }
}

/** Somebody has taken it: no reminders until it is over. */
export function isAcknowledged(subject: Whose, silences: readonly Silence[], now: number): boolean {
  return inForce('ack', subject, silences, now) !== undefined
}

/** It is not expected to report at all. */
export function isPaused(
  { name, site }: { readonly name: string; readonly site?: string },
  silences: readonly Silence[],
  now: number,
): boolean {
  return silences.length > 0 && inForce('pause', { host: name, site }, silences, now) !== undefined
}

function inForce(kind: Silence['kind'], { host, site }: Whose, silences: readonly Silence[], now: number) {
  return silences.find(
    (silence) =>
      // When it began does not matter: who asks for quiet means now, whatever the clock did since.
      silence.kind === kind && (silence.untilAt === undefined || silence.untilAt > now) && covers(silence, host, site),
  )
}
