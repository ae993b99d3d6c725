import { Cron } from 'croner'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Absence } from '../../shared/absences.ts'
import type { Rhythm, Schedule } from '../../shared/rhythm.ts'
import { crediblePulse, dueAt, everydayGapMs, firstMissAt, momentsOf, reappearanceMs } from './due.ts'

const deaf = (from: number, to: number): Absence => ({
  fromAt: from * 1000,
  toAt: to * 1000,
  deaf: true,
  why: 'not-running',
})
const due = (rhythm: Rhythm, heard: number, ...absences: Absence[]) => dueAt(rhythm, heard * 1000, absences) / 1000
const schedule = (pattern: string, graceMs: number): Schedule => {
  const cron = new Cron(pattern, { timezone: 'UTC', paused: true })
  return { graceMs, next: (at) => cron.nextRun(new Date(at))?.getTime() }
}

describe('a plain host, timeout 120 s, interval 30 s, heard at 1000', () => {
  const rhythm = { timeoutMs: 120_000, intervalMs: 30_000 }
  test.each<[string, Absence[], number]>([
    ['no absence', [], 1121],
    ['one that ended before', [deaf(900, 1000)], 1121],
    ['one that began when it was due', [deaf(1121, 1500)], 1121],
    ['one that swallowed its signal: a whole timeout after it', [deaf(1020, 1050)], 1171],
    ['one between two signals: only the time itself', [deaf(1002, 1020)], 1139],
    ['one across the deadline: the time that was left, no less than a whole timeout', [deaf(1040, 1400)], 1521],
    ['a second one gives its length, not another timeout', [deaf(1020, 1050), deaf(1100, 1110)], 1181],
    ['a span that never existed', [{ ...deaf(1020, 4620), deaf: false }], 4721],
    ['one that the deadline moved into', [deaf(1002, 1020), deaf(1130, 1200)], 1209],
  ])('%s', (_, absences, expected) => {
    expect(due(rhythm, 1000, ...absences)).toBe(expected)
  })
})

describe('where the interval is not known', () => {
  test.each<[string, Rhythm, Absence[], number]>([
    ['a short absence gives its length', { timeoutMs: 120_000 }, [deaf(1020, 1025)], 1126],
    ['one of a twentieth of the timeout or more gives a whole one', { timeoutMs: 120_000 }, [deaf(1020, 1026)], 1147],
    ['long timeouts: the gap stands for it', { timeoutMs: 600_000, gapMs: 60_000 }, [deaf(1050, 1053)], 1654],
    ['… and says that none was swallowed', { timeoutMs: 600_000, gapMs: 60_000 }, [deaf(1005, 1040)], 1636],
  ])('%s', (_, rhythm, absences, expected) => {
    expect(due(rhythm, 1000, ...absences)).toBe(expected)
  })
})

describe('a job at 03:00 with an hour of grace', () => {
  const rhythm = { timeoutMs: 1000, schedule: schedule('0 3 * * *', 3_600_000) }
  const at = (day: number, clock: string) =>
    Date.UTC(2026, 10, day, ...(clock.split(':').map(Number) as [number, number])) / 1000
  test.each<[string, number, Absence[], number]>([
    ['is due an hour after its next occurrence', at(1, '03:10'), [], at(2, '04:00')],
    [
      'an absence before the occurrence costs nothing',
      at(1, '03:10'),
      [deaf(at(1, '12:00'), at(1, '20:00'))],
      at(2, '04:00'),
    ],
    ['an absence within the grace moves it', at(1, '03:10'), [deaf(at(2, '03:10'), at(2, '03:20'))], at(2, '04:10')],
    [
      'one that holds the occurrence: the next one',
      at(1, '03:10'),
      [deaf(at(2, '02:50'), at(2, '03:05'))],
      at(3, '04:00'),
    ],
    [
      '… but once: the second night is not forgiven',
      at(1, '03:10'),
      [deaf(at(2, '02:50'), at(2, '03:05')), deaf(at(3, '02:50'), at(3, '03:05'))],
      at(3, '04:15'),
    ],
  ])('%s', (_, heard, absences, expected) => {
    expect(due(rhythm, heard, ...absences)).toBe(expected)
  })
})

