/** Causes: why somebody was away, and what was missed; what it said before; and what is known beside it. */
import type { Simulation } from '../../../test/simulation.ts'
import { at, away, cut, HOUR, halfMinute, home, job, type Story, three } from './story.ts'

const atHome = home.nas
const rebooted = { rebooted: true, agentRestarted: true }

export const returnStories: readonly Story[] = [
  {
    name: 'it restarted, and the others of its site did not: no power cut',
    hosts: home,
    alive: { nas: away([600, 1200]) },
    script: { 1200: (s) => s.account('nas', { ...rebooted, up: 60 }) },
    untilS: 1500,
    told: [
      [691, 'silent nas'],
      [
        1200,
        'recovered nas',
        { cause: { kind: 'rebooted', at: at(1140), goodbye: false }, stayedUp: ['pi', 'router'], missed: 20 },
      ],
    ],
  },
  {
    name: 'it restarted, and so did another, too quickly to be missed: that one did not stay up',
    hosts: home,
    alive: { nas: away([600, 1200]), pi: away([600, 660]) },
    script: {
      661: (s) => s.account('pi', { ...rebooted, up: 20, boot: 'b2', bootBefore: 'b1' }),
      1200: (s) => s.account('nas', { ...rebooted, up: 60 }),
    },
    untilS: 1500,
    told: [
      [691, 'silent nas'],
      [1200, 'recovered nas', { cause: { kind: 'rebooted', at: at(1140), goodbye: false }, stayedUp: ['router'] }],
    ],
  },
  {
    name: 'it said goodbye, restarted, and is alone at its site: nobody stayed up',
    hosts: { nas: atHome, vps: halfMinute },
    alive: { nas: away([600, 1200]) },
    script: { 600: (s) => s.goodbye('nas'), 1200: (s) => s.account('nas', { ...rebooted, up: 30 }) },
    untilS: 1500,
    told: [
      [721, 'silent nas', { goodbyeAt: at(600), sinceAt: at(600) }],
      [1200, 'recovered nas', { cause: { kind: 'rebooted', at: at(1170), goodbye: true }, stayedUp: undefined }],
    ],
  },
  {
    name: 'it slept, its network was gone, its agent was restarted: each time it says so',
    alive: { nas: away([600, 1200], [1500, 2100], [2400, 3000]) },
    script: {
      1200: (s) => s.account('nas', { slept: 500 }),
      2100: (s) => s.account('nas', { unsent: 20 }),
      3000: (s) => s.account('nas', { agentRestarted: true, age: 5 }),
    },
    untilS: 3200,
    told: [
      [691, 'silent nas'],
      [1200, 'recovered nas', { cause: { kind: 'slept' } }],
      [1591, 'silent nas'],
      [2100, 'recovered nas', { cause: { kind: 'network', unsent: 20 } }],
      [2491, 'silent nas'],
      [3000, 'recovered nas', { cause: { kind: 'agent' } }],
    ],
  },
  {
    name: 'a client that says nothing of itself: the cause and what was missed are not known',
    alive: { router: away([600, 1200]) },
    untilS: 1500,
    // Heard at 572, due at 693; the others are heard again then.
    told: [
      [693, 'silent router', { intervalMs: undefined }],
      [1202, 'recovered router', { cause: { kind: 'unknown' }, missed: undefined, stayedUp: undefined }],
    ],
  },
  {
    name: 'a job comes back: how many of its runs were missed',
    hosts: { nas: atHome, backup: job(1000, 1000, 100), vps: halfMinute },
    script: {
      10: (s) => s.signal('backup'),
      1020: (s) => s.signal('backup'),
      5030: (s) => s.signal('backup'),
    },
    untilS: 5050,
    // Of 2000, 3000, 4000 and 5000 the last came at last.
    told: [
      [2130, 'silent backup', { missedAt: at(2000), sinceAt: at(1020) }],
      [5030, 'recovered backup', { missed: 3 }],
    ],
  },
  {
    name: 'a power cut: those who are back started anew',
    hosts: home,
    alive: { ...cut(600, 1500), nas: (s) => s < 600 },
    script: {
      1501: (s) => s.account('pi', { ...rebooted, up: 60 }),
      1502: (s) => s.account('router', { ...rebooted, up: 100 }),
    },
    untilS: 2000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [
        1547,
        'site-recovered home: pi router, not nas',
        { siteCause: { kind: 'power', rebooted: ['pi', 'router'], stayedUp: [], rebootedAt: at(1402) } },
      ],
    ],
  },
  {
    name: 'the internet was gone: those who are back stayed up',
    hosts: home,
    alive: cut(600, 1500),
    script: {
      1500: (s) => s.account('nas', { unsent: 30 }),
      1501: (s) => s.account('pi', { slept: 900 }),
    },
    untilS: 2000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [
        1502,
        'site-recovered home: nas pi router',
        // The router does not say.
        { siteCause: { kind: 'network', rebooted: [], stayedUp: ['nas', 'pi'], rebootedAt: undefined } },
      ],
    ],
  },
  {
    name: 'some started anew and some stayed up: mixed',
    hosts: home,
    alive: cut(600, 1500),
    script: {
      1500: (s) => s.account('nas', { ...rebooted, up: 100 }),
      1501: (s) => s.account('pi', { unsent: 30 }),
      1502: (s) => s.account('router', { agentRestarted: true }),
    },
    untilS: 2000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [
        1502,
        'site-recovered home: nas pi router',
        { siteCause: { kind: 'mixed', rebooted: ['nas'], stayedUp: ['pi', 'router'], rebootedAt: at(1400) } },
      ],
    ],
  },
  {
    name: 'last words: those that it still says are as young as its last signal',
    hosts: { ...three, nas: { ...halfMinute, lastWords: { text: 'disk 91 % full', at: Number.POSITIVE_INFINITY } } },
    alive: { nas: (s) => s < 600 },
    untilS: 1000,
    told: [[691, 'silent nas', { lastWords: 'disk 91 % full', lastWordsAt: at(570) }]],
  },
  {
    name: 'last words: those of five minutes before its last signal count, older ones do not',
    hosts: {
      ...three,
      nas: { ...halfMinute, lastWords: { text: 'fan stopped', at: at(270) } },
      pi: { ...halfMinute, lastWords: { text: 'long ago', at: at(270) } },
    },
    alive: { nas: (s) => s < 600, pi: (s) => s < 600 },
    untilS: 1000,
    told: [
      [691, 'silent nas', { lastWords: 'fan stopped', lastWordsAt: at(270) }],
      [692, 'silent pi', { lastWords: undefined, lastWordsAt: undefined }],
    ],
  },
  {
    name: 'a goodbye explains the silence that follows it, and no later one',
    alive: { nas: away([601, 1200], [1800, 9999]) },
    script: { 600: (s) => s.goodbye('nas') },
    untilS: 3000,
    told: [
      [721, 'silent nas', { goodbyeAt: at(600) }],
      [1200, 'recovered nas'],
      [1891, 'silent nas', { goodbyeAt: undefined }],
    ],
  },
  {
    name: 'a goodbye excuses where an absence is expected: told when that is over',
    hosts: { ...three, nas: { ...halfMinute, expectedAbsenceMs: 2_000_000 } },
    alive: { nas: away([601, 4000]) },
    script: { 600: (s) => s.goodbye('nas') },
    untilS: 5000,
    told: [
      [2600, 'silent nas', { goodbyeAt: at(600), expectedAbsenceMs: 2_000_000, sinceAt: at(600) }],
      [4020, 'recovered nas', { sinceAt: at(600) }],
    ],
  },
  {
    name: 'a goodbye excuses where an absence is expected: back in time, nothing is told',
    hosts: { ...three, nas: { ...halfMinute, expectedAbsenceMs: 2_000_000 } },
    alive: { nas: away([601, 2000]) },
    script: { 600: (s) => s.goodbye('nas') },
    untilS: 5000,
    told: [],
  },
  {
    name: 'an absence is expected, but it went without a word: told at its due',
    hosts: { ...three, nas: { ...halfMinute, expectedAbsenceMs: 2_000_000 } },
    alive: { nas: (s) => s < 600 },
    untilS: 5000,
    told: [[691, 'silent nas', { expectedAbsenceMs: undefined, goodbyeAt: undefined }]],
  },
  {
    name: 'who sleeps by design is away, not silent: nothing is told, however long',
    hosts: { ...three, nas: { ...halfMinute, sleeps: true } },
    alive: { nas: away([600, 9 * HOUR]) },
    untilS: 10 * HOUR,
    told: [],
  },
  {
    name: 'who sleeps by design may be missed all the same, after a while',
    hosts: { ...three, nas: { ...halfMinute, sleeps: true, expectedAbsenceMs: 3_600_000, reminderMs: 1_000_000 } },
    alive: { nas: away([600, 6000]) },
    untilS: 7000,
    told: [
      [570 + HOUR, 'silent nas', { sinceAt: at(570), expectedAbsenceMs: 3_600_000, nextReminderAt: at(5170) }],
      [5170, 'still-silent nas', { downMs: 4_600_000 }],
      [6000, 'recovered nas'],
    ],
  },
  {
    name: 'a configured host is never heard: told once, with the likeliest typo; then it is heard',
    hosts: { nas: halfMinute, router: halfMinute, nsa: { ...halfMinute, configured: true } },
    alive: { nsa: (s) => s >= 3000 },
    untilS: 4000,
    withFirsts: true,
    told: [
      [0, 'first-signal nas'],
      [1, 'first-signal router'],
      [601, 'never-heard nsa', { sinceAt: at(0), likely: ['nas'] }],
      [3002, 'first-signal nsa'],
    ],
  },
  {
    name: 'a configured host with a longer timeout, or a schedule, has that long to be heard',
    hosts: {
      slow: { rhythm: { timeoutMs: 1_800_000 }, configured: true },
      backup: { ...job(7200, 3600, 600), configured: true },
      vps: { ...halfMinute, configured: true },
    },
    alive: { slow: () => false },
    untilS: 5000,
    told: [
      [1801, 'never-heard slow', { likely: [] }],
      [4200, 'never-heard backup'],
    ],
  },
  {
    name: 'a configured host is not missed for the time in which nobody could have heard it',
    hosts: { nsa: { ...halfMinute, configured: true }, vps: halfMinute },
    alive: { nsa: () => false },
    script: {
      300: (s: Simulation) => s.stopHearing(),
      900: (s: Simulation) => s.startHearing('not-running'),
    },
    untilS: 2000,
    told: [
      [359, 'process-down server'],
      [904, 'monitor-was-down'],
      // Unheard for ten minutes in which it could have been.
      [1202, 'never-heard nsa'],
    ],
  },
  {
    name: 'two machines under one name take turns: told once',
    hosts: { pi: halfMinute, vps: halfMinute },
    script: Object.fromEntries(
      Array.from({ length: 10 }, (_, turn): [number, (s: Simulation) => void] => [
        600 + turn * 30,
        (s) => {
          const [one, other] = [
            { boot: 'b1', address: '203.0.113.7' },
            { boot: 'b2', address: '198.51.100.4' },
          ]
          const [now, before] = turn % 2 === 0 ? [other, one] : [one, other]
          s.account('pi', { ...rebooted, ...now, bootBefore: before!.boot, addressBefore: before!.address })
          s.signal('pi')
        },
      ]),
    ),
    untilS: 2000,
    told: [[630, 'two-machines pi', { addresses: ['198.51.100.4', '203.0.113.7'] }]],
  },
  {
    name: 'a machine that restarts again and again is one machine',
    hosts: { pi: halfMinute, vps: halfMinute },
    script: Object.fromEntries(
      Array.from({ length: 10 }, (_, turn): [number, (s: Simulation) => void] => [
        600 + turn * 30,
        (s) => {
          s.account('pi', { ...rebooted, boot: `b${turn + 1}`, bootBefore: `b${turn}` })
          s.signal('pi')
        },
      ]),
    ),
    untilS: 2000,
    told: [],
  },
]
