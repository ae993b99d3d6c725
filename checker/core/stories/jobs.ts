/** Runs that begin, end, fail or hang; who reports and does not get on; whose rhythm is not its schedule's. */
import type { Simulation } from '../../../test/simulation.ts'
import { at, away, cut, deaf, HOUR, halfMinute, home, job, type Script, type Story, three } from './story.ts'

const MINUTE_MS = 60_000
/** A job of no fixed hours, at home; a run of it may take ten minutes. */
const task = { rhythm: { timeoutMs: 24 * 3_600_000 }, runGraceMs: 10 * MINUTE_MS }
const hosts = { ...three, task }
const onlyByScript = { task: 0 }

const start = (s: Simulation) => s.event('task', { kind: 'run-started', id: 'r1' })
const success = (s: Simulation) => {
  s.event('task', { kind: 'run-ended', failed: false, ends: true, durationMs: 90_000 })
  s.signal('task')
}
const failure = (s: Simulation) => {
  s.event('task', {
    kind: 'run-ended',
    failed: true,
    ends: true,
    exitStatus: 2,
    durationMs: 90_000,
    output: 'tar: no space',
  })
  s.event('task', { kind: 'status', status: 'failed', exitStatus: 2, output: 'a\ntar: no space' })
  s.signal('task')
}
const well = (s: Simulation) => {
  s.event('task', { kind: 'status', status: 'ok' })
  success(s)
}
const script = (...moments: readonly (readonly [second: number, what: (s: Simulation) => void])[]): Script =>
  Object.fromEntries([[10, (s: Simulation) => s.signal('task')], ...moments])
/** A job that is heard once at each of these moments. */
const heard = (name: string, ...seconds: readonly number[]): Script =>
  Object.fromEntries(seconds.map((second) => [second, (s: Simulation) => s.signal(name)]))

