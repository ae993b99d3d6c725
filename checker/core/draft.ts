/**
 * What a round makes of one subject, host or site, while it is being made: its state, and what is to be told and noted
 * of it. Belongs to one round and one subject; nothing of it is shared.
 */
import type { Alert } from '../../shared/alert.ts'
import type { RunLine } from '../../shared/runs.ts'
import { alertId } from './alert-id.ts'
import type { QuietReason } from './quiet.ts'
import type { Reason, Verdict } from './state.ts'

export type AlertFacts = Omit<Alert, 'id' | 'outage' | 'hosts' | 'tags' | 'monitor' | 'at'>

/** A change of a host's state, as its history keeps it: with everything that explains it later. */
export interface HistoryLine {
  readonly at: number
  readonly verdict: Verdict | 'removed'
  readonly reason: Reason
  /** When the verdict began: for silence, the last signal. */
  readonly sinceAt: number
  readonly alert?: string
  /** Silence: when the signal was due, by which settings, and what of our own moved that moment. */
  readonly dueAt?: number
  readonly timeoutMs?: number
  readonly intervalMs?: number
  readonly missedAt?: number
  readonly absences?: readonly { readonly fromAt: number; readonly toAt: number; readonly why: string }[]
  /** Why nothing was told. */
  readonly hidden?: QuietReason
  readonly site?: string
}

interface Subject {
  readonly kind: 'host' | 'site'
  readonly name: string
  /** Whom its alerts name, and what channels choose by. */
  readonly hosts: readonly string[]
  readonly tags: readonly string[]
  readonly monitor: string
}

interface Numbered {
  readonly registeredAt: number
  readonly alerts: number
}

/** Before a clock was set back it may have begun later than now: nothing begins after it is told. */
export function begunBy(now: number, alert: Alert): Alert {
  return (alert.sinceAt ?? 0) > now ? { ...alert, sinceAt: now } : alert
}

export class Draft<S extends Numbered> {
  state: S
  readonly alerts: Alert[] = []
  readonly history: HistoryLine[] = []
  readonly runs: RunLine[] = []
  readonly #subject: Subject
  readonly #now: number

  constructor(subject: Subject, state: S, now: number) {
    this.#subject = subject
    this.state = state
    this.#now = now
  }

  change(changes: Partial<S>): void {
    this.state = { ...this.state, ...changes }
  }

  note(line: Omit<HistoryLine, 'at'>): void {
    this.history.push({ at: this.#now, ...line })
  }

  /**
   * @param outage the id of the alert that opened what this one belongs to; none: this one opens it
   * @returns the id of the alert
   */
  tell(facts: AlertFacts & { readonly hosts?: readonly string[]; readonly tags?: readonly string[] }, outage?: string) {
    const id = this.nextId()
    const { hosts, tags, monitor } = this.#subject
    this.alerts.push(begunBy(this.#now, { id, outage: outage ?? id, hosts, tags, monitor, at: this.#now, ...facts }))
    return id
  }

  /** The id of an alert, or of an outage that another subject's alert tells. */
  nextId(): string {
    const { registeredAt, alerts } = this.state
    this.state = { ...this.state, alerts: alerts + 1 }
    const { kind, name } = this.#subject
    return alertId(kind, name, registeredAt, alerts + 1)
  }
}
