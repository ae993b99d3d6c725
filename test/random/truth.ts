/**
 * What people should have been told, from who was heard when: reckoned from the plan alone, without the core. Clocks
 * that are set and silences are not in it. A line of text for each thing that is wrong.
 */
import type { Alert } from '../../shared/alert.ts'
import type { Client, Span } from './clients.ts'
import type { Plan, Run } from './plan.ts'

/** A host waits this long for others, for a site that returns, and for the end of our looking away. */
const PATIENCE_S = 120
const RETURN_S = 2 * PATIENCE_S
const ROUNDS_S = 10
const LATE = 2.5

/** Who is told silent, alone or with others, was silent for long enough. That nobody is heard at all accuses no host. */
export function accusedInTime({ clients }: Plan, { simulation, signals }: Run): string[] {
  const wrong: string[] = []
  const byName = new Map(clients.map((client) => [client.name, client]))
  simulation.alerts.forEach(({ kind, hosts }, index) => {
    if (kind !== 'silent' && kind !== 'site-silent') return
    const second = simulation.told[index]![0]
    for (const name of hosts) {
      const { intervalS, timeoutS, known } = byName.get(name)!
      // Told together with others, it may be late only.
      const patienceS = kind !== 'silent' && known ? Math.min(timeoutS, LATE * intervalS) : timeoutS
      const heard = signals.get(name)!.findLast((at) => Math.ceil(at) <= second) ?? 0
      if (second - heard < patienceS) wrong.push(`${second} ${kind} ${name}: heard ${second - heard} s before`)
    }
  })
  return wrong
}

/** Each silence that is longer than all that may excuse it was told, and told once. */
export function untoldOrTwice(plan: Plan, of: Run): string[] {
  const { simulation, signals } = of
  const wrong: string[] = []
  const telling = tellings(simulation.alerts, simulation.told)
  for (const client of plan.clients) {
    const heard = [...signals.get(client.name)!, plan.untilS]
    for (let index = 0; index + 1 < heard.length; index++) {
      const [fromS, toS] = [heard[index]!, heard[index + 1]!]
      const excuse = excuseS(plan, client, { fromS, toS }, of)
      if (toS - fromS <= client.timeoutS) continue
      const about = telling.filter((one) => one.second > fromS && one.second < toS)
      const alone = about.filter(({ kind, hosts }) => kind === 'silent' && hosts.includes(client.name)).length
      if (alone > 1) wrong.push(`${client.name} ${fromS}–${toS}: told ${alone} times`)
      const dueS = fromS + client.timeoutS + excuse
      if (dueS >= toS) continue
      const covered = telling.some(
        ({ second, endS, kind, hosts, site }) =>
          second <= dueS &&
          endS > dueS &&
          (kind === 'nothing-reaches-me' ||
            (kind === 'site-silent' ? site === client.site : hosts.includes(client.name))),
      )
      if (!covered) wrong.push(`${client.name} ${fromS}–${toS}: not told by ${dueS}`)
    }
  }
  return wrong
}

interface Telling extends Pick<Alert, 'kind' | 'hosts' | 'site'> {
  readonly second: number
  readonly endS: number
}

/** What people were told of silences, and until when they had to believe it. */
function tellings(alerts: readonly Alert[], told: readonly (readonly [number, string])[]): Telling[] {
  const result: Telling[] = []
  const endOf = (outage: string, from: number) => {
    const end = alerts.findIndex((alert, at) => at > from && alert.outage === outage && isEnd(alert))
    return end < 0 ? Number.POSITIVE_INFINITY : told[end]![0]
  }
  alerts.forEach(({ kind, hosts, site, outage, outages = {} }, index) => {
    const second = told[index]![0]
    if (kind === 'silent' || kind === 'site-silent' || kind === 'nothing-reaches-me') {
      result.push({ kind, hosts, site, second, endS: endOf(outage, index) })
    }
    for (const [host, id] of Object.entries(outages)) {
      result.push({ kind: 'still-silent', hosts: [host], second, endS: endOf(id, index) })
    }
  })
  return result
}

function isEnd({ kind }: Alert): boolean {
  return kind === 'recovered' || kind === 'site-recovered' || kind === 'reachable-again'
}

/** All that may put off the telling of a silence, seconds. */
function excuseS(plan: Plan, client: Client, silence: Span, { away, simulation }: Run): number {
  const { timeoutS, site } = client
  const inside = (spans: readonly Span[]) =>
    spans.filter(({ fromS, toS }) => toS > silence.fromS && fromS < silence.toS)
  const lengthS = (spans: readonly Span[]) => spans.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0)
  // What was over by then counts as an absence of ours: its site's outage, and when nothing at all reached us.
  const shared = simulation.alerts.flatMap(({ kind, site: ofSite, downMs = 0 }, index): Span[] => {
    const toS = simulation.told[index]![0]
    const concerns = kind === 'reachable-again' || (kind === 'site-recovered' && ofSite === site)
    return concerns ? [{ fromS: toS - downMs / 1000, toS }] : []
  })
  const deaf = inside([...away, ...shared])
  const down = inside((plan.kills ?? []).map(({ second, downS }) => ({ fromS: second, toS: second + downS })))
  const afresh = deaf.length > 0 ? timeoutS : 0
  // Then others are waited for, and who may only just have its network back.
  return lengthS(deaf) + afresh + lengthS(down) + Math.min(timeoutS, PATIENCE_S) + timeoutS + RETURN_S + ROUNDS_S
}
