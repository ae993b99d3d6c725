/** Times, spans and plurals in three languages; and that each language has every text, whole. */
import { expect, test } from 'vitest'
import { formatFor } from './format.ts'
import { textsFor } from './index.ts'

const LANGUAGES = ['en', 'pt', 'ru'] as const
const NOON = Date.parse('2026-11-21T12:00:00Z')

test.each([
  ['en', 'UTC', '2026-11-21T12:03:59Z', '12:03'],
  ['en', 'UTC', '2026-11-20T12:03:00Z', '12:03 on 20 Nov'],
  ['pt', 'UTC', '2026-11-20T12:03:00Z', '12:03 de 20/11'],
  ['ru', 'UTC', '2026-11-20T12:03:00Z', '12:03 20 ноября'],
  ['en', 'UTC', '2026-11-21T00:00:00Z', '00:00'],
  ['en', 'UTC', '2025-11-21T12:00:00Z', '12:00 on 21 Nov'],
  ['en', 'Europe/Lisbon', '2026-07-21T12:03:00Z', '13:03 on 21 Jul'],
  // What is yesterday in one zone is today in another.
  ['en', 'Asia/Tokyo', '2026-11-20T15:30:00Z', '00:30'],
  ['en', 'America/New_York', '2026-11-21T04:30:00Z', '23:30 on 20 Nov'],
] as const)('%s in %s: %s reads %s', (language, zone, time, expected) => {
  expect(formatFor(language, zone).clock(Date.parse(time), NOON)).toBe(expected)
})

test.each([
  ['2026-11-21T09:03:00Z', '2026-11-21T09:41:00Z', '09:03–09:41', '09:03–09:41', '09:03–09:41'],
  ['2026-11-21T09:03:00Z', '2026-11-21T09:03:40Z', '09:03', '09:03', '09:03'],
  ['2026-11-09T22:03:00Z', '2026-11-09T22:03:40Z', '9 Nov 22:03', '09/11 22:03', '9 ноября 22:03'],
  ['2026-11-09T22:03:00Z', '2026-11-09T22:41:00Z', '9 Nov 22:03–22:41', '09/11 22:03–22:41', '9 ноября 22:03–22:41'],
  [
    '2026-11-09T22:03:00Z',
    '2026-11-21T08:41:00Z',
    '9 Nov 22:03 – 21 Nov 08:41',
    '09/11 22:03 – 21/11 08:41',
    '9 ноября 22:03 – 21 ноября 08:41',
  ],
])('from %s to %s reads %s', (from, to, ...expected) => {
  const ranges = LANGUAGES.map((language) => formatFor(language, 'UTC').range(Date.parse(from), Date.parse(to), NOON))
  expect(ranges).toEqual(expected)
})

test('a time reads well after its preposition, whether or not its date is shown', () => {
  const yesterday = NOON - 24 * 3_600_000
  const titles = LANGUAGES.map((language) => {
    const { clock } = formatFor(language, 'UTC')
    const { rebooted, nextReminder, missing } = textsFor(language).alerts
    const nas = { text: 'nas', count: 1 }
    return [
      rebooted(clock(yesterday, NOON), true),
      nextReminder(clock(yesterday, NOON)),
      missing(nas, clock(yesterday, NOON), false),
    ]
  })
  expect(titles).toEqual([
    [
      'Why: it restarted at 12:00 on 20 Nov.',
      'Next reminder 12:00 on 20 Nov.',
      'nas has not reported since 12:00 on 20 Nov.',
    ],
    [
      'Motivo: reiniciou às 12:00 de 20/11.',
      'Próximo aviso às 12:00 de 20/11.',
      'nas continua sem sinal desde 12:00 de 20/11.',
    ],
    ['Причина: перезагрузка в 12:00 20 ноября.', 'Напомню в 12:00 20 ноября.', 'nas молчит с 12:00 20 ноября.'],
  ])
})

const S = 1000
const MIN = 60 * S
const H = 60 * MIN
const D = 24 * H

test.each([
  [0, '0 s', '0 с'],
  [400, '0 s', '0 с'],
  [12 * S, '12 s', '12 с'],
  [90 * S, '1 min', '1 мин'],
  [38 * MIN, '38 min', '38 мин'],
  [3 * H + 59 * MIN, '3 h', '3 ч'],
  [49 * H, '2 d', '2 д'],
])('%i ms in short: %s, %s', (ms, latin, russian) => {
  expect(LANGUAGES.map((language) => formatFor(language, 'UTC').shortSpan(ms))).toEqual([latin, latin, russian])
})

