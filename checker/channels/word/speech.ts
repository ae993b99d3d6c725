/** What every kind of alert is worded with: one language, one time zone, and the moment at which it is sent. */
import type { Alert } from '../../../shared/alert.ts'
import type { Language } from '../../../shared/config/values.ts'
import type { AlertTexts, Names, Title } from '../../../shared/i18n/en/alerts.ts'
import type { ErrorTexts } from '../../../shared/i18n/en/errors.ts'
import { type Format, formatFor } from '../../../shared/i18n/format.ts'
import { textsFor } from '../../../shared/i18n/index.ts'
import { isHostName } from '../../../shared/names.ts'
import type { MessageCommand } from '../channel.ts'
import { cut } from './fit.ts'

/** An alert in words, before it is fitted to a screen. */
export interface Worded {
  /** Whose name stands in the title; empty: none. */
  readonly subject?: string
  readonly title: (subject: string) => Title
  /** The line that says why, where it is not the first below the title. */
  readonly reason?: string
  /** Those without content are left out. */
  readonly lines: readonly (string | undefined)[]
  readonly commands?: readonly MessageCommand[]
}

export interface Speech {
  readonly texts: AlertTexts
  readonly errors: ErrorTexts
  readonly format: Format
  clock(at: number): string
  span(ms: number): string
  range(from: number, to: number): string
  /** All of a few; of many so many and how many more: `a, b, c and +4`. */
  names(list: readonly string[] | undefined, most?: number): Names
  quote(text: string): string
  note(alert: Alert): string | undefined
  reminder(alert: Alert): string | undefined
}

const MOST_NAMES = 5
const LONGEST_NAME = 64

/** @returns for a moment of sending what words need; formats are made once */
export function createSpeech(language: Language, timezone: string): (now: number) => Speech {
  const format = formatFor(language, timezone)
  const { alerts: texts, errors } = textsFor(language)
  return (now) => ({
    texts,
    errors,
    format,
    clock: (at) => format.clock(at, now),
    span: (ms) => format.span(ms),
    range: (from, to) => format.range(from, to, now),
    names: (list = [], most = MOST_NAMES) => {
      const some = list.slice(0, most).map((name) => cut(name, LONGEST_NAME))
      const shown = list.length > most ? [...some, `+${list.length - most}`] : some
      return { text: format.list(shown), count: list.length }
    },
    quote: (text) => format.quote(text),
    note: ({ note }) => note && texts.note(/[.!?…]$/.test(note) ? note : `${note}.`),
    reminder: ({ nextReminderAt }) =>
      nextReminderAt === undefined ? undefined : texts.nextReminder(format.clock(nextReminderAt, now)),
  })
}

/** Since when it goes on, how long it went on, and when it was over. */
export function spanOf(alert: Alert): { sinceAt: number; downMs: number; untilAt: number } {
  const { at, sinceAt = at } = alert
  const downMs = Math.max(0, alert.downMs ?? (alert.heardAt ?? at) - sinceAt)
  return { sinceAt, downMs, untilAt: sinceAt + downMs }
}

export function joined(...sentences: readonly (string | undefined)[]): string | undefined {
  return sentences.filter(Boolean).join(' ') || undefined
}

/** To take it, or to hear nothing of it for a while. @param target a host's name, or `site:SITE` */
export function ackAndSilence(target: string, { texts }: Speech): MessageCommand[] {
  return [
    { label: texts.commands.ack, command: `/ack ${target}` },
    { label: texts.commands.silence, command: `/silence ${target} 8h` },
  ]
}

/** A name that could not be said to the bot makes no command. */
export function hostCommands(alert: Alert, make: (name: string) => MessageCommand[]): MessageCommand[] {
  const [name] = alert.hosts
  return isHostName(name) ? make(name) : []
}
