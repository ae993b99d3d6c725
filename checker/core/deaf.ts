/**
 * When a host could not be heard, through no fault of its own: the hearer's absences, the outages of its site, and the
 * times in which nothing reached us. Pure.
 */
import { type Absence, disjoint } from '../../shared/absences.ts'
import type { Deafness } from './due.ts'
import type { Host } from './host.ts'
import type { DeafSpan, MonitorState, SiteState } from './state.ts'

export type DeafTime = Deafness & { readonly why: string }

interface Known {
  readonly absences: readonly Absence[]
  readonly sites: ReadonlyMap<string, SiteState>
  readonly monitor: MonitorState
}

/**
 * @param siteOf a host's, by its name
 * @returns tells of each host of a round; hosts of one site share the answer
 */
export function deafTimes(
  { absences, sites, monitor }: Known,
  now: number,
  siteOf: (name: string) => string | undefined,
) {
  const answers = new Map<string, readonly DeafTime[]>()
  const ours: DeafTime[] = spansOf(monitor.spans, 'nothing-reaches-me')
  if (monitor.unreachable) ours.push(span({ fromAt: monitor.unreachable.sinceAt, toAt: now }, 'nothing-reaches-me'))

  return (host: Host): readonly DeafTime[] => {
    const site = sites.size === 0 ? undefined : siteOf(host.name)
    const state = site === undefined ? undefined : sites.get(site)
    const open = state?.outage
    const silentAs = !!host.rhythm.schedule && open !== undefined
    const mine = host.local ? [] : ours
    if (mine.length === 0 && !silentAs && !state?.spans.length) return absences
    const key = `${host.local} ${silentAs} ${site}`
    let answer = answers.get(key)
    if (!answer) {
      const spans = spansOf(state?.spans, 'site-silent')
      // A job that should run while its site is silent is not expected; the others of the site just join its outage.
      if (silentAs) spans.push(span({ fromAt: open.sinceAt, toAt: open.returnedAt ?? now }, 'site-silent'))
      answer = disjoint<DeafTime>([...absences, ...mine, ...spans])
      answers.set(key, answer)
    }
    return answer
  }
}

function spansOf(spans: readonly DeafSpan[] = [], why: string): DeafTime[] {
  return spans.map((one) => span(one, why))
}

function span({ fromAt, toAt }: DeafSpan, why: string): DeafTime {
  return { fromAt, toAt, deaf: true, why }
}
