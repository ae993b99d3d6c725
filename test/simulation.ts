/**
 * A box in a second-by-second world: the real core of the checker, with a server, clients and clocks that only pretend.
 * Stories and random runs say what happens to them; it says what people were told, and when.
 */

import type { Rhythm } from '../checker/core/due.ts'
import type { Host } from '../checker/core/host.ts'
import { apply, step, type World } from '../checker/core/step.ts'
import type { Absence, AbsenceReason } from '../shared/absences.ts'
import type { Alert } from '../shared/alert.ts'
import type { InboxEvent } from '../shared/inbox.ts'

/** Any Tuesday; its seconds end in 000, so that stories read well. */
const START_S = 1_800_000_000

export interface SimulatedHost extends Partial<Omit<Host, 'rhythm'>> {
  readonly rhythm: Rhythm
}

export class Simulation {
  /** Seconds since the story began. */
  second = 0
  /** What people were told: [second, "kind host"]. */
  readonly told: [number, string][] = []
  readonly alerts: Alert[] = []
  readonly absences: Absence[] = []
  readonly #hosts = new Map<string, Host>()
  readonly #files = new Map<string, number>()
  #inbox: InboxEvent[] = []
  #world: World = {
    hosts: new Map(),
    heard: new Map(),
    monitor: { registeredAt: 0, alerts: 0, absencesSeenUntilAt: 0 },
  }
  readonly #lookAt = new Map<string, number>()
  #pulseAt: number | undefined
  #deafSinceAt: number | undefined
  #checkerRuns = true
  #lookingSinceAt = START_S * 1000
  #offsetS = 0
  #lastBeatAt = 0
  #sinceSweep = 0

  constructor(hosts: Readonly<Record<string, SimulatedHost>>) {
    for (const [name, host] of Object.entries(hosts)) {
      const registeredAt = START_S * 1000
      this.#hosts.set(name, { name, registeredAt, reminderMs: 21_600_000, alerted: true, tags: [], ...host })
    }
  }

  /** The wall clock of the box, epoch milliseconds. */
  get now(): number {
    return (START_S + this.second + this.#offsetS) * 1000
  }

  get hearing(): boolean {
    return this.#deafSinceAt === undefined
  }

  /** A signal reaches the box; lost when nobody hears. @returns whether it was heard */
  signal(name: string): boolean {
    if (!this.hearing) return false
    if (!this.#files.has(name)) this.#inbox.push({ kind: 'first', host: name, at: new Date(this.now).toISOString() })
    this.#files.set(name, Math.floor(this.now / 1000) * 1000)
    return true
  }

  goodbye(name: string): void {
    this.#inbox.push({ kind: 'goodbye', host: name, at: new Date(this.now).toISOString() })
    this.signal(name)
  }

  /** From now on nobody hears: the server is stopped, asleep or cannot write. */
  stopHearing(): void {
    this.#deafSinceAt ??= this.#pulseAt ?? this.now
  }

  startHearing(why: AbsenceReason): void {
    if (this.#deafSinceAt === undefined) return
    this.#absent(this.#deafSinceAt, this.now, true, why)
    this.#deafSinceAt = undefined
  }

  stopChecker(): void {
    this.#checkerRuns = false
  }

  /** Starts it, or kills and starts it: what is not on disk is forgotten. */
  startChecker(): void {
    this.#checkerRuns = true
    this.#world.heard.clear()
    this.#lookAt.clear()
    this.#lookingSinceAt = this.now
    this.#sinceSweep = Number.POSITIVE_INFINITY
  }

  setClock(bySeconds: number): void {
    const before = this.now
    this.#offsetS += bySeconds
    // Something rings before the server's next pulse: nothing may follow from the old one.
    if (this.#checkerRuns) this.#round()
    if (bySeconds > 0) this.#absent(before, this.now, false, 'clock-set')
  }

  remove(name: string): void {
    this.#hosts.delete(name)
    this.#files.delete(name)
    this.#lookAt.set(name, 0)
  }

  /** Ends the second: the server's pulse, then a round of the checker. */
  tick(): void {
    if (this.hearing) this.#pulseAt = this.now
    if (this.#checkerRuns) this.#round()
    this.second++
  }

  #absent(fromAt: number, toAt: number, deaf: boolean, why: AbsenceReason): void {
    if (toAt > fromAt) this.absences.push({ fromAt, toAt, deaf, why })
  }

  #round(): void {
    const { now } = this
    const look = new Set(this.#inbox.map(({ host }) => host))
    for (const [name, at] of this.#lookAt) if (at <= (this.#pulseAt ?? 0)) look.add(name)
    const setBack = now < this.#lastBeatAt
    if (setBack || now - this.#lastBeatAt > 5000) this.#lookingSinceAt = now
    this.#lastBeatAt = now
    if (setBack || ++this.#sinceSweep >= (this.#world.monitor.absence ? 5 : 60)) {
      this.#sinceSweep = 0
      for (const name of this.#hosts.keys()) look.add(name)
    }
    // The bell: the file of a silent host rings.
    for (const [name, { verdict, heardAt }] of this.#world.hosts) {
      if (verdict === 'down' && this.#files.get(name) !== heardAt) look.add(name)
    }
    const readings = new Map(
      [...look].flatMap((name) => (this.#files.has(name) ? [[name, this.#files.get(name)!]] : [])),
    )
    const result = step(
      this.#world,
      {
        hosts: this.#hosts,
        look,
        readings,
        events: this.#inbox,
        pulseAt: this.#pulseAt,
        absences: this.absences,
        monitor: 'box',
        lookingSinceAt: this.#lookingSinceAt,
      },
      now,
    )
    this.#inbox = []
    apply(this.#world, result)
    for (const name of look) this.#lookAt.delete(name)
    for (const [name, at] of result.lookAt) this.#lookAt.set(name, at)
    this.alerts.push(...result.alerts)
    for (const { kind, hosts, process } of result.alerts) {
      this.told.push([this.second, [kind, process, ...hosts].filter(Boolean).join(' ')])
    }
  }
}

/** Runs a story to its end: what happens at each second, and clients that report by themselves. */
export function tell(
  simulation: Simulation,
  untilS: number,
  clients: readonly { name: string; everyS: number; phaseS?: number; alive?: (second: number) => boolean }[],
  script: Readonly<Record<number, (simulation: Simulation) => void>>,
): [number, string][] {
  for (; simulation.second <= untilS; ) {
    const { second } = simulation
    script[second]?.(simulation)
    for (const { name, everyS, phaseS = 0, alive } of clients) {
      if (second % everyS === phaseS && (alive?.(second) ?? true)) simulation.signal(name)
    }
    simulation.tick()
  }
  return simulation.told
}
