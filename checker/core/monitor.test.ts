/** What the monitor says of itself, second by second. */
import { describe, expect, test } from 'vitest'
import type { Absence } from '../../shared/absences.ts'
import type { Alert } from '../../shared/alert.ts'
import { type MonitorFound, stepMonitor } from './monitor.ts'
import type { MonitorState } from './state.ts'

const START = 1_800_000_000
const s = (second: number) => (START + second) * 1000
const fresh: MonitorState = { registeredAt: s(0), alerts: 0, absencesSeenUntilAt: s(0) }
const away = (from: number, to: number, why: Absence['why'] = 'not-running'): Absence => ({
  fromAt: s(from),
  toAt: s(to),
  deaf: why !== 'clock-set',
  why,
})
const found = (part: Partial<MonitorFound>): MonitorFound => ({
  name: 'box',
  lookingSinceAt: s(0),
  absences: [],
  shortestTimeoutMs: () => 300_000,
  expected: () => [],
  reminderMs: 3_600_000,
  ...part,
})

/** Steps through what is found at each second. @returns what was told when, and the last state */
function tell(script: readonly (readonly [second: number, Partial<MonitorFound>])[], before = fresh) {
  let state = before
  const told: [number, Alert][] = []
  for (const [second, part] of script) {
    const result = stepMonitor(state, found(part), s(second))
    state = result.state
    for (const alert of result.alerts) told.push([second, alert])
  }
  return { state, told, kinds: told.map(([second, { kind }]) => [second, kind]) }
}

describe('the server', () => {
  test('is told down after a minute without a pulse, once, and up with the same outage', () => {
    const { told, state } = tell([
      [10, { pulseAt: s(10) }],
      [69, { pulseAt: s(10) }],
      [70, { pulseAt: s(10) }],
      [200, { pulseAt: s(10) }],
      [300, { pulseAt: s(300) }],
      [301, { pulseAt: s(301) }],
    ])
    const id = `monitor:box:${s(0).toString(36)}`
    const whose = { hosts: [], tags: [], monitor: 'box', process: 'server', sinceAt: s(10) }
    expect(told).toEqual([
      [70, { id: `${id}:1`, outage: `${id}:1`, kind: 'process-down', at: s(70), ...whose }],
      [300, { id: `${id}:2`, outage: `${id}:1`, kind: 'process-up', at: s(300), downMs: 290_000, ...whose }],
    ])
    expect(state).toEqual({ ...fresh, alerts: 2 })
  })

  test.each<[string, readonly (readonly [number, Partial<MonitorFound>])[], [number, string][]]>([
    [
      'never ran: a minute after the checker began',
      [
        [59, {}],
        [60, {}],
        [500, {}],
      ],
      [[60, 'process-down']],
    ],
    [
      'ran long ago: not before the checker has looked for a minute',
      [
        [0, { pulseAt: s(-9000) }],
        [59, { pulseAt: s(-9000) }],
        [60, { pulseAt: s(-9000) }],
      ],
      [[60, 'process-down']],
    ],
    [
      'was not seen while the box slept: the minute begins when it is awake',
      [
        [5, { pulseAt: s(5) }],
        [4000, { pulseAt: s(5), lookingSinceAt: s(4000) }],
        [4001, { pulseAt: s(4001), lookingSinceAt: s(4000) }],
      ],
      [],
    ],
    [
      'has a pulse from the future, of a clock that was set back: it tells nothing, nor when its time has come',
      [
        [10, { pulseAt: s(100), lookingSinceAt: s(10) }],
        [69, { pulseAt: s(100), lookingSinceAt: s(10) }],
        [70, { pulseAt: s(100), lookingSinceAt: s(10) }],
        [101, { pulseAt: s(100), lookingSinceAt: s(10) }],
      ],
      [[70, 'process-down']],
    ],
    [
      'is down, and its last pulse is only read again: still down',
      [
        [70, { pulseAt: s(10) }],
        [30, { pulseAt: s(10) }],
      ],
      [[70, 'process-down']],
    ],
    [
      'comes back with an old pulse: not yet',
      [
        [70, { pulseAt: s(10) }],
        [400, { pulseAt: s(20) }],
        [401, { pulseAt: s(401) }],
      ],
      [
        [70, 'process-down'],
        [401, 'process-up'],
      ],
    ],
    [
      'goes again: told again',
      [
        [70, { pulseAt: s(10) }],
        [80, { pulseAt: s(80) }],
        [140, { pulseAt: s(80) }],
      ],
      [
        [70, 'process-down'],
        [80, 'process-up'],
        [140, 'process-down'],
      ],
    ],
  ])('%s', (_, script, expected) => {
    expect(tell(script).kinds).toEqual(expected)
  })
})