export const jobStories: readonly Story[] = [
  {
    name: 'a run that ends in time is told to nobody',
    hosts,
    every: onlyByScript,
    script: script([100, start], [190, success], [300, start], [890, success]),
    untilS: 3000,
    told: [],
  },
  {
    name: 'a run that does not end within its grace has failed; its end, when it comes, clears that',
    hosts: { ...hosts, task: { ...task, note: 'see /var/log/task' } },
    every: onlyByScript,
    script: script([100, start], [900, success]),
    untilS: 3000,
    told: [
      [
        701,
        'failed task',
        { why: 'unfinished', sinceAt: at(100), timeoutMs: 10 * MINUTE_MS, note: 'see /var/log/task' },
      ],
      [900, 'cleared task', { why: 'unfinished', sinceAt: at(100), downMs: 800_000 }],
    ],
  },
  {
    name: 'a first start that never ends has failed, though the job was never heard; it is no stranger besides',
    hosts: { ...hosts, task: { ...task, configured: true, rhythm: { timeoutMs: 1200 * 1000 } } },
    every: onlyByScript,
    script: { 100: start },
    untilS: 3000,
    told: [[701, 'failed task', { why: 'unfinished' }]],
  },
  {
    name: 'a job that fails is told at once, is not silent, and is fine again with its next success',
    hosts,
    every: onlyByScript,
    script: script([100, start], [190, failure], [3700, start], [3790, well]),
    untilS: 5000,
    told: [
      [190, 'failed task', { exitStatus: 2, output: 'a\ntar: no space', why: undefined, sinceAt: at(190) }],
      [3790, 'cleared task', { downMs: 3_600_000, why: undefined }],
    ],
  },
  {
    name: 'a failure after an error is worse, and told; an error after it is not',
    hosts,
    every: onlyByScript,
    script: script(
      [100, (s) => s.status('task', 'error', 'slow')],
      [200, failure],
      [300, (s) => s.status('task', 'error', 'slow')],
      [400, well],
    ),
    untilS: 1000,
    told: [
      [100, 'error task'],
      [200, 'failed task', { sinceAt: at(100) }],
      [400, 'cleared task'],
    ],
  },
  {
    name: 'the end of another run does not end the one that hangs',
    hosts,
    every: onlyByScript,
    script: script(
      [100, start],
      [
        300,
        (s) => {
          s.event('task', { kind: 'run-ended', failed: false, ends: false, exitStatus: 0 })
          s.signal('task')
        },
      ],
    ),
    untilS: 3000,
    told: [[701, 'failed task', { why: 'unfinished' }]],
  },
  {
    name: 'a job that failed, is told so, and then hangs: that is the same trouble',
    hosts,
    every: onlyByScript,
    script: script([100, start], [190, failure], [300, start], [3000, well]),
    untilS: 4000,
    told: [
      [190, 'failed task'],
      [3000, 'cleared task'],
    ],
  },
  {
    name: 'a nightly job that hangs is told once, as that, and not as silent besides',
    hosts: { ...three, backup: { ...job(86_400, 3600, 600), runGraceMs: 1200 * 1000 } },
    script: {
      10: (s) => s.signal('backup'),
      3660: (s) => s.event('backup', { kind: 'run-started' }),
      10000: (s) => {
        s.event('backup', { kind: 'run-ended', failed: false, ends: true })
        s.signal('backup')
      },
    },
    untilS: 20_000,
    told: [
      [4861, 'failed backup', { why: 'unfinished', sinceAt: at(3660) }],
      [10_000, 'cleared backup'],
    ],
  },
  {
    name: 'a nightly job that is silent, and whose late run hangs, is silent',
    hosts: { ...three, backup: { ...job(86_400, 3600, 600), runGraceMs: 1200 * 1000 } },
    script: { 10: (s) => s.signal('backup'), 5000: (s) => s.event('backup', { kind: 'run-started' }) },
    untilS: 20_000,
    told: [[4230, 'silent backup']],
  },
  {
    name: 'a run whose end may have been lost on us is held against nobody',
    hosts,
    every: onlyByScript,
    script: { ...script([100, start]), ...deaf(300, 400) },
    untilS: 3000,
    told: [
      [359, 'process-down server'],
      [520, 'monitor-was-down'],
    ],
  },
  {
    name: 'while its site is away, no run is accused; afterwards its end may have been lost with the link',
    hosts: { ...home, task: { ...task, site: 'home' } },
    every: onlyByScript,
    alive: cut(650, 1500),
    script: script([100, start]),
    untilS: 3000,
    told: [
      [751, 'site-silent home: nas pi router'],
      [1502, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'one run that hangs counts as one failure: with failuresBefore: 2 the second is told',
    hosts: { ...hosts, task: { ...task, failuresBefore: 2 } },
    every: onlyByScript,
    script: script([100, start], [1000, start]),
    untilS: 3000,
    told: [[1601, 'failed task', { failures: 2 }]],
  },
  {
    name: 'a run that hangs while its host is silenced is told when the silence ends',
    hosts,
    every: onlyByScript,
    script: script([50, (s) => s.hush('silence', 'host:task', 2000)], [100, start]),
    untilS: 3000,
    told: [[2050, 'failed task', { why: 'unfinished' }]],
  },
  {
    name: 'an hourly job that begins each hour and dies each time has failed, an hour after the first start',
    hosts: { ...three, backup: { ...job(HOUR, 0, HOUR), runGraceMs: HOUR * 1000 } },
    script: {
      10: (s) => s.signal('backup'),
      ...each(HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, (s) => s.event('backup', { kind: 'run-started' })),
    },
    untilS: 5 * HOUR - 10,
    told: [[2 * HOUR + 1, 'failed backup', { why: 'unfinished', sinceAt: at(HOUR), failures: 1 }]],
  },
  {
    name: 'a job that hung once and never runs again is silent, when a reminder of the one would be due',
    hosts: { ...three, backup: { ...job(86_400, 3600, 600), runGraceMs: 1200 * 1000, reminderMs: 6 * HOUR * 1000 } },
    script: { 10: (s) => s.signal('backup'), 3660: (s) => s.event('backup', { kind: 'run-started' }) },
    untilS: 92_000,
    told: [
      [4861, 'failed backup', { why: 'unfinished', sinceAt: at(3660) }],
      [90_600, 'silent backup', { sinceAt: at(3660), missedAt: at(90_000) }],
    ],
  },
  {
    name: 'with failuresBefore: 2, a job that hung once and never runs again is silent at its next hour',
    hosts: { ...three, backup: { ...job(3600, 3600, 600), runGraceMs: 1200 * 1000, failuresBefore: 2 } },
    script: { 10: (s) => s.signal('backup'), 3660: (s) => s.event('backup', { kind: 'run-started' }) },
    untilS: 9000,
    told: [[7800, 'silent backup', { sinceAt: at(3660) }]],
  },
  {
    name: 'a job of no fixed hours that hangs is told once, as that; its timeout counts from its start',
    hosts: { ...hosts, task: { ...task, rhythm: { timeoutMs: 1200 * 1000 }, reminderMs: HOUR * 1000 } },
    every: onlyByScript,
    script: script([1000, start], [4000, success]),
    untilS: 5000,
    told: [
      [1601, 'failed task', { why: 'unfinished' }],
      [4000, 'cleared task'],
    ],
  },
  {
    name: 'recoverAfter: 2: after a run that hung, two that ended well',
    hosts: { ...hosts, task: { ...task, recoverAfter: 2 } },
    every: onlyByScript,
    script: script([100, start], [1000, start], [1100, success], [2000, start], [2100, success]),
    untilS: 3000,
    told: [
      [701, 'failed task', { why: 'unfinished', sinceAt: at(100) }],
      [2100, 'cleared task', { downMs: 2_000_000 }],
    ],
  },
  {
    name: 'runs that overlap and all end well are told to nobody',
    hosts,
    every: onlyByScript,
    script: script(
      ...Array.from({ length: 10 }, (_, nth): [number, (s: Simulation) => void] => [
        1000 + nth * 400,
        (s) => s.event('task', { kind: 'run-started', id: `r${nth}` }),
      ]),
      ...Array.from({ length: 10 }, (_, nth): [number, (s: Simulation) => void] => [
        1500 + nth * 400,
        (s) => {
          s.event('task', { kind: 'run-ended', failed: false, ends: nth === 9 })
          s.signal('task')
        },
      ]),
    ),
    untilS: 7000,
    told: [],
  },
  {
    name: 'a run may take longer than the next is away: it is not silent meanwhile',
    hosts: { ...three, backup: { ...job(HOUR, 0, 300), runGraceMs: 3 * HOUR * 1000 } },
    script: {
      10: (s) => s.signal('backup'),
      3605: (s) => s.event('backup', { kind: 'run-started' }),
      9600: (s) => {
        s.event('backup', { kind: 'run-ended', failed: false, ends: true })
        s.signal('backup')
      },
    },
    untilS: 10_700,
    told: [],
  },
  {
    name: 'a job whose clock is ahead begins in time: the next day’s silence names the next day’s hour',
    hosts: { ...three, backup: { ...job(86_400, 3600, 600), runGraceMs: 1200 * 1000, failuresBefore: 2 } },
    script: { 10: (s) => s.signal('backup'), 3580: (s) => s.event('backup', { kind: 'run-started' }) },
    untilS: 92_000,
    told: [[90_600, 'silent backup', { sinceAt: at(3580), missedAt: at(90_000) }]],
  },
  {
    name: 'a run that began anew after we were away is watched, whatever became of the one before',
    hosts,
    every: onlyByScript,
    script: { ...script([100, start], [500, start]), ...deaf(300, 350) },
    untilS: 3000,
    told: [[1101, 'failed task', { why: 'unfinished', sinceAt: at(500) }]],
  },
  {
    name: 'what it says while it is stuck stands when that is over',
    hosts: { ...three, pi: { ...halfMinute, progress: { token: '1', sinceAt: at(1) } } },
    script: {
      300: (s) => s.status('pi', 'error', 'db broken'),
      1000: (s) => s.set('pi', { progress: { token: '2', sinceAt: at(1000) } }),
      1400: (s) => s.set('pi', { progress: { token: '3', sinceAt: at(1400) } }),
      1500: (s) => s.status('pi', 'ok'),
    },
    untilS: 1510,
    told: [
      [122, 'failed pi', { why: 'stuck' }],
      [1500, 'cleared pi', { message: 'db broken', why: undefined }],
    ],
  },
  {
    name: 'a first run that hangs in a silence is told when that ends',
    hosts: { ...hosts, task: { ...task, configured: true } },
    every: onlyByScript,
    script: { 50: (s) => s.hush('silence', 'host:task', 2000), 100: start },
    untilS: 9000,
    told: [[2050, 'failed task', { why: 'unfinished' }]],
  },
  {
    name: 'a first run that hangs, once of two times that are wanted: it is missed as any other',
    hosts: { ...hosts, task: { ...task, configured: true, rhythm: { timeoutMs: 1200 * 1000 }, failuresBefore: 2 } },
    every: onlyByScript,
    script: { 100: start },
    untilS: 9000,
    told: [[1201, 'never-heard task']],
  },
  {
    name: 'a warning from before a run hung stands when the run is over',
    hosts,
    every: onlyByScript,
    script: script(
      [50, (s) => s.status('task', 'warning', 'slow')],
      [100, start],
      [2000, success],
      [3000, (s) => s.status('task', 'ok')],
    ),
    untilS: 4000,
    told: [
      [50, 'warning task'],
      [701, 'failed task', { why: 'unfinished', sinceAt: at(100) }],
      [3000, 'cleared task', { message: 'slow', sinceAt: at(50) }],
    ],
  },
  {
    name: 'that a run hangs ends with a run, and not with what else it says of itself',
    hosts,
    every: onlyByScript,
    script: script(
      [100, start],
      [800, (s) => s.status('task', 'warning', 'slow')],
      [900, (s) => s.status('task', 'ok')],
      [2000, success],
    ),
    untilS: 3000,
    told: [
      [701, 'failed task', { why: 'unfinished' }],
      [2000, 'cleared task', { why: 'unfinished', downMs: 1_900_000 }],
    ],
  },
  {
    name: 'a run that hangs in a pause, after a warning, is told when the pause ends',
    hosts,
    every: onlyByScript,
    script: script(
      [50, (s) => s.status('task', 'warning', 'slow')],
      [60, (s) => s.hush('silence', 'host:task', 2000)],
      [100, start],
    ),
    untilS: 3000,
    told: [
      [50, 'warning task'],
      [2060, 'failed task', { why: 'unfinished', sinceAt: at(100) }],
    ],
  },
  {
    name: 'a run that hangs in a silence of several hours is told at its end, once, as that',
    hosts: { ...three, backup: { ...job(HOUR, 0, 600), runGraceMs: 600 * 1000 } },
    script: {
      10: (s) => s.signal('backup'),
      3000: (s) => s.hush('silence', 'host:backup', 4 * HOUR),
      3610: (s) => s.event('backup', { kind: 'run-started' }),
    },
    untilS: 5 * HOUR,
    told: [[3000 + 4 * HOUR, 'failed backup', { why: 'unfinished', sinceAt: at(3610) }]],
  },
  {
    name: 'who warns and then does not get on is told so; what it says meanwhile does not end it',
    hosts: { ...three, pi: { ...halfMinute, progress: { token: '1', sinceAt: at(61) } } },
    script: {
      61: (s) => s.status('pi', 'warning', 'slow'),
      300: (s) => s.status('pi', 'error', 'slower'),
      330: (s) => s.status('pi', 'ok'),
      1000: (s) => s.set('pi', { progress: { token: '2', sinceAt: at(1000) } }),
    },
    untilS: 1100,
    told: [
      [61, 'warning pi'],
      [182, 'failed pi', { why: 'stuck', sinceAt: at(61) }],
      [1007, 'cleared pi', { why: 'stuck' }],
    ],
  },
  {
    name: 'who reports without progress is stuck, told once; with the next progress it is over',
    hosts: { ...three, pi: { ...halfMinute, progress: { token: '1', sinceAt: at(1) } } },
    script: { 1000: (s) => s.set('pi', { progress: { token: '2', sinceAt: at(1000) } }) },
    untilS: 1100,
    told: [
      [122, 'failed pi', { why: 'stuck', sinceAt: at(1), timeoutMs: 120_000 }],
      [1007, 'cleared pi', { why: 'stuck' }],
    ],
  },
  {
    name: 'who is silent is silent, and not stuck besides',
    hosts: { ...three, pi: { ...halfMinute, progress: { token: '1', sinceAt: at(61) } } },
    alive: { pi: away([62, 1000]) },
    untilS: 900,
    told: [[182, 'silent pi']],
  },
  {
    name: 'a daily job in another time zone: its silence says at what time it reports',
    hosts: { ...three, backup: { ...job(86_400, 3 * HOUR, 1800), reminderMs: 7 * 86_400_000 } },
    script: heard('backup', 2 * HOUR, 26 * HOUR, 50 * HOUR),
    untilS: 52 * HOUR,
    told: [
      [3 * HOUR + 1830, 'silent backup', { usual: undefined }],
      [26 * HOUR, 'recovered backup'],
      [27 * HOUR + 1830, 'silent backup', { usual: { at: at(26 * HOUR), scheduledAt: at(27 * HOUR) } }],
      [50 * HOUR, 'recovered backup'],
      [51 * HOUR + 1830, 'silent backup', { usual: { at: at(50 * HOUR), scheduledAt: at(51 * HOUR) } }],
    ],
  },
  {
    name: 'a job that reports more seldom than its schedule says: its silence says how often it does',
    hosts: { ...three, backup: job(600, 600, 60) },
    script: heard('backup', 605, 4205, 7805),
    untilS: 8600,
    told: [
      [1290, 'silent backup', { usual: undefined }],
      [4205, 'recovered backup'],
      [4890, 'silent backup', { usual: { everyMs: 3_600_000, scheduledEveryMs: 600_000 } }],
      [7805, 'recovered backup'],
      [8490, 'silent backup', { usual: { everyMs: 3_600_000, scheduledEveryMs: 600_000 } }],
    ],
  },
  {
    name: 'a punctual job that misses once has no other rhythm',
    hosts: { ...three, backup: { ...job(86_400, 3 * HOUR, 1800), reminderMs: 7 * 86_400_000 } },
    script: heard('backup', 3 * HOUR + 60, 27 * HOUR + 600),
    untilS: 52 * HOUR,
    told: [[51 * HOUR + 1830, 'silent backup', { usual: undefined }]],
  },
  {
    name: 'each heartbeat is told of whom that is asked, unless it is silenced',
    hosts,
    every: onlyByScript,
    script: script(
      [100, (s) => beat(s, { version: '1.4.2', metadata: { users: 3 } })],
      [150, (s) => s.hush('silence', 'host:task', 100)],
      [200, (s) => beat(s, {})],
      [300, (s) => beat(s, {})],
    ),
    untilS: 400,
    told: [
      [100, 'heartbeat task', { version: '1.4.2', details: ['users: 3'] }],
      [300, 'heartbeat task'],
    ],
  },
]

function each(...args: [...seconds: number[], what: (s: Simulation) => void]): Script {
  const what = args.at(-1) as (s: Simulation) => void
  return Object.fromEntries(args.slice(0, -1).map((second) => [second as number, what]))
}

function beat(s: Simulation, said: { version?: string; metadata?: Record<string, unknown> }): void {
  s.event('task', { kind: 'heartbeat', status: 'ok', ...said })
  s.signal('task')
}
