/** Runs that end well or badly; who reports and does not get on; whose rhythm is not its schedule's. */
import type { Simulation } from '../../../test/simulation.ts'
import { at, away, HOUR, halfMinute, job, type Story, three } from './story.ts'
import { failure, heard, hosts, onlyByScript, script, start, success, well } from './task.ts'

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

function beat(s: Simulation, said: { version?: string; metadata?: Record<string, unknown> }): void {
  s.event('task', { kind: 'heartbeat', status: 'ok', ...said })
  s.signal('task')
}
