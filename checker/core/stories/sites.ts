/** Who is at fault, the host or its site: what the others of it report decides. */
import { at, away, cut, halfMinute, home, type Story, tenMinutes } from './story.ts'

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
      [992, 'site-silent home: pi router', { sinceAt: at(872), of: 2 }],
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
]
