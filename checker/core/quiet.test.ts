/** Whether something is told at all just now. */
import { describe, expect, test } from 'vitest'
import type { Silence } from '../../shared/silences.ts'
import { isAcknowledged, isPaused, type QuietSubject, quietOf } from './quiet.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const nas: QuietSubject = { host: 'nas', site: 'home', alerted: true, maintenanceUntil: () => undefined }
const silence = (part: Partial<Silence> = {}): Silence => ({
  id: 'a',
  kind: 'silence',
  target: 'host:nas',
  fromAt: NOW - 1000,
  untilAt: NOW + HOUR,
  by: 'maria',
  ...part,
})

describe('quiet', () => {
  test.each<[string, Partial<QuietSubject>, Silence[], unknown]>([
    ['nothing is asked for', {}, [], undefined],
    ['a silence of the host', {}, [silence()], { why: 'silence', untilAt: NOW + HOUR }],
    ['a silence of its site', {}, [silence({ target: 'site:home' })], { why: 'silence', untilAt: NOW + HOUR }],
    ['a silence of everything', {}, [silence({ target: 'all' })], { why: 'silence', untilAt: NOW + HOUR }],
    ['a silence of another', {}, [silence({ target: 'host:pi' }), silence({ target: 'site:nas' })], undefined],
    ['a silence of a site, for who has none', { site: undefined }, [silence({ target: 'site:home' })], undefined],
    ['a silence that has ended', {}, [silence({ untilAt: NOW })], undefined],
    [
      'a silence without end',
      {},
      [silence({ untilAt: undefined })],
      { why: 'silence', untilAt: Number.POSITIVE_INFINITY },
    ],
    [
      'a silence that seems to begin later: the clock was set back since',
      {},
      [silence({ fromAt: NOW + 5000 })],
      { why: 'silence', untilAt: NOW + HOUR },
    ],
    ['an acknowledgement: what is new is told', {}, [silence({ kind: 'ack' })], undefined],
    [
      'a pause',
      {},
      [silence({ kind: 'pause', untilAt: undefined })],
      { why: 'pause', untilAt: Number.POSITIVE_INFINITY },
    ],
    [
      'a pause and a silence: it is the pause',
      {},
      [silence(), silence({ kind: 'pause' })],
      { why: 'pause', untilAt: NOW + HOUR },
    ],
    ['maintenance', { maintenanceUntil: (now) => now + 5 }, [], { why: 'maintenance', untilAt: NOW + 5 }],
    ['it is only shown', { alerted: false }, [], { why: 'not-alerted', untilAt: Number.POSITIVE_INFINITY }],
  ])('%s', (_, part, silences, expected) => {
    expect(quietOf({ ...nas, ...part }, silences, NOW)).toEqual(expected)
  })
})

test('somebody has taken it: only by an acknowledgement of its own or its site', () => {
  const taken = (...silences: Silence[]) => isAcknowledged({ host: 'nas', site: 'home' }, silences, NOW)
  expect(taken(silence({ kind: 'ack', untilAt: undefined }))).toBe(true)
  expect(taken(silence({ kind: 'ack', target: 'site:home' }))).toBe(true)
  expect(taken(silence({ kind: 'ack', target: 'host:pi' }))).toBe(false)
  expect(taken(silence(), silence({ kind: 'pause' }))).toBe(false)
  expect(isAcknowledged({ site: 'home' }, [silence({ kind: 'ack' })], NOW)).toBe(false)
})

test('only a pause says that a host is not expected to report', () => {
  expect(isPaused({ name: 'nas' }, [silence({ kind: 'pause' })], NOW)).toBe(true)
  expect(isPaused({ name: 'nas' }, [silence({ kind: 'pause', untilAt: NOW })], NOW)).toBe(false)
  expect(isPaused({ name: 'nas' }, [silence(), silence({ kind: 'ack' })], NOW)).toBe(false)
  expect(isPaused({ name: 'nas' }, [], NOW)).toBe(false)
})
