/** The link of a site is cut: nobody who lives may be told silent once it is back. */
import type { Alert } from '../../shared/alert.ts'
import { Simulation } from '../simulation.ts'
import { type Client, type Happening, play, randomClient, rhythmOf, signalsOf } from './clients.ts'
import { randomFrom } from './randomness.ts'

export interface CutRun {
  /** Told alone before anybody of the site was heard again. */
  readonly alone: number
  /** … of these, when the link was back and nobody could know it yet. */
  readonly unlucky: number
  /** Told silent after somebody of the site was heard again. */
  readonly late: readonly Alert[]
  readonly siteTold: boolean
  /** Named as still missing when the site was told to be back. */
  readonly missing: readonly string[]
}

/**
 * @param part what all clients of the site have in common
 * @param killed the checker is killed and starts again, all the time
 */
export function cutRun(seed: number, part: Partial<Client> = {}, killed = false): CutRun {
  const random = randomFrom(seed)
  const names = ['nas', 'pi', 'router', 'tv', 'door', 'heating'].slice(0, random.whole(2, 6))
  const clients = names.map((name) => randomClient(random, name, { ...part, site: 'home' }))
  if (random.chance(0.3)) clients.push(randomClient(random, 'elsewhere'))
  const longestS = Math.max(...clients.map(({ intervalS }) => intervalS))
  const fromS = Math.floor(random.between(3, 4) * longestS)
  const cut = { fromS, toS: fromS + random.whole(20, 2500) }
  const untilS = cut.toS + Math.ceil(2.5 * longestS) + 300
  const simulation = new Simulation(
    Object.fromEntries(clients.map((client) => [client.name, { rhythm: rhythmOf(client), site: client.site }])),
  )
  const signals = new Map(
    clients.map((client) => {
      const unheard = client.site === undefined ? [] : [cut]
      return [client.name, signalsOf(client, untilS, { unheard }, random)]
    }),
  )
  const kills: Happening[] = []
  const again = (at: number) => at + Math.ceil(random.between(5, 400))
  for (let second = again(0); killed && second < untilS; second = again(second)) {
    kills.push({ second, happens: (one) => one.startChecker() })
  }
  play(simulation, untilS, signals, kills)
  const home = clients.filter(({ site }) => site !== undefined)
  const againS = Math.min(...home.map(({ name }) => signals.get(name)!.find((at) => at >= cut.toS) ?? untilS))
  const accused = simulation.alerts.flatMap((alert, index) =>
    alert.kind === 'silent' ? [{ alert, second: simulation.told[index]![0] }] : [],
  )
  const late = accused.filter(({ second }) => second > againS).map(({ alert }) => alert)
  return {
    late,
    alone: accused.length - late.length,
    unlucky: accused.filter(({ second }) => second >= cut.toS).length - late.length,
    siteTold: simulation.alerts.some(({ kind }) => kind === 'site-silent'),
    missing: simulation.alerts.flatMap(({ missing = [] }) => missing),
  }
}
