import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Limit } from '../channels/channel.ts'
import { createPace } from './pace.ts'

test('without limits nothing waits', () => {
  const pace = createPace(() => 5)
  pace.begin('a')
  expect(pace.waitMs('a')).toBe(0)
})

test('a place waits until what is on its way has ended, then its span; others do not', () => {
  let now = 0
  const pace = createPace(() => now)
  const limits = [{ count: 1, withinMs: 1000 }]
  const ended = pace.begin('a')
  now = 5000
  expect(pace.waitMs('a', limits)).toBe(Number.POSITIVE_INFINITY)
  expect(pace.waitMs('b', limits)).toBe(0)
  ended()
  expect(pace.waitMs('a', limits)).toBe(1000)
  now = 5999.5
  expect(pace.waitMs('a', limits)).toBe(1)
  now = 6000
  expect(pace.waitMs('a', limits)).toBe(0)
})

test('no provider sees more than its limits in any span, wherever between its begin and end it sees a try', () => {
  const limit = fc.record({ count: fc.integer({ min: 1, max: 5 }), withinMs: fc.integer({ min: 1, max: 50 }) })
  const tries = fc.array(
    fc.record({ restMs: fc.nat(20), lastsMs: fc.nat(30), seenAt: fc.double({ min: 0, max: 1, noNaN: true }) }),
  )
  fc.assert(
    fc.property(fc.array(limit, { minLength: 1, maxLength: 3 }), tries, (limits: Limit[], tries) => {
      let now = 0
      const pace = createPace(() => now)
      const seen: number[] = []
      for (const { restMs, lastsMs, seenAt } of tries) {
        now += restMs
        now += pace.waitMs('a', limits)
        expect(pace.waitMs('a', limits)).toBe(0)
        const ended = pace.begin('a')
        seen.push(now + lastsMs * seenAt)
        now += lastsMs
        ended()
      }
      for (const { count, withinMs } of limits)
        for (const at of seen)
          expect(seen.filter((other) => other >= at && other < at + withinMs).length).toBeLessThanOrEqual(count)
    }),
  )
})
