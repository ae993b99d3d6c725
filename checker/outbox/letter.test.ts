import { expect, test } from 'vitest'
import { ALERT_KINDS, isEnd } from '../../shared/alert.ts'
import { alertOf, letterOf, START } from '../../test/fakes/post-office.ts'
import { DeliveryError } from '../channels/channel.ts'
import { decodeLetter, encodeLetter, inOrder, type Letter, letterFile, placeIn, postponed } from './letter.ts'

const HOUR_MS = 3_600_000

test.each([
  ['the first of few', 1, undefined, 0.5, 1000],
  ['a fifth less', 1, undefined, 0, 800],
  ['almost a fifth more', 4, undefined, 0.9999, 9600],
  ['the longest', 501, undefined, 0.5, 900_000],
  ['what the provider asks for', 1, 17_000, 0.1, 17_000],
  ['less than ours, if it asks so', 13, 1, 0.1, 1],
  ['no longer than it is kept', 1, 2 * HOUR_MS, 0.5, HOUR_MS],
  ['for ever', 1, Number.POSITIVE_INFINITY, 0.5, HOUR_MS],
  ['what is no time', 1, Number.NaN, 0.5, 1000],
])('the next try: %s', (_, tries, retryAfterMs, random, delay) => {
  const letter = { ...letterOf(alertOf(1), 'a'), tries }
  const again = postponed(letter, new DeliveryError('busy', { retryAfterMs }), {
    now: START,
    expiresAt: START + HOUR_MS,
    random: () => random,
  })
  expect(again).toEqual({ ...letter, nextTryAt: START + delay, error: 'busy' })
})

const folded: Letter = {
  ...letterOf(alertOf(3, { at: START + 5, cause: { kind: 'rebooted', at: START, goodbye: false } }), 'family'),
  folded: [alertOf(1), alertOf(3, { at: START + 5, heardAt: START })],
  tries: 1,
  error: 'HTTP 500',
}

test('a letter on disk has times for people, and is read as it was', () => {
  const onDisk = JSON.parse(encodeLetter(folded)) as Record<string, unknown>
  expect(onDisk).toMatchObject({
    folded: [{ at: '2026-11-21T12:00:00.000Z' }, { lastSeenAt: '2026-11-21T12:00:00.000Z' }],
  })
  expect(decodeLetter(onDisk)).toEqual(folded)
  const single = letterOf(alertOf(1), 'family')
  expect(decodeLetter(JSON.parse(encodeLetter(single)) as Record<string, unknown>)).toEqual(single)
})

test.each([
  ['nothing', undefined],
  ['no alert', { channel: 'a', tries: 0 }],
  ['an alert of a kind that is unknown', { ...folded, alert: { ...alertOf(1), kind: 'odd' } }],
  ['no channel', { ...folded, channel: 5 }],
  ['nothing folded', { ...folded, folded: [] }],
  ['what was folded is no alert', { ...folded, folded: [alertOf(1), null] }],
])('%s is no letter', (_, found) => {
  expect(decodeLetter(found && (JSON.parse(JSON.stringify(found)) as Record<string, unknown>))).toBeUndefined()
})

test('a folded letter has a file of its own', () => {
  expect(letterFile(folded)).toBe('outbox/host.nas.k3f9.3+2.family.json')
  expect(letterFile(letterOf(folded.alert, 'family'))).toBe('outbox/host.nas.k3f9.3.family.json')
})

test('one that was tried stood first, then the time of the oldest alert counts, then its number', () => {
  const single = (number: number, at: number, tries = 0) => ({ ...letterOf(alertOf(number, { at }), 'family'), tries })
  const [tried, early, old, late] = [single(9, START + 9, 2), single(5, START), single(10, START), single(2, START + 1)]
  expect([late, old, tried, early].sort(inOrder)).toEqual([tried, early, old, late])
})

test('which kinds end an outage', () => {
  expect(ALERT_KINDS.filter((kind) => isEnd(kind))).toEqual([
    'recovered',
    'site-recovered',
    'cleared',
    'stable',
    'process-up',
    'monitor-was-down',
    'reachable-again',
  ])
})

test('what is told of hosts does not wait behind the errors of applications, but for those that were tried', () => {
  const host = letterOf(alertOf(1), 'a')
  const error = (tries: number): Letter => ({ ...letterOf(alertOf(2, { group: '8c8902b2' }), 'a'), tries })
  expect(placeIn([], host)).toBe(0)
  expect(placeIn([host, host], host)).toBe(2)
  expect(placeIn([error(0), error(0)], host)).toBe(1)
  expect(placeIn([error(1), error(2), host, error(0)], host)).toBe(3)
  expect(placeIn([host, error(0)], error(0))).toBe(2)
})
