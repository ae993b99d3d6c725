/** The link of a site is cut: nobody who lives may be told silent once it is back. */
import type { Alert } from '../../shared/alert.ts'
import { Simulation } from '../simulation.ts'
import { type Client, play, randomClient, rhythmOf, signalsOf } from './clients.ts'
import { randomFrom } from './randomness.ts'

export interface CutRun {
  /** Told silent after the link was back. */
  readonly late: readonly Alert[]
  /** The site was told silent after the link was back. */
  readonly lateSites: readonly Alert[]
  /** Told alone while the link was cut. */
  readonly alone: number
  readonly siteTold: boolean
  /** Named as still missing when the site was told to be back. */
  readonly missing: readonly string[]
  readonly told: readonly (readonly [number, string])[]
  readonly clients: readonly Client[]
  readonly cut: { readonly fromS: number; readonly toS: number }
}

export function cutRun(seed: number, part: Partial<Client> = {}): CutRun {
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
  play(simulation, untilS, signals)
  const { alerts, told } = simulation
  const backAt = Simulation.at(cut.toS)
  const isLate = ({ at }: Alert) => at >= backAt
  return {
    late: alerts.filter((alert) => alert.kind === 'silent' && isLate(alert)),
    lateSites: alerts.filter((alert) => alert.kind === 'site-silent' && isLate(alert)),
    alone: alerts.filter((alert) => alert.kind === 'silent' && !isLate(alert)).length,
    siteTold: alerts.some(({ kind }) => kind === 'site-silent'),
    missing: alerts.flatMap(({ missing = [] }) => missing),
    told: told.filter(([, what]) => !what.startsWith('first-signal')),
    clients,
    cut,
  }
}
