/** Who belongs to a site, and who does not: jobs, laptops, addresses, newcomers. */
import type { Simulation } from '../../../test/simulation.ts'
import { at, away, cut, halfMinute, home, job, type Story, tenMinutes } from './story.ts'

const atHome = home.nas
const slow = { ...tenMinutes, site: 'home' }

export const memberStories: readonly Story[] = [
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
    name: 'a host of a silent site that is only shown is not listed',
    hosts: { ...home, pi: { ...atHome, alerted: false } },
    alive: cut(600, 1500),
    untilS: 2000,
    told: [
      [691, 'site-silent home: nas router'],
      [1502, 'site-recovered home: nas router'],
    ],
  },
]
