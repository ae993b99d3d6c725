/**
 * The books of what was told: what opens, what closes, and whether it adds up. Whatever happened, these hold; a line of
 * text for each that does not.
 */
import type { Alert, AlertKind } from '../../shared/alert.ts'

const OPENS: ReadonlySet<AlertKind> = new Set(['silent', 'site-silent', 'nothing-reaches-me', 'process-down'])
const CLOSES: ReadonlySet<AlertKind> = new Set(['recovered', 'site-recovered', 'reachable-again', 'process-up'])

export interface Books {
  /** What is wrong, in words. */
  readonly wrong: readonly string[]
  /** Ids of the outages that were told and have no end. */
  readonly open: readonly string[]
}

export function books(alerts: readonly Alert[]): Books {
  const wrong: string[] = []
  const ids = new Set<string>()
  /** By outage: who it was about. */
  const open = new Map<string, Alert>()
  /** By host: the outage in which people believe it to be, and whether it was told alone. */
  const silent = new Map<string, string>()
  const say = (alert: Alert, what: string) =>
    wrong.push(`${alert.kind} ${alert.hosts.join(' ')} (${alert.id}): ${what}`)
  const begin = (alert: Alert, host: string, outage: string) => {
    const before = silent.get(host)
    // Told alone first, then listed with its site: that one is not repeated, both end.
    if (before !== undefined && alert.kind === 'silent') say(alert, `already told as ${before}`)
    silent.set(host, before ?? outage)
  }

  for (const alert of alerts) {
    const { kind, id, outage, hosts, at, sinceAt = 0 } = alert
    if (ids.has(id)) say(alert, 'this id was there before')
    ids.add(id)
    if (sinceAt > at) say(alert, 'began after it was told')
    if (OPENS.has(kind)) {
      if (outage !== id) say(alert, `opens ${outage}, which is not its own`)
      open.set(id, alert)
      if (kind === 'silent' || kind === 'site-silent') for (const host of hosts) begin(alert, host, id)
    } else if (CLOSES.has(kind) || (kind === 'monitor-was-down' && outage !== id)) {
      if (!open.delete(outage)) say(alert, `an end without a beginning: ${outage}`)
      if (kind === 'recovered') for (const host of hosts) silent.delete(host)
      if (kind === 'site-recovered') endSite(alert)
    } else if (kind === 'still-silent' && !open.has(outage)) say(alert, `reminds of ${outage}, which is not open`)
  }
  return { wrong, open: [...open.keys()] }

  /** Those who are back are back; who is missing goes on, under an outage that this alert opens or that was open. */
  function endSite(alert: Alert): void {
    for (const host of alert.back ?? []) if (silent.get(host) === alert.outage) silent.delete(host)
    for (const host of alert.missing ?? []) {
      const own = alert.outages?.[host]
      if (own === undefined) {
        say(alert, `${host} is missing and has no outage`)
        continue
      }
      if (!open.has(own) && ids.has(own)) say(alert, `${host} goes on under ${own}, which is over`)
      if (!open.has(own)) open.set(own, alert)
      ids.add(own)
      silent.set(host, own)
    }
  }
}
