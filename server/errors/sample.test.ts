import { expect, test } from 'vitest'
import { levelOf, parseJson } from './sample.ts'

test.each<[string, unknown]>([
  ['{"a":1}', { a: 1 }],
  ['\ufeff[1]', [1]],
  ['{"a":NaN,"b":[Infinity,-Infinity, 2],"c":"NaN"}', { a: null, b: [null, null, 2], c: 'NaN' }],
  ['{"a":"\\" NaN, Infinity \\\\","b":NaN}', { a: '" NaN, Infinity \\', b: null }],
  ['{"a":NaNa}', undefined],
  ['{"a":NaN', undefined],
  ['"NaN', undefined],
  ['NaN', null],
  ['', undefined],
])('%j is read', (text, expected) => {
  expect(parseJson(text)).toEqual(expected)
})

test('it is read beside a string however long', () => {
  const long = '\\n'.repeat(3_000_000)
  expect(parseJson(`[NaN,"${long}"]`)).toEqual([null, '\n'.repeat(3_000_000)])
})

test.each(['"', '"\\"', 'NaN', 'NaN"', '-', '"NaN\\'])(
  'a million characters of %s are soon found to be none',
  (unit) => {
    // The square of it would take minutes.
    expect(parseJson(`NaN${unit.repeat(1_000_000 / unit.length)}\\`)).toBeUndefined()
  },
)

test.each<[unknown, string]>([
  ['Critical', 'fatal'],
  ['warn', 'warning'],
  ['unheard of', 'error'],
  ['', 'error'],
  [undefined, 'error'],
  [Number.NaN, 'error'],
  [-1, 'error'],
  [60, 'fatal'],
  [50, 'fatal'],
  [49, 'error'],
  [30, 'warning'],
  ['20', 'info'],
  [19, 'debug'],
  [10, 'debug'],
  [3, 'error'],
])('the level %s is %s', (value, level) => {
  expect(levelOf(value)).toBe(level)
})
