/** One host: silence, recovery, reminders, and what of our own absence or of the clock must not look like it. */
import type { Simulation } from '../../../test/simulation.ts'
import { at, away, deaf, HOUR, halfMinute, type Story, three } from './story.ts'

export const hostStories: readonly Story[] = [
  {
    name: 'all is well, nothing is told',
    untilS: 2 * HOUR,
    withFirsts: true,
    told: [
      [0, 'first-signal nas', { heardAt: at(0), intervalMs: 30_000, timeoutMs: 120_000, shortTimeout: undefined }],
      [1, 'first-signal pi'],
      [2, 'first-signal router', { intervalMs: undefined }],
    ],
  },
  {
    name: 'one dies and comes back: told once each, since its last signal',
    alive: { nas: away([600, 1200]) },
    untilS: 1500,
    // Heard at 570; due 570 + 1 + 120.
    told: [
      [
        691,
        'silent nas',
        {
          sinceAt: at(570),
          heardAt: at(570),
          timeoutMs: 120_000,
          intervalMs: 30_000,
          nextReminderAt: at(691 + 6 * HOUR),
        },
      ],
      [
        1200,
        'recovered nas',
        // Of 600, 630, … 1170.
        { sinceAt: at(570), heardAt: at(1200), downMs: 630_000, missed: 20, cause: { kind: 'unknown' } },
      ],
    ],
  },
  {
    name: 'one stays away: reminded every six hours',
    alive: { nas: (s) => s < 600 },
    untilS: 13 * HOUR,
    told: [
      [691, 'silent nas'],
      [691 + 6 * HOUR, 'still-silent nas', { downMs: (121 + 6 * HOUR) * 1000, nextReminderAt: at(691 + 12 * HOUR) }],
      [691 + 12 * HOUR, 'still-silent nas'],
    ],
  },
  {
    name: 'its own reminder is another: each host by its own',
    hosts: {
      nas: { ...halfMinute, reminderMs: 600_000 },
      pi: { ...halfMinute, reminderMs: 1_200_000 },
      vps: halfMinute,
    },
    alive: { nas: (s) => s < 600, pi: (s) => s < 600 },
    untilS: 2000,
    told: [
      [691, 'silent nas', { nextReminderAt: at(1291) }],
      [692, 'silent pi', { nextReminderAt: at(1892) }],
      [1291, 'still-silent nas'],
      [1891, 'still-silent nas'],
      [1892, 'still-silent pi'],
    ],
  },
  {
    name: 'the server is down for ten minutes with three hosts alive: only that is told',
    script: deaf(600, 1200),
    untilS: 3000,
    told: [
      [659, 'process-down server', { sinceAt: at(599) }],
      // The router does not say how often it reports; the fifth second after is that of a look at everyone.
      [1204, 'monitor-was-down', { sinceAt: at(599), downMs: 601_000, why: 'not-running', heard: 3, of: 3 }],
    ],
  },
  {
    name: 'the server is down for ten minutes, and one dies meanwhile: told after a whole timeout',
    alive: { nas: (s) => s < 700 },
    script: deaf(600, 1200),
    untilS: 3000,
    told: [
      [659, 'process-down server'],
      [1320, 'monitor-was-down', { heard: 2, of: 3, waitingFor: ['nas'], waitingUntilAt: at(1321) }],
      // Nobody reported without a break. The others are heard when it should have been, at 1246 and at the latest 46 s
      // later; it gets one and a half intervals more, and the next signal of another proves it: pi's at 1351.
      [1351, 'silent nas', { sinceAt: at(570) }],
    ],
  },
  {
    name: 'one was silent before the server went: the silence is real, and its end is told after',
    alive: { nas: away([300, 900]) },
    script: deaf(600, 1200),
    untilS: 3000,
    told: [
      [391, 'silent nas'],
      [659, 'process-down server'],
      [1200, 'recovered nas', { sinceAt: at(270), downMs: 930_000 }],
      [1204, 'monitor-was-down'],
    ],
  },
  {
    name: 'an absence of less than a minute is not told, and accuses nobody',
    script: deaf(600, 655),
    untilS: 2000,
    told: [],
  },
  {
    name: 'an absence of less than a minute is told where a timeout is shorter than that',
    hosts: { ...three, quick: { rhythm: { timeoutMs: 20_000, intervalMs: 5000 } } },
    script: deaf(600, 630),
    untilS: 2000,
    told: [[636, 'monitor-was-down', { downMs: 31_000, heard: 4, of: 4 }]],
  },
  {
    name: 'the checker is down over a deadline: told when it had time to appear',
    alive: { nas: (s) => s < 600 },
    script: { 650: (s) => s.stopChecker(), 1000: (s) => s.startChecker() },
    untilS: 1500,
    // After a start the gaps between signals are not known. pi's signal of 991 may be a return: that gives it until 1037.
    told: [[1037, 'silent nas', { sinceAt: at(570) }]],
  },
  {
    name: 'the checker is down while a host goes and comes: nothing is open, nothing is told',
    alive: { nas: away([600, 900]) },
    script: { 650: (s) => s.stopChecker(), 1000: (s) => s.startChecker() },
    untilS: 1500,
    told: [],
  },
  {
    name: 'the checker restarts every 40 seconds: one outage is still one message, reminders keep their time',
    alive: { nas: away([600, 8 * HOUR]) },
    script: Object.fromEntries(
      Array.from({ length: 750 }, (_, i) => [i * 40 + 7, (s: Simulation) => s.startChecker()]),
    ),
    untilS: 8 * HOUR + 100,
    told: [
      [691, 'silent nas'],
      [691 + 6 * HOUR, 'still-silent nas'],
      [8 * HOUR, 'recovered nas'],
    ],
  },
  {
    name: 'the checker restarts every 20 seconds: who starts again at once goes on as before, and tells in time',
    alive: { nas: away([600, 2000]) },
    script: Object.fromEntries(
      Array.from({ length: 150 }, (_, i) => [i * 20 + 7, (s: Simulation) => s.startChecker()]),
    ),
    untilS: 2500,
    told: [
      [691, 'silent nas'],
      [2010, 'recovered nas'],
    ],
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
    told: [[4205, 'monitor-was-down', { why: 'asleep', downMs: 3_601_000 }]],
  },
  {
    name: 'the disk is full for five minutes: signals are lost, nobody is accused',
    script: { 600: (s) => s.stopHearing(), 900: (s) => s.startHearing('cannot-write') },
    untilS: 2000,
    told: [
      [659, 'process-down server'],
      [904, 'monitor-was-down', { why: 'cannot-write' }],
    ],
  },
  {
    name: 'the clock is set forward by an hour: a span that never existed, nothing is told',
    script: { 610: (s) => s.setClock(HOUR) },
    untilS: 3000,
    told: [],
  },
  {
    name: 'the clock is set back by an hour: nothing is told',
    script: { 610: (s) => s.setClock(-HOUR) },
    untilS: 3 * HOUR,
    told: [],
  },
  {
    name: 'the clock is set forward, and one dies: told after its timeout, not an hour later',
    alive: { nas: (s) => s < 600 },
    script: { 610: (s) => s.setClock(HOUR) },
    untilS: 3000,
    told: [[691, 'silent nas']],
  },
  {
    name: 'the clock is set back, and one is dead: its last signal counts from when that was noticed',
    alive: { nas: (s) => s < 600 },
    script: { 610: (s) => s.setClock(-HOUR) },
    untilS: 3000,
    // Noticed at 610, due at 731; the others' signals have a break there too, so it takes one more of theirs.
    told: [[751, 'silent nas']],
  },
  {
    name: 'one dies with the clock set back, and comes back when it is set right',
    alive: { nas: away([600, 1000]) },
    script: { 610: (s) => s.setClock(-HOUR), 950: (s) => s.setClock(HOUR) },
    untilS: 3000,
    told: [
      [751, 'silent nas'],
      [1020, 'recovered nas'],
    ],
  },
  {
    name: 'the clock is set back while the server is stopped: its old pulse, now in the future, accuses nobody',
    script: { 600: (s) => s.stopHearing(), 610: (s) => s.setClock(-HOUR), 700: (s) => s.startHearing('not-running') },
    untilS: 3000,
    told: [
      [670, 'process-down server'],
      [700, 'process-up server'],
    ],
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
    told: [[699, 'silent nas']],
  },
  {
    name: 'a removed host is dropped, whether it is silent or not',
    alive: { nas: (s) => s < 600, pi: (s) => s < 1000 },
    script: { 900: (s) => s.remove('nas'), 1000: (s) => s.remove('pi') },
    untilS: 3000,
    told: [[691, 'silent nas']],
  },
  {
    name: 'a removed host takes its trouble with it',
    hosts: { nas: halfMinute, vps: halfMinute },
    alive: { nas: (s) => s < 600 },
    script: { 610: (s) => s.status('nas', 'error', 'disk full'), 650: (s) => s.remove('nas') },
    untilS: 2000,
    told: [[610, 'error nas']],
  },
  {
    name: 'a host that is only shown is never told',
    hosts: { ...three, nas: { ...halfMinute, alerted: false } },
    alive: { nas: (s) => s < 600 || s > 5000 },
    untilS: 9 * HOUR,
    withFirsts: true,
    told: [
      [1, 'first-signal pi'],
      [2, 'first-signal router'],
    ],
  },
  {
    name: 'a timeout under twice its own interval is a warning at the first signal',
    hosts: { nas: { rhythm: { timeoutMs: 50_000, intervalMs: 30_000 }, shortTimeout: true, address: '203.0.113.7' } },
    untilS: 200,
    withFirsts: true,
    told: [[0, 'first-signal nas', { shortTimeout: true, timeoutMs: 50_000, address: '203.0.113.7' }]],
  },
]
