/** The outage of a site, from its beginning to its end: returns, restarts, clocks, and who is removed meanwhile. */
import type { Simulation } from '../../../test/simulation.ts'
import { at, away, cut, deaf, halfMinute, home, type Story } from './story.ts'

const atHome = home.nas

export const outageStories: readonly Story[] = [
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
    name: 'the checker is down over a cut, and starts between the return of one and that of the others: nobody is accused',
    hosts: home,
    alive: { ...cut(600, 995), pi: away([600, 990]) },
    script: { 650: (s) => s.stopChecker(), 1000: (s) => s.startChecker() },
    untilS: 2000,
    // pi is back at 991: that gives the others one and a half of their intervals.
    told: [],
  },
  {
    name: 'one is told alone, then its site falls, then it stays away: it goes on under its own outage',
    hosts: {
      nas: { site: 'home', rhythm: { timeoutMs: 60_000, intervalMs: 30_000 } },
      pi: { site: 'home', rhythm: { timeoutMs: 300_000, intervalMs: 60_000 } },
      vps: halfMinute,
    },
    phase: { pi: 50 },
    alive: { nas: away([600, 2400]), pi: away([600, 1500]) },
    untilS: 3000,
    // pi is back at 1550, and once more at 1610, which shows that the link stays.
    told: [
      [632, 'silent nas'],
      [891, 'site-silent home: nas pi'],
      [1610, 'site-recovered home: pi, not nas', { heardAt: at(1550) }],
      [2400, 'recovered nas', { sinceAt: at(570) }],
    ],
  },
  {
    name: 'all say goodbye and go: that is told like any cut',
    hosts: home,
    alive: cut(601, 1500),
    script: {
      600: (s: Simulation) => {
        for (const name of ['nas', 'pi', 'router']) s.goodbye(name)
      },
    },
    untilS: 2000,
    told: [
      [721, 'site-silent home: nas pi router', { spreadMs: 0 }],
      [1502, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'the clock is set back while a site is silent: its end is told once, and in time',
    hosts: home,
    alive: cut(600, 1500),
    script: { 1000: (s: Simulation) => s.setClock(-3600) },
    untilS: 3000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1502, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'the clock is set forward while a site is silent: its end is told once, and in time',
    hosts: home,
    alive: cut(600, 1500),
    script: { 1000: (s: Simulation) => s.setClock(3600) },
    untilS: 3000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1502, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'the clock is set back while a site returns: its end is not put off by an hour',
    hosts: home,
    alive: { ...cut(600, 1500), nas: (s) => s < 600 },
    script: { 1520: (s: Simulation) => s.setClock(-3600) },
    untilS: 6000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1566, 'site-recovered home: pi router, not nas'],
    ],
  },
  {
    name: 'the checker is down over a whole cut: nothing is open, nothing is told',
    hosts: home,
    alive: cut(600, 1500),
    script: { 550: (s: Simulation) => s.stopChecker(), 1600: (s: Simulation) => s.startChecker() },
    untilS: 3000,
    told: [],
  },
  {
    name: 'one is removed while its site returns: it is not missed',
    hosts: home,
    alive: { ...cut(600, 1500), nas: (s) => s < 600 },
    script: { 1520: (s: Simulation) => s.remove('nas') },
    untilS: 3000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1520, 'site-recovered home: pi router', { missing: [] }],
    ],
  },
  {
    name: 'one is paused while its site is silent: it is not missed at the return, and told when it is resumed',
    hosts: home,
    alive: { ...cut(600, 1500), nas: (s) => s < 600 },
    script: { 1000: (s: Simulation) => s.hush('pause', 'host:nas'), 2000: (s: Simulation) => s.resume('host:nas') },
    untilS: 3000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1547, 'site-recovered home: pi router', { missing: [] }],
      [2000, 'silent nas', { sinceAt: at(570) }],
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
