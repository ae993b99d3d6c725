/**
 * An alert: facts, frozen when the checker decides, worded when a channel sends them.
 * What the webhook channel posts has the same names, with ISO times (docs/alerts.md).
 */
export const ALERT_KINDS = [
  'first-signal',
  'silent',
  'still-silent',
  'recovered',
  'process-down',
  'process-up',
  'monitor-was-down',
  'test',
] as const

export type AlertKind = (typeof ALERT_KINDS)[number]

/** Why a host was away, from what its client said of itself. */
export type Cause =
  | { readonly kind: 'rebooted'; readonly at: number; readonly goodbye: boolean }
  | { readonly kind: 'slept' }
  | { readonly kind: 'network'; readonly unsent: number }
  | { readonly kind: 'agent' }
  | { readonly kind: 'unknown' }

/** Times are epoch milliseconds, spans milliseconds. */
export interface Alert {
  /** Never repeats, in all the life of an installation; a repeated delivery carries the same one. */
  readonly id: string
  /** The id of the alert that opened the outage: what its reminders and its end share. */
  readonly outage: string
  readonly kind: AlertKind
  readonly hosts: readonly string[]
  readonly site?: string
  readonly tags: readonly string[]
  /** The name of the monitor that speaks. */
  readonly monitor: string
  readonly at: number
  readonly sinceAt?: number
  /** The last signal. */
  readonly heardAt?: number
  readonly note?: string
  /** Why the host was thought silent: its timeout, or the schedule it missed. */
  readonly timeoutMs?: number
  readonly missedAt?: number
  readonly intervalMs?: number
  readonly nextReminderAt?: number
  /** The host said that it was being stopped. */
  readonly goodbyeAt?: number
  readonly downMs?: number
  readonly cause?: Cause
  readonly address?: string
  /** process-down, process-up */
  readonly process?: string
  /** monitor-was-down: the reason of the absence; process-down of the checker: `disk`, if that is it */
  readonly why?: string
  /** What went wrong, in the system's words. */
  readonly detail?: string
  /** monitor-was-down: how many of the hosts that reported before were heard again, and who was not yet */
  readonly heard?: number
  readonly of?: number
  readonly waitingFor?: readonly string[]
  readonly waitingUntilAt?: number
}
