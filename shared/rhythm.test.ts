import { expect, test } from 'vitest'
import { rhythmOf } from './rhythm.ts'

const config = { defaults: { timeout: 60_000 }, timezone: 'UTC' } as Parameters<typeof rhythmOf>[0]
const AT = Date.parse('2026-11-21T12:00:00Z')

test.each([
  ['a schedule', { schedule: '0 3 * * *' }, '2026-11-22T03:00:00.000Z'],
  ['a schedule elsewhere', { schedule: '0 3 * * *', timezone: 'Europe/Moscow' }, '2026-11-22T00:00:00.000Z'],
  ['one that is none', { schedule: '0 25 * * *' }, undefined],
  ['one in a time zone that is none', { schedule: '0 3 * * *', timezone: 'Mars/Olympus' }, undefined],
  ['one whose both days must fit', { schedule: '0 9 1-7 * */7' }, '2026-12-06T09:00:00.000Z'],
  ['one that never comes', { schedule: '0 0 30 2 *' }, undefined],
  ['one whose days never fit', { schedule: '0 0 30 2 */2' }, undefined],
  ['none', {}, undefined],
])('who declares %s', (_, declared, next) => {
  const { schedule, timeoutMs } = rhythmOf(config, {}, declared)
  const nextAt = schedule?.next(AT)
  expect(nextAt === undefined ? undefined : new Date(nextAt).toISOString()).toBe(next)
  expect(timeoutMs).toBe(60_000)
})

test('that a schedule never comes is found out once: each time would take minutes here', () => {
  for (let asked = 0; asked < 5000; asked++)
    expect(rhythmOf(config, {}, { schedule: '0 0 31 11 *' }).schedule).toBeUndefined()
})