test.each([
  [-5, '0 s', '0 секунд'],
  [1 * S, '1 s', '1 секунду'],
  [2 * S, '2 s', '2 секунды'],
  [5 * S, '5 s', '5 секунд'],
  [11 * S, '11 s', '11 секунд'],
  [21 * S, '21 s', '21 секунду'],
  [22 * S, '22 s', '22 секунды'],
  [25 * S, '25 s', '25 секунд'],
  [59_600, '1 min', '1 минуту'],
  [90 * S, '1 min 30 s', '1 минуту 30 секунд'],
  [22 * MIN, '22 min', '22 минуты'],
  [25 * MIN, '25 min', '25 минут'],
  [6 * H + 2 * MIN, '6 h 2 min', '6 часов 2 минуты'],
  [3 * H + 5 * S, '3 h', '3 часа'],
  [21 * H, '21 h', '21 час'],
  [D + H, '1 d 1 h', '1 день 1 час'],
  [2 * D, '2 d', '2 дня'],
  [400 * D, '400 d', '400 дней'],
])('%i ms: %s, %s', (ms, latin, russian) => {
  expect(LANGUAGES.map((language) => formatFor(language, 'UTC').span(ms))).toEqual([latin, latin, russian])
})

test('lists and quotes are those of the language', () => {
  const formats = LANGUAGES.map((language) => formatFor(language, 'UTC'))
  expect(formats.map(({ list }) => list(['pi', 'router', 'ha']))).toEqual([
    'pi, router and ha',
    'pi, router e ha',
    'pi, router и ha',
  ])
  expect(formats.map(({ list }) => list(['pi']))).toEqual(['pi', 'pi', 'pi'])
  expect(formats.map(({ quote }) => quote('disk'))).toEqual(['"disk"', '“disk”', '«disk»'])
})

test.each([
  ['en', 0, 'other'],
  ['en', 1, 'one'],
  ['en', 2, 'other'],
  ['ru', 1, 'one'],
  ['ru', 2, 'few'],
  ['ru', 5, 'many'],
  ['ru', 11, 'many'],
  ['ru', 21, 'one'],
  ['ru', 22, 'few'],
  ['ru', 25, 'many'],
  ['ru', 111, 'many'],
] as const)('in %s, %i takes the form for %s', (language, count, form) => {
  expect(formatFor(language, 'UTC').plural(count, { one: 'one', few: 'few', many: 'many', other: 'other' })).toBe(form)
})

type Leaf = [path: string, value: unknown]

function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, path === '' ? key : `${path}.${key}`))
}

test('every language has the same texts, and no other', () => {
  const [en, ...others] = LANGUAGES.map((language) =>
    leavesOf(textsFor(language))
      .map(([path, value]) => `${path}: ${typeof value}`)
      .sort(),
  )
  expect(en!.length).toBeGreaterThan(80)
  for (const other of others) expect(other).toEqual(en)
})

const names = (count: number) => ({ text: count === 1 ? 'pi' : 'pi, router', count })

