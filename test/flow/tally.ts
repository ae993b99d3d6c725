/**
 * Holds what people were told against what really happened to a crowd of hosts: what was lost, what was wrong, what was
 * said twice. Pure, so that it can be tried itself (tally.test.ts).
 */
import type { Member, Quiet } from './crowd.ts'
import type { SitePosted } from './weather.ts'

export interface Facts {
  readonly members: readonly Member[]
  /** In the order of their arrival, repeats included. */
  readonly posted: readonly SitePosted[]
  readonly quiets: readonly Quiet[]
  /** When each host was heard, in order. */
  readonly heard: ReadonlyMap<string, readonly number[]>
  /** When the server could not hear. */
  readonly absences: readonly { readonly fromAt: number; readonly toAt: number }[]
  readonly timeoutMs: number
  readonly intervalMs: number
  /** An outage must be told if it is longer than the timeout, our absences in it, and this. */
  readonly marginMs: number
}

export interface Tally {
  /** Each once. */
  readonly alerts: number
  readonly siteAlerts: number
  readonly repeats: number
  /** Outages that had to be told. */
  readonly due: number
  readonly lost: readonly string[]
  readonly wrong: readonly string[]
  /** From the end of each timeout until the first alert of that outage was there, without what our absences add; sorted. */
  readonly delaysMs: readonly number[]
}

/** What was told of one host: it was away from here to there, by its own alerts or by its site's. */
interface Told {
  readonly fromAt: number
  readonly arrivedAt: number
  toAt: number
}

/** Between the server's writing and our reading of its answer; more than that is no accident. */
const ANSWER_MS = 1500
const RETURN_MS = 5000

export function tallyOf(facts: Facts): Tally {
  const { members, posted, quiets, timeoutMs } = facts
  const wrong: string[] = []
  const alerts = onceEach(posted, wrong)
  wrong.push(
    ...alerts.filter(({ kind }) => kind === 'nothing-reaches-me').map(({ id }) => `${id}: all was said to be silent`),
  )
  const told = new Map(members.map((member) => [member.name, spansOf(member, alerts, facts, wrong)]))
  const delaysMs: number[] = []
  const lost: string[] = []
  let due = 0
  for (const quiet of quiets) {
    const span = told
      .get(quiet.host)
      ?.find(({ fromAt, toAt }) => fromAt <= quiet.toAt + RETURN_MS && toAt >= quiet.fromAt)
    const lengthMs = quiet.toAt - quiet.fromAt
    if (lengthMs > timeoutMs + facts.marginMs + absentMs(facts, quiet)) {
      due++
      if (!span) lost.push(`${quiet.host} was silent for ${Math.round(lengthMs / 1000)} s`)
    }
    if (span && span.fromAt >= quiet.fromAt) {
      delaysMs.push(span.arrivedAt - quiet.fromAt - timeoutMs - absentMs(facts, { ...quiet, toAt: span.fromAt }))
    }
  }
  const siteAlerts = alerts.filter(({ kind }) => kind === 'site-silent' || kind === 'site-recovered').length
  const repeats = posted.length - alerts.length
  return { alerts: alerts.length, siteAlerts, repeats, due, lost, wrong, delaysMs: delaysMs.sort((a, b) => a - b) }
}

function onceEach(posted: readonly SitePosted[], wrong: string[]): SitePosted[] {
  const contents = new Map<string, string>()
  return posted.filter(({ arrivedAt, ...alert }) => {
    const content = JSON.stringify(alert)
    const known = contents.get(alert.id)
    if (known !== undefined && known !== content) wrong.push(`${alert.id} has two contents`)
    contents.set(alert.id, content)
    return known === undefined
  })
}

/** Walks through what was told of one host: beginnings and ends must take turns, and no beginning may be unfounded. */
function spansOf(member: Member, alerts: readonly SitePosted[], facts: Facts, wrong: string[]): Told[] {
  const { name, site } = member
  const spans: Told[] = []
  let open: Told | undefined
  let siteOpen: { readonly id: string; readonly told: Told } | undefined
  const begin = ({ at, arrivedAt }: SitePosted): Told => ({
    fromAt: Date.parse(at),
    arrivedAt,
    toAt: Number.POSITIVE_INFINITY,
  })
  const end = (span: Told, at: string) => {
    span.toAt = Date.parse(at)
    spans.push(span)
  }
  for (const alert of alerts) {
    const { kind, at } = alert
    const isOwn = alert.hosts[0] === name
    const isSites = site !== undefined && alert.site === site
    if (kind === 'silent' && isOwn) {
      if (open) wrong.push(`${alert.id}: ${name} was told silent twice`)
      if (!wasSilent(name, alert, facts, facts.timeoutMs))
        wrong.push(`${alert.id}: ${name} was told silent, but it reported`)
      open = begin(alert)
    } else if (kind === 'recovered' && isOwn) {
      if (open) end(open, at)
      else wrong.push(`${alert.id}: ${name} was told to be back, but never silent`)
      open = undefined
    } else if (kind === 'site-silent' && isSites) {
      if (siteOpen) wrong.push(`${alert.id}: ${site} was told silent twice`)
      siteOpen = { id: alert.id, told: begin(alert) }
      if (!alert.hosts.includes(name)) continue
      // A late one is listed before its timeout is over, once it has missed two signals.
      const leastMs = Math.min(2.5 * facts.intervalMs, facts.timeoutMs)
      if (!wasSilent(name, alert, facts, leastMs)) wrong.push(`${alert.id}: ${name} was listed, but it reported`)
      open ??= siteOpen.told
    } else if (kind === 'site-recovered' && isSites) {
      if (siteOpen?.id !== alert.outage) wrong.push(`${alert.id}: ${site} was told to be back, but never silent`)
      // Who falls due while its site is silent joins without a message.
      const span = open ?? siteOpen?.told
      siteOpen = undefined
      if (span && alert.back?.includes(name)) {
        end(span, at)
        open = undefined
      } else if (alert.missing?.includes(name)) {
        open = span
        if (alert.outages?.[name] === undefined) wrong.push(`${alert.id}: ${name} goes on without an outage of its own`)
      }
    }
  }
  if (open) wrong.push(`${name} was never told to be back`)
  return spans
}

function wasSilent(name: string, { at }: SitePosted, { heard }: Facts, leastMs: number): boolean {
  const toldAt = Date.parse(at)
  const lastAt = heard.get(name)?.findLast((heardAt) => heardAt <= toldAt)
  return lastAt !== undefined && toldAt - lastAt >= leastMs - ANSWER_MS
}

function absentMs({ absences }: Facts, { fromAt, toAt }: Pick<Quiet, 'fromAt' | 'toAt'>): number {
  return absences.reduce((sum, absence) => {
    return sum + Math.max(0, Math.min(absence.toAt, toAt) - Math.max(absence.fromAt, fromAt))
  }, 0)
}
