/** Stories: what happens on the box and at home, second by second, and what people are told. Nothing else is told. */
import { describe, expect, test } from 'vitest'
import { Simulation, tell } from '../../test/simulation.ts'

const everyHalfMinute = { rhythm: { timeoutMs: 120_000, intervalMs: 30_000 } }
const plain = { rhythm: { timeoutMs: 120_000 } }
const HOUR = 3600

/** [second, what] → what happens then. */
type Script = Parameters<typeof tell>[3]

interface Story {
  readonly name: string
  readonly hosts?: ConstructorParameters<typeof Simulation>[0]
  /** When a client is alive; all report every 30 s, a few seconds apart. */
  readonly alive?: Readonly<Record<string, (second: number) => boolean>>
  readonly script?: Script
  readonly untilS: number
  readonly told: readonly (readonly [number, string])[]
}

const three = { nas: everyHalfMinute, pi: everyHalfMinute, router: plain }
const first: [number, string][] = [
  [0, 'first-signal nas'],
  [1, 'first-signal pi'],
  [2, 'first-signal router'],
]

const stories: Story[] = [
  {
    name: 'all is well, nothing is told',
    untilS: 2 * HOUR,
    told: first,
  },
  {
    name: 'one dies and comes back: told once each, since its last signal',
    alive: { nas: (s) => s < 600 || s >= 1200 },
    untilS: 1500,
    // Heard at 570; due 570 + 1 + 120.
    told: [...first, [691, 'silent nas'], [1200, 'recovered nas']],
  },
  {
    name: 'one stays away: reminded every six hours',
    alive: { nas: (s) => s < 600 },
    untilS: 13 * HOUR,
    told: [...first, [691, 'silent nas'], [691 + 6 * HOUR, 'still-silent nas'], [691 + 12 * HOUR, 'still-silent nas']],
  },
  {
    name: 'the server is down for ten minutes with three hosts alive: only that is told',
    script: { 600: (s) => s.stopHearing(), 1200: (s) => s.startHearing('not-running') },
    untilS: 3000,
    told: [...first, [659, 'process-down server'], [1204, 'monitor-was-down']],
  },
  {
    name: 'the server is down for ten minutes, and one dies meanwhile: told a whole timeout after it is back',
    alive: { nas: (s) => s < 700 },
    script: { 600: (s) => s.stopHearing(), 1200: (s) => s.startHearing('not-running') },
    untilS: 3000,
    told: [...first, [659, 'process-down server'], [1320, 'monitor-was-down'], [1321, 'silent nas']],
  },
  {
    name: 'one was silent before the server went: the silence is real, and its end is told after',
    alive: { nas: (s) => s < 300 || s >= 900 },
    script: { 600: (s) => s.stopHearing(), 1200: (s) => s.startHearing('not-running') },
    untilS: 3000,
    told: [
      ...first,
      [391, 'silent nas'],
      [659, 'process-down server'],
      [1200, 'recovered nas'],
      [1204, 'monitor-was-down'],
    ],
  },
  {
    name: 'the checker is down over a deadline: told at once when it is back',
    alive: { nas: (s) => s < 600 },
    script: { 650: (s) => s.stopChecker(), 1000: (s) => s.startChecker() },
    untilS: 1500,
    told: [...first, [1000, 'silent nas']],
  },
  {
    name: 'the checker is down while a host goes and comes: nothing is open, nothing is told',
    alive: { nas: (s) => s < 600 || s >= 900 },
    script: { 650: (s) => s.stopChecker(), 1000: (s) => s.startChecker() },
    untilS: 1500,
    told: first,
  },
  {
    name: 'the checker restarts every 40 seconds: one outage is still one message, reminders keep their time',
    alive: { nas: (s) => s < 600 || s >= 8 * HOUR },
    script: Object.fromEntries(
      Array.from({ length: 750 }, (_, i) => [i * 40 + 7, (s: Simulation) => s.startChecker()]),
    ),
    untilS: 8 * HOUR + 100,
    told: [...first, [691, 'silent nas'], [691 + 6 * HOUR, 'still-silent nas'], [8 * HOUR, 'recovered nas']],
  },
  {
    name: 'the box sleeps for an hour: only that is told',
    script: {
      600: (s) => {
        s.stopHearing()
        s.stopChecker()
      },
      4200: (s) => {
        s.startHearing('asleep')
        s.startChecker()
      },
    },
    untilS: 6000,
    told: [...first, [4205, 'monitor-was-down']],
  },
  {
    name: 'the disk is full for five minutes: signals are lost, nobody is accused',
    script: { 600: (s) => s.stopHearing(), 900: (s) => s.startHearing('cannot-write') },
    untilS: 2000,
    told: [...first, [659, 'process-down server'], [904, 'monitor-was-down']],
  },
  {
    name: 'the clock is set forward by an hour: a span that never existed, nothing is told',
    script: { 610: (s) => s.setClock(HOUR) },
    untilS: 3000,
    told: first,
  },
  {
    name: 'the clock is set back by an hour: nothing is told',
    script: { 610: (s) => s.setClock(-HOUR) },
    untilS: 3 * HOUR,
    told: first,
  },
  {
    name: 'the clock is set forward, and one dies: told after its timeout, not an hour later',
    alive: { nas: (s) => s < 600 },
    script: { 610: (s) => s.setClock(HOUR) },
    untilS: 3000,
    told: [...first, [691, 'silent nas']],
  },
  {
    name: 'the clock is set back, and one is dead: its last signal counts from when that was noticed',
    alive: { nas: (s) => s < 600 },
    script: { 610: (s) => s.setClock(-HOUR) },
    untilS: 3000,
    told: [...first, [731, 'silent nas']],
  },
  {
    name: 'one dies with the clock set back, and comes back when it is set right',
    alive: { nas: (s) => s < 600 || s >= 1000 },
    script: { 610: (s) => s.setClock(-HOUR), 950: (s) => s.setClock(HOUR) },
    untilS: 3000,
    told: [...first, [731, 'silent nas'], [1020, 'recovered nas']],
  },
  {
    name: 'the clock is set back while the server is stopped: its old pulse, now in the future, accuses nobody',
    script: { 600: (s) => s.stopHearing(), 610: (s) => s.setClock(-HOUR), 700: (s) => s.startHearing('not-running') },
    untilS: 3000,
    told: [...first, [670, 'process-down server'], [700, 'process-up server']],
  },
  {
    name: 'the server restarts every minute: the dead one is found all the same, the living are not accused',
    alive: { nas: (s) => s < 600 },
    script: Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => i * 60 + 45).flatMap((second) => [
        [second, (s: Simulation) => s.stopHearing()],
        [second + 3, (s: Simulation) => s.startHearing('not-running')],
      ]),
    ),
    untilS: 3600,
    // Heard at 570, due at 691: but for 584 to 588 and 644 to 648, when nobody could hear it.
    told: [...first, [699, 'silent nas']],
  },
  {
    name: 'a removed host is dropped, whether it is silent or not',
    alive: { nas: (s) => s < 600, pi: (s) => s < 1000 },
    script: {
      900: (s) => s.remove('nas'),
      1000: (s) => s.remove('pi'),
    },
    untilS: 3000,
    told: [...first, [691, 'silent nas']],
  },
  {
    name: 'a host that is only shown is never told',
    hosts: { ...three, nas: { ...everyHalfMinute, alerted: false } },
    alive: { nas: (s) => s < 600 || s > 5000 },
    untilS: 9 * HOUR,
    told: first.slice(1),
  },
]

