/**
 * The words of /status: first how many need someone, then those in full, then the well ones folded by site, last
 * Monitora itself. Pure. It stays readable with five hundred hosts; cutting it into messages is the bot's business.
 */

import type { Language } from './config/values.ts'
import { formatFor } from './i18n/format.ts'
import { textsFor } from './i18n/index.ts'
import type { Condition, HostStatus, Status } from './status.ts'

type Kind = Condition['kind']

/** What needs someone most comes first. */
const RANK: Readonly<Record<Kind, number>> = { silent: 0, error: 1, warning: 2, never: 3, fine: 4 }
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
  const mark = (host: HostStatus) => (host.alerted ? host.name : texts.notAlerted(host.name))
  const troubled = status.hosts.filter(({ condition }) => condition.kind !== 'fine').sort(worstFirst)
  const total = status.hosts.length

  return [
    texts.headline(format, { total, troubled: troubled.length, time: clock(status.at) }),
    ...troubled.slice(0, MOST_TROUBLED).map((host) => {
      const name = mark(host)
      const where = host.site === undefined ? name : `${name}, ${oneLine(host.site)}`
      return `${host.condition.kind === 'silent' ? '🔴' : '🟠'} ${where}: ${trouble(host.condition)}`
    }),
    ...(troubled.length > MOST_TROUBLED ? [`🟠 ${texts.more(troubled.length - MOST_TROUBLED)}`] : []),
    ...[...bySite(status.hosts)].map(([site, hosts]) => {
      const items = hosts
        .slice(0, MOST_OF_A_SITE)
        .map((host) => ({ name: mark(host), ago: ago(host.condition.heardAt) }))
      const rest = hosts.length - items.length
      return `🟢 ${site === undefined ? '' : `${oneLine(site)}: `}${texts.heard(items)}${rest > 0 ? ` ${texts.more(rest)}` : ''}`
    }),
    monitorLine(),
  ].join('\n')

  function trouble(condition: Condition): string {
    switch (condition.kind) {
      case 'silent':
        return texts.silent(ago(condition.sinceAt), clock(condition.sinceAt))
      case 'error':
      case 'warning':
        return condition.message === undefined
          ? texts.says[condition.kind]
          : texts.saysMessage(format.quote(oneLine(condition.message)))
      default:
        return texts.never
    }
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
function bySite(hosts: readonly HostStatus[]): Map<string | undefined, FineHost[]> {
  const fine = hosts.filter((host): host is FineHost => host.condition.kind === 'fine')
  const groups = new Map<string | undefined, FineHost[]>()
  for (const host of fine.sort((a, b) => Number(a.site === undefined) - Number(b.site === undefined))) {
    const group = groups.get(host.site)
    if (group) group.push(host)
    else groups.set(host.site, [host])
  }
  return groups
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
