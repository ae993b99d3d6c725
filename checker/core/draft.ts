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
  readonly name: string
  /** What channels choose by. */
  readonly tags: readonly string[]
}

interface Teller {
  readonly monitor: string
  readonly now: number
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
  readonly #before: S
  readonly #kind: 'host' | 'site'
  readonly #subject: Subject
  readonly #teller: Teller

  constructor(kind: 'host' | 'site', subject: Subject, state: S, teller: Teller) {
    this.#kind = kind
    this.#subject = subject
    this.#before = state
    this.state = state
    this.#teller = teller
  }

  get now(): number {
    return this.#teller.now
  }

  get isChanged(): boolean {
    return this.state !== this.#before
  }

  change(changes: Partial<S>): void {
    this.state = { ...this.state, ...changes }
  }

  note(line: Omit<HistoryLine, 'at'>): void {
    this.history.push({ at: this.#teller.now, ...line })
  }

  /**
   * @param outage the id of the alert that opened what this one belongs to; none: this one opens it
   * @returns the id of the alert
   */
  tell(facts: AlertFacts & { readonly hosts?: readonly string[]; readonly tags?: readonly string[] }, outage?: string) {
    const id = this.nextId()
    const { name, tags } = this.#subject
    const { monitor, now } = this.#teller
    const hosts = this.#kind === 'host' ? [name] : []
    this.alerts.push(begunBy(now, { id, outage: outage ?? id, hosts, tags, monitor, at: now, ...facts }))
    return id
  }

  /** The id of an alert, or of an outage that another subject's alert tells. */
  nextId(): string {
    const { registeredAt, alerts } = this.state
    this.state = { ...this.state, alerts: alerts + 1 }
    return alertId(this.#kind, this.#subject.name, registeredAt, alerts + 1)
  }
}
