/**
 * A box in a second-by-second world: the real core of the checker, with a server, clients and clocks that only pretend.
 * Stories and random runs say what happens to them; it says what people were told, and when.
 */

import type { Host } from '../checker/core/host.ts'
import type { Site } from '../checker/core/site.ts'
import { step } from '../checker/core/step.ts'
import { apply, newWorld, SITE, type World } from '../checker/core/world.ts'
import { type Absence, type AbsenceReason, disjoint } from '../shared/absences.ts'
import type { Alert } from '../shared/alert.ts'
import type { Account, InboxEvent } from '../shared/inbox.ts'
import type { ClientStatus } from '../shared/report.ts'
import type { Rhythm } from '../shared/rhythm.ts'
import type { Silence } from '../shared/silences.ts'
import { PLAIN_HOST, PLAIN_SITE, summaryOf } from './plain.ts'

/** Any Tuesday; its seconds end in 000, so that stories read well. */
const START_S = 1_800_000_000
const HOUR_MS = 3_600_000
const SWEEP_S = 60
const SWEEP_AFTER_ABSENCE_S = 5
const BEAT_LOST_MS = 5000
/** An absence may end so much in the future: ends are rounded up. */
const ROUNDED_UP_MS = 2000

/** What happens to a host, without whom and when. */
export type EventOf = Parts<InboxEvent>
type Parts<E> = E extends unknown ? Omit<E, 'host' | 'at'> : never

export interface SimulatedHost extends Partial<Omit<Host, 'rhythm'>> {
  readonly rhythm: Rhythm
}

