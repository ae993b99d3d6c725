/**
 * The words of /status: first how many need someone, then those in full, then the well ones folded by site, last
 * Monitora itself. Pure. It stays readable with five hundred hosts; cutting it into messages is the bot's business.
 */

import type { Language } from './config/values.ts'
import { formatFor } from './i18n/format.ts'
import { textsFor } from './i18n/index.ts'
import { type Condition, type HostStatus, type Hush, isTroubled, lastingHushes, type Status } from './status.ts'

type Kind = Condition['kind']

/** What needs someone most comes first. */
const RANK: Readonly<Record<Kind, number>> = {
  silent: 0,
  error: 1,
  failed: 1,
  warning: 2,
  unstable: 3,
  never: 4,
  fine: 5,
  away: 6,
  paused: 7,
}
/** More than anyone reads; the rest is counted. */
const MOST_TROUBLED = 100
const MOST_OF_A_SITE = 10
const LONGEST_WORDS = 120

/** @returns lines with newlines between */
export function statusText(status: Status, language: Language, timezone: string): string {
  const format = formatFor(language, timezone)
  const texts = textsFor(language).bot.status
  const clock = (at: number) => format.clock(at, status.at)
  const ago = (at: number) => format.shortSpan(status.at - at)
  const troubled = status.hosts.filter(isTroubled).sort(worstFirst)
  const fallen = troubled.filter((host) => awayWith(host) !== undefined)
  const alone = troubled.filter((host) => awayWith(host) === undefined)
  const total = status.hosts.length
  const { unreachableSinceAt, silenced } = status

  return [
    ...(unreachableSinceAt === undefined ? [] : [`⚪ ${texts.unreachable(clock(unreachableSinceAt))}`]),
    texts.headline(format, { total, troubled: troubled.length, time: clock(status.at) }),
    ...(silenced ? [`⚪ ${texts.allSilenced(hushWords({ ...silenced, kind: 'silence', of: 'site' }))}`] : []),
    ...status.sitesAway.map((site) => {
      const names = fallen.filter((host) => awayWith(host) === site.site).map(mark)
      const facts = { site: label(site), since: clock(site.sinceAt), hosts: shortList(names) }
      return `🔴 ${texts.siteAway(facts)}${inBrackets(site.hushes.map(hushWords))}`
    }),
    ...alone.slice(0, MOST_TROUBLED).map((host) => {
      const where = host.site === undefined ? mark(host) : `${mark(host)}, ${label(host)}`
      const colour = host.condition.kind === 'silent' ? '🔴' : '🟠'
      return `${colour} ${where}: ${trouble(host.condition)}${inBrackets(lastingHushes(host.hushes).map(hushWords))}`
    }),
    ...(alone.length > MOST_TROUBLED ? [`🟠 ${texts.more(alone.length - MOST_TROUBLED)}`] : []),
    ...bySite(status.hosts).map(wellLine),
    ...restLine(texts.away, 'away'),
    ...restLine(texts.paused, 'paused'),
    ...restLine(texts.notYet, 'never'),
    monitorLine(),
  ].join('\n')

  function mark({ name, alerted }: HostStatus): string {
    return alerted ? name : texts.notAlerted(name)
  }

  function shortList(items: readonly string[]): string {
    const rest = items.length - MOST_OF_A_SITE
    return `${items.slice(0, MOST_OF_A_SITE).join(', ')}${rest > 0 ? ` ${texts.more(rest)}` : ''}`
  }

  function trouble(condition: Condition): string {
    switch (condition.kind) {
      case 'silent':
        return texts.silent(ago(condition.sinceAt), clock(condition.sinceAt))
      case 'error':
      case 'warning':
      case 'failed':
        return condition.message === undefined
          ? (condition.cause && texts.causes[condition.cause]) || texts.says[condition.kind]
          : texts.saysMessage(format.quote(oneLine(condition.message)))
      case 'unstable':
        return texts.unstable(clock(condition.sinceAt))
      default:
        return texts.never
    }
  }

  function hushWords({ kind, untilAt, by }: Hush): string {
    const until = untilAt === undefined ? undefined : clock(untilAt)
    return kind === 'ack' ? texts.taken(oneLine(by ?? '')) : texts.hushed[kind](until)
  }

  /** What the whole site has in common is said of the site. */
  function wellLine(hosts: readonly FineHost[]): string {
    const { site } = hosts[0]!
    const ofSite = site === undefined ? [] : hosts[0]!.hushes.filter((hush) => hush.of === 'site')
    const items = hosts.slice(0, MOST_OF_A_SITE).map((host) => {
      const own = host.hushes.filter((hush) => site === undefined || hush.of === 'host')
      return { name: mark(host) + inBrackets(own.map(hushWords)), ago: ago(host.condition.heardAt) }
    })
    const rest = hosts.length - items.length
    const where = site === undefined ? '' : `${label(hosts[0]!)}${inBrackets(ofSite.map(hushWords))}: `
    return `🟢 ${where}${texts.heard(items)}${rest > 0 ? ` ${texts.more(rest)}` : ''}`
  }

  function restLine(words: (hosts: string) => string, kind: 'away' | 'paused' | 'never'): string[] {
    const names = status.hosts
      .filter((host) => host.condition.kind === kind && !isTroubled(host))
      .map((host) => {
        const { condition } = host
        return condition.kind === 'away' ? texts.awaySince(mark(host), clock(condition.sinceAt)) : mark(host)
      })
    return names.length === 0 ? [] : [words(shortList(names))]
  }

  function monitorLine(): string {
    const running = status.processes.filter((process) => process.running).map(({ name }) => name)
    const stopped = status.processes.filter((process) => !process.running)
    const { unsent, failed } = status
    const parts = [
      ...(running.length > 0 ? [texts.run(format, running)] : []),
      ...stopped.map(({ name, pulseAt }) =>
        pulseAt === undefined ? texts.neverRan(name) : texts.stopped(name, clock(pulseAt)),
      ),
      texts.unsent(format, unsent),
      ...(failed > 0 ? [texts.failed(format, failed)] : []),
    ]
    return `${stopped.length > 0 ? '⚪ ' : ''}Monitora: ${parts.join('; ')}`
  }
}

type FineHost = HostStatus & { readonly condition: Extract<Condition, { kind: 'fine' }> }

/** Sites in the order of their first host; hosts without one come together, last. */
function bySite(hosts: readonly HostStatus[]): FineHost[][] {
  const fine = hosts.filter((host): host is FineHost => host.condition.kind === 'fine')
  const groups = new Map<string | undefined, FineHost[]>()
  for (const host of fine.sort((a, b) => Number(a.site === undefined) - Number(b.site === undefined))) {
    const group = groups.get(host.site)
    if (group) group.push(host)
    else groups.set(host.site, [host])
  }
  return [...groups.values()]
}

function awayWith({ condition }: HostStatus): string | undefined {
  return condition.kind === 'silent' ? condition.site : undefined
}

function label({ site = '', siteName }: Pick<HostStatus, 'site' | 'siteName'>): string {
  return oneLine(siteName ?? site)
}

function inBrackets(words: readonly string[]): string {
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

/** Of the silent the newest first: that is what the question is about. */
function worstFirst({ condition: a }: HostStatus, { condition: b }: HostStatus): number {
  if (a.kind === 'silent' && b.kind === 'silent') return b.sinceAt - a.sinceAt
  return RANK[a.kind] - RANK[b.kind]
}

/** A client may say what it likes, and call its site what it likes, at any length. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const points = [...line]
  return points.length > LONGEST_WORDS ? `${points.slice(0, LONGEST_WORDS - 1).join('')}…` : line
}
