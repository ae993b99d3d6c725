/**
 * What the checker has decided and told, of each host and of the monitor itself. Data only.
 * On disk (`state/hosts/NAME.json`, `state/monitor.json`) times are ISO 8601, here epoch milliseconds.
 * When a host is due is not among it: that follows from its .host file, the absences and its settings (due.ts).
 */
import type { AbsenceReason } from '../../shared/absences.ts'
import type { Account } from '../../shared/inbox.ts'

export type Verdict = 'new' | 'up' | 'down'

/** Why the verdict is what it is: the named reason of the last transition. */
export type Reason = 'registered' | 'adopted' | 'first-signal' | 'no-signal' | 'missed-schedule' | 'signal' | 'removed'

export interface Outage {
  /** The id of the alert that told it; none for a host that is shown but not alerted. */
  readonly id?: string
  readonly sinceAt: number
  /** When the last alert or reminder of it was decided. */
  readonly toldAt: number
}

export interface HostState {
  readonly name: string
  readonly registeredAt: number
  readonly verdict: Verdict
  readonly reason: Reason
  /** When this verdict began: for silence the last signal. */
  readonly sinceAt: number
  /** The heard time that the verdict rests on. While a host is up the .host file tells, and this may be older. */
  readonly heardAt?: number
  /** A heard time in the future (the clock was set back since) counts as heard when it was first noticed. */
  readonly noticed?: { readonly heardAt: number; readonly at: number }
  /** The time between its last two signals, where nothing better is known of its rhythm. */
  readonly gapMs?: number
  /** How many alerts were made of this host: the number of the last one. */
  readonly alerts: number
  readonly outage?: Outage
  /** It said that it was being stopped. */
  readonly goodbyeAt?: number
  /** What it said of its own outage, until the outage ends. */
  readonly account?: Account & { readonly at: number }
}

export interface MonitorState {
  /** The first start on this data folder; part of the ids of the monitor's own alerts. */
  readonly registeredAt: number
  readonly alerts: number
  readonly serverDown?: {
    readonly id: string
    readonly sinceAt: number
    /** The pulse that was the last one then. */
    readonly pulseAt?: number
  }
  /** An absence of our own that is still to be told, when it is known how it ended. */
  readonly absence?: {
    readonly fromAt: number
    readonly toAt: number
    readonly why: AbsenceReason
    /** Of the process-down that it ends. */
    readonly outage?: string
  }
  /** The end of the last absence that was told or was too short to tell. */
  readonly absencesSeenUntilAt: number
}
