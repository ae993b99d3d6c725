/** When a host could not be heard, through no fault of its own. */
import { expect, test } from 'vitest'
import type { Absence } from '../../shared/absences.ts'
import { PLAIN_HOST } from '../../test/plain.ts'
import { deafTimes } from './deaf.ts'
import type { Host } from './host.ts'
import type { MonitorState, SiteState } from './state.ts'

const NOW = 10_000
const nas: Host = { ...PLAIN_HOST, name: 'nas', registeredAt: 0, rhythm: { timeoutMs: 1000 } }
const job: Host = { ...nas, rhythm: { timeoutMs: 1000, schedule: { next: () => 1, graceMs: 1 } } }
const monitor: MonitorState = { registeredAt: 0, alerts: 0, absencesSeenUntilAt: 0 }
const home: SiteState = { name: 'home', registeredAt: 0, alerts: 0, spans: [] }
const absences: Absence[] = [{ fromAt: 100, toAt: 200, deaf: true, why: 'asleep' }]
const of = (host: Host, part: { site?: Partial<SiteState>; monitor?: Partial<MonitorState> } = {}) => {
  const sites = new Map([['home', { ...home, ...part.site }]])
  return deafTimes(
    { absences, sites, monitor: { ...monitor, ...part.monitor } },
    NOW,
    () => 'home',
  )(host).map(({ fromAt, toAt, deaf, why }) => [fromAt, toAt, deaf, why])
}
const OURS = [100, 200, true, 'asleep']

test('the absences of the hearer are everybody’s', () => {
  expect(of(nas)).toEqual([OURS])
  expect(deafTimes({ absences, sites: new Map(), monitor }, NOW, () => undefined)(nas)).toBe(absences)
})

test('an outage of its site that is over is one, of all its hosts', () => {
  const site = { spans: [{ fromAt: 300, toAt: 400 }] }
  for (const host of [nas, job]) expect(of(host, { site })).toEqual([OURS, [300, 400, true, 'site-silent']])
})

test('an outage of its site that lasts is one for a job, until now or until it returned; the others join it', () => {
  const outage = { sinceAt: 5000, toldAt: 6000, hosts: ['nas'] }
  expect(of(nas, { site: { outage } })).toEqual([OURS])
  expect(of(job, { site: { outage } })).toEqual([OURS, [5000, NOW, true, 'site-silent']])
  expect(of(job, { site: { outage: { ...outage, returnedAt: 7000 } } })).toEqual([
    OURS,
    [5000, 7000, true, 'site-silent'],
  ])
})

test('when nothing reached us nobody could be heard, but for who is on this machine', () => {
  const part = {
    monitor: { spans: [{ fromAt: 500, toAt: 600 }], unreachable: { id: 'x', sinceAt: 8000, toldAt: 9000 } },
  }
  const all = [OURS, [500, 600, true, 'nothing-reaches-me'], [8000, NOW, true, 'nothing-reaches-me']]
  expect(of(nas, part)).toEqual(all)
  expect(of({ ...nas, local: true }, part)).toEqual([OURS])
})

test('spans that meet are one: no time is given twice', () => {
  const site = { spans: [{ fromAt: 150, toAt: 400 }] }
  expect(of(nas, { site })).toEqual([[100, 400, true, 'asleep']])
})
