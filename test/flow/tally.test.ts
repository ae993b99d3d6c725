/** The count that the chaos runs rely on must itself find what is lost, what is false, and what is merely repeated. */
import { expect, test } from 'vitest'
import { type Facts, tallyOf } from './tally.ts'
import type { SitePosted } from './weather.ts'

const T = 6000
const at = (second: number) => second * 1000
const iso = (second: number) => new Date(at(second)).toISOString()

function alert(id: string, kind: string, second: number, more: Partial<SitePosted> = {}): SitePosted {
  const base = { id, outage: id, kind, hosts: ['a'], at: iso(second), title: '', text: '' }
  return { ...base, arrivedAt: at(second) + 100, ...more }
}

/** Two hosts of one site, heard each second for two minutes but for the spans given. */
function tally(posted: readonly SitePosted[], quiet: Readonly<Record<string, [from: number, to: number]>>) {
  const seconds = Array.from({ length: 120 }, (_, second) => second)
  const heard = ['a', 'b'].map((name): [string, number[]] => {
    const [from, to] = quiet[name] ?? [0, 0]
    return [name, seconds.filter((second) => second <= from || second >= to).map(at)]
  })
  const facts: Facts = {
    members: ['a', 'b'].map((name) => ({ name, site: 'home', address: '203.0.113.1' })),
    posted,
    quiets: Object.entries(quiet).map(([host, [from, to]]) => ({ host, fromAt: at(from), toAt: at(to) })),
    heard: new Map(heard),
    absences: [{ fromAt: at(30), toAt: at(32) }],
    timeoutMs: T,
    intervalMs: 1000,
    marginMs: 10_000,
  }
  return tallyOf(facts)
}

const SILENT = alert('a:1', 'silent', 20)
const BACK = alert('a:2', 'recovered', 50, { outage: 'a:1' })
const BOTH = { hosts: ['a', 'b'], site: 'home' }
const SITE_SILENT = alert('home:1', 'site-silent', 20, BOTH)
const SITE_BACK = alert('home:2', 'site-recovered', 50, { ...BOTH, outage: 'home:1', back: ['a', 'b'] })

test('an outage that was told and ended is neither lost nor wrong', () => {
  expect(tally([SILENT, BACK], { a: [10, 50] })).toEqual({
    alerts: 2,
    siteAlerts: 0,
    repeats: 0,
    due: 1,
    lost: [],
    wrong: [],
    delaysMs: [20_100 - 10_000 - T],
  })
})

test('one alert of a site stands for all whom it lists', () => {
  const { due, lost, wrong, siteAlerts } = tally([SITE_SILENT, SITE_BACK], { a: [10, 50], b: [10, 50] })
  expect({ due, lost, wrong, siteAlerts }).toEqual({ due: 2, lost: [], wrong: [], siteAlerts: 2 })
})

test('who fell due while its site was silent joined without a message; who is missing goes on alone', () => {
  const alone = { ...SITE_SILENT, hosts: ['a'] }
  expect(tally([alone, SITE_BACK], { a: [10, 50], b: [22, 50] })).toMatchObject({ lost: [], wrong: [] })
  const partly = { ...SITE_BACK, back: ['a'], missing: ['b'], outages: { b: 'b:1' } }
  const later = alert('b:2', 'recovered', 90, { hosts: ['b'], outage: 'b:1' })
  expect(tally([SITE_SILENT, partly, later], { a: [10, 50], b: [10, 90] })).toMatchObject({ lost: [], wrong: [] })
  expect(tally([SITE_SILENT, partly], { a: [10, 50], b: [10, 90] }).wrong).toEqual(['b was never told to be back'])
})

test('what nobody was told is lost; short ones, and long ones in our own absence, need not be told', () => {
  expect(tally([], { a: [40, 57] }).lost).toEqual(['a was silent for 17 s'])
  expect(tally([], { a: [40, 55] })).toMatchObject({ due: 0, lost: [] })
  expect(tally([], { a: [25, 42] })).toMatchObject({ due: 0, lost: [] })
})

test('repeats are counted, and must say the same', () => {
  expect(tally([SILENT, { ...SILENT, arrivedAt: 1 }, BACK], { a: [10, 50] })).toMatchObject({ repeats: 1, wrong: [] })
  expect(tally([SILENT, { ...SILENT, text: 'else' }, BACK], { a: [10, 50] }).wrong).toEqual(['a:1 has two contents'])
})

test.each<[string, SitePosted[], string]>([
  ['an alert of one who reported', [SILENT, BACK], 'a:1: a was told silent, but it reported'],
  ['a list with one who reported', [SITE_SILENT, SITE_BACK], 'home:1: a was listed, but it reported'],
  ['an end without a beginning', [BACK], 'a:2: a was told to be back, but never silent'],
  ['a second beginning', [SILENT, { ...SILENT, id: 'a:3' }, BACK], 'a:3: a was told silent twice'],
  ['a beginning without an end', [SILENT], 'a was never told to be back'],
  ['the end of another site', [SITE_BACK], 'home:2: home was told to be back, but never silent'],
  ['the end of the world', [alert('m:1', 'nothing-reaches-me', 20)], 'm:1: all was said to be silent'],
])('%s is found', (_, posted, fault) => {
  expect(tally(posted, {}).wrong).toContain(fault)
})
