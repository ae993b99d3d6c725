/** Which days a pattern means, in November 2026: it begins on a Sunday. */
import { expect, test } from 'vitest'
import { cronOf } from './cron.ts'

test.each([
  ['0 9 5,20 * *', [5, 20]],
  ['0 9 * * 1', [2, 9, 16, 23, 30]],
  ['0 9 1-7 * 1', [1, 2, 3, 4, 5, 6, 7, 9, 16, 23, 30]],
  ['0 9 1-7 * */7', [1]],
  ['0 9 8-14 * */2', [8, 10, 12, 14]],
  [' 0  9 */10 * 1-5 ', [11]],
  ['0 9 *,5 * 1', [2, 9, 16, 23, 30]],
  ['0 9 ? * 1', [2, 9, 16, 23, 30]],
  ['@weekly', [1, 8, 15, 22, 29]],
])('%s', (pattern, days) => {
  const runs = cronOf(pattern, 'UTC').nextRuns(40, new Date('2026-10-31T12:00:00Z'))
  const inNovember = runs.filter((run) => run.toISOString().startsWith('2026-11'))
  expect(inNovember.map((run) => run.getUTCDate())).toEqual(days)
})