describe('an absence of ours', () => {
  const at = (second: number, part: Partial<MonitorFound>): readonly [number, Partial<MonitorFound>] => [
    second,
    { pulseAt: s(second), ...part },
  ]

  test.each<[string, Absence[], number, boolean]>([
    ['of a minute', [away(100, 160)], 300_000, true],
    ['of less', [away(100, 159)], 300_000, false],
    ['of less, but not less than the shortest timeout', [away(100, 130)], 30_000, true],
    ['of less than the shortest timeout', [away(100, 129)], 30_000, false],
    ['of a minute, where timeouts are long', [away(100, 160)], 3_600_000, true],
    ['where there are no timeouts', [away(100, 160)], Number.POSITIVE_INFINITY, true],
    ['that never existed: the clock was set', [away(100, 9000, 'clock-set')], 300_000, false],
    ['that was over before this folder was watched', [away(-500, -100)], 300_000, false],
  ])('%s', (_, absences, timeout, worth) => {
    const script = [
      at(9000, { absences, shortestTimeoutMs: () => timeout }),
      at(9001, { absences, shortestTimeoutMs: () => timeout }),
    ]
    const { kinds, state } = tell(script)
    expect(kinds).toEqual(worth ? [[9000, 'monitor-was-down']] : [])
    expect(state.absencesSeenUntilAt).toBe(Math.max(s(0), absences.at(-1)!.toAt))
  })

  const absences = [away(100, 700)]
  const hosts =
    (...heard: [name: string, heardS: number, dueS: number][]) =>
    () =>
      heard.map(([name, heardS, dueS]) => ({ name, heardAt: s(heardS), dueAt: s(dueS) }))

  test('is told once all were heard again, and says so', () => {
    const { told, state } = tell([
      at(700, { absences, expected: hosts(['nas', 90, 900], ['pi', 701, 900]) }),
      at(710, { absences, expected: hosts(['nas', 709, 900], ['pi', 701, 900]) }),
      at(711, { absences, expected: hosts(['nas', 711, 900], ['pi', 711, 900]) }),
    ])
    expect(told).toEqual([
      [
        710,
        expect.objectContaining({
          kind: 'monitor-was-down',
          sinceAt: s(100),
          downMs: 600_000,
          why: 'not-running',
          heard: 2,
          of: 2,
          waitingFor: [],
          waitingUntilAt: undefined,
        }),
      ],
    ])
    expect(state).toEqual({ ...fresh, alerts: 1, absencesSeenUntilAt: s(700) })
  })

  test('is told after two minutes at most, with who is waited for and until when', () => {
    const expected = hosts(['nas', 90, 1001], ['pi', 705, 1010], ['slow', 80, 4000])
    const { told } = tell([
      at(819, { absences, expected }),
      at(820, { absences, expected }),
      at(821, { absences, expected }),
    ])
    expect(told).toEqual([
      [820, expect.objectContaining({ heard: 1, of: 3, waitingFor: ['nas', 'slow'], waitingUntilAt: s(4000) })],
    ])
  })

  test('and the next before it could be told are one story, from the first beginning to the last end', () => {
    const two = [...absences, away(705, 710, 'stuck'), away(730, 800, 'asleep')]
    const expected = hosts(['nas', 90, 2000])
    const { told } = tell([
      at(700, { absences, expected }),
      at(800, { absences: two, expected }),
      at(820, { absences: two, expected }),
      at(920, { absences: two, expected }),
    ])
    expect(told).toEqual([
      [920, expect.objectContaining({ sinceAt: s(100), downMs: 700_000, why: 'asleep', waitingFor: ['nas'] })],
    ])
  })

  test('that was told is not told again after a restart', () => {
    const { state } = tell([at(900, { absences })])
    expect(tell([at(901, { absences })], state).kinds).toEqual([])
    expect(tell([at(2000, { absences: [...absences, away(1000, 1900)] })], state).kinds).toEqual([
      [2000, 'monitor-was-down'],
    ])
  })

  test('costs no look at all hosts while there is none', () => {
    const never = () => {
      throw new Error('asked in vain')
    }
    const { state } = tell([at(900, { absences })])
    const quiet = { absences, shortestTimeoutMs: never, expected: never }
    expect(tell([at(901, quiet), at(902, { ...quiet, absences: [] })], state).state).toBe(state)
  })
})
