/**
 * A plan of everything that can go wrong at once, as data: links cut, hosts that die and come back, absences of ours, a
 * checker that is killed, clocks that are set, silences. Whoever made it, by chance or by hand, it is run here.
 */
import type { AbsenceReason } from '../../shared/absences.ts'
import type { Silence, Target } from '../../shared/silences.ts'
import { Simulation } from '../simulation.ts'
import { type Client, type Happening, play, rhythmOf, type Span, signalsOf, spanAt } from './clients.ts'
import { randomFrom } from './randomness.ts'

/** Seconds since the run began. */
export interface Plan {
  readonly seed: number
  readonly clients: readonly Client[]
  readonly cuts?: readonly (Span & { readonly site: string })[]
  readonly deaths?: readonly (Span & { readonly name: string })[]
  /** Those that overlap an earlier one are left out. */
  readonly absences?: readonly (Span & { readonly why: AbsenceReason })[]
  /** The checker is killed, and started again so many seconds later. */
  readonly kills?: readonly { readonly second: number; readonly downS: number }[]
  readonly clocks?: readonly { readonly second: number; readonly byS: number }[]
  readonly hushes?: readonly {
    readonly second: number
    readonly kind: Silence['kind']
    readonly target: Target
    readonly forS: number
  }[]
  readonly untilS: number
}

export interface Run {
  readonly simulation: Simulation
  /** When each host was heard; fractions of seconds included. */
  readonly signals: ReadonlyMap<string, readonly number[]>
  readonly away: readonly Span[]
}

export function run(plan: Plan, slowly = false): Run {
  const { clients, cuts = [], deaths = [], kills = [], clocks = [], hushes = [], untilS, seed } = plan
  const away = disjoint(plan.absences ?? [])
  const happenings: Happening[] = away.flatMap((span) => absent(span, span.why))
  const note = (second: number, happens: Happening['happens']) => happenings.push({ second, happens })
  for (const { second, downS } of kills) {
    // Asleep, nothing is killed.
    if (touches(away, second, second + downS)) continue
    if (downS > 0) note(second, (simulation) => simulation.stopChecker())
    note(second + downS, (simulation) => simulation.startChecker())
  }
  for (const { second, byS } of clocks) {
    // Who starts anew under another clock does not know how long it was away.
    if (!touches(away, second, second)) note(second, (simulation) => simulation.setClock(byS))
  }
  for (const { second, kind, target, forS } of hushes) note(second, (one) => one.hush(kind, target, forS))

  const simulation = new Simulation(
    Object.fromEntries(clients.map((client) => [client.name, { rhythm: rhythmOf(client), site: client.site }])),
  )
  const signals = new Map(
    clients.map((client) => {
      // Of its own, so that what happens to one changes nothing for another.
      const random = randomFrom(seed + client.phaseS)
      const unheard = [...away, ...cuts.filter(({ site }) => site === client.site)]
      const dead = deaths.filter(({ name }) => name === client.name)
      return [client.name, signalsOf(client, untilS, { unheard, dead }, random)]
    }),
  )
  play(simulation, untilS, signals, happenings, { slowly })
  return { simulation, signals, away }
}

/** While the box sleeps the checker does too. */
export function absent({ fromS, toS }: Span, why: AbsenceReason): Happening[] {
  const asleep = why === 'asleep'
  const begin = (simulation: Simulation) => {
    simulation.stopHearing()
    if (asleep) simulation.stopChecker()
  }
  const end = (simulation: Simulation) => {
    simulation.startHearing(why)
    if (asleep) simulation.continueChecker()
  }
  return [
    { second: fromS, happens: begin },
    { second: toS, happens: end },
  ]
}

function touches(spans: readonly Span[], fromS: number, toS: number): boolean {
  return spans.some((span) => span.fromS <= toS + 1 && span.toS >= fromS - 1) || spanAt(spans, fromS) !== undefined
}

function disjoint<T extends Span>(spans: readonly T[]): T[] {
  const kept: T[] = []
  for (const span of [...spans].sort((a, b) => a.fromS - b.fromS)) {
    if (span.fromS > (kept.at(-1)?.toS ?? 0) && span.toS > span.fromS) kept.push(span)
  }
  return kept
}
