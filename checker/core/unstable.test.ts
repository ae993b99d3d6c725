/** Who goes and comes too often. */
import { expect, test } from 'vitest'
import { changedAgain, type Damping, isUnstable, stableAt } from './unstable.ts'

const damping: Damping = { changes: 3, withinMs: 1000 }
const changes = (...moments: number[]) =>
  moments.reduce<readonly number[]>((before, at) => changedAgain(before, damping, at), [])

test.each<[string, number[], number, boolean]>([
  ['no change', [], 0, false],
  ['fewer than too many', [0, 900], 900, false],
  ['too many, in time', [0, 500, 999], 999, true],
  ['too many, over more than the time', [0, 500, 1000], 1000, false],
  ['more than too many: the last ones count', [0, 5, 1200, 1300, 1400], 1400, true],
  ['too many, long ago', [0, 1, 2], 1002, false],
])('%s', (_, moments, now, unstable) => {
  expect(isUnstable(changes(...moments), damping, now)).toBe(unstable)
})

test('what can no longer matter is forgotten, and so is a change from the future: the clock was set back', () => {
  expect(changes(0, 1, 2, 3)).toEqual([1, 2, 3])
  expect(changes(0, 1, 5000)).toEqual([5000])
  expect(changedAgain([9000, 9500], damping, 100)).toEqual([100])
  expect(changedAgain(undefined, damping, 7)).toEqual([7])
})

test('it is stable when it has kept still for as long', () => {
  expect(stableAt([10, 20, 500], damping)).toBe(1500)
  expect(stableAt(undefined, damping)).toBe(1000)
})
