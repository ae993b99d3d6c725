/** Clients that only pretend: when each of them is heard, given when it is dead and when nobody can hear it. */
import type { Rhythm } from '../../shared/rhythm.ts'
import type { Simulation } from '../simulation.ts'
import type { Random } from './randomness.ts'

/** Seconds since the run began; the end is not part of it. */
export interface Span {
  readonly fromS: number
  readonly toS: number
}

export interface Client {
  readonly name: string
  readonly site?: string
  readonly intervalS: number
  readonly timeoutS: number
  /** Whether it says how often it reports. */
  readonly known: boolean
  /** Whether it posts again within seconds when a post fails. */
  readonly retries: boolean
  readonly phaseS: number
}

/**
 * Intervals of 10 to 600 s, timeouts of up to 20 of them.
 * @param least … and no fewer than so many
 */
export function randomClient(random: Random, name: string, part: Partial<Client> = {}, least = 2): Client {
  // Short ones are as likely as long ones, whatever the unit.
  const intervalS = part.intervalS ?? Math.round(10 * 60 ** random())
  return {
    name,
    intervalS,
    timeoutS: Math.ceil(intervalS * random.between(least, 20)),
    known: random.chance(0.5),
    retries: random.chance(0.5),
    phaseS: random.between(0, intervalS),
    ...part,
  }
}

export function rhythmOf({ intervalS, timeoutS, known }: Client): Rhythm {
  return { timeoutMs: timeoutS * 1000, intervalMs: known ? intervalS * 1000 : undefined }
}

export interface Fate {
  readonly dead?: readonly Span[]
  /** The link is cut, or the server away. */
  readonly unheard?: readonly Span[]
  /** So many posts are lost on the way without a reason. */
  readonly loss?: number
}

/** Ends of a machine's start and of a client's next try lie within these seconds. */
const STARTS_WITHIN_S = 20
const TRIES_WITHIN_S = 5

/** @returns the moments at which the client is heard, fractions of seconds included */
export function signalsOf(client: Client, untilS: number, fate: Fate, random: Random): number[] {
  const { intervalS, phaseS, retries } = client
  const { dead = [], unheard = [], loss = 0 } = fate
  const heard: number[] = []
  const usual = () => intervalS * random.between(0.99, 1.01)
  let at = phaseS
  while (at < untilS) {
    const death = spanAt(dead, at)
    const cut = spanAt(unheard, at)
    if (death) at = death.toS + random.between(0, STARTS_WITHIN_S)
    else if (!cut && !random.chance(loss)) {
      heard.push(at)
      at += usual()
    } else if (!retries) at += usual()
    else at = (cut?.toS ?? at) + random.between(1, TRIES_WITHIN_S)
  }
  return heard
}

export function spanAt(spans: readonly Span[], atS: number): Span | undefined {
  return spans.find(({ fromS, toS }) => atS >= fromS && atS < toS)
}

/** What happens at the end of a second, after the signals that came in it. */
export interface Happening {
  readonly second: number
  readonly happens: (simulation: Simulation) => void
}

/**
 * Runs it all, second by second where something can happen.
 * @param options `slowly`: every round is made, also where nothing can happen. `over`: asked after every signal and
 * happening; when it says so, nothing that follows matters
 */
export function play(
  simulation: Simulation,
  untilS: number,
  signals: ReadonlyMap<string, readonly number[]>,
  happenings: readonly Happening[] = [],
  { over = () => false, slowly = false }: { over?: () => boolean; slowly?: boolean } = {},
): void {
  const runTo = (second: number) => {
    if (!slowly) simulation.runTo(second)
    else while (simulation.second < second) simulation.tick()
  }
  const steps: (Happening & { readonly order: number })[] = []
  for (const [name, heard] of signals) {
    for (const at of heard) {
      const second = Math.ceil(at)
      steps.push({ second, order: at, happens: () => simulation.signal(name, Math.round((second - at) * 1000)) })
    }
  }
  for (const { second, happens } of happenings) steps.push({ second, order: second, happens })
  steps.sort((a, b) => a.order - b.order)
  for (const { second, happens } of steps) {
    if (second > untilS || over()) break
    runTo(second)
    happens(simulation)
  }
  if (!over()) runTo(untilS)
}
