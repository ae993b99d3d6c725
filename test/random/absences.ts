/** Our own absences, any number and length: who lives through them is not accused. */
import type { AbsenceReason } from '../../shared/absences.ts'
import type { Alert, AlertKind } from '../../shared/alert.ts'
import { Simulation } from '../simulation.ts'
import { type Client, play, randomClient, rhythmOf, type Span, signalsOf } from './clients.ts'
import { absent } from './plan.ts'
import { type Random, randomFrom } from './randomness.ts'

const ACCUSES: ReadonlySet<AlertKind> = new Set(['silent', 'site-silent', 'nothing-reaches-me'])
const REASONS: readonly AbsenceReason[] = ['not-running', 'asleep', 'cannot-write']

/**
 * @param least timeouts are no fewer than so many intervals
 * @returns the alerts that accuse somebody, all of them living
 */
export function absenceRun(seed: number, part: Partial<Client> = {}, least = 2): readonly Alert[] {
  const random = randomFrom(seed)
  const names = ['nas', 'pi', 'router', 'tv'].slice(0, random.whole(1, 4))
  const clients = names.map((name) =>
    randomClient(random, name, { site: random.pick([undefined, 'home']), ...part }, least),
  )
  const longestS = Math.max(...clients.map(({ intervalS }) => intervalS))
  const spans = absences(random, Math.ceil(2 * longestS), random.whole(1, 20))
  const longestTimeoutS = Math.max(...clients.map(({ timeoutS }) => timeoutS))
  const untilS = Math.ceil(spans.at(-1)!.toS + 2 * longestS + Math.min(longestTimeoutS, 1000) + 300)
  const simulation = new Simulation(
    Object.fromEntries(clients.map((client) => [client.name, { rhythm: rhythmOf(client), site: client.site }])),
  )
  const signals = new Map(clients.map((client) => [client.name, signalsOf(client, untilS, { unheard: spans }, random)]))
  play(
    simulation,
    untilS,
    signals,
    spans.flatMap((span) => absent(span, random.pick(REASONS))),
  )
  return simulation.alerts.filter(({ kind }) => ACCUSES.has(kind))
}

/** So many spans of seconds to most of an hour, and as much between them. */
export function absences(random: Random, fromS: number, count: number): Span[] {
  const spans: Span[] = []
  for (let at = fromS; spans.length < count; ) {
    const from = at + Math.ceil(5 * 400 ** random())
    at = from + Math.ceil(2 * 1000 ** random())
    spans.push({ fromS: from, toS: at })
  }
  return spans
}
