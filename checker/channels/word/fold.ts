/**
 * Several alerts that waited, in one message: a line for each outage, as it stands after all of them. What is not over
 * comes first.
 */
import { type Alert, type AlertKind, isEnd } from '../../../shared/alert.ts'
import { plainFacts } from './facts.ts'
import { fit } from './fit.ts'
import { inWords } from './kinds.ts'
import { isOfSite, siteNameOf } from './site.ts'
import { type Speech, spanOf } from './speech.ts'

const LINE_LENGTH = 80
const MOST_NAMES = 5
/** The worst that is said stands before the whole: of what is not over, and when all is. */
const MARKS = { going: ['🔴', '🚨', '🟠', '⚪'], over: ['🟢', '⚪', '👋', '✅'] } as const

/** Good to know. */
const NEWS: ReadonlySet<AlertKind> = new Set<AlertKind>(['first-signal', 'heartbeat', 'test'])

/** Whether anybody has to do anything about it. */
function needsSomebody(kind: AlertKind): boolean {
  return !isEnd(kind) && !NEWS.has(kind)
}

interface Line {
  readonly text: string
  readonly needsYou: boolean
}

/** @returns the title, whose tail it can do without, and a line for each outage */
export function foldedLines(
  alerts: readonly Alert[],
  speech: Speech,
  now: number,
): { head: string; tail: string; lines: string[] } {
  const outages = new Map<string, Alert[]>()
  for (const alert of alerts) {
    const known = outages.get(alert.outage)
    if (known) known.push(alert)
    else outages.set(alert.outage, [alert])
  }
  const lines = [...outages.values()].map((outage) => lineOf(outage, alerts, speech, now))
  const sorted = [...lines.filter(({ needsYou }) => needsYou), ...lines.filter(({ needsYou }) => !needsYou)]
  const need = lines.filter(({ needsYou }) => needsYou).length
  const marks = need > 0 ? MARKS.going : MARKS.over
  const mark = marks.find((each) => sorted.some(({ text }) => text.startsWith(each))) ?? '⚪'
  const times = alerts.map((alert) => plainFacts(alert, now).at)
  return {
    head: `${mark} ${speech.texts.foldedTitle(speech.format, { messages: alerts.length, need })}`,
    tail: ` (${speech.range(Math.min(...times), Math.max(...times))})`,
    lines: sorted.map(({ text }) => text),
  }
}

function lineOf(outage: readonly Alert[], all: readonly Alert[], speech: Speech, now: number): Line {
  const last = outage.at(-1)!
  const [host = ''] = last.hosts
  // Back, but not well.
  if (last.kind === 'recovered' && last.status !== undefined) return { text: title(last, speech, now), needsYou: true }
  if (outage[0]!.kind === 'silent' && last.kind === 'recovered')
    return { text: away(last, speech, now), needsYou: false }
  if (last.kind === 'site-silent' || (last.kind === 'still-silent' && isOfSite(last))) {
    return { text: siteLine(last, speech, now), needsYou: true }
  }
  if (last.kind === 'silent' || last.kind === 'still-silent') {
    // It was told alone, and came back with its whole site, or after it.
    const end = all.find((alert) => alert.at >= last.at && isReturnOf(host, alert))
    if (end) return { text: away(backWith(end, last, host), speech, now), needsYou: false }
  }
  if (last.kind === 'site-recovered') {
    const missing = (last.missing ?? []).filter((name) => !isOver(last.outages?.[name], all))
    return { text: title({ ...last, missing }, speech, now), needsYou: missing.length > 0 }
  }
  const staysSilent = last.kind === 'stable' && last.silentSinceAt !== undefined
  return { text: title(last, speech, now), needsYou: staysSilent || needsSomebody(last.kind) }
}

function isReturnOf(host: string, { kind, hosts, back }: Alert): boolean {
  return kind === 'recovered' ? hosts[0] === host : kind === 'site-recovered' && back?.includes(host) === true
}

function backWith(end: Alert, silent: Alert, host: string): Alert {
  const { at, heardAt = at, siteCause } = end
  const restarted = siteCause?.rebooted.includes(host) ?? false
  const ofSite = restarted ? ({ kind: 'rebooted', at, goodbye: false } as const) : undefined
  return { ...silent, downMs: undefined, heardAt, cause: end.cause ?? ofSite }
}

function isOver(outage: string | undefined, all: readonly Alert[]): boolean {
  return outage !== undefined && all.findLast((alert) => alert.outage === outage)?.kind === 'recovered'
}

function title(raw: Alert, speech: Speech, now: number): string {
  const worded = inWords(raw, speech, now)
  return fit(worded.title, worded.subject ?? '', LINE_LENGTH).line
}

function away(raw: Alert, speech: Speech, now: number): string {
  const { texts, range, span } = speech
  const alert = plainFacts(raw, now)
  const { sinceAt, downMs, untilAt } = spanOf(alert)
  const { cause } = alert
  const why = cause && cause.kind !== 'unknown' ? texts.briefly[cause.kind] : undefined
  const worded = (name: string) => texts.wasAway(name, range(sinceAt, untilAt), span(downMs), why)
  return fit(worded, alert.hosts[0] ?? '?', LINE_LENGTH).line
}

/** With as many names as the line holds: whoever reads only this knows who fell silent. */
function siteLine(raw: Alert, speech: Speech, now: number): string {
  const { texts, clock, names } = speech
  const alert = plainFacts(raw, now)
  const since = clock(spanOf(alert).sinceAt)
  for (let most = Math.min(MOST_NAMES, alert.hosts.length); most > 0; most--) {
    const line = texts.siteSilentTitle(siteNameOf(alert), since, names(alert.hosts, most).text).join('')
    if (line.length <= LINE_LENGTH) return line
  }
  return title(raw, speech, now)
}
