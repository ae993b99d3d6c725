/** Runs that do not end. */
import { at, cut, deaf, HOUR, home, job, type Story, three } from './story.ts'
import { each, failure, hosts, MINUTE_MS, onlyByScript, script, start, success, task, well } from './task.ts'

export const hangStories: readonly Story[] = [
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
    name: 'a run that began anew after we were away is watched, whatever became of the one before',
    hosts,
    every: onlyByScript,
    script: { ...script([100, start], [500, start]), ...deaf(300, 350) },
    untilS: 3000,
    told: [[1101, 'failed task', { why: 'unfinished', sinceAt: at(500) }]],
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
]
