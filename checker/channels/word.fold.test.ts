/** Several alerts that waited, told in one message: each outage is a line, as it stands now. */
import { expect, test } from 'vitest'
import type { Alert, AlertKind } from '../../shared/alert.ts'
import { createWording } from './word.ts'

const MIN = 60_000
const at = (time: string) => Date.parse(`2026-11-21T${time}:00Z`)
const NOW = at('15:00')

/** @param outage of whom it tells, and which of its outages it is: `nas:1` */
function told(kind: AlertKind, outage: string, time: string, more: Partial<Alert> = {}): Alert {
  const host = outage.split(':')[0]!
  return { id: `${outage}@${time}`, outage, kind, hosts: [host], tags: [], monitor: 'box', at: at(time), ...more }
}
const silent = (outage: string, since: string) =>
  told('silent', outage, since, { sinceAt: at(since), timeoutMs: 2 * MIN, intervalMs: 30_000 })
const back = (outage: string, since: string, until: string, more: Partial<Alert> = {}) =>
  told('recovered', outage, until, { sinceAt: at(since), heardAt: at(until), downMs: at(until) - at(since), ...more })
const restarted = { cause: { kind: 'rebooted', at: at('12:08'), goodbye: false } } as const
const atHome = { site: 'home', hosts: ['nas', 'pi', 'router'] }
const siteSilent = told('site-silent', 'site:1', '12:05', { ...atHome, sinceAt: at('12:03'), of: 3 })
const siteBack = told('site-recovered', 'site:1', '12:32', {
  ...atHome,
  sinceAt: at('12:03'),
  downMs: 28 * MIN,
  back: atHome.hosts,
})
const fold = (alerts: readonly Alert[], language: 'en' | 'pt' | 'ru' = 'en') =>
  createWording(language, 'UTC').fold(alerts, NOW)

test('an outage and its end are told as the end alone is: it says all', () => {
  const alerts = [silent('nas:1', '12:03'), back('nas:1', '12:03', '12:09', restarted)]
  const { word } = createWording('en', 'UTC')
  expect(fold(alerts)).toEqual({ ...word(alerts[1]!, NOW), folded: alerts })
  expect(fold(alerts).text).toBe(
    '🟢 nas is back, away 6 min (12:03–12:09)\nWhy: it restarted at 12:08, without a shutdown first.',
  )
})

test.each([
  ['whose silence waits as well', [silent('nas:1', '12:03')]],
  ['whose silence was told', [told('still-silent', 'nas:1', '12:05', { sinceAt: at('12:03'), downMs: 2 * MIN })]],
])('who is back and not well, %s, needs someone', (_, before) => {
  const alerts = [
    ...before,
    back('nas:1', '12:03', '12:09', { status: 'error', message: 'hot' }),
    silent('pi:1', '12:10'),
  ]
  const [head, ...lines] = fold(alerts).text.split('\n')
  expect(head).toBe(
    '🔴 3 messages in one, 2 need you (12:03–12:10)'.replace('12:03', before[0]!.kind === 'silent' ? '12:03' : '12:05'),
  )
  expect(lines).toContain('🟠 nas is back, away 6 min (12:03–12:09)')
})

const BACKLOG = [
  silent('nas:1', '12:03'),
  back('nas:1', '12:03', '12:09', restarted),
  silent('pi:1', '12:10'),
  told('warning', 'tv:1', '12:11', { message: 'hot' }),
  silent('nas:2', '12:20'),
  told('still-silent', 'pi:1', '14:10', { sinceAt: at('12:10'), downMs: 120 * MIN }),
  told('first-signal', 'new:1', '14:30'),
]

test('in three languages: what is not over comes first, with how many need someone; a pair is one line', () => {
  expect((['en', 'pt', 'ru'] as const).map((language) => fold(BACKLOG, language).text)).toEqual([
    `🔴 7 messages in one, 3 need you (12:03–14:30)
🔴 pi still silent: 2 h, since 12:10
🟠 tv reports a warning (12:11)
🔴 nas is silent since 12:20
🟢 nas was away 12:03–12:09 (6 min), it restarted
👋 new reports for the first time (14:30)`,
    `🔴 7 avisos, 3 pedem atenção (12:03–14:30)
🔴 pi continua sem sinal: 2 h, desde 12:10
🟠 tv dá um aviso (12:11)
🔴 nas sem comunicação desde 12:20
🟢 nas ficou fora 12:03–12:09 (6 min), reiniciou
👋 new deu o primeiro sinal (14:30)`,
    `🔴 7 сообщений, 3 требуют внимания (12:03–14:30)
🔴 pi: нет связи уже 2 часа, с 12:10
🟠 tv предупреждает о проблеме (12:11)
🔴 nas: нет связи с 12:20
🟢 nas: связи не было 12:03–12:09 (6 минут), перезагрузка
👋 new впервые на связи (14:30)`,
  ])
  const { alert, folded, reason, commands } = fold(BACKLOG)
  expect({ alert, folded, commands }).toEqual({ alert: BACKLOG.at(-1), folded: BACKLOG, commands: [] })
  expect(reason).toBe('7 messages in one, 3 need you (12:03–14:30)')
})