export class Simulation {
  /** Seconds since the story began. */
  second = 0
  /** What people were told: [second, "kind host"]. */
  readonly told: [number, string][] = []
  readonly alerts: Alert[] = []
  /** As the server wrote them. */
  readonly absences: Absence[] = []
  /** As the checker reads them. */
  #knownAbsences: readonly Absence[] = []
  readonly #hosts = new Map<string, Host>()
  readonly #files = new Map<string, number>()
  readonly silences: Silence[] = []
  readonly #reachesTheWorld: boolean | undefined
  readonly #sites: Readonly<Record<string, Partial<Site>>>
  #inbox: InboxEvent[] = []
  #world: World = newWorld({
    hosts: new Map(),
    sites: new Map(),
    monitor: { registeredAt: 0, alerts: 0, absencesSeenUntilAt: 0 },
  })
  #probed: { askedAt: number; reached: boolean | undefined } | undefined
  readonly #lookAt = new Map<string, number>()
  #pulseAt: number | undefined
  /** Since when nobody hears: the last pulse before, by the wall clock and in seconds of the story. */
  #deafSince: { readonly at: number; readonly second: number } | undefined
  #checkerRuns = true
  #lookingSinceAt = START_S * 1000
  #offsetS = 0
  #lastBeatAt = 0
  #sinceSweep = 0

  constructor(
    hosts: Readonly<Record<string, SimulatedHost>>,
    sites: Readonly<Record<string, Partial<Site>>> = {},
    reachesTheWorld: boolean | undefined = true,
  ) {
    this.#reachesTheWorld = reachesTheWorld
    this.#sites = sites
    for (const [name, host] of Object.entries(hosts)) {
      this.#hosts.set(name, { ...PLAIN_HOST, name, registeredAt: START_S * 1000, ...host })
      // Who is configured is known from the first second on.
      if (host.configured) this.#lookAt.set(name, 0)
    }
  }

  /** What the clock showed at a second of the story, if nobody set it. */
  static at(second: number): number {
    return (START_S + second) * 1000
  }

  /** The wall clock of the box, epoch milliseconds. */
  get now(): number {
    return (START_S + this.second + this.#offsetS) * 1000
  }

  get hearing(): boolean {
    return this.#deafSince === undefined
  }

  /**
   * A signal reaches the box; lost when nobody hears.
   * @param agoMs it came within the last second: what the whole second shows is cut off
   * @returns whether it was heard
   */
  signal(name: string, agoMs = 0): boolean {
    if (!this.hearing) return false
    const heardAt = this.now - agoMs
    if (!this.#files.has(name)) this.#inbox.push({ kind: 'first', host: name, at: new Date(heardAt).toISOString() })
    this.#files.set(name, Math.floor(heardAt / 1000) * 1000)
    return true
  }

  goodbye(name: string): void {
    this.#inbox.push({ kind: 'goodbye', host: name, at: new Date(this.now).toISOString() })
    this.signal(name)
  }

  /** What a client says of its own outage, just before the signal that brings it. */
  account(name: string, account: Partial<Account>): void {
    const at = new Date(this.now).toISOString()
    this.#inbox.push({
      kind: 'account',
      host: name,
      at,
      account: { rebooted: false, agentRestarted: false, ...account },
    })
  }

  status(name: string, status: ClientStatus, message?: string): void {
    if (!this.hearing) return
    this.#inbox.push({ kind: 'status', host: name, at: new Date(this.now).toISOString(), status, message })
    this.signal(name)
  }

  /** Something that leaves the last signal alone (a start, a log), or what comes just before a signal. */
  event(name: string, event: EventOf): void {
    if (this.hearing) this.#inbox.push({ ...event, host: name, at: new Date(this.now).toISOString() })
  }

  /** @param forS without it until `resume` */
  hush(kind: Silence['kind'], target: Silence['target'], forS?: number): void {
    const fromAt = this.now
    const untilAt = forS === undefined ? undefined : fromAt + forS * 1000
    this.silences.push({ id: `${kind}-${this.silences.length}`, kind, target, fromAt, untilAt, by: 'maria' })
    this.#ring()
  }

  resume(target: Silence['target']): void {
    this.silences.splice(0, Number.POSITIVE_INFINITY, ...this.silences.filter((silence) => silence.target !== target))
    this.#ring()
  }

  /** Reports from elsewhere: its site by address is another one. */
  move(name: string, site: string | undefined): void {
    this.#hosts.set(name, { ...this.#hosts.get(name)!, site })
  }

  set(name: string, part: Partial<Host>): void {
    this.#hosts.set(name, { ...this.#hosts.get(name)!, ...part })
  }

  state(name: string) {
    return this.#world.hosts.get(name)
  }

  get world(): Readonly<World> {
    return this.#world
  }

  /** From now on nobody hears: the server is stopped, asleep or cannot write. */
  stopHearing(): void {
    this.#deafSince ??= { at: this.#pulseAt ?? this.now, second: Math.max(0, this.second - 1) }
  }

  startHearing(why: AbsenceReason): void {
    if (!this.#deafSince) return
    const { now } = this
    const { at, second } = this.#deafSince
    // Who goes on knows how long it was; who starts anew has the files, which may be of a clock that ran ahead.
    const fromAt =
      why !== 'not-running'
        ? Math.min(at, now - (this.second - second) * 1000)
        : at <= now
          ? at
          : Math.max(...[...this.#files.values()].filter((heardAt) => heardAt <= now))
    this.#deafSince = undefined
    if (Number.isFinite(fromAt)) this.#absent(fromAt, now, true, why)
  }

  /** Until it is started or goes on. */
  stopChecker(): void {
    this.#checkerRuns = false
  }

  /** It slept, or was frozen: it forgot nothing. */
  continueChecker(): void {
    this.#checkerRuns = true
  }

  /** Starts it, or kills and starts it: what is not on disk is forgotten. */
  startChecker(): void {
    const wasAway = !this.#checkerRuns && this.now - this.#lastBeatAt > 10_000
    if (wasAway) this.#world.monitor = { ...this.#world.monitor, lookingAgainAt: this.now }
    this.#checkerRuns = true
    this.#readAbsences()
    this.#world = newWorld(this.#world)
    this.#probed = undefined
    this.#lookAt.clear()
    this.#lookingSinceAt = this.now
    this.#sinceSweep = Number.POSITIVE_INFINITY
  }

  setClock(bySeconds: number): void {
    const before = this.now
    this.#offsetS += bySeconds
    if (bySeconds < 0) this.#readAbsences()
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

  /** Ends the seconds before this one, as `tick` would, but passes over those in which nothing can happen. */
  runTo(second: number): void {
    while (this.second < second) {
      const idle = Math.min(this.#idleS(), second - this.second)
      if (idle > 0) this.#pass(idle)
      else this.tick()
    }
  }

  /** For how many seconds from now a round would find nothing to do, if nobody reports and nothing is done meanwhile. */
  #idleS(): number {
    if (!this.#checkerRuns) return Number.POSITIVE_INFINITY
    const { now, hearing } = this
    const { monitor, frozen, hosts } = this.#world
    const { absence, unreachable, serverDown, absencesSeenUntilAt } = monitor
    if (absence || unreachable || frozen.size > 0 || this.#inbox.length > 0 || hearing === !!serverDown) return 0
    if (now < this.#lastBeatAt || now - this.#lastBeatAt > BEAT_LOST_MS) return 0
    if (this.#knownAbsences.some(({ toAt }) => toAt > now || toAt > absencesSeenUntilAt)) return 0
    for (const [name, { verdict, heardAt }] of hosts) {
      if (verdict === 'down' && this.#files.get(name) !== heardAt) return 0
    }
    let idle = SWEEP_S - 1 - this.#sinceSweep
    for (const at of this.#lookAt.values()) {
      if (hearing) idle = Math.min(idle, Math.ceil((at - now) / 1000))
      else if (at <= (this.#pulseAt ?? 0)) return 0
    }
    return idle
  }

  #pass(seconds: number): void {
    this.second += seconds - 1
    if (this.hearing) this.#pulseAt = this.now
    if (this.#checkerRuns) {
      this.#lastBeatAt = this.now
      this.#sinceSweep += seconds
    }
    this.second++
  }

  #absent(fromAt: number, toAt: number, deaf: boolean, why: AbsenceReason): void {
    if (toAt <= fromAt) return
    this.absences.push({ fromAt, toAt, deaf, why })
    this.#readAbsences()
  }

  /** What ends in the future was written by a clock that ran ahead. */
  #readAbsences(): void {
    const { now } = this
    this.#knownAbsences = disjoint(
      this.absences.flatMap((span) => {
        if (span.toAt <= now + ROUNDED_UP_MS) return [span]
        return span.deaf && span.fromAt < now ? [{ ...span, toAt: now }] : []
      }),
    )
  }

  #round(): void {
    const { now } = this
    const look = new Set(this.#inbox.map(({ host }) => host))
    for (const [name, at] of this.#lookAt) if (at <= (this.#pulseAt ?? 0)) look.add(name)
    const setBack = now < this.#lastBeatAt
    if (setBack || now - this.#lastBeatAt > BEAT_LOST_MS) this.#lookingSinceAt = now
    this.#lastBeatAt = now
    const { absence, unreachable } = this.#world.monitor
    const sweepS = absence || unreachable ? SWEEP_AFTER_ABSENCE_S : SWEEP_S
    if (setBack || ++this.#sinceSweep >= sweepS) {
      const everyone = setBack || this.#sinceSweep === Number.POSITIVE_INFINITY
      this.#sinceSweep = 0
      for (const name of this.#hosts.keys()) {
        // Of a sweep only those count who were heard anew: what else is to come must be planned.
        const file = this.#files.get(name)
        const heardAt = this.#world.heard.get(name) ?? Number.NaN
        const lookAt = this.#lookAt.get(name) ?? Number.POSITIVE_INFINITY
        const isPlanned = heardAt <= now && lookAt >= now && lookAt <= heardAt + sweepS * 1000
        if (everyone || file === undefined || (!isPlanned && file !== heardAt)) look.add(name)
      }
      if (everyone) for (const name of this.#world.sites.keys()) look.add(SITE + name)
    }
    // The bell: the file of a silent host rings.
    for (const [name, { verdict, heardAt }] of this.#world.hosts) {
      if (verdict === 'down' && this.#files.get(name) !== heardAt) look.add(name)
    }
    const read = () =>
      new Map([...look].flatMap((name) => (this.#files.has(name) ? [[name, this.#files.get(name)!]] : [])))
    const decide = () =>
      step(
        this.#world,
        {
          hosts: this.#hosts,
          site: (name) => ({ ...PLAIN_SITE, name, ...this.#sites[name] }),
          look,
          readings: read(),
          events: this.#inbox,
          silences: this.silences,
          pulseAt: this.#pulseAt,
          absences: this.#knownAbsences,
          monitor: 'box',
          reminderMs: 6 * HOUR_MS,
          lookingSinceAt: this.#lookingSinceAt,
          probed: this.#probed,
        },
        now,
      )
    let result = decide()
    for (let again = 0; result.wanted.size > 0 && again < 3; again++) {
      for (const name of result.wanted) look.add(name)
      result = decide()
    }
    // The answer comes a second later.
    this.#probed = result.probe ? { askedAt: now, reached: this.#reachesTheWorld } : this.#probed
    this.#inbox = []
    apply(this.#world, result)
    for (const file of result.remove) {
      const id = file.replace(/^silences\/|\.json$/g, '')
      this.silences.splice(0, Number.POSITIVE_INFINITY, ...this.silences.filter((silence) => silence.id !== id))
    }
    for (const name of look) this.#lookAt.delete(name)
    for (const [name, at] of result.lookAt) this.#lookAt.set(name, at)
    this.alerts.push(...result.alerts)
    for (const alert of result.alerts) this.told.push([this.second, summaryOf(alert)])
  }

  /** Something about quiet changed: whoever is in trouble is looked at. */
  #ring(): void {
    for (const name of this.#hosts.keys()) this.#lookAt.set(name, 0)
    for (const name of this.#world.sites.keys()) this.#lookAt.set(SITE + name, 0)
  }
}
