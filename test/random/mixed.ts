/** A plan by chance: everything at once, then everybody lives for long enough that nothing may be left open. */
import type { AbsenceReason } from '../../shared/absences.ts'
import { absences } from './absences.ts'
import { type Client, randomClient, type Span } from './clients.ts'
import type { Plan } from './plan.ts'
import { type Random, randomFrom } from './randomness.ts'

/** At most so many of each. */
export interface Mix {
  readonly cuts?: number
  readonly deaths?: number
  readonly absences?: number
  readonly kills?: number
  readonly clocks?: number
  readonly hushes?: number
}

const EVERYTHING: Mix = { cuts: 3, deaths: 4, absences: 4, kills: 5, clocks: 3, hushes: 3 }

const REASONS: readonly AbsenceReason[] = ['not-running', 'asleep', 'cannot-write']
const LONGEST_TROUBLE_S = 20_000

export function randomPlan(seed: number, mix: Mix = EVERYTHING): Plan {
  const random = randomFrom(seed)
  const clients = randomHomes(random)
  const longestS = Math.max(...clients.map(({ timeoutS }) => timeoutS))
  const startS = 2 * Math.max(...clients.map(({ intervalS }) => intervalS))
  const endS = startS + Math.min(LONGEST_TROUBLE_S, 10 * longestS)
  const moment = () => Math.floor(random.between(startS, endS))
  const some = <T>(most: number | undefined, one: () => T) => Array.from({ length: random.whole(0, most ?? 0) }, one)
  const span = (): Span => {
    const fromS = moment()
    return { fromS, toS: Math.min(endS, fromS + Math.ceil(20 * 300 ** random())) }
  }
  return {
    seed,
    clients,
    cuts: some(mix.cuts, () => ({ site: random.pick(['home', 'work']), ...span() })),
    deaths: some(mix.deaths, () => ({ name: random.pick(clients).name, ...span() })),
    absences: absences(random, startS, random.whole(0, mix.absences ?? 0))
      .filter(({ toS }) => toS < endS)
      .map((one) => ({ ...one, why: random.pick(REASONS) })),
    kills: some(mix.kills, () => ({
      second: moment(),
      downS: random.chance(0.7) ? 0 : Math.ceil(3 * 200 ** random()),
    })),
    clocks: some(mix.clocks, () => ({
      second: moment(),
      byS: Math.round(random.pick([-1, 1]) * 3 * 1000 ** random()),
    })),
    hushes: some(mix.hushes, () => ({
      second: moment(),
      kind: random.pick(['silence', 'ack', 'pause'] as const),
      target: random.pick(['all', 'site:home', 'host:nas'] as const),
      forS: Math.ceil(10 * 500 ** random()),
    })),
    untilS: endS + 3 * longestS + 2000,
  }
}

function randomHomes(random: Random): Client[] {
  const home = ['nas', 'pi', 'router', 'tv'].slice(0, random.whole(1, 4))
  const work = ['desk', 'door'].slice(0, random.whole(0, 2))
  const alone = ['vps', 'boat'].slice(0, random.whole(0, 2))
  const quick = () => ({ intervalS: Math.round(10 * 12 ** random()) })
  return [
    ...home.map((name) => randomClient(random, name, { site: 'home', ...quick() })),
    ...work.map((name) => randomClient(random, name, { site: 'work', ...quick() })),
    ...alone.map((name) => randomClient(random, name, quick())),
  ]
}
