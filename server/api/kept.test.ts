/** Answers that cost much: made once for all who ask, and never at the cost of whoever else waits. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { kept, unhurried } from './kept.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test.each([
  ['a second', 10, 1000],
  ['ten times what it cost to make', 400, 4000],
])('it is kept for %s', async (_, costMs, keptMs) => {
  let now = 0
  let made = 0
  const ask = kept(
    async () => {
      now += costMs
      return ++made
    },
    () => now,
  )
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
  vi.advanceTimersByTime(keptMs - 1)
  expect(await ask()).toBe(1)
  vi.advanceTimersByTime(1)
  expect(await ask()).toBe(2)
})

test('what could not be made is tried again by the next who asks', async () => {
  let tries = 0
  const ask = kept(
    async () => {
      if (++tries === 1) throw new Error('EIO')
      return 'made'
    },
    () => 0,
  )
  const [first, second] = [ask(), ask()]
  await expect(first).rejects.toThrow('EIO')
  await expect(second).rejects.toThrow('EIO')
  expect(await ask()).toBe('made')
})

test('others have their turn between the steps, every few milliseconds', async () => {
  vi.useRealTimers()
  let now = 0
  let turns = 0
  const other = () => {
    turns++
    next = setImmediate(other)
  }
  let next = setImmediate(other)
  function* steps(): Generator<undefined, string> {
    for (let step = 0; step < 100; step++) {
      now++
      yield
    }
    return 'done'
  }
  expect(await unhurried(steps(), () => now)).toBe('done')
  clearImmediate(next)
  expect(turns).toBeGreaterThanOrEqual(19)
})
