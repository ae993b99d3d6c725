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
  anyoneFar: () => true,
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
      [920, expect.objectContaining({ sinceAt: s(100), downMs: 670_000, why: 'asleep', waitingFor: ['nas'] })],
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

describe('the bot', () => {
  test('is told down and up like the server; where none is meant to run nobody misses it', () => {
    const both = (second: number, botS: number): readonly [number, Partial<MonitorFound>] => [
      second,
      { pulseAt: s(second), botPulseAt: s(botS) },
    ]
    const { told, state } = tell([
      both(10, 10),
      both(69, 10),
      both(70, 10),
      both(200, 10),
      both(300, 300),
      both(301, 301),
    ])
    expect(told.map(([second, { kind, process, sinceAt }]) => [second, kind, process, sinceAt])).toEqual([
      [70, 'process-down', 'bot', s(10)],
      [300, 'process-up', 'bot', s(10)],
    ])
    expect(told[1]?.[1].outage).toBe(told[0]?.[1].id)
    expect(state).toEqual({ ...fresh, alerts: 2 })
    expect(tell([[9000, { pulseAt: s(9000) }]]).kinds).toEqual([])
  })

  test('and the server can be down at once, each with an end of its own', () => {
    const { told } = tell([
      [70, { pulseAt: s(10), botPulseAt: s(10) }],
      [80, { pulseAt: s(80), botPulseAt: s(10) }],
      [90, { pulseAt: s(90), botPulseAt: s(90) }],
    ])
    expect(told.map(([second, { kind, process }]) => [second, kind, process])).toEqual([
      [70, 'process-down', 'server'],
      [70, 'process-down', 'bot'],
      [80, 'process-up', 'server'],
      [90, 'process-up', 'bot'],
    ])
    const [server, bot, serverUp, botUp] = told.map(([, { id, outage }]) => ({ id, outage }))
    expect([serverUp?.outage, botUp?.outage]).toEqual([server?.id, bot?.id])
  })
})

describe('nobody is heard at all', () => {
  const allSilent = { sinceAt: s(100), hosts: ['nas', 'pi'] }
  const beat = (second: number, part: Partial<MonitorFound>): readonly [number, Partial<MonitorFound>] => [
    second,
    { pulseAt: s(second), ...part },
  ]

  test.each<[string, Partial<MonitorFound>, boolean, readonly Partial<Alert>[]]>([
    ['it is asked whether we reach the world, first', {}, true, []],
    ['it is asked, and not answered yet', { probingSinceAt: s(190) }, true, []],
    [
      'we reach it',
      { probed: { askedAt: s(199), reached: true } },
      false,
      [{ kind: 'nothing-reaches-me', hosts: ['nas', 'pi'], of: 2, sinceAt: s(100), reached: true }],
    ],
    ['we do not', { probed: { askedAt: s(199), reached: false } }, false, [{ reached: false }]],
    ['there is no way to tell', { probed: { askedAt: s(199), reached: undefined } }, false, [{ reached: undefined }]],
    ['nobody answers for a quarter of a minute', { probingSinceAt: s(185) }, false, [{ reached: undefined }]],
    ['the last answer is of before the silence', { probed: { askedAt: s(99), reached: true } }, true, []],
    ['the last answer is old', { probed: { askedAt: s(150), reached: true } }, true, []],
  ])('%s', (_, part, probe, expected) => {
    const step = stepMonitor(fresh, found({ pulseAt: s(200), allSilent, ...part }), s(200))
    expect(step.probe ?? false).toBe(probe)
    expect(step.alerts).toMatchObject(expected)
    expect(step.alerts).toHaveLength(expected.length)
  })

  const probed = { askedAt: s(199), reached: true }
  test('is told once, reminded of, and ends with the first signal; the span is kept', () => {
    const { told, state } = tell([
      beat(200, { allSilent, probed }),
      beat(201, { allSilent, probed }),
      beat(3799, {}),
      beat(3800, {}),
      beat(5000, { newestSignalAt: s(4998) }),
      beat(5001, {}),
    ])
    expect(told.map(([second, { kind }]) => [second, kind])).toEqual([
      [200, 'nothing-reaches-me'],
      [3800, 'still-silent'],
      [5000, 'reachable-again'],
    ])
    const [nothing, reminder, end] = told.map(([, alert]) => alert)
    expect([reminder?.outage, end?.outage]).toEqual([nothing?.id, nothing?.id])
    expect(end).toMatchObject({ sinceAt: s(100), heardAt: s(4998), downMs: 4_898_000 })
    expect(state.spans).toEqual([{ fromAt: s(100), toAt: s(4998) }])
    expect(state.unreachable).toBeUndefined()
  })

  test('the clock was set back since: the reminder is not held back for long, and the span is no less than nothing', () => {
    const { told, state } = tell([
      beat(200, { allSilent, probed }),
      beat(-9000, {}),
      beat(-5400, {}),
      beat(-5300, { newestSignalAt: s(-5301) }),
    ])
    expect(told.map(([second, { kind, downMs }]) => [second, kind, downMs])).toMatchObject([
      [200, 'nothing-reaches-me', undefined],
      [-5300, 'reachable-again', 0],
    ])
    expect(state.spans).toEqual([{ fromAt: s(100), toAt: s(100) }])
  })
})

test('a process-down that an absence explains ends with it: one outage, one end', () => {
  const absences = [away(10, 200)]
  const { told } = tell([
    [70, { pulseAt: s(10) }],
    [200, { pulseAt: s(200), absences }],
    [201, { pulseAt: s(201), absences }],
  ])
  expect(told.map(([second, { kind }]) => [second, kind])).toEqual([
    [70, 'process-down'],
    [200, 'monitor-was-down'],
  ])
  expect(told[1]?.[1].outage).toBe(told[0]?.[1].id)
})
