/** Whatever stands in a file of errors, what is read of it is bounded and can be written again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseErrorEvent, parseErrorSample } from './error-sample.ts'

const event = { project: 'shop-api', at: '2026-11-21T14:02:00.000Z', group: '3fa2c1d0e4b5a697' }
const sample = {
  id: 'a',
  type: 'TypeError',
  message: 'total is undefined',
  level: 'fatal',
  crash: true,
  frames: [{ file: 'cart.ts', line: 88, function: 'applyCoupon', inApp: true }],
  stack: 'at applyCoupon',
  release: '1.4.2',
  environment: 'staging',
  server: 'web-1',
  platform: 'node',
  url: 'https://shop.example/cart',
  tags: { browser: 'Firefox' },
  context: { cart: { items: [1, { id: 2 }] } },
  breadcrumbs: [{ at: event.at, category: 'http', message: 'GET /cart' }],
}

test('an event is read as it was written', () => {
  expect(parseErrorEvent(JSON.stringify({ ...event, sample }))).toEqual({ ...event, sample })
  expect(parseErrorEvent(JSON.stringify(event))).toEqual(event)
})

test.each([
  ['no JSON', '{'],
  ['no object', '[1]'],
  ['a project that is no name', JSON.stringify({ ...event, project: '../x' })],
  ['a group that is no id', JSON.stringify({ ...event, group: '3FA2C1D0E4B5A697' })],
  ['a time that is none', JSON.stringify({ ...event, at: 'today' })],
  ['a line without end', JSON.stringify({ ...event, more: 'x'.repeat(300_000) })],
])('%s is no event', (_, line) => {
  expect(parseErrorEvent(line)).toBeUndefined()
})

test('any sample becomes one that is small and can be written', () => {
  const hostile = fc.oneof(
    fc.jsonValue({ maxDepth: 12 }),
    fc.string({ maxLength: 20_000 }),
    fc.array(fc.jsonValue(), { maxLength: 80 }),
  )
  const samples = fc.record(Object.fromEntries(Object.keys(sample).map((key) => [key, hostile])), { requiredKeys: [] })
  fc.assert(
    fc.property(samples, (found) => {
      const { context: _, ...read } = parseErrorSample(found)!
      expect(JSON.stringify(read).length).toBeLessThan(400_000)
      expect(parseErrorSample(JSON.parse(JSON.stringify(read)))).toEqual(read)
    }),
    { numRuns: 50 },
  )
})

test('what is nested too deep to be written is cut', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`) as unknown
  const read = parseErrorSample({ context: deep })
  expect(JSON.stringify(read).length).toBeLessThan(200)
})
