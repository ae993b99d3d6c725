/** Windows that recur, in the time zone of each. */
import { expect, test } from 'vitest'
import type { Config } from './config/load.ts'
import { maintenanceUntil } from './maintenance.ts'

type Windows = NonNullable<Config['defaults']['maintenance']>

const HOUR = 3_600_000

function configured(own: Windows, ofSite: Windows = [], everyones: Windows = []): Config {
  const config = {
    timezone: 'Europe/Lisbon',
    hosts: new Map([['nas', { maintenance: own }]]),
    sites: new Map([['home', { maintenance: ofSite }]]),
    defaults: { maintenance: everyones },
  }
  return config as unknown as Config
}

const sundays: Windows = [{ schedule: '0 4 * * 0', for: HOUR }]
const firstSundays: Windows = [{ schedule: '0 4 1-7 * */7', for: HOUR }]
const inTokyo: Windows = [{ schedule: '0 4 * * 0', timezone: 'Asia/Tokyo', for: HOUR }]

test.each<[string, Config, string, string | undefined]>([
  ['from its first second', configured(sundays), '2026-11-22T04:00:00Z', '2026-11-22T05:00:00Z'],
  ['within its first second', configured(sundays), '2026-11-22T04:00:00.300Z', '2026-11-22T05:00:00Z'],
  ['until its last', configured(sundays), '2026-11-22T04:59:59.999Z', '2026-11-22T05:00:00Z'],
  ['not a moment longer', configured(sundays), '2026-11-22T05:00:00Z', undefined],
  ['not before', configured(sundays), '2026-11-22T03:59:59.999Z', undefined],
  ['in summer time', configured(sundays), '2026-07-19T03:30:00Z', '2026-07-19T04:00:00Z'],
  ['on a day that both fields fit', configured(firstSundays), '2026-11-01T04:30:00Z', '2026-11-01T05:00:00Z'],
  ['on no other', configured(firstSundays), '2026-11-22T04:30:00Z', undefined],
  ['in its own time zone', configured(inTokyo), '2026-11-21T19:30:00Z', '2026-11-21T20:00:00Z'],
  ['of its site', configured([], sundays), '2026-11-22T04:30:00Z', '2026-11-22T05:00:00Z'],
  ['of everyone', configured([], [], sundays), '2026-11-22T04:30:00Z', '2026-11-22T05:00:00Z'],
  [
    'the one that ends last counts',
    configured(sundays, [{ schedule: '30 4 * * 0', for: 2 * HOUR }]),
    '2026-11-22T04:30:00Z',
    '2026-11-22T06:30:00Z',
  ],
  [
    'one that begins again before it ends goes on',
    configured([{ schedule: '*/30 * * * *', for: HOUR }]),
    '2026-11-22T04:40:00Z',
    '2026-11-22T05:30:00Z',
  ],
])('%s', (_, config, at, untilAt) => {
  const found = maintenanceUntil(config, 'nas', 'home', Date.parse(at))
  expect(found && new Date(found).toISOString()).toBe(untilAt?.replace('Z', '.000Z'))
})
