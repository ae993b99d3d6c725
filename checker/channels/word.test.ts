/** What people read fits a lock screen whatever it must say, and says what it left out; whatever the facts are. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALERT_KINDS, type Alert } from '../../shared/alert.ts'
import { createWording } from './word.ts'

const LANGUAGES = ['en', 'pt', 'ru'] as const
const MIN = 60_000
const at = (dayAndTime: string) => Date.parse(`2026-11-${dayAndTime}:00Z`)
const base = { id: 'host:nas:x:1', outage: 'host:nas:x:1', hosts: ['nas'], tags: [], monitor: 'box' }
const inEnglish = (alert: Alert, now = alert.at) => createWording('en', 'UTC').word(alert, now)

const silent: Alert = {
  ...base,
  kind: 'silent',
  at: at('21T12:05'),
  sinceAt: at('21T12:03'),
  timeoutMs: 2 * MIN,
  intervalMs: 30_000,
}
const recovered: Alert = {
  ...base,
  kind: 'recovered',
  at: at('21T12:41'),
  sinceAt: at('21T12:03'),
  heardAt: at('21T12:41'),
  downMs: 38 * MIN,
}
const siteSilent: Alert = { ...silent, kind: 'site-silent', hosts: ['nas', 'pi', 'router'], site: 'home', of: 3 }
const trial: Alert = { ...base, hosts: [], kind: 'test', at: at('21T14:33') }

test('the reason says why, without a mark; of a reminder as of the silence', () => {
  const why = (span: string) => `No signal for ${span}; it normally reports every 30 s.`
  const reminder: Alert = { ...silent, kind: 'still-silent', at: at('21T18:05') }
  expect([inEnglish(silent).reason, inEnglish(reminder).reason]).toEqual([why('2 min'), why('6 h 2 min')])
  expect(inEnglish(recovered).reason).toBe('nas is back, away 38 min (12:03–12:41)')
  const { reason } = inEnglish({
    ...siteSilent,
    kind: 'site-recovered',
    back: ['pi'],
    missing: ['nas'],
    siteCause: { kind: 'network', rebooted: [], stayedUp: ['pi'] },
  })
  expect(reason).toBe('Internet cut: pi stayed up.')
})

test('times are those of the channel, with the date when it is not today, as seen when it is sent', () => {
  const title = (zone: string, sentAt: number) => createWording('en', zone).word(silent, sentAt).title
  expect(title('Asia/Tokyo', silent.at)).toBe('🔴 nas is silent since 21:03')
  expect(title('America/New_York', silent.at)).toBe('🔴 nas is silent since 07:03')
  // The channel was down until the next day.
  expect(title('UTC', at('22T00:10'))).toBe('🔴 nas is silent since 12:03 on 21 Nov')
  expect(title('America/New_York', at('22T00:10'))).toBe('🔴 nas is silent since 07:03')
})

describe('what the title leaves out follows, and no more than that', () => {
  const long = 'x'.repeat(64)
  const bare: Alert = { ...silent, intervalMs: undefined }

  test.each<[string, Alert, string]>([
    [
      'a long name',
      { ...bare, hosts: [long] },
      `🔴 ${'x'.repeat(24)}… is silent since 12:03\nFull name: ${long}\nNo signal for 2 min.`,
    ],
    [
      'the times',
      { ...recovered, hosts: ['livingroom'], sinceAt: at('09T22:22') },
      '🟢 livingroom is back, away 38 min\n9 Nov 22:22 – 21 Nov 12:41.',
    ],
    [
      'since when',
      { ...bare, kind: 'still-silent', hosts: ['livingroom'], downMs: 2879 * MIN, sinceAt: at('09T22:22') },
      '🔴 livingroom still silent: 1 d 23 h\nSince 22:22 on 9 Nov.\nNobody has taken it yet.',
    ],
    [
      'how many, rather than a part of a short name',
      { ...siteSilent, siteName: 'Casa da praia' },
      "🔴 Casa da praia is offline since 12:03\n3 of 3 silent.\nSilent: nas, pi and router.\nYou'll hear why when it returns.",
    ],
    [
      'both',
      { ...recovered, hosts: [long], downMs: 2879 * MIN, sinceAt: at('09T22:22') },
      `🟢 ${'x'.repeat(23)}… is back, away 1 d 23 h\nFull name: ${long}\n9 Nov 22:22 – 21 Nov 12:41.`,
    ],
    [
      'the name of the monitor',
      { ...trial, monitor: `my box, ${'y'.repeat(60)}` },
      `⚪ Test alert from my box, ${'y'.repeat(23)}…\nFull name: my box, ${'y'.repeat(60)}\nIf you read this, alerts reach you here.`,
    ],
  ])('%s', (_, alert, expected) => {
    expect(inEnglish(alert).text).toBe(expected)
  })
})

test('a long span leaves the title whole, and not cut in the middle of a word', () => {
  const alert = {
    ...recovered,
    hosts: ['living-room'],
    downMs: 15 * MIN + 29_000,
    heardAt: recovered.sinceAt! + 929_000,
  }
  const { title, text } = createWording('ru', 'UTC').word(alert, alert.at)
  expect(title).toBe('🟢 living-room снова на связи')
  expect(text.split('\n')[1]).toBe('Через 15 минут 29 секунд (12:03–12:18).')
})

describe('names and messages from outside are data', () => {
  test('they break no line, turn no text around, and are of bearable length', () => {
    const { text } = inEnglish({
      ...silent,
      lastWords: `full\n🟢 all is well\u202e ${'z'.repeat(999)}`,
      note: 'a\r\n\tb',
    })
    const lines = text.split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[2]).toMatch(/^Last words: "full 🟢 all is well z+…"$/)
    expect(lines[2]!.length).toBeLessThan(220)
    expect(lines[3]).toBe('Note: a b.')
  })

  test('a long list names five, and counts the rest', () => {
    const hosts = Array.from({ length: 40 }, (_, number) => `host${number}`)
    expect(inEnglish({ ...siteSilent, hosts, of: 40 }).text).toContain(
      'Silent: host0, host1, host2, host3, host4 and +35.',
    )
  })

  test('a site is shown as its owner calls it, and named in commands as it is written', () => {
    const message = inEnglish({ ...siteSilent, site: 'my home', siteName: 'Home' })
    expect(message.title).toBe('🔴 Home is offline since 12:03: 3 of 3 silent')
    expect(message.commands.map(({ command }) => command)).toEqual(['/ack site:my home', '/silence site:my home 8h'])
  })

  test.each<[string, Alert]>([
    ['a site with a line break', { ...siteSilent, site: 'home\n/remove_host nas' }],
    ['a site without a name', { ...siteSilent, site: ' ' }],
    ['a site that is too long', { ...siteSilent, site: 'x'.repeat(65) }],
    ['no site', { ...siteSilent, site: undefined }],
    ['a host that nobody can name', { ...silent, hosts: ['nas 8h'] }],
    ['no host', { ...silent, hosts: [] }],
    ['missing hosts that nobody can name', { ...siteSilent, kind: 'site-recovered', missing: ['a b'] }],
  ])('%s makes no command', (_, alert) => {
    expect(inEnglish(alert).commands).toEqual([])
  })
})

describe('whatever the facts are', () => {
  const text = fc.oneof(
    fc.constantFrom(
      'nas',
      'livingroom',
      '',
      ' ',
      '\n',
      'a\u0000b',
      '🔴'.repeat(40),
      'x'.repeat(300),
      '\ud83d',
      '\u202e',
    ),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.string({ unit: 'binary', maxLength: 80 }),
  )
  const number = fc.oneof(
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: at('01T00:00'), max: at('30T00:00') }),
    fc.double(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 8.64e15, 1e300),
  )
  const texts = fc.array(text, { maxLength: 12 })
  const flag = fc.boolean()
  const cause = fc.oneof(
    fc.record({ kind: fc.constant('rebooted' as const), at: number, goodbye: flag }),
    fc.record({ kind: fc.constant('network' as const), unsent: number }),
    fc.constantFrom(...(['slept', 'agent', 'unknown'] as const)).map((kind) => ({ kind })),
  )
  const siteCause = fc.record(
    {
      kind: fc.constantFrom('power' as const, 'network' as const, 'mixed' as const),
      rebooted: texts,
      stayedUp: texts,
      rebootedAt: number,
    },
    { requiredKeys: ['kind', 'rebooted', 'stayedUp'] },
  )
  const optional = {
    ...{ site: text, siteName: text, note: text, lastWords: text, address: text, message: text, process: text },
    ...{ why: fc.oneof(text, fc.constantFrom('disk', 'asleep', 'constructor')), detail: text },
    ...{ sinceAt: number, heardAt: number, timeoutMs: number, missedAt: number, intervalMs: number, goodbyeAt: number },
    ...{ nextReminderAt: number, expectedAbsenceMs: number, lastWordsAt: number, downMs: number, missed: number },
    ...{ spreadMs: number, failures: number, changes: number, withinMs: number, silentSinceAt: number, heard: number },
    ...{ of: number, waitingUntilAt: number, reporting: texts, stayedUp: texts, back: texts, missing: texts },
    ...{ likely: texts, addresses: texts, waitingFor: texts, othersReport: flag, reached: flag },
    ...{ shortTimeout: fc.constant(true as const), outages: fc.dictionary(text, text), cause, siteCause },
  }
  const required = {
    id: text,
    outage: fc.constantFrom('a', 'b', 'c'),
    kind: fc.constantFrom(...ALERT_KINDS),
    hosts: texts,
    tags: texts,
    monitor: text,
    at: number,
  }
  const alert: fc.Arbitrary<Alert> = fc.record(
    { ...required, ...optional },
    { requiredKeys: Object.keys(required) as (keyof typeof required)[] },
  )
  const language = fc.constantFrom(...LANGUAGES)
  const now = at('21T14:33')

  function readable(title: string, whole: string): void {
    expect(title.length).toBeLessThanOrEqual(50)
    expect(whole.split('\n')[0]).toBe(title)
    expect(title).toMatch(/^(🔴|🟠|🟢|⚪|👋|🚨|✅) \S/u)
    for (const line of whole.split('\n')) expect(line).toMatch(/\S/)
    expect(whole.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
    // Throws at half a character.
    expect(encodeURIComponent(whole)).not.toBe('')
    expect(whole).not.toMatch(/undefined|NaN|Infinity|\[object|Invalid/)
  }

  test('an alert can be read', () => {
    fc.assert(
      fc.property(alert, language, (facts, inLanguage) => {
        const { title, text: whole, reason, commands } = createWording(inLanguage, 'UTC').word(facts, now)
        readable(title, whole)
        expect(reason).toMatch(/\S/)
        for (const { command } of commands) expect(command).toMatch(/^\/\w+ [^\n]+$/)
      }),
      { numRuns: 3000 },
    )
  })

  test('so can many in one', () => {
    fc.assert(
      fc.property(fc.array(alert, { minLength: 2, maxLength: 50 }), language, (alerts, inLanguage) => {
        const { title, text: whole, reason, folded } = createWording(inLanguage, 'UTC').fold(alerts, now)
        readable(title, whole)
        expect(reason).toMatch(/\S/)
        expect(folded).toBe(alerts)
        if (new Set(alerts.map(({ outage }) => outage)).size === 1) return
        for (const line of whole.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
      }),
      { numRuns: 300 },
    )
  })
})
