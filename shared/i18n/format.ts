/** Times, spans, lists and plurals as people of one language and time zone write them. */
import type { Language } from '../config/values.ts'

export interface Format {
  /**
   * `12:03`, with the date only if it is not today: `12:03 on 20 Nov`. No seconds. In this order it reads well after
   * whatever comes before it: since, at, until; «с», «в», «до»; «desde», «às», «até».
   */
  clock(at: number, now: number): string
  /** `12:03–12:41`; `20 Nov 12:03–12:41`; `20 Nov 23:50 – 21 Nov 00:10`; within a minute `12:03`. */
  range(from: number, to: number, now: number): string
  /** A span in its two largest units: `38 min`, `6 h 2 min`, `12 s`; in Russian words, declined. */
  span(ms: number): string
  /** The same, as short as it gets, for lists: `12 s`, `3 h`, `2 d`. */
  shortSpan(ms: number): string
  /** `pi, router and ha` */
  list(items: readonly string[]): string
  quote(text: string): string
  /** Picks the form that goes with the number: en one/other, pt one/other, ru one/few/many. */
  plural(count: number, forms: Forms): string
}

export interface Forms {
  readonly one: string
  readonly few?: string
  readonly many?: string
  readonly other: string
}

type Unit = 's' | 'min' | 'h' | 'd'

const LOCALE: Readonly<Record<Language, string>> = { en: 'en-GB', pt: 'pt-BR', ru: 'ru-RU' }
const QUOTES: Readonly<Record<Language, readonly [string, string]>> = { en: ['"', '"'], pt: ['“', '”'], ru: ['«', '»'] }
/** The day of a month, as it stands in a sentence. */
const DAY: Readonly<Record<Language, Intl.DateTimeFormatOptions>> = {
  en: { day: 'numeric', month: 'short' },
  pt: { day: '2-digit', month: '2-digit' },
  ru: { day: 'numeric', month: 'long' },
}
/** Between the time and its day. */
const OF_DAY: Readonly<Record<Language, string>> = { en: ' on ', pt: ' de ', ru: ' ' }
const SIZES: readonly (readonly [Unit, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
]
/** In the accusative, which every sentence of ours asks for: «нет сигнала 1 минуту», «через 2 часа». */
const RUSSIAN: Readonly<Record<Unit, Forms>> = {
  s: { one: 'секунду', few: 'секунды', many: 'секунд', other: 'секунды' },
  min: { one: 'минуту', few: 'минуты', many: 'минут', other: 'минуты' },
  h: { one: 'час', few: 'часа', many: 'часов', other: 'часа' },
  d: { one: 'день', few: 'дня', many: 'дней', other: 'дня' },
}
const RUSSIAN_SHORT: Readonly<Record<Unit, string>> = { s: 'с', min: 'мин', h: 'ч', d: 'д' }

export function formatFor(language: Language, timezone: string): Format {
  const locale = LOCALE[language]
  const time = new Intl.DateTimeFormat(locale, {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const day = new Intl.DateTimeFormat(locale, { timeZone: timezone, ...DAY[language] })
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: timezone })
  const sameDay = (a: number, b: number) => date.format(a) === date.format(b)
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' })
  const rules = new Intl.PluralRules(locale)
  const plural = (count: number, forms: Forms) =>
    forms[rules.select(Math.round(count)) as 'one' | 'few' | 'many'] ?? forms.other
  const [open, close] = QUOTES[language]

  return {
    clock: (at, now) => time.format(at) + (sameDay(at, now) ? '' : OF_DAY[language] + day.format(at)),
    range: (from, to, now) => {
      if (!sameDay(from, to)) return `${day.format(from)} ${time.format(from)} – ${day.format(to)} ${time.format(to)}`
      const [start, end] = [time.format(from), time.format(to)]
      // An hour later the clocks may show the same again: they were set back in between.
      const times = start === end && to - from < 60_000 ? start : `${start}–${end}`
      return `${sameDay(from, now) ? '' : `${day.format(from)} `}${times}`
    },
    span: (ms) =>
      largestUnits(ms, 2)
        .map(([count, unit]) => `${count} ${language === 'ru' ? plural(count, RUSSIAN[unit]) : unit}`)
        .join(' '),
    shortSpan: (ms) =>
      largestUnits(ms, 1)
        .map(([count, unit]) => `${count} ${language === 'ru' ? RUSSIAN_SHORT[unit] : unit}`)
        .join(' '),
    list: (items) => lists.format(items),
    quote: (text) => open + text + close,
    plural,
  }
}

/** 90 s is "1 min 30 s", 3 h 0 min 5 s is "3 h": units are neighbours, and an empty second one vanishes. */
function largestUnits(ms: number, most: number): [number, Unit][] {
  let rest = Math.max(0, Math.round(ms / 1000))
  const first = SIZES.findIndex(([, size]) => rest >= size)
  if (first === -1) return [[0, 's']]
  const parts: [number, Unit][] = []
  for (const [unit, size] of SIZES.slice(first, first + most)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push([count, unit])
  }
  return parts
}
