/** Uptime as people would count it by hand, and as properties for every history that could be written. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { type HistoryLine, readHistory, uptime, withoutOld } from './history.ts'
import { dataPaths, prepareDataFolder } from './paths.ts'

const DAY = Date.parse('2026-11-21T00:00:00Z')
const at = (clock: string) => Date.parse(`2026-11-21T${clock}:00Z`)
const iso = (time: number) => new Date(time).toISOString()
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Writes what it is given and reads it back, as everyone does. */
function history(text: string): HistoryLine[] {
  const folder = mkdtempSync(join(tmpdir(), 'history-'))
  folders.push(folder)
  const paths = dataPaths(folder)
  prepareDataFolder(paths)
  writeFileSync(join(paths.history, 'nas.jsonl'), text)
  return readHistory(paths, 'nas')
}

const line = (clock: string, verdict: string, since: string, more: object = {}) =>
  `${JSON.stringify({ at: iso(at(clock)), verdict, reason: 'signal', since: iso(at(since)), ...more })}\n`

describe('uptime', () => {
  const minutes = (ms: number) => ms / 60_000
  test.each<[string, string, number, number, number]>([
    ['nothing is known of a host without a history', '', 0, 0, 0],
    ['nothing is known of a host that was never heard', line('01:00', 'new', '01:00'), 0, 0, 0],
    ['it begins with the first signal', line('01:00', 'new', '01:00') + line('02:00', 'up', '02:00'), 1320, 0, 0],
    [
      'an outage lasts from the last signal to the next one, whenever it was told',
      line('02:00', 'up', '02:00') + line('03:10', 'down', '03:00') + line('04:05', 'up', '04:00'),
      1260,
      60,
      1,
    ],
    [
      'the same outage told again, after a silence ended, is one',
      line('02:00', 'up', '02:00') +
        line('03:10', 'down', '03:00', { hidden: 'silence' }) +
        line('03:30', 'down', '03:20', { alert: 'nas:1' }) +
        line('04:00', 'up', '04:00'),
      1260,
      60,
      1,
    ],
    [
      'an outage ends when the host is removed, whenever it was heard last',
      line('02:00', 'up', '02:00') + line('03:10', 'down', '03:00') + line('04:00', 'removed', '03:00'),
      60,
      60,
      1,
    ],
    ['what still lasts counts until the end of the span', line('23:00', 'down', '22:00'), 0, 120, 1],
    [
      'one signal in the middle makes two of one',
      line('02:00', 'up', '02:00') +
        line('03:10', 'down', '03:00') +
        line('04:00', 'up', '04:00') +
        line('04:10', 'down', '04:00') +
        line('05:00', 'up', '05:00'),
      1200,
      120,
      2,
    ],
    [
      'after a removal nothing is known, until it is registered anew',
      line('02:00', 'up', '02:00') + line('03:00', 'removed', '03:00') + line('23:00', 'up', '23:00'),
      120,
      0,
      0,
    ],
    [
      'torn and foreign lines are passed over',
      `{"at":"2026-\n${line('02:00', 'up', '02:00')}null\n[]\n{"verdict":"down"}\n${line('03:00', 'sideways', '03:00')}{"at`,
      1320,
      0,
      0,
    ],
  ])('%s', (_, text, up, down, outages) => {
    const found = uptime(history(text), DAY, DAY + 86_400_000)
    expect([minutes(found.upMs), minutes(found.downMs), found.outages.length]).toEqual([up, down, outages])
    expect(found.knownMs).toBe(found.upMs + found.downMs)
  })

  test('outages are cut to the span', () => {
    const lines = history(line('02:00', 'up', '02:00') + line('03:10', 'down', '03:00') + line('05:00', 'up', '05:00'))
    expect(uptime(lines, at('04:00'), at('06:00')).outages).toEqual([{ fromAt: at('04:00'), toAt: at('05:00') }])
    expect(uptime(lines, at('05:00'), at('06:00')).outages).toEqual([])
  })
})

