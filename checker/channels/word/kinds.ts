/** Which words a kind of alert has. */
import type { Alert } from '../../../shared/alert.ts'
import { reported } from './errors.ts'
import { plainFacts } from './facts.ts'
import * as host from './host.ts'
import * as monitor from './monitor.ts'
import * as site from './site.ts'
import type { Speech, Worded } from './speech.ts'

/** @param raw the alert as it was frozen, perhaps by another version: any field that may be missing can be */
export function inWords(raw: Alert, speech: Speech, now: number): Worded {
  const alert = plainFacts(raw, now)
  const ofHost = (word: (alert: Alert, speech: Speech) => Worded): Worded => ({
    subject: alert.hosts[0] ?? '?',
    ...word(alert, speech),
  })
  switch (raw.kind) {
    case 'first-signal':
      return ofHost(host.firstSignal)
    case 'silent':
      return ofHost(host.silent)
    case 'still-silent':
      if (site.isOfSite(alert)) return site.siteStillSilent(alert, raw, speech)
      return alert.hosts.length === 0 ? monitor.stillNothing(alert, speech) : ofHost(host.stillSilent)
    case 'recovered':
      return ofHost(host.recovered)
    case 'site-silent':
      return site.siteSilent(alert, raw, speech)
    case 'site-recovered':
      return site.siteRecovered(alert, speech)
    case 'error':
      // A host says it of itself, or an application reports it.
      return ofHost(alert.group === undefined ? host.trouble : reported)
    case 'warning':
      return ofHost(host.trouble)
    case 'failed':
      return ofHost((facts) => host.failed(facts, raw, speech))
    case 'heartbeat':
      return ofHost(host.heartbeat)
    case 'cleared':
      return ofHost(host.cleared)
    case 'never-heard':
      return ofHost(host.neverHeard)
    case 'two-machines':
      return ofHost(host.twoMachines)
    case 'unstable':
      return site.isOfSite(alert) ? site.siteUnstable(alert, speech) : ofHost(host.unstable)
    case 'stable':
      return site.isOfSite(alert) ? site.siteStable(alert, raw, speech) : ofHost(host.stable)
    case 'process-down':
      return monitor.processDown(alert, speech)
    case 'process-up':
      return monitor.processUp(alert, speech)
    case 'monitor-was-down':
      return monitor.wasDown(alert, speech)
    case 'nothing-reaches-me':
      return monitor.nothingReachesMe(alert, speech)
    case 'reachable-again':
      return monitor.reachableAgain(alert, speech)
    case 'test':
      return monitor.trial(alert, speech)
  }
}
