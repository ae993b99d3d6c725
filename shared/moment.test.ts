/** Times as people type them. */
import { expect, test } from 'vitest'
import { parseMoment } from './moment.ts'

const NOW = Date.parse('2026-11-21T12:14:20Z')

test.each([
  ['12:03', 'UTC', '2026-11-21T12:03:00Z', 60],
  ['12:14', 'UTC', '2026-11-21T12:14:00Z', 60],
  ['12:15', 'UTC', '2026-11-20T12:15:00Z', 60],
  ['9:05', 'UTC', '2026-11-21T09:05:00Z', 60],
  ['12:03', 'America/Sao_Paulo', '2026-11-20T15:03:00Z', 60],
  ['22:30', 'Asia/Tokyo', '2026-11-20T13:30:00Z', 60],
  ['2026-11-20T12:03', 'Europe/Moscow', '2026-11-20T09:03:00Z', 60],
  ['2026-11-20 12:03:10', 'Europe/Moscow', '2026-11-20T09:03:10Z', 1],
  ['2026-11-20T12:03Z', 'Europe/Moscow', '2026-11-20T12:03:00Z', 60],
  ['2026-11-20T12:03:10.500+01:00', 'UTC', '2026-11-20T11:03:10Z', 1],
  ['2026-07-20T12:03', 'Europe/Lisbon', '2026-07-20T11:03:00Z', 60],
  ['2026-10-25T12:03', 'Europe/Lisbon', '2026-10-25T12:03:00Z', 60],
])('%s in %s', (text, timezone, expected, seconds) => {
  const fromAt = Date.parse(expected)
  expect(parseMoment(text, timezone, NOW)).toEqual({ fromAt, toAt: fromAt + seconds * 1000 })
})

test.each([[''], ['24:00'], ['12:60'], ['noon'], ['12'], ['2026-02-30T12:00'], ['2026-11-20'], ['2026-11-20T25:00']])(
  '%j is no time',
  (text) => {
    expect(parseMoment(text, 'UTC', NOW)).toBeUndefined()
  },
)