test('what the checker knew stands in the line', () => {
  const [found] = history(
    line('03:10', 'down', '03:00', {
      dueAt: iso(at('03:09')),
      timeoutMs: 300_000,
      missedAt: iso(at('03:01')),
      absences: [{ from: iso(at('03:02')), to: iso(at('03:03')), why: 'asleep' }, null, { from: 'x' }],
      hidden: 'pause',
      site: 'home',
    }),
  )
  expect(found).toMatchObject({
    dueAt: at('03:09'),
    missedAt: at('03:01'),
    absences: [{ fromAt: at('03:02'), toAt: at('03:03'), why: 'asleep' }],
    hidden: 'pause',
    site: 'home',
  })
})

/** Clocks that go back, lines that repeat a verdict and lines that are none: whatever can stand in a file. */
const anyText = fc
  .array(
    fc.record({
      stepMs: fc.integer({ min: -60_000, max: 600_000 }),
      verdict: fc.constantFrom('new', 'up', 'down', 'removed', 'junk'),
      backMs: fc.integer({ min: -30_000, max: 900_000 }),
    }),
    { maxLength: 30 },
  )
  .map((steps) => {
    let now = DAY
    return steps
      .map(({ stepMs, verdict, backMs }) => {
        now += stepMs
        return verdict === 'junk'
          ? '{"at": torn'
          : JSON.stringify({ at: iso(now), verdict, reason: 'r', since: iso(now - backMs) })
      })
      .map((text) => `${text}\n`)
      .join('')
  })
const anyTime = fc.integer({ min: -1_000_000, max: 20_000_000 }).map((ms) => DAY + ms)

describe('for any history', () => {
  test('the uptime of adjacent spans adds up', () => {
    fc.assert(
      fc.property(anyText, fc.tuple(anyTime, anyTime, anyTime), (text, times) => {
        const lines = history(text)
        const [first, middle, last] = times.sort((a, b) => a - b) as [number, number, number]
        const [one, other, whole] = [
          uptime(lines, first, middle),
          uptime(lines, middle, last),
          uptime(lines, first, last),
        ]
        for (const key of ['upMs', 'downMs', 'knownMs'] as const) expect(one[key] + other[key]).toBe(whole[key])
        expect(whole.knownMs).toBeLessThanOrEqual(last - first)
        expect(whole.outages.reduce((sum, { fromAt, toAt }) => sum + toAt - fromAt, 0)).toBe(whole.downMs)
      }),
    )
  })

  test('leaving out what is old changes no uptime from then on', () => {
    fc.assert(
      fc.property(anyText, anyTime, anyTime, anyTime, (text, beforeAt, a, b) => {
        const shorter = withoutOld(text, beforeAt)
        if (shorter === undefined) return
        expect(shorter.length).toBeLessThan(text.length)
        const fromAt = Math.max(beforeAt, Math.min(a, b))
        const toAt = Math.max(fromAt, a, b)
        expect(uptime(history(shorter), fromAt, toAt)).toEqual(uptime(history(text), fromAt, toAt))
        expect(withoutOld(shorter, beforeAt)).toBeUndefined()
      }),
    )
  })
})

test('of what is old the line stays that says what the host was', () => {
  const up = line('02:00', 'up', '02:00')
  const down = line('03:10', 'down', '03:00')
  const told = line('03:30', 'down', '03:00', { alert: 'nas:1' })
  const back = line('05:00', 'up', '05:00')
  expect(withoutOld(up + down + told + back, at('04:00'))).toBe(down + back)
  expect(withoutOld(up + down + told + back, at('06:00'))).toBe(back)
  expect(withoutOld(down + back, at('04:00'))).toBeUndefined()
  expect(withoutOld('', at('04:00'))).toBeUndefined()
})

test('the records of deliveries, which say nothing of a state, go by their age alone', () => {
  const delivery = (clock: string) =>
    `${JSON.stringify({ at: iso(at(clock)), alert: 'nas:1', outcome: 'delivered' })}\n`
  expect(withoutOld(delivery('02:00') + delivery('05:00'), at('04:00'))).toBe(delivery('05:00'))
  expect(withoutOld(delivery('02:00'), at('04:00'))).toBe('')
})
