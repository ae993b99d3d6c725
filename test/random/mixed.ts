/**
 * Everything at once: links cut, hosts that die and come back, absences of ours, a checker that is killed, clocks that
 * are set, silences. Then everybody lives for long enough that nothing may be left open.
 */
import type { AbsenceReason } from '../../shared/absences.ts'
import type { Target } from '../../shared/silences.ts'
import { Simulation } from '../simulation.ts'
import { absences, absent } from './absences.ts'
import { type Client, type Happening, play, randomClient, rhythmOf, type Span, signalsOf } from './clients.ts'
import { type Random, randomFrom } from './randomness.ts'

export interface MixedRun {
  readonly simulation: Simulation
  readonly clients: readonly Client[]
  readonly signals: ReadonlyMap<string, readonly number[]>
  /** When nobody could be heard at all. */
  readonly away: readonly Span[]
  /** In words, for who looks at a run that failed. */
  readonly script: readonly string[]
}

export interface Mix {
  readonly cuts?: number
  readonly deaths?: number
  readonly absences?: number
  readonly kills?: number
  readonly clocks?: number
  readonly silences?: number
}

export const EVERYTHING: Mix = { cuts: 3, deaths: 4, absences: 4, kills: 5, clocks: 3, silences: 3 }

const REASONS: readonly AbsenceReason[] = ['not-running', 'asleep', 'cannot-write']
/** The trouble lasts no longer. */
const TROUBLE_S = 20_000

/** @param mix at most so many of each */
export function mixedRun(seed: number, mix: Mix = EVERYTHING, slowly = false): MixedRun {
  const random = randomFrom(seed)
  const clients = randomHomes(random)
  const longestS = Math.max(...clients.map(({ timeoutS }) => timeoutS))
  const startS = 2 * Math.max(...clients.map(({ intervalS }) => intervalS))
  const endS = startS + Math.min(TROUBLE_S, 10 * longestS)
  const untilS = endS + 3 * longestS + 2000
  const script: string[] = []
  const happenings: Happening[] = []
  const moment = () => Math.floor(random.between(startS, endS))
  const count = (most = 0) => random.whole(0, most)
  const note = (second: number, what: string, happens: Happening['happens']) => {
    script.push(`${second} ${what}`)
    happenings.push({ second, happens })
  }
  const span = (what: string): Span => {
    const fromS = moment()
    const toS = Math.min(endS, fromS + Math.ceil(20 * 300 ** random()))
    script.push(`${fromS}–${toS} ${what}`)
    return { fromS, toS }
  }

  const cut = new Map<string, Span[]>()
  for (let left = count(mix.cuts); left > 0; left--) {
    const site = random.pick(['home', 'work'])
    cut.set(site, [...(cut.get(site) ?? []), span(`cut ${site}`)])
  }
  const dead = new Map<string, Span[]>()
  for (let left = count(mix.deaths); left > 0; left--) {
    const { name } = random.pick(clients)
    dead.set(name, [...(dead.get(name) ?? []), span(`dead ${name}`)])
  }
  const away = mix.absences ? absences(random, startS, count(mix.absences)).filter(({ toS }) => toS < endS) : []
  for (const one of away) {
    const why = random.pick(REASONS)
    script.push(`${one.fromS}–${one.toS} ${why}`)
    happenings.push(...absent(one, why))
  }
  for (let left = count(mix.kills); left > 0; left--) kill(random, moment(), away, note)
  for (let left = count(mix.clocks); left > 0; left--) {
    const by = Math.round(random.pick([-1, 1]) * 3 * 1000 ** random())
    note(moment(), `clock ${by}`, (simulation) => simulation.setClock(by))
  }
  for (let left = count(mix.silences); left > 0; left--) {
    const target: Target = random.pick(['all', 'site:home', 'host:nas'])
    const kind = random.pick(['silence', 'ack', 'pause'] as const)
    const forS = Math.ceil(10 * 500 ** random())
    note(moment(), `${kind} ${target} for ${forS}`, (simulation) => simulation.hush(kind, target, forS))
  }

  const simulation = new Simulation(
    Object.fromEntries(clients.map((client) => [client.name, { rhythm: rhythmOf(client), site: client.site }])),
  )
  const signals = new Map(
    clients.map((client) => {
      const unheard = [...away, ...(cut.get(client.site ?? '') ?? [])]
      return [client.name, signalsOf(client, untilS, { unheard, dead: dead.get(client.name) }, random)]
    }),
  )
  play(simulation, untilS, signals, happenings, undefined, slowly)
  return { simulation, clients, signals, away, script }
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

/** Killed and started again, at once or some time later. */
function kill(
  random: Random,
  second: number,
  away: readonly Span[],
  note: (second: number, what: string, happens: Happening['happens']) => void,
): void {
  // Asleep, nothing is killed.
  if (away.some(({ fromS, toS }) => second >= fromS - 1 && second <= toS + 1)) return
  const downS = random.chance(0.7) ? 0 : Math.ceil(3 * 200 ** random())
  if (downS > 0) note(second, `checker stops for ${downS}`, (simulation) => simulation.stopChecker())
  note(second + downS, 'checker starts', (simulation) => simulation.startChecker())
}