test('nothing needs anyone any more', () => {
  const alerts = [
    silent('nas:1', '12:03'),
    back('nas:1', '12:03', '12:09'),
    silent('pi:1', '12:04'),
    back('pi:1', '12:04', '12:10', { cause: { kind: 'network', unsent: 12 } }),
    told('process-down', 'monitor:1', '12:20', { hosts: [], process: 'server', sinceAt: at('12:20') }),
    told('process-up', 'monitor:1', '12:25', { hosts: [], process: 'server', sinceAt: at('12:20'), downMs: 5 * MIN }),
  ]
  expect(fold(alerts).text).toBe(`🟢 6 messages in one (12:03–12:25)
🟢 nas was away 12:03–12:09 (6 min)
🟢 pi was away 12:04–12:10 (6 min), only its network was gone
⚪ Monitora's server runs again after 5 min`)
})

test('an end whose beginning was told already is told as such', () => {
  const alerts = [back('nas:1', '12:03', '12:09', restarted), silent('pi:1', '12:10')]
  expect(fold(alerts).text).toBe(`🔴 2 messages in one, 1 needs you (12:09–12:10)
🔴 pi is silent since 12:10
🟢 nas is back, away 6 min (12:03–12:09)`)
})

test('a site that is silent is told with the names of its hosts', () => {
  const [, ...lines] = fold([silent('tv:1', '12:01'), siteSilent]).text.split('\n')
  expect(lines).toEqual(['🔴 tv is silent since 12:01', '🔴 home is offline since 12:03: nas, pi and router silent'])
})

test('a reminder of a site is told with them too', () => {
  const reminder = { ...siteSilent, kind: 'still-silent', at: at('14:05'), downMs: 122 * MIN } as const
  const [, , last] = fold([silent('tv:1', '12:01'), siteSilent, reminder]).text.split('\n')
  expect(last).toBe('🔴 home is offline since 12:03: nas, pi and router silent')
})

test('who was never heard, but then was, needs nobody', () => {
  const never = told('never-heard', 'new:1', '12:00', { sinceAt: at('11:40') })
  const alerts = [never, told('first-signal', 'new:1', '12:10'), silent('tv:1', '12:11')]
  expect(fold(alerts).text).toBe(`🔴 3 messages in one, 1 needs you (12:00–12:11)
🔴 tv is silent since 12:11
👋 new reports for the first time (12:10)`)
})

test('a site of long names is told with those that a line holds, or with their number', () => {
  const hosts = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => letter.repeat(18))
  const lineOf = (names: readonly string[]) =>
    fold([silent('tv:1', '12:01'), { ...siteSilent, hosts: names, of: 6 }]).text.split('\n')[2]
  expect(lineOf(hosts)).toBe(`🔴 home is offline since 12:03: ${'a'.repeat(18)} and +5 silent`)
  expect(lineOf(hosts.map((name) => name.repeat(3)))).toBe('🔴 home is offline since 12:03: 6 of 6 silent')
})

test('who was told alone and came back with its site is not silent any more', () => {
  const power = { kind: 'power', rebooted: ['nas'], stayedUp: [] } as const
  expect(fold([silent('nas:1', '12:01'), siteSilent, { ...siteBack, siteCause: power }]).text).toBe(
    `🟢 3 messages in one (12:01–12:32)
🟢 nas was away 12:01–12:32 (31 min), it restarted
🟢 home is back, away 28 min (12:03–12:31)`,
  )
})

test('nor who was told alone, and came back after its site', () => {
  const except = { ...siteBack, back: ['pi', 'router'], missing: ['nas'], outages: { nas: 'nas:2' } }
  const end = back('nas:2', '12:03', '14:03', { cause: { kind: 'slept' } })
  expect(fold([silent('nas:1', '12:01'), siteSilent, except, end]).text).toBe(
    `🟢 4 messages in one (12:01–14:03)
🟢 nas was away 12:01–14:03 (2 h 2 min), it was asleep
🟢 home is back, away 28 min (12:03–12:31)
🟢 nas is back, away 2 h (12:03–14:03)`,
  )
})

test('who fell silent again after its site was back is silent', () => {
  const [, first] = fold([siteSilent, siteBack, silent('nas:1', '13:00')]).text.split('\n')
  expect(first).toBe('🔴 nas is silent since 13:00')
})

test('a site that came back without one needs someone, until that one is back too', () => {
  const except = { ...siteBack, back: ['pi', 'router'], missing: ['nas'], outages: { nas: 'nas:2' } }
  const others = [silent('tv:1', '12:01'), siteSilent, except]
  expect(fold(others).text).toBe(`🔴 3 messages in one, 2 need you (12:01–12:32)
🔴 tv is silent since 12:01
🟠 home is back, except nas`)
  expect(fold([...others, back('nas:2', '12:03', '14:03')]).text).toBe(
    `🔴 4 messages in one, 1 needs you (12:01–14:03)
🔴 tv is silent since 12:01
🟢 home is back, away 28 min (12:03–12:31)
🟢 nas is back, away 2 h (12:03–14:03)`,
  )
})

test('what is stable, but silent, needs someone', () => {
  const stable = told('stable', 'nas:3', '14:00', { sinceAt: at('13:00'), silentSinceAt: at('13:50') })
  const [title, first] = fold([told('unstable', 'nas:3', '13:00'), stable, back('pi:1', '12:03', '12:09')]).text.split(
    '\n',
  )
  expect([title, first]).toEqual([
    '🔴 3 messages in one, 1 needs you (12:09–14:00)',
    '🔴 nas stays silent, since 13:50',
  ])
})
