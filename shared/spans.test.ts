import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseSpan } from './spans.ts'

test.each([
  ['30s', 30_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1.5h', 5_400_000],
  ['90', 90_000],
  [90, 90_000],
  [1, 1000],
  [' 5 m ', 300_000],
  ['3650d', 3650 * 86_400_000],
])('%j is %i ms', (text, ms) => {
  expect(parseSpan(text)).toBe(ms)
})

test.each([
  '',
  's',
  '5x',
  '5 minutes',
  '-5s',
  '+5s',
  '5s5s',
  '1h30m',
  '0',
  0,
  '0.9s',
  0.5,
  '3651d',
  1e21,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '1e3',
  '0x10',
  '٥s',
  '.5h',
  '5.h',
  null,
  undefined,
  true,
  {},
  ['5m'],
])('%j is no span', (value) => {
  expect(parseSpan(value)).toBeUndefined()
})

test('a whole number of any unit is so many of it', () => {
  const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
  const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3650 }), unit, (count, unit) => {
      expect(parseSpan(`${count}${unit}`)).toBe(count * units[unit])
    }),
  )
})

test('any text is a span within bounds, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.]{1,30}[smhd ]{0,3}$/)), (text) => {
      const ms = parseSpan(text)
      expect(ms === undefined || (Number.isInteger(ms) && ms >= 1000 && ms <= 3650 * 86_400_000)).toBe(true)
    }),
  )
})
