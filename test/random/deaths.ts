/** One host of a site dies while the others live: it is told, and the site is not accused, even where posts are lost. */
import { dueAt } from '../../checker/core/due.ts'
import { Simulation } from '../simulation.ts'
import { type Client, play, randomClient, rhythmOf, signalsOf } from './clients.ts'
import { randomFrom } from './randomness.ts'

export interface DeathRun {
  /** Seconds between its due and the alert; `undefined`: it was never told. */
  readonly delayS?: number
  readonly siteAccused: boolean
}

/** @param loss the part of the others' posts that is lost on the way */
export function deathRun(seed: number, loss: number, part: Partial<Client> = {}): DeathRun {
  const random = randomFrom(seed)
  const names = ['nas', 'pi', 'router', 'tv', 'door', 'heating'].slice(0, random.whole(2, 6))
  const clients = names.map((name) => randomClient(random, name, { ...part, site: 'home' }))
  if (random.chance(0.3)) clients.push(randomClient(random, 'elsewhere'))
  const longestS = Math.max(...clients.map(({ intervalS }) => intervalS))
  const diesS = random.between(3, 4) * longestS
  const [dying] = clients
  const untilS = Math.ceil(diesS + 3 * dying!.timeoutS + 3 * longestS + 300)
  const simulation = new Simulation(
    Object.fromEntries(clients.map((client) => [client.name, { rhythm: rhythmOf(client), site: client.site }])),
  )
  const signals = new Map(
    clients.map((client) => {
      const fate = client === dying ? { dead: [{ fromS: diesS, toS: untilS }] } : { loss }
      return [client.name, signalsOf(client, untilS, fate, random)]
    }),
  )
  const { alerts } = simulation
  const isTold = () => alerts.some(({ kind, hosts }) => kind.endsWith('silent') && hosts.includes(dying!.name))
  play(simulation, untilS, signals, [], { over: isTold })
  const telling = alerts.find(({ kind, hosts }) => kind.endsWith('silent') && hosts.includes(dying!.name))
  const heardAt = Simulation.at(Math.floor(signals.get(dying!.name)!.at(-1)!))
  return {
    delayS: telling && (telling.at - dueAt(rhythmOf(dying!), heardAt, [])) / 1000,
    siteAccused: alerts.some(({ kind }) => kind === 'site-silent'),
  }
}
