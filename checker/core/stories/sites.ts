/** Who is at fault, the host or its site: verdicts.md §2, point by point. */
import type { Simulation } from '../../../test/simulation.ts'
import { at, away, cut, deaf, halfMinute, home, job, type Story, tenMinutes } from './story.ts'

const atHome = home.nas
const slow = { ...tenMinutes, site: 'home' }

export const siteStories: readonly Story[] = [
  {
    name: 'one of three dies: it is at fault, told at its due, and who still reports is named',
    hosts: home,
    alive: { nas: away([600, 1200]) },
    untilS: 1500,
    told: [
      [691, 'silent nas', { sinceAt: at(570), site: 'home', reporting: ['pi', 'router'] }],
      [1200, 'recovered nas', { sinceAt: at(570), downMs: 630_000, missed: 20 }],
    ],
  },
  {
    name: 'the link is cut: one message for all, one when they are back',
    hosts: home,
    alive: cut(600, 1500),
    untilS: 3000,
    // Last heard at 570, 571 and 572; the first is due at 691, the others are late by then.
    told: [
      [
        691,
        'site-silent home: nas pi router',
        { sinceAt: at(572), of: 3, spreadMs: 2000, othersReport: true, nextReminderAt: at(691 + 6 * 3600) },
      ],
      [
        1502,
        'site-recovered home: nas pi router',
        { sinceAt: at(572), heardAt: at(1500), downMs: 928_000, missing: [], siteCause: undefined, outages: undefined },
      ],
    ],
  },
  {
    name: 'one already dead, link cut, one left: that one is told, and no site',
    hosts: { nas: atHome, pi: atHome, vps: halfMinute },
    alive: { nas: (s) => s < 300, pi: away([900, 1500]) },
    untilS: 3000,
    told: [
      [391, 'silent nas', { reporting: ['pi'] }],
      [992, 'silent pi', { sinceAt: at(871), reporting: undefined }],
      [1501, 'recovered pi'],
    ],
  },
  {
    name: 'one already dead, link cut, two left: it is not told again, and goes on by itself',
    hosts: { ...home, nas: { ...atHome, reminderMs: 1_200_000 } },
    alive: { nas: away([300, 2400]), ...cut(900, 1500, 'pi', 'router') },
    untilS: 3000,
    told: [
      [391, 'silent nas', { reporting: ['pi', 'router'] }],
      [992, 'site-silent home: pi router', { sinceAt: at(872), of: 3 }],
      [1502, 'site-recovered home: pi router', { missing: [] }],
      [1591, 'still-silent nas'],
      [2400, 'recovered nas', { sinceAt: at(270) }],
    ],
  },
  {
    name: 'fast and slow hosts mixed: the slow one is not waited for, and joins without a message',
    hosts: { ...home, slow },
    phase: { slow: 3 },
    alive: cut(1000, 3000, 'nas', 'pi', 'router', 'slow'),
    untilS: 4000,
    // The slow one was heard at 603: late at 2104, due at 2404.
    told: [
      [1111, 'site-silent home: nas pi router', { of: 4, sinceAt: at(992) }],
      [3003, 'site-recovered home: nas pi router slow', { heardAt: at(3000), missing: [] }],
    ],
  },
  {
    name: 'a slow one that is not due while its site is silent is no part of it',
    hosts: { ...home, slow },
    phase: { slow: 3 },
    alive: cut(1000, 1500, 'nas', 'pi', 'router', 'slow'),
    untilS: 4000,
    told: [
      [1111, 'site-silent home: nas pi router'],
      [1502, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'a daily backup beside a 2-minute NAS: neither waits for the other',
    hosts: { nas: atHome, backup: job(86_400, 3600, 600), vps: halfMinute },
    alive: { nas: away([3000, 5000]) },
    script: { 10: (s) => s.signal('backup'), 3620: (s) => s.signal('backup') },
    untilS: 6000,
    told: [
      [3091, 'silent nas', { reporting: undefined }],
      [5010, 'recovered nas'],
    ],
  },
  {
    name: 'a job is missed while its NAS lives: told when its grace is over',
    hosts: { nas: atHome, backup: job(7200, 3600, 600), vps: halfMinute },
    script: { 10: (s) => s.signal('backup'), 5000: (s) => s.signal('backup') },
    untilS: 6000,
    // Due at 4200; the NAS is heard then, and once more.
    told: [
      [4230, 'silent backup', { sinceAt: at(10), missedAt: at(3600), timeoutMs: 600_000, reporting: ['nas'] }],
      [5000, 'recovered backup', { missed: 0 }],
    ],
  },
  {
    name: "a job's run falls inside the cut: it is not accused, and its next run is",
    hosts: { nas: atHome, pi: atHome, backup: job(7200, 3600, 600), vps: halfMinute },
    phase: { vps: 3 },
    alive: cut(3000, 5000, 'nas', 'pi'),
    script: { 10: (s) => s.signal('backup') },
    untilS: 12_000,
    // The span swallowed the occurrence of 3600; the next one is 10800, with 600 of grace. The NAS is heard then, and
    // once more.
    told: [
      [3091, 'site-silent home: nas pi', { of: 2 }],
      [5011, 'site-recovered home: nas pi'],
      [11_430, 'silent backup', { missedAt: at(3600) }],
    ],
  },
  {
    name: 'a host that joined seconds before is part of it',
    hosts: { ...home, fresh: atHome },
    phase: { fresh: 593 },
    alive: cut(600, 1500, 'nas', 'pi', 'router', 'fresh'),
    untilS: 2000,
    told: [
      [691, 'site-silent home: nas pi router fresh', { sinceAt: at(593), of: 4, spreadMs: 23_000 }],
      [1523, 'site-recovered home: nas pi router fresh'],
    ],
  },
  {
    name: 'a cut as long as some timeouts but not all: whoever is late fell too',
    hosts: {
      ...home,
      pi: { site: 'home', rhythm: { timeoutMs: 300_000, intervalMs: 30_000 } },
      router: { site: 'home', rhythm: { timeoutMs: 600_000, intervalMs: 30_000 } },
    },
    alive: cut(600, 760),
    untilS: 2000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [782, 'site-recovered home: nas pi router', { downMs: 208_000 }],
    ],
  },
  {
    name: 'a cut shorter than every timeout: nothing is told',
    hosts: home,
    alive: cut(600, 690),
    untilS: 2000,
    told: [],
  },
  {
    name: 'one stays away after: it goes on by itself, with reminders and an end of its own',
    hosts: { ...home, nas: { ...atHome, reminderMs: 600_000, note: 'hall cupboard' } },
    alive: { ...cut(600, 1500), nas: away([600, 2400]) },
    untilS: 3000,
    // The first is back at 1501; the NAS has one and a half of its intervals, and a second, to be heard.
    told: [
      [691, 'site-silent home: nas pi router'],
      [
        1547,
        'site-recovered home: pi router, not nas',
        { downMs: 929_000, note: 'hall cupboard', nextReminderAt: at(2147) },
      ],
      [2147, 'still-silent nas', { sinceAt: at(570), reporting: ['pi', 'router'] }],
      [2400, 'recovered nas', { sinceAt: at(570), downMs: 1_830_000 }],
    ],
  },
  {
    name: "a slow one's return seconds after a fast one's: both are back in one message",
    hosts: { nas: { site: 'home', rhythm: { timeoutMs: 250_000, intervalMs: 100_000 } }, pi: atHome, vps: halfMinute },
    phase: { nas: 50 },
    alive: cut(600, 860, 'nas', 'pi'),
    untilS: 2000,
    // The slow one was heard at 550, due at 801; the fast one is back at 871, the slow one at 950.
    told: [
      [801, 'site-silent home: nas pi', { sinceAt: at(571) }],
      [950, 'site-recovered home: nas pi', { heardAt: at(871) }],
    ],
  },
  {
    name: 'a return gives the held one time, once: it appears seconds later, and nothing is told',
    hosts: {
      nas: { site: 'home', rhythm: { timeoutMs: 60_000, intervalMs: 30_000 } },
      pi: { site: 'home', rhythm: { timeoutMs: 300_000, intervalMs: 60_000 } },
      vps: halfMinute,
    },
    sites: { home: { waitMs: 120_000 } },
    phase: { pi: 50 },
    alive: cut(600, 700, 'nas', 'pi'),
    untilS: 2000,
    // Heard at 570, due at 631; the other one is late at 741, so it is waited for, and back at 710.
    told: [],
  },
  {
    name: 'a return gives the held one time, once: it does not appear, and is told when that is over',
    hosts: {
      nas: { site: 'home', rhythm: { timeoutMs: 60_000, intervalMs: 30_000 } },
      pi: { site: 'home', rhythm: { timeoutMs: 300_000, intervalMs: 60_000 } },
      vps: halfMinute,
    },
    sites: { home: { waitMs: 120_000 } },
    phase: { pi: 50 },
    alive: { nas: (s) => s < 600, pi: away([600, 700]) },
    untilS: 2000,
    // 710, and a second, and one and a half of its intervals.
    told: [[756, 'silent nas', { sinceAt: at(570), reporting: ['pi'] }]],
  },
  {
    name: 'others are waited for, but not longer than siteWait says',
    hosts: {
      nas: { site: 'home', rhythm: { timeoutMs: 60_000, intervalMs: 30_000 } },
      pi: { site: 'home', rhythm: { timeoutMs: 300_000, intervalMs: 60_000 } },
      vps: halfMinute,
    },
    phase: { pi: 50 },
    alive: cut(600, 1500, 'nas', 'pi'),
    untilS: 2000,
    // By default the NAS's own timeout; pi is late at 741 only: so the NAS is told alone,
    // when somebody elsewhere is heard, and it is listed when pi is due. What was told has its end.
    told: [
      [632, 'silent nas', { reporting: undefined }],
      [891, 'site-silent home: nas pi', { sinceAt: at(590), of: 2 }],
      [1500, 'recovered nas', { sinceAt: at(570) }],
      [1550, 'site-recovered home: nas pi', { heardAt: at(1500) }],
    ],
  },
  {
    name: 'a link that flaps: a sign of life from one, once, is no return',
    hosts: home,
    alive: {
      nas: (s) => s < 600 || (s >= 1020 && s < 1025) || s >= 2000,
      pi: away([600, 2000]),
      router: away([600, 2000]),
    },
    untilS: 3000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [2012, 'site-recovered home: nas pi router', { sinceAt: at(572), heardAt: at(2010) }],
    ],
  },
  {
    name: 'a link that flaps: all were back for a moment, so that was an end, and there is another outage',
    hosts: home,
    alive: Object.fromEntries(['nas', 'pi', 'router'].map((name) => [name, away([600, 1000], [1025, 2000])])),
    untilS: 3000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1022, 'site-recovered home: nas pi router'],
      [1141, 'site-silent home: nas pi router', { sinceAt: at(1022) }],
      [2012, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'the server is down inside a cut',
    hosts: home,
    alive: cut(600, 2000),
    script: deaf(1000, 1300),
    untilS: 3000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1059, 'process-down server'],
      [1326, 'monitor-was-down', { heard: 1, of: 1 }],
      [2012, 'site-recovered home: nas pi router', { sinceAt: at(572), heardAt: at(2010) }],
    ],
  },
  {
    name: 'the server is down across the start of a cut: told after a whole timeout',
    hosts: home,
    alive: cut(600, 2000),
    script: deaf(500, 900),
    untilS: 3000,
    told: [
      [559, 'process-down server'],
      [1020, 'monitor-was-down', { heard: 1, of: 4, waitingFor: ['nas', 'pi', 'router'], waitingUntilAt: at(1021) }],
      // Due at 1021. The one elsewhere was away too, so its signal of 993 counts as a return; then it is heard again.
      [1053, 'site-silent home: nas pi router', { sinceAt: at(482) }],
      [2012, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'the server is down across the end of a cut',
    hosts: home,
    alive: cut(600, 2000),
    script: deaf(1800, 2200),
    untilS: 3000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1859, 'process-down server'],
      [2222, 'site-recovered home: nas pi router', { heardAt: at(2220) }],
      [2226, 'monitor-was-down'],
    ],
  },
  {
    name: 'two die together, the third lives: each is at fault',
    hosts: home,
    alive: cut(600, 1500, 'nas', 'pi'),
    untilS: 2000,
    told: [
      [691, 'silent nas', { reporting: ['router'] }],
      [692, 'silent pi', { reporting: ['router'] }],
      [1500, 'recovered nas'],
      [1501, 'recovered pi'],
    ],
  },
  {
    name: 'a slow laptop is heard in the middle, before the verdict: the link was there, so each is at fault',
    hosts: { ...home, laptop: slow },
    phase: { laptop: 550 },
    alive: cut(1100, 3000),
    untilS: 3500,
    // It reports every ten minutes, on time at 1150; the others should have been heard by 1126, 1127 and 1128.
    told: [
      [1201, 'silent nas', { reporting: ['laptop'] }],
      [1202, 'silent pi'],
      [1203, 'silent router'],
      [3000, 'recovered nas'],
      [3001, 'recovered pi'],
      [3002, 'recovered router'],
    ],
  },
  {
    name: 'a slow laptop is heard in the middle, after the verdict: the link is back, and those who miss go on alone',
    hosts: { ...home, laptop: slow },
    phase: { laptop: 3 },
    alive: cut(1000, 3000),
    untilS: 3500,
    // Heard at 1203, which the look at everyone finds at 1259; the others had until 1249.
    told: [
      [1111, 'site-silent home: nas pi router', { of: 4 }],
      [1259, 'site-recovered home: laptop, not nas pi router', { heardAt: at(1203), back: ['laptop'] }],
      [3000, 'recovered nas', { sinceAt: at(990) }],
      [3001, 'recovered pi'],
      [3002, 'recovered router'],
    ],
  },
  {
    name: 'a site of one is a host',
    hosts: { nas: atHome, vps: halfMinute },
    alive: cut(600, 1500, 'nas'),
    untilS: 2000,
    told: [
      [691, 'silent nas', { site: 'home', reporting: undefined }],
      [1500, 'recovered nas'],
    ],
  },
  {
    name: 'a box of one site: there is nobody else who could tell whether it is us',
    hosts: { nas: atHome, pi: atHome },
    alive: cut(600, 1500, 'nas', 'pi'),
    untilS: 2000,
    told: [
      [691, 'site-silent home: nas pi', { othersReport: undefined }],
      [1501, 'site-recovered home: nas pi'],
    ],
  },
  {
    name: 'the checker is down over a cut, and starts between the return of one and that of the others: nobody is accused',
    hosts: home,
    alive: { ...cut(600, 995), pi: away([600, 990]) },
    script: { 650: (s) => s.stopChecker(), 1000: (s) => s.startChecker() },
    untilS: 2000,
    // pi is back at 991: that gives the others one and a half of their intervals.
    told: [],
  },
  {
    name: 'a home that returns with a new address is the same home',
    hosts: {
      nas: { ...halfMinute, site: '203.0.113.7' },
      pi: { ...halfMinute, site: '203.0.113.7' },
      vps: halfMinute,
    },
    alive: cut(600, 1500, 'nas', 'pi'),
    script: {
      1500: (s: Simulation) => s.move('nas', '198.51.100.4'),
      1501: (s: Simulation) => s.move('pi', '198.51.100.4'),
    },
    untilS: 3000,
    told: [
      [691, 'site-silent 203.0.113.7: nas pi'],
      [1501, 'site-recovered 203.0.113.7: nas pi', { missing: [] }],
    ],
  },
  {
    name: 'a home whose address changes while it is held is the same home: it is not accused for the other address',
    hosts: {
      nas: { ...halfMinute, site: '203.0.113.7' },
      pi: { ...halfMinute, site: '203.0.113.7' },
      vps: halfMinute,
    },
    alive: cut(600, 680, 'nas', 'pi'),
    script: {
      690: (s: Simulation) => s.move('nas', '198.51.100.4'),
      691: (s: Simulation) => s.move('pi', '198.51.100.4'),
    },
    untilS: 3000,
    told: [],
  },
  {
    name: 'a laptop is asleep since yesterday when the NAS dies: it neither delays the verdict nor is listed',
    hosts: { nas: atHome, laptop: { ...atHome, sleeps: true }, vps: halfMinute },
    alive: { nas: away([4000, 5000]), laptop: (s) => s < 500 },
    untilS: 6000,
    told: [
      [4111, 'silent nas', { reporting: undefined }],
      [5010, 'recovered nas'],
    ],
  },
  {
    name: 'a laptop is asleep when the link is cut: it is not listed, nor missed when the others are back',
    hosts: { ...home, laptop: { ...atHome, sleeps: true } },
    alive: { ...cut(4000, 5000), laptop: (s) => s < 500 },
    untilS: 6000,
    told: [
      [4111, 'site-silent home: nas pi router', { of: 3 }],
      [5012, 'site-recovered home: nas pi router', { missing: [] }],
    ],
  },
  {
    name: 'a laptop that may sleep is awake while the others are silent: its signal proves that the link is there',
    hosts: { ...home, laptop: { ...atHome, sleeps: true } },
    alive: cut(600, 1500),
    untilS: 2000,
    told: [
      [691, 'silent nas', { reporting: undefined }],
      [692, 'silent pi'],
      [693, 'silent router'],
      [1500, 'recovered nas'],
      [1501, 'recovered pi'],
      [1502, 'recovered router'],
    ],
  },
  {
    name: 'a removed host of a silent site is not missed',
    hosts: home,
    alive: cut(600, 1500),
    script: { 1000: (s) => s.remove('nas') },
    untilS: 2000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1502, 'site-recovered home: pi router', { missing: [] }],
    ],
  },
  {
    name: 'all hosts of a silent site are removed: nothing is left to be told, and nothing is left open',
    hosts: home,
    alive: cut(600, 9999),
    script: {
      1000: (s: Simulation) => {
        for (const name of ['nas', 'pi', 'router']) s.remove(name)
      },
    },
    untilS: 5000,
    told: [[691, 'site-silent home: nas pi router']],
  },
  {
    name: 'a silent site is reminded of by its own span, and says whether others report',
    hosts: home,
    sites: { home: { title: "Maria's flat", reminderMs: 1_200_000 } },
    alive: cut(600, 3500),
    untilS: 4000,
    told: [
      [691, 'site-silent home: nas pi router', { siteName: "Maria's flat" }],
      [1891, 'still-silent home: nas pi router', { downMs: 1_319_000, siteName: "Maria's flat", othersReport: true }],
      [3091, 'still-silent home: nas pi router'],
      [3512, 'site-recovered home: nas pi router', { siteName: "Maria's flat" }],
    ],
  },
]
