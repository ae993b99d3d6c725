/** What a story is: who there is, what happens second by second, and what people are told of it. Nothing else is told. */
import type { Alert } from '../../../shared/alert.ts'
import { Simulation } from '../../../test/simulation.ts'

/** [second] → what happens then. */
/** What happens at a second, before it ends. */
export type Script = Readonly<Record<number, (simulation: Simulation) => void>>
export type Hosts = ConstructorParameters<typeof Simulation>[0]
type Sites = ConstructorParameters<typeof Simulation>[1]

/** The second, what is told then, and the facts of it that matter here; what is `undefined` must not be there. */
export type Told = readonly [second: number, what: string, facts?: Partial<Alert>]

export interface Story {
  readonly name: string
  readonly hosts?: Hosts
  readonly sites?: Sites
  /** What a probe of the world finds. */
  readonly reached?: false
  /** When a client is alive. */
  readonly alive?: Readonly<Record<string, (second: number) => boolean>>
  /** How often a client reports, in seconds; 0: only when the script says so. Without it: its interval, or 30. */
  readonly every?: Readonly<Record<string, number>>
  /** The second of its first signal; without it one second after the other. */
  readonly phase?: Readonly<Record<string, number>>
  readonly script?: Script
  readonly untilS: number
  /** Whether first signals are part of the story: else they are left out. */
  readonly withFirsts?: true
  readonly told: readonly Told[]
}

export const HOUR = 3600
const START_MS = 1_800_000_000_000

/** Epoch milliseconds of a second of the story. */
export function at(second: number): number {
  return START_MS + second * 1000
}

export const halfMinute = { rhythm: { timeoutMs: 120_000, intervalMs: 30_000 } }
/** Says nothing of how often it reports. */
const plain = { rhythm: { timeoutMs: 120_000 } }
export const tenMinutes = { rhythm: { timeoutMs: 1_800_000, intervalMs: 600_000 } }

/** Three that are nowhere in particular. */
export const three: Hosts = { nas: halfMinute, pi: halfMinute, router: plain }

const atHome = { ...halfMinute, site: 'home' }
/** Three at home, and one elsewhere that proves that the box hears. Signals at 0, 1, 2 and 3 of each half minute. */
export const home = { nas: atHome, pi: atHome, router: atHome, vps: halfMinute }

/** A job of home, due at each multiple of a span after its first time. */
export function job(everyS: number, firstS: number, graceS: number) {
  const everyMs = everyS * 1000
  const next = (afterAt: number) => at(firstS) + Math.max(0, Math.floor((afterAt - at(firstS)) / everyMs) + 1) * everyMs
  return { site: 'home', rhythm: { timeoutMs: 300_000, schedule: { next, graceMs: graceS * 1000 } } }
}

/** Alive, but for these spans. */
export function away(...spans: readonly (readonly [from: number, to: number])[]) {
  return (second: number) => spans.every(([from, to]) => second < from || second >= to)
}

/** The link of home is cut, for these hosts. */
export function cut(from: number, to: number, ...hosts: readonly string[]) {
  const names = hosts.length > 0 ? hosts : ['nas', 'pi', 'router']
  return Object.fromEntries(names.map((name) => [name, away([from, to])]))
}

/** The server hears nothing from a second to another. */
export function deaf(from: number, to: number): Script {
  return { [from]: (s) => s.stopHearing(), [to]: (s) => s.startHearing('not-running') }
}

/** Lives the story. */
export function live({
  hosts = three,
  sites,
  reached,
  alive = {},
  every = {},
  phase = {},
  script = {},
  untilS,
}: Story) {
  const simulation = new Simulation(hosts, sites, reached)
  const clients = Object.entries(hosts).map(([name, { rhythm }], index) => ({
    name,
    everyS: every[name] ?? (rhythm.schedule ? 0 : (rhythm.intervalMs ?? 30_000) / 1000),
    phaseS: phase[name] ?? index,
    alive: alive[name] ?? (() => true),
  }))
  for (let second = 0; second <= untilS; second++) {
    const reporting = clients.filter(({ everyS, phaseS, alive }) => {
      return everyS > 0 && second >= phaseS && (second - phaseS) % everyS === 0 && alive(second)
    })
    const happens = script[second]
    if (!happens && reporting.length === 0) continue
    simulation.runTo(second)
    happens?.(simulation)
    for (const { name } of reporting) simulation.signal(name)
  }
  simulation.runTo(untilS + 1)
  return simulation
}
