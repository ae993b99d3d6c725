/**
 * The words of `monitora why` and /why: an outage as a chain, a line for each link, in the order of time; last, how it
 * is now. Pure. Links of which nothing is known are left out.
 */
import type { Language } from './config/values.ts'
import type { HistoryAbsence, HistoryLine, Span } from './history.ts'
import { formatFor } from './i18n/format.ts'
import { textsFor } from './i18n/index.ts'
import type { Delivery, Why, WhyOutage } from './why.ts'

const LONGEST_WORDS = 120
/** More than anyone reads. */
const MOST_ABSENCES = 3

/**
 * @param siteName what people call a site
 * @returns lines with newlines between
 */
export function whyText(why: Why, language: Language, timezone: string, siteName: (site: string) => string): string {
  const format = formatFor(language, timezone)
  const { why: texts, status: statusTexts } = textsFor(language).bot
  const seconds = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, second: '2-digit' })
  const { host, outage, asked, at } = why
  const { name } = host

  return [...(outage ? chain(outage) : why.trouble ? [] : noOutage()), ...trouble(), ...runs(), nowLine()].join('\n')

  /** `12:03:10`, and the day behind it if it is not today. */
  function clock(time: number): string {
    return format
      .clock(time, at)
      .replace(/^\d\d:\d\d/, (minutes) => `${minutes}:${seconds.format(time).padStart(2, '0')}`)
  }

  function trouble(): string[] {
    const { condition } = host
    const isBad = condition.kind === 'error' || condition.kind === 'warning' || condition.kind === 'failed'
    if (!why.trouble || !isBad) return []
    const { sinceAt, toldAt = sinceAt, alert, deliveries } = why.trouble
    const says = condition.message === undefined ? undefined : format.quote(oneLine(condition.message))
    const words = condition.cause === undefined ? statusTexts.says[condition.kind] : statusTexts.causes[condition.cause]
    const line = texts.trouble(`${name} ${words}${says === undefined ? '' : `, ${says}`}`, clock(sinceAt))
    return [line, ...(alert === undefined ? [] : [texts.told(clock(toldAt), alert), ...trail(alert, deliveries)])]
  }

  function runs(): string[] {
    const list = why.runs.flatMap(({ at: endedAt, what, durationMs, exitStatus }) => {
      const span = durationMs === undefined ? undefined : format.span(durationMs)
      return what === 'log' ? [] : [texts.ran[what](clock(endedAt), span, exitStatus)]
    })
    return list.length === 0 ? [] : [texts.runs(list.join('; '))]
  }

  function noOutage(): string[] {
    if (!asked) return [texts.none(name)]
    const lastOne = why.lastOneAt === undefined ? [] : [texts.lastOne(clock(why.lastOneAt))]
    return [texts.noneAt(name, format.clock(asked.fromAt, at)), ...lastOne]
  }

  function chain({ span, lines, end, deliveries }: WhyOutage): string[] {
    const first = lines[0]!
    const { intervalMs, dueAt } = first
    return [
      headline(span),
      texts.lastSignal(clock(first.sinceAt), intervalMs === undefined ? undefined : format.span(intervalMs)),
      ...(dueAt === undefined ? [] : [texts.due(clock(dueAt), rule(first))]),
      ...(first.absences.length === 0 ? [] : [texts.absences(absences(first.absences))]),
      texts.found(clock(first.at), reason(first)),
      ...told(lines, deliveries),
      ...(end ? ending(end, deliveries) : []),
    ]
  }

  function headline({ fromAt, toAt }: Span): string {
    const from = clock(fromAt)
    return Number.isFinite(toAt)
      ? texts.lasted(name, { from, to: clock(toAt), span: format.span(toAt - fromAt) })
      : texts.lasts(name, { from, span: format.span(at - fromAt) })
  }

  function rule({ missedAt, timeoutMs }: HistoryLine): string | undefined {
    const span = timeoutMs === undefined ? undefined : format.span(timeoutMs)
    if (missedAt !== undefined) return texts.run(clock(missedAt), span)
    return span === undefined ? undefined : texts.timeout(span)
  }

  function absences(spans: readonly HistoryAbsence[]): string {
    const shown = spans.slice(-MOST_ABSENCES).map(({ fromAt, toAt, why }) => {
      const words = pick(texts.absenceWhy, why)
      return `${clock(fromAt)}–${clock(toAt)}${words === undefined ? '' : ` (${words})`}`
    })
    const rest = spans.length - shown.length
    return `${shown.join(', ')}${rest > 0 ? ` ${statusTexts.more(rest)}` : ''}`
  }

  function reason({ reason: found, site }: HistoryLine): string {
    if (site !== undefined) return texts.withSite(oneLine(siteName(site)))
    return pick(texts.reasons, found) ?? texts.reasons['no-signal']
  }

  /** What was told of it, when; what was kept quiet until then, and why. */
  function told(lines: readonly HistoryLine[], deliveries: WhyOutage['deliveries']): string[] {
    const links = lines.flatMap((line) => {
      if (line.alert !== undefined) return [texts.told(clock(line.at), line.alert), ...trail(line.alert, deliveries)]
      const words = line.hidden === undefined ? undefined : pick(texts.hidden, line.hidden)
      return words === undefined ? [] : [texts.notTold(words)]
    })
    return links.length === 0 ? [texts.notTold(texts.noReason)] : links
  }

  function ending({ verdict, at: noticedAt, sinceAt, alert }: HistoryLine, deliveries: WhyOutage['deliveries']) {
    if (verdict !== 'up') return [texts.removed(clock(noticedAt))]
    const back = texts.back(clock(sinceAt), clock(noticedAt))
    return alert === undefined ? [back] : [back, texts.endTold(clock(noticedAt), alert), ...trail(alert, deliveries)]
  }

  function trail(alert: string, deliveries: WhyOutage['deliveries']): string[] {
    const found = deliveries.get(alert) ?? []
    return found.length === 0 ? [`  ${texts.noTrace}`] : found.map((delivery) => `  ${fate(delivery)}`)
  }

  function fate({ outcome, error, ...delivery }: Delivery): string {
    const words = texts.channel[outcome](format, { ...delivery, time: clock(delivery.at) })
    return error === undefined || outcome === 'delivered' ? words : `${words}: ${oneLine(error)}`
  }

  function nowLine(): string {
    const { condition } = host
    switch (condition.kind) {
      case 'silent':
        return texts.now(statusTexts.silent(format.shortSpan(at - condition.sinceAt), clock(condition.sinceAt)))
      case 'away':
        return texts.now(texts.isAway(clock(condition.sinceAt)))
      case 'paused':
        return texts.now(textsFor(language).bot.quiet.isPaused)
      case 'never':
        return texts.now(texts.never)
      default: {
        if (why.heardAt === undefined) return texts.now(texts.never)
        const due = why.dueAt === undefined ? undefined : clock(why.dueAt)
        return texts.now(texts.heard(format.span(at - why.heardAt), due))
      }
    }
  }
}

/** What an older or a newer version wrote need not be among the words. */
function pick<K extends string>(words: Readonly<Record<K, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key as K] : undefined
}

/** Names and errors from outside must not break lines. */
function oneLine(text: string): string {
  const points = [...text.replace(/[\s\p{Cc}]+/gu, ' ').trim()]
  return points.length > LONGEST_WORDS ? `${points.slice(0, LONGEST_WORDS - 1).join('')}…` : points.join('')
}
