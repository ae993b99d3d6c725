/** What is told of a whole site: its hosts fell together, and come back together, or almost. */
import type { Alert, SiteCause } from '../../../shared/alert.ts'
import { isHostName } from '../../../shared/names.ts'
import { parseTarget } from '../../../shared/silences.ts'
import type { MessageCommand } from '../channel.ts'
import { oneLine } from './facts.ts'
import { stable, unstable } from './host.ts'
import { ackAndSilence, joined, type Speech, spanOf, type Worded } from './speech.ts'

const MOST_IN_TITLE = 2
const LONGEST_IN_TITLE = 24
const MOST_ACKS = 3

export function siteSilent(alert: Alert, raw: Alert, speech: Speech): Worded {
  const { texts, clock, span } = speech
  const { hosts, spreadMs, othersReport } = alert
  const names = speech.names(hosts).text
  const together = spreadMs === undefined || hosts.length < 2 ? undefined : span(Math.max(1000, spreadMs))
  const others = othersReport ? texts.othersReport(siteNameOf(alert)) : texts.noOtherReports
  return {
    subject: siteNameOf(alert),
    title: (site) => texts.siteSilentTitle(site, clock(spanOf(alert).sinceAt), texts.outOf(hosts.length, alert.of)),
    lines: [
      together === undefined ? silentNow(names, speech) : texts.stoppedWithin(names, together),
      othersReport === undefined ? undefined : others,
      speech.note(alert),
      joined(othersReport ? texts.willHearWhich : texts.willHearWhy, speech.reminder(alert)),
    ],
    commands: siteCommands(raw, speech),
  }
}

export function siteStillSilent(alert: Alert, raw: Alert, speech: Speech): Worded {
  const { texts, clock, span } = speech
  const { sinceAt, downMs } = spanOf(alert)
  const reporting = speech.names(alert.reporting)
  return {
    subject: siteNameOf(alert),
    title: (site) => texts.siteStillTitle(site, span(downMs), clock(sinceAt)),
    lines: [
      silentNow(speech.names(alert.hosts).text, speech),
      reporting.count > 0 ? texts.neighbours(reporting, undefined) : undefined,
      alert.othersReport ? texts.othersReport(siteNameOf(alert)) : undefined,
      texts.nobodyYet,
      speech.note(alert),
      speech.reminder(alert),
    ],
    commands: siteCommands(raw, speech),
  }
}

export function siteRecovered(alert: Alert, speech: Speech): Worded {
  const { texts, clock, span, range, names } = speech
  const { siteCause, back = [], missing = [] } = alert
  const { sinceAt, downMs, untilAt } = spanOf(alert)
  const told = new Set([...(siteCause?.rebooted ?? []), ...(siteCause?.stayedUp ?? [])])
  const whoIsBack = back.every((name) => told.has(name)) ? undefined : texts.backAgain(names(back).text)
  const why = siteCause && whySite(siteCause, speech)
  const subject = siteNameOf(alert)
  if (missing.length === 0) {
    return {
      subject,
      title: (site) => texts.backTitle(site, span(downMs), range(sinceAt, untilAt)),
      lines: [why, whoIsBack, speech.note(alert)],
    }
  }
  // Where the internet was gone and no power, switching something on would help nobody.
  const byHand = siteCause?.kind === 'power' || siteCause?.kind === 'mixed'
  return {
    subject,
    title: (site) => texts.siteBackTitle(site, missingInTitle(alert, speech)),
    reason: why,
    lines: [
      texts.offlineFor(span(downMs), range(sinceAt, untilAt)),
      why,
      whoIsBack,
      texts.missing(names(missing), clock(sinceAt), byHand),
      speech.note(alert),
      speech.reminder(alert),
    ],
    commands: missingCommands(missing, speech),
  }
}

export function siteUnstable(alert: Alert, speech: Speech): Worded {
  return { ...unstable(alert, speech), subject: siteNameOf(alert) }
}

export function siteStable(alert: Alert, raw: Alert, speech: Speech): Worded {
  const commands = alert.silentSinceAt === undefined ? [] : siteCommands(raw, speech)
  return { ...stable(alert, speech), subject: siteNameOf(alert), commands }
}

/** Of the kinds that tell of a host as well: a site may have one host left. */
export function isOfSite({ id, site, hosts, of }: Alert): boolean {
  return site !== undefined && (id.startsWith('site:') || hosts.length !== 1 || of !== undefined)
}

/** As its owner calls it. */
export function siteNameOf({ siteName, site }: Alert): string {
  return siteName ?? site ?? '?'
}

function silentNow(names: string, { texts }: Speech): string | undefined {
  return names === '' ? undefined : texts.silentNow(names)
}

function whySite(cause: SiteCause, { texts, clock, names }: Speech): string {
  const rebooted = names(cause.rebooted)
  const stayedUp = names(cause.stayedUp)
  const at = cause.rebootedAt === undefined ? undefined : clock(cause.rebootedAt)
  if (cause.kind === 'power') return texts.powerCut(rebooted, at)
  if (cause.kind === 'network') return texts.networkCut(stayedUp)
  return texts.mixedCut(rebooted, at, stayedUp)
}

/** Their names, as far as a title holds them, else how many. */
function missingInTitle({ back = [], missing = [], of }: Alert, { texts, names }: Speech): string {
  const named = names(missing).text
  if (missing.length <= MOST_IN_TITLE && named.length <= LONGEST_IN_TITLE) return named
  return texts.outOf(missing.length, of ?? back.length + missing.length)
}

/** @param raw as it was frozen: the bot is to understand the site as it is written, not as it is shown */
function siteCommands(raw: Alert, speech: Speech): MessageCommand[] {
  const target = `site:${raw.site ?? ''}`
  return parseTarget(target) === target && oneLine(target) === target ? ackAndSilence(target, speech) : []
}

/** Each of them goes on as an outage of its own. */
function missingCommands(missing: readonly string[], speech: Speech): MessageCommand[] {
  const sayable = missing.filter(isHostName)
  if (sayable.length === 1) return ackAndSilence(sayable[0]!, speech)
  const { ackOne } = speech.texts.commands
  return sayable.slice(0, MOST_ACKS).map((name) => ({ label: ackOne(name), command: `/ack ${name}` }))
}