describe('stories', () => {
  test.each(stories)('$name', ({ hosts = three, alive = {}, script = {}, untilS, told }) => {
    const clients = Object.keys(hosts).map((name, index) => ({ name, everyS: 30, phaseS: index, alive: alive[name] }))
    const simulation = new Simulation(hosts)
    expect(tell(simulation, untilS, clients, script)).toEqual(told)
    // Whatever the clock did: nothing began after it was told.
    expect(simulation.alerts.filter(({ at, sinceAt = 0 }) => sinceAt > at)).toEqual([])
  })
})

test('an outage has one id: its silence opens it, reminders and the end carry it, no alert has the id of another', () => {
  const simulation = new Simulation({ nas: everyHalfMinute })
  const alive = (s: number) => s < 600 || (s >= 7 * HOUR && s < 8 * HOUR) || s >= 9 * HOUR
  tell(simulation, 10 * HOUR, [{ name: 'nas', everyS: 30, alive }], {})
  const [, silent, reminder, recovered, again, end] = simulation.alerts
  expect([silent, reminder, recovered].map((alert) => alert?.outage)).toEqual([silent?.id, silent?.id, silent?.id])
  expect([again, end].map((alert) => alert?.outage)).toEqual([again?.id, again?.id])
  expect(new Set(simulation.alerts.map(({ id }) => id)).size).toBe(simulation.alerts.length)
  expect(silent?.id).toMatch(/^host:nas:[0-9a-z]+:2$/)
})

test('a goodbye explains the silence that follows it, and no later one', () => {
  const simulation = new Simulation({ nas: everyHalfMinute })
  const alive = (s: number) => s < 600 || (s >= 1200 && s < 1800)
  tell(simulation, 3000, [{ name: 'nas', everyS: 30, alive }], { 605: (s) => s.goodbye('nas') })
  const silences = simulation.alerts.filter(({ kind }) => kind === 'silent')
  expect(silences.map(({ goodbyeAt }) => goodbyeAt !== undefined)).toEqual([true, false])
})