describe('the moments before it is due', () => {
  const job: Rhythm = { timeoutMs: 120_000, schedule: { next: () => 5_000_000, graceMs: 600_000 } }
  test.each<[string, Rhythm, Absence[], [should: number, late: number, due: number], miss: number]>([
    ['every 30 s, timeout 120 s', { timeoutMs: 120_000, intervalMs: 30_000 }, [], [1046, 1076, 1121], 1032.5],
    ['every 30 s, timeout 40 s', { timeoutMs: 40_000, intervalMs: 30_000 }, [], [1041, 1041, 1041], 1021],
    ['nobody knows how often, timeout 120 s', { timeoutMs: 120_000 }, [], [1121, 1121, 1121], 1061],
    ['a job: its occurrence and grace', job, [], [5600, 5600, 5600], 5600],
    [
      'an absence between two signals moves them all',
      { timeoutMs: 120_000, intervalMs: 30_000 },
      [deaf(1002, 1012)],
      [1056, 1086, 1131],
      1042.5,
    ],
    [
      'an absence that swallowed a signal gives each its whole span after it',
      { timeoutMs: 120_000, intervalMs: 30_000 },
      [deaf(1020, 1050)],
      [1096, 1126, 1171],
      1082.5,
    ],
  ])('%s', (_, rhythm, absences, [should, late, dueS], miss) => {
    const moments = momentsOf(rhythm, 1_000_000, absences)
    expect(moments).toEqual({ shouldAt: should * 1000, lateAt: late * 1000, dueAt: dueS * 1000 })
    expect(firstMissAt(rhythm, 1_000_000, absences)).toBe(miss * 1000)
  })

  test('they stand in order, whatever the settings and the absences', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 300 }))
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 900 }),
        fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
        fc.array(span, { maxLength: 4 }),
        (timeoutS, intervalS, spans) => {
          let end = 900
          const absences = spans.map(([gap, length]) => {
            const from = end + gap
            end = from + length
            return deaf(from, end)
          })
          const rhythm = { timeoutMs: timeoutS * 1000, intervalMs: intervalS && intervalS * 1000 }
          const { shouldAt, lateAt, dueAt: at } = momentsOf(rhythm, 1_000_000, absences)
          expect(shouldAt).toBeLessThanOrEqual(lateAt)
          expect(lateAt).toBeLessThanOrEqual(at)
          expect(at).toBe(dueAt(rhythm, 1_000_000, absences))
        },
      ),
    )
  })
})

test('what is an everyday gap, and how long a host may take to appear again', () => {
  const known = { timeoutMs: 120_000, intervalMs: 30_000 }
  const job: Rhythm = { timeoutMs: 120_000, schedule: { next: () => 5, graceMs: 5 } }
  expect([known, { timeoutMs: 120_000 }, job].map(everydayGapMs)).toEqual([46_000, 60_000, 0])
  expect([known, { timeoutMs: 120_000 }].map(reappearanceMs)).toEqual([46_000, 121_000])
})

test('a pulse from the future tells nothing of now', () => {
  expect([crediblePulse(5, 5), crediblePulse(6, 5), crediblePulse(undefined, 5)]).toEqual([5, undefined, undefined])
})

test('no absence ever makes a signal due earlier', () => {
  const span = fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 500 }), fc.boolean())
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 900 }),
      fc.option(fc.integer({ min: 1, max: 300 })),
      fc.array(span),
      (t, p, spans) => {
        let end = 0
        const absences = spans.map(([gap, length, isDeaf]): Absence => {
          const from = end + gap
          end = from + length
          return { ...deaf(from, end), deaf: isDeaf }
        })
        const rhythm = { timeoutMs: t * 1000, intervalMs: p === null ? undefined : p * 1000 }
        const lost = absences.reduce((sum, { fromAt, toAt }) => sum + toAt - fromAt, 0) / 1000
        const found = due(rhythm, 1000, ...absences)
        expect(found).toBeGreaterThanOrEqual(1001 + t)
        // Nor later than all that was lost, and one whole timeout more.
        expect(found).toBeLessThanOrEqual(1001 + t + lost + 1 + t)
      },
    ),
  )
})