/** What the functions are given that want more than texts. */
const arguments_ = (
  format: ReturnType<typeof formatFor>,
  count: number,
): Readonly<Record<string, readonly unknown[]>> => ({
  'alerts.networkOnly': [format, count],
  'alerts.missedSignals': [format, count],
  'alerts.missedRuns': [format, count],
  'alerts.inARow': [format, count],
  'alerts.heartbeat': [{ type: 'bot', status: count === 1 ? undefined : 'ok', version: '1.2' }],
  'alerts.heardSince': [count, 7],
  'alerts.nothingTitle': ['12:03', count],
  'alerts.rebooted': ['12:03', count === 1],
  'alerts.neighbours': [names(count), count === 2 ? undefined : 'home'],
  'alerts.notPowerCut': [names(count)],
  'alerts.typo': [names(count)],
  'alerts.takeTurns': [names(count)],
  'alerts.unstableTitle': ['nas', { format, changes: count, span: '1 h' }],
  'alerts.outOf': [count, count === 5 ? undefined : 30],
  'alerts.powerCut': [names(count - 1), count === 5 ? undefined : '12:29'],
  'alerts.networkCut': [names(count - 1)],
  'alerts.mixedCut': [names(count - 1), '12:29', names(count - 2)],
  'alerts.missing': [names(count), '12:03', count === 2],
  'alerts.foldedTitle': [format, { messages: count, need: count - 1 }],
  'errors.title': [
    format,
    { project: 'shop', noun: 'error', age: count === 1 ? 'new' : 'back', count, span: '3 min', at: '12:03' },
  ],
  'errors.first': [{ at: '12:03', release: '1.4.2', after: count === 1 ? undefined : '4 min', isNew: count === 1 }],
  'errors.nextAt': [count * 10],
  'errors.cli.more': [count],
  'errors.cli.line': [
    format,
    { project: 'shop', id: '8c8902b2', what: 'TypeError: x', count, first: '12:03', last: '12:05', release: '1.4.2' },
  ],
  'errors.cli.last': ['12:05', count === 1 ? [] : ['1.4.2', 'production']],
  'bot.status.headline': [format, { total: 30, troubled: count, time: '12:14' }],
  'bot.status.siteAway': [{ site: 'home', since: '12:03', hosts: 'nas, pi' }],
  'bot.why.lasted': ['nas', { from: '12:03:01', to: '12:41:09', span: '38 min' }],
  'bot.why.lasts': ['nas', { from: '12:03:01', span: '38 min' }],
  ...Object.fromEntries(
    ['delivered', 'waiting', 'folded', 'refused', 'given-up'].map((outcome) => [
      `bot.why.channel.${outcome}`,
      [format, { channel: 'family', time: '12:05:01', tries: count }],
    ]),
  ),
  'cli.uptime.of': [format, { name: 'nas', percent: '99.9', outages: count, longest: '38 min', known: '30 d' }],
  'bot.status.heard': [[{ name: 'pi', ago: '12 s' }]],
  'bot.status.run': [format, Array.from({ length: count }, () => 'server')],
  'bot.status.unsent': [format, count],
  'bot.status.failed': [format, count],
  'cli.host.rotated': ['nas', count === 1],
  'cli.host.busy': [{ file: '.change', holder: count === 1 ? undefined : '17', isFile: count !== 2 }],
  'cli.host.expected': [
    count === 1
      ? { timeout: '5 min' }
      : count === 2
        ? { timeout: '5 min', interval: '30 s' }
        : { schedule: '0 3 * * *', grace: '1 h', next: count === 5 ? undefined : '03:00' },
  ],
  'cli.fine': [format, 'monitora.yml', { hosts: count, channels: count }],
})

test.each(LANGUAGES)('in %s every text says something, whatever the numbers', (language) => {
  const format = formatFor(language, 'UTC')
  for (const count of [1, 2, 5, 11, 21]) {
    const special = arguments_(format, count)
    for (const [path, value] of leavesOf(textsFor(language))) {
      const said: unknown =
        typeof value === 'function' ? value(...(special[path] ?? ['one', 'two', 'three', 'four'])) : value
      // A title comes in two parts, of which the second may be missing.
      const text = Array.isArray(said) ? said.join('') : said
      expect(text, path).toEqual(expect.stringMatching(/\S/))
      expect(text, path).not.toMatch(/undefined|NaN|\[object|function/)
    }
  }
})

test('what a first signal leaves out is left out', () => {
  const texts = LANGUAGES.map((language) => textsFor(language).alerts)
  expect(texts.map(({ firstDetails }) => firstDetails(undefined, undefined, undefined))).toEqual(['', '', ''])
  expect(texts.map(({ firstDetails }) => firstDetails(undefined, 'home', undefined))).toEqual([
    'Site home.',
    'Local home.',
    'Место home.',
  ])
})

test('Russian counts unsent signals as it should', () => {
  const { networkOnly } = textsFor('ru').alerts
  const format = formatFor('ru', 'UTC')
  const ends = [1, 2, 5, 11, 21, 22, 25].map((count) => networkOnly(format, count).split('работала, ')[1])
  expect(ends).toEqual([
    'не отправлен 1 сигнал.',
    'не отправлено 2 сигнала.',
    'не отправлено 5 сигналов.',
    'не отправлено 11 сигналов.',
    'не отправлен 21 сигнал.',
    'не отправлено 22 сигнала.',
    'не отправлено 25 сигналов.',
  ])
})
