/**
 * Words an alert for people, when it is sent: in the language and time zone of the channel.
 * First line: what a lock screen shows. Lines without content vanish.
 */
import type { AbsenceReason } from '../../shared/absences.ts'
import type { Alert, Cause } from '../../shared/alert.ts'
import type { Language } from '../../shared/config/values.ts'
import { type Format, formatFor } from '../../shared/i18n/format.ts'
import { textsFor } from '../../shared/i18n/index.ts'
import type { Message } from './channel.ts'

const TITLE_LENGTH = 50
const SHORTEST_NAME = 8
/** What a title can do without, if it must: `(12:03–12:41)`, `, since 12:03`. */
const LAST_CLAUSE = /(?: \([^()]*\)|, [^,()]*)$/

type Texts = ReturnType<typeof textsFor>['alerts']

interface Worded {
  title(host: string): string
  /** Where it is not the first line. */
  readonly reason?: string
  readonly lines: readonly (string | undefined)[]
}

/** @returns the message, and its reason: the line that says why, without a mark */
export function createWording(language: Language, timezone: string): (alert: Alert, now: number) => Message {
  const format = formatFor(language, timezone)
  const texts = textsFor(language).alerts
  return (alert, now) => {
    const host = alert.hosts[0] ?? ''
    const { title, reason, lines } = word(alert, texts, format, (at) => format.clock(at, now))
    const first = fit(title, host)
    // What the title had to leave out follows it.
    const whole = first.cut ? title(host).replace(/^\S+ /, '') : first.name === host ? undefined : texts.fullName(host)
    const body = [whole, ...lines].filter((line): line is string => line !== undefined && line !== '')
    const text = [first.title, ...body].join('\n')
    return { alert, title: first.title, reason: reason ?? lines.find((line) => line) ?? first.title, text }
  }
}

function word(alert: Alert, texts: Texts, format: Format, clock: (at: number) => string): Worded {
  const at = clock(alert.at)
  const since = clock(alert.sinceAt ?? alert.at)
  const away = format.span(alert.downMs ?? 0)
  const note = alert.note && texts.note(/[.!?…]$/.test(alert.note) ? alert.note : `${alert.note}.`)
  const reminder = alert.nextReminderAt && texts.nextReminder(clock(alert.nextReminderAt))
  switch (alert.kind) {
    case 'first-signal':
      return {
        title: (host) => texts.firstTitle(host, at),
        lines: [
          texts.firstDetails(
            alert.address,
            alert.site,
            alert.intervalMs === undefined ? undefined : format.span(alert.intervalMs),
          ),
          alert.timeoutMs && texts.willTellAfter(format.span(alert.timeoutMs)),
          texts.notYours(alert.hosts[0] ?? ''),
        ].map(orNothing),
      }
    case 'silent':
      return {
        title: (host) => texts.silentTitle(host, since),
        lines: [
          whySilent(alert, texts, format, clock),
          alert.goodbyeAt && texts.saidGoodbye(clock(alert.goodbyeAt)),
          note,
          reminder,
        ].map(orNothing),
      }
    case 'still-silent':
      return {
        title: (host) => texts.stillSilentTitle(host, away, since),
        reason: whySilent(alert, texts, format, clock),
        lines: [note, reminder].map(orNothing),
      }
    case 'recovered':
      return {
        title: (host) => texts.backTitle(host, away, since, clock(alert.heardAt ?? alert.at)),
        lines: [alert.cause && whyBack(alert.cause, texts, clock)],
      }
    case 'process-down':
      if (alert.process !== 'checker') {
        return { title: () => texts.processDownTitle(alert.process ?? '', since), lines: [texts.processDown] }
      }
      return alert.why === 'disk'
        ? { title: () => texts.diskTitle(since), lines: [texts.disk, alert.detail] }
        : { title: () => texts.processDownTitle('checker', since), lines: [texts.roundsFail, alert.detail] }
    case 'process-up':
      return {
        title: () => texts.processUpTitle(alert.process ?? '', away),
        lines: [alert.process === 'checker' ? undefined : texts.processUp],
      }
    case 'monitor-was-down':
      return {
        title: () => texts.awayTitle(away, since, clock((alert.sinceAt ?? alert.at) + (alert.downMs ?? 0))),
        lines: [
          `${texts.awayBecause(alert.why as AbsenceReason)} ${texts.heldAgainstNoOne}`,
          aftermath(alert, texts, format, clock),
        ],
      }
    case 'test':
      return { title: () => texts.testTitle(alert.monitor), lines: [texts.test] }
  }
}

function whySilent(alert: Alert, texts: Texts, format: Format, clock: (at: number) => string): string {
  const { missedAt, timeoutMs = 0, intervalMs } = alert
  if (missedAt !== undefined) return texts.missedSchedule(clock(missedAt), format.span(timeoutMs))
  // Who was not looked at for long (we were away, it moved in) has been silent for longer than its timeout.
  const silentMs = alert.at - (alert.sinceAt ?? alert.at)
  const timeout = format.span(silentMs > 2 * timeoutMs ? silentMs : timeoutMs)
  return intervalMs === undefined ? texts.noSignal(timeout) : texts.noSignalOf(timeout, format.span(intervalMs))
}

function whyBack(cause: Cause, texts: Texts, clock: (at: number) => string): string {
  switch (cause.kind) {
    case 'rebooted':
      return texts.rebooted(clock(cause.at), cause.goodbye)
    case 'slept':
      return texts.slept
    case 'network':
      return texts.networkOnly(cause.unsent)
    case 'agent':
      return texts.agentStopped
    case 'unknown':
      return texts.causeUnknown
  }
}

function aftermath(alert: Alert, texts: Texts, format: Format, clock: (at: number) => string): string | undefined {
  const { heard, of = 0, waitingFor = [], waitingUntilAt } = alert
  if (heard === undefined || of === 0) return undefined
  const heardSince = texts.heardSince(heard, of)
  if (waitingFor.length === 0 || waitingUntilAt === undefined) return heardSince
  const named = waitingFor.length > 5 ? [...waitingFor.slice(0, 5), `+${waitingFor.length - 5}`] : waitingFor
  return `${heardSince} ${texts.waitingFor(format.list(named), clock(waitingUntilAt))}`
}

/** Cuts the name rather than the message, then the last clause, then what is left, until it is short enough. */
function fit(title: (host: string) => string, host: string): { title: string; name: string; cut: boolean } {
  const brief = (name: string) => title(name).replace(LAST_CLAUSE, '')
  for (const worded of [title, brief]) {
    const name = fitName(worded, host)
    if (worded(name).length <= TITLE_LENGTH) return { title: worded(name), name, cut: worded === brief }
  }
  const start = brief(fitName(brief, host)).slice(0, TITLE_LENGTH - 1)
  return { title: `${start.replace(/[\ud800-\udbff]$/, '')}…`, name: host, cut: true }
}

function fitName(title: (host: string) => string, host: string): string {
  const excess = title(host).length - TITLE_LENGTH
  if (excess <= 0 || host.length <= SHORTEST_NAME) return host
  return `${host.slice(0, Math.max(SHORTEST_NAME, host.length - excess - 1))}…`
}

function orNothing(line: string | number | undefined): string | undefined {
  return typeof line === 'string' ? line : undefined
}