/** A generator with a seed, so that a figure is the same figure tomorrow. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

describe('4,000 living hosts and one absence of 3 to 400 s', () => {
  const RULES: Record<string, (rhythm: Rhythm, heardAt: number, absence: Absence) => number> = {
    ours: (rhythm, heardAt, absence) => dueAt(rhythm, heardAt, [absence]),
    'all that is overdue at start': (rhythm, heardAt) => heardAt + 1000 + rhythm.timeoutMs,
    'what fell due inside gets the lost time': (rhythm, heardAt, { fromAt, toAt }) => {
      const plainDue = heardAt + 1000 + rhythm.timeoutMs
      return fromAt >= plainDue || toAt <= heardAt ? plainDue : plainDue + toAt - Math.max(fromAt, heardAt)
    },
  }

  /** @returns how many of the hosts that the absence could hurt were accused by a rule */
  function accused(rule: (typeof RULES)[string]): { accused: number; overdue: number } {
    const random = randomFrom(7)
    const between = (low: number, high: number) => low + random() * (high - low)
    let count = 0
    let overdue = 0
    for (let host = 0; host < 4000; host++) {
      const interval = between(5, 300)
      const timeout = Math.ceil(interval * between(1.3, 20))
      const known = random() < 0.5
      const from = Math.floor(between(2000, 4000))
      const to = from + Math.ceil(between(3, 400))
      const absence = deaf(from, to)
      const heard: number[] = []
      for (let at = between(0, interval); at < 20_000; at += interval * between(0.9, 1.1)) {
        if (at < from || at >= to) heard.push(at)
      }
      let was = false
      for (const [i, at] of heard.entries()) {
        const next = heard[i + 1]
        if (next === undefined) break
        const rhythm: Rhythm = {
          timeoutMs: timeout * 1000,
          intervalMs: known ? interval * 1000 : undefined,
          gapMs: i > 0 ? Math.floor(at) * 1000 - Math.floor(heard[i - 1]!) * 1000 : undefined,
        }
        if (next - at > timeout) overdue++
        // The last pulse before the next signal: a whole second in which the server ran.
        const pulse = Math.floor(next)
        was ||= rule(rhythm, Math.floor(at) * 1000, absence) <= pulse * 1000
      }
      if (was) count++
    }
    return { accused: count, overdue }
  }

  test('ours accuses nobody; the rules of others do, so there was something to accuse', () => {
    const table = Object.entries(RULES).map(([name, rule]) => [name, accused(rule)] as const)
    const [ours, peers, partial] = table.map(([, found]) => found)
    expect(ours!.overdue).toBeGreaterThan(300)
    expect(ours!.accused).toBe(0)
    expect(peers!.accused).toBeGreaterThan(0.8 * peers!.overdue)
    expect(partial!.accused).toBeGreaterThan(0)
  })

  test('a daily job dies on day 3 while the server restarts each night: told within the day', () => {
    const day = 86_400
    const rhythm = { timeoutMs: 1000, schedule: schedule('0 3 * * *', 3_600_000) }
    const nights = Array.from({ length: 30 }, (_, i) => deaf(i * day + 10_795, i * day + 10_815))
    // Its last signal came on day 2 at 03:00:30; on day 3 the restart holds the occurrence, on day 4 nothing excuses it.
    const told = due(rhythm, 2 * day + 10_830, ...nights) / day
    expect(told).toBeLessThan(4.2)
    const plain = due({ timeoutMs: 93_600_000 }, 2 * day + 10_830, ...nights) / day
    expect(plain).toBeLessThan(3.8)
  })
})
