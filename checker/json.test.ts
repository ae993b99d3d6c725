import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTime } from '../shared/iso.ts'
import { decodeTimes, encode, encodeTimes } from './json.ts'

const AT = Date.parse('2026-11-21T12:05:00.000Z')
const ISO = '2026-11-21T12:05:00.000Z'

test.each<[string, object, object]>([
  ['what ends in At is a time', { at: AT, toldAt: AT }, { at: ISO, toldAt: ISO }],
  [
    'some have plainer names outside',
    { sinceAt: AT, heardAt: AT, fromAt: AT, toAt: AT },
    { since: ISO, lastSeenAt: ISO, from: ISO, to: ISO },
  ],
  [
    'at any depth',
    { cause: { kind: 'rebooted', at: AT }, outage: { sinceAt: AT } },
    { cause: { kind: 'rebooted', at: ISO }, outage: { since: ISO } },
  ],
  ['lists stay', { hosts: ['nas'], tags: [] }, { hosts: ['nas'], tags: [] }],
  ['a list of times is called as one of them is', { changedAt: [AT, AT] }, { changedAt: [ISO, ISO] }],
  [
    'and so are the times within a list',
    { spans: [{ fromAt: AT, toAt: AT }], returned: [{ name: 'pi', rebootedAt: AT }, { name: 'nas' }] },
    { spans: [{ from: ISO, to: ISO }], returned: [{ name: 'pi', rebootedAt: ISO }, { name: 'nas' }] },
  ],
  [
    'spans, counts and texts stay',
    { downMs: 5, alerts: 3, note: ISO, At: 5, format: 5 },
    { downMs: 5, alerts: 3, note: ISO, At: 5, format: 5 },
  ],
  ['what is undefined vanishes', { at: undefined, site: undefined }, {}],
])('%s', (_, inside, outside) => {
  expect(encodeTimes(inside)).toStrictEqual(outside)
  expect(decodeTimes(outside)).toEqual(inside)
  expect(encode(inside)).toBe(`${JSON.stringify(outside)}\n`)
})

test.each([5, null, undefined, '', 'soon', {}, [], [5], '2026-13-45'])('%j is no time', (value) => {
  expect(parseTime(value)).toBeUndefined()
  expect(decodeTimes({ at: value, since: value })).toEqual({ at: value, since: value })
})

test('whatever is encoded is decoded to the same', () => {
  const time = fc.integer({ min: 0, max: 8.64e15 })
  const times = fc.record(
    { at: time, sinceAt: time, heardAt: time, fromAt: time, toAt: time, nextTryAt: time },
    { requiredKeys: [] },
  )
  const key = fc.stringMatching(/^[a-z]{1,6}(Ms)?$/).filter((name) => !['at', 'since', 'from', 'to'].includes(name))
  const plain = fc.dictionary(
    fc.oneof(key, fc.constantFrom('__proto__', 'constructor')),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string())),
  )
  const flat = fc.tuple(times, plain).map(([a, b]) => ({ ...b, ...a }))
  const value = fc.tuple(flat, fc.dictionary(key, flat)).map(([a, b]) => ({ ...a, ...b }))
  fc.assert(
    fc.property(value, (value) => {
      expect(decodeTimes(JSON.parse(encode(value)) as object)).toEqual(value)
    }),
  )
})
