import { describe, expect, test } from 'vitest'
import { absenceBetween, type Reading, startOf } from './absence.ts'

const NOON = Date.parse('2026-11-21T12:00:00Z')
const DAY = 86_400

/** All clocks agree, on a box that has been up for `upFor` seconds; then each moves by its own number of seconds. */
function between(moved: { wall: number; monotonic: number; uptime?: number }, upFor = DAY, since = 0) {
  const told = moved.uptime !== undefined
  const last: Reading = { wallAt: NOON, monotonicMs: 5000, uptimeMs: told ? upFor * 1000 : undefined }
  const now: Reading = {
    wallAt: NOON + moved.wall * 1000,
    monotonicMs: 5000 + moved.monotonic * 1000,
    uptimeMs: moved.uptime === undefined ? undefined : (upFor + moved.uptime) * 1000,
  }
  const absence = absenceBetween(last, now, NOON + since * 1000)
  if (!absence) return undefined
  const { why, deaf, fromAt, toAt } = absence
  return `${why}${deaf ? ', deaf' : ''} ${(fromAt - NOON) / 1000}..${(toAt - NOON) / 1000}`
}

describe('between two looks at the clocks', () => {
  test.each([
    ['an ordinary second', { wall: 1, monotonic: 1, uptime: 1 }, undefined],
    ['a late beat', { wall: 3.9, monotonic: 3.9, uptime: 3.9 }, undefined],
    ['a loop that was stuck', { wall: 6, monotonic: 6, uptime: 6 }, 'stuck, deaf 0..6'],
    ['a night of sleep', { wall: 3600, monotonic: 1, uptime: 3600 }, 'asleep, deaf 0..3600'],
    ['a clock set forward', { wall: 3601, monotonic: 1, uptime: 1 }, 'clock-set 0..3601'],
    ['a clock corrected by a little', { wall: 1.9, monotonic: 1, uptime: 1 }, undefined],
    ['a clock set back', { wall: -3600, monotonic: 1, uptime: 1 }, undefined],
    ['set back while stuck', { wall: -3600, monotonic: 10, uptime: 10 }, 'stuck, deaf -3610..-3600'],
    ['set forward while stuck', { wall: 3610, monotonic: 10, uptime: 10 }, 'stuck, deaf 0..3610'],
    ['set back after a sleep', { wall: -100, monotonic: 1, uptime: 600 }, 'asleep, deaf -700..-100'],
    ['a jump, where uptime is not told', { wall: 61, monotonic: 1 }, 'asleep, deaf 0..61'],
    ['set back, where uptime is not told', { wall: -61, monotonic: 1 }, undefined],
    ['a loop that was stuck, where uptime is not told', { wall: 6, monotonic: 6 }, 'stuck, deaf 0..6'],
  ])('%s', (_, moved, expected) => expect(between(moved)).toBe(expected))

  test('soon after boot a step forward makes all since the last run deaf', () => {
    const step = { wall: 7200, monotonic: 1, uptime: 1 }
    expect(between(step, 60, -500)).toBe('clock-set, deaf -500..7200')
    // The last run's pulse lies after what the clock said at boot: signals heard since then are dated too early.
    expect(between(step, 60, 500)).toBe('clock-set, deaf 0..7200')
    expect(between(step, 901, -500)).toBe('clock-set 0..7200')
  })
})

describe('at a start', () => {
  const heard = [NOON - 900_000, NOON - 30_000, NOON + 500_000]
  const newestHeard = (notAfter: number) => heard.filter((at) => at <= notAfter).at(-1)
  const none = () => undefined

  test.each([
    ['all since the last pulse', NOON - 60_000, newestHeard, -60, -60],
    ['an installation that moves in has no pulse yet: all since the newest signal', undefined, newestHeard, -30, -30],
    ['a new installation was never away', undefined, none, undefined, 0],
    ['a pulse from the future: all since the newest signal that is not', NOON + 60_000, newestHeard, -30, -30],
    ['a pulse from the future and nothing ever heard', NOON + 60_000, none, undefined, 0],
  ])('%s', (_, pulseAt, newest, from, since) => {
    const { absence, sinceAt } = startOf(NOON, pulseAt, newest)
    expect(absence && (absence.fromAt - NOON) / 1000).toBe(from)
    if (absence) expect(absence).toMatchObject({ toAt: NOON, deaf: true, why: 'not-running' })
    expect((sinceAt - NOON) / 1000).toBe(since)
  })
})
