/** Quiet when told: silences, acknowledgements, pauses, maintenance. Nothing announced is left without its end. */
import { at, away, cut, halfMinute, home, type Story, three } from './story.ts'

const atHome = home.nas
/** In force from a second to another. */
const window = (from: number, to: number) => (now: number) => (now >= at(from) && now < at(to) ? at(to) : undefined)
const often = { ...halfMinute, reminderMs: 600_000 }

export const quietStories: readonly Story[] = [
  {
    name: 'a silence hides an outage that begins and ends in it',
    alive: { nas: away([600, 1200]) },
    script: { 500: (s) => s.hush('silence', 'host:nas', 3600) },
    untilS: 5000,
    told: [],
  },
  {
    name: 'a silence ends, and it is still wrong: told then',
    alive: { nas: away([600, 3000]) },
    script: { 500: (s) => s.hush('silence', 'host:nas', 1000) },
    untilS: 4000,
    told: [
      [1500, 'silent nas', { sinceAt: at(570), nextReminderAt: at(1500 + 6 * 3600) }],
      [3000, 'recovered nas', { downMs: 2_430_000 }],
    ],
  },
  {
    name: 'a silence begins after it was told: no reminders, but its end is told',
    hosts: { ...three, nas: often },
    alive: { nas: away([600, 3000]) },
    script: { 800: (s) => s.hush('silence', 'host:nas', 3600) },
    untilS: 5000,
    told: [
      [691, 'silent nas'],
      [3000, 'recovered nas'],
    ],
  },
  {
    name: 'a silence begins after it was told, and ends, and it is still wrong: told then, as a reminder',
    alive: { nas: away([600, 4000]) },
    script: { 800: (s) => s.hush('silence', 'host:nas', 1000) },
    untilS: 5000,
    told: [
      [691, 'silent nas'],
      [1800, 'still-silent nas', { sinceAt: at(570), downMs: 1_230_000 }],
      [4020, 'recovered nas'],
    ],
  },
  {
    name: 'a silence is taken back: what is wrong is told at once',
    alive: { nas: (s) => s < 600 },
    script: { 500: (s) => s.hush('silence', 'host:nas', 9999), 1000: (s) => s.resume('host:nas') },
    untilS: 2000,
    told: [[1000, 'silent nas']],
  },
  {
    name: 'a silence of another is none',
    alive: { nas: (s) => s < 600 },
    script: {
      500: (s) => {
        s.hush('silence', 'host:pi', 3600)
        s.hush('silence', 'site:nas', 3600)
      },
    },
    untilS: 1000,
    told: [[691, 'silent nas']],
  },
  {
    name: 'everything is silent by request: nobody is told, and what is still wrong is told when that ends',
    hosts: home,
    alive: { ...cut(600, 3000), vps: away([1000, 1500]) },
    script: { 500: (s) => s.hush('silence', 'all', 2000) },
    untilS: 4000,
    told: [
      [2500, 'site-silent home: nas pi router', { sinceAt: at(572) }],
      [3002, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'somebody took it: no reminders until it is over, and the next outage is nobody’s yet',
    hosts: { ...three, nas: often },
    alive: { nas: away([600, 3000], [3600, 9999]) },
    script: { 800: (s) => s.hush('ack', 'host:nas') },
    untilS: 4400,
    told: [
      [691, 'silent nas'],
      [3000, 'recovered nas'],
      [3691, 'silent nas'],
      [4291, 'still-silent nas'],
    ],
  },
  {
    name: 'somebody took it after a reminder',
    hosts: { ...three, nas: often },
    alive: { nas: away([600, 3000]) },
    script: { 1500: (s) => s.hush('ack', 'host:nas') },
    untilS: 3500,
    told: [
      [691, 'silent nas'],
      [1291, 'still-silent nas'],
      [3000, 'recovered nas'],
    ],
  },
  {
    name: 'a paused host is not told, nor its return; it is told what is wrong when it is resumed',
    alive: { nas: away([600, 1200], [1800, 9999]) },
    script: { 500: (s) => s.hush('pause', 'host:nas'), 3000: (s) => s.resume('host:nas') },
    untilS: 4000,
    told: [[3000, 'silent nas', { sinceAt: at(1770) }]],
  },
  {
    name: 'a paused host is not listed with its site, nor missed',
    hosts: home,
    alive: { ...cut(600, 1500), pi: (s) => s < 600 },
    script: { 500: (s) => s.hush('pause', 'host:pi') },
    untilS: 3000,
    told: [
      [691, 'site-silent home: nas router', { of: 2 }],
      [1502, 'site-recovered home: nas router', { missing: [] }],
    ],
  },
  {
    name: 'a paused host does not delay the verdict on another',
    hosts: { nas: atHome, pi: { ...atHome, rhythm: { timeoutMs: 1_800_000, intervalMs: 60_000 } }, vps: halfMinute },
    alive: { nas: (s) => s < 600, pi: (s) => s < 600 },
    script: { 500: (s) => s.hush('pause', 'host:pi') },
    untilS: 1000,
    told: [[691, 'silent nas', { reporting: undefined }]],
  },
  {
    name: 'a silenced site hides its own outage and those of its hosts, and of nobody else',
    hosts: home,
    alive: { ...cut(600, 1500), nas: away([600, 1500], [2000, 2500]), vps: away([2000, 2500]) },
    script: { 500: (s) => s.hush('silence', 'site:home', 3600) },
    untilS: 4000,
    told: [
      [2104, 'silent vps'],
      [2523, 'recovered vps'],
    ],
  },
  {
    name: 'a silence of a site ends, and it is still silent: told then',
    hosts: home,
    alive: cut(600, 3000),
    script: { 500: (s) => s.hush('silence', 'site:home', 1000) },
    untilS: 4000,
    told: [
      [1500, 'site-silent home: nas pi router', { sinceAt: at(572), of: 3 }],
      [3002, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'a silence of a site begins after it was told: its end is told',
    hosts: home,
    alive: cut(600, 3000),
    script: { 800: (s) => s.hush('silence', 'site:home', 9999) },
    untilS: 4000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [3002, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'a silence of a site begins after it was told, and one of it stays away: told when the silence ends',
    hosts: home,
    alive: { ...cut(600, 1500), nas: (s) => s < 600 },
    script: { 800: (s) => s.hush('silence', 'site:home', 2000) },
    untilS: 4000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [1547, 'site-recovered home: pi router', { missing: [] }],
      [2800, 'silent nas', { sinceAt: at(570) }],
    ],
  },
  {
    name: 'a silenced host is not listed when its site falls; still wrong after, it is told when its silence ends',
    hosts: home,
    alive: { ...cut(600, 1500), pi: (s) => s < 600 },
    script: { 500: (s) => s.hush('silence', 'host:pi', 2000) },
    untilS: 4000,
    told: [
      [691, 'site-silent home: nas router', { of: 2 }],
      [1546, 'site-recovered home: nas router', { missing: [] }],
      [2500, 'silent pi', { sinceAt: at(571) }],
    ],
  },
  {
    name: 'each host of a site is silenced, and it falls: told when the first of these silences ends',
    hosts: home,
    alive: cut(600, 4000),
    script: {
      500: (s) => {
        s.hush('silence', 'host:nas', 2000)
        s.hush('silence', 'host:pi', 3000)
        s.hush('silence', 'host:router', 3000)
      },
    },
    untilS: 4200,
    told: [
      [2500, 'site-silent home: nas', { of: 1, sinceAt: at(572) }],
      [4022, 'site-recovered home: nas pi router', { missing: [], hosts: ['nas'] }],
    ],
  },
  {
    name: 'somebody took the outage of a site: no reminders of it, and the next one is nobody’s yet',
    hosts: home,
    sites: { home: { reminderMs: 600_000 } },
    alive: Object.fromEntries(['nas', 'pi', 'router'].map((name) => [name, away([600, 3000], [3600, 9999])])),
    script: { 800: (s) => s.hush('ack', 'site:home') },
    untilS: 4400,
    told: [
      [691, 'site-silent home: nas pi router'],
      [3002, 'site-recovered home: nas pi router'],
      [3691, 'site-silent home: nas pi router'],
      [4291, 'still-silent home: nas pi router'],
    ],
  },
  {
    name: 'maintenance hides an outage within it',
    hosts: { ...three, nas: { ...halfMinute, maintenanceUntil: window(550, 1500) } },
    alive: { nas: away([600, 1200]) },
    untilS: 3000,
    told: [],
  },
  {
    name: 'maintenance ends, and it is still wrong: told then',
    hosts: { ...three, nas: { ...halfMinute, maintenanceUntil: window(550, 1500) } },
    alive: { nas: away([600, 2100]) },
    untilS: 3000,
    told: [
      [1500, 'silent nas', { sinceAt: at(570) }],
      [2100, 'recovered nas'],
    ],
  },
  {
    name: 'maintenance of a site hides the outage of the site',
    hosts: Object.fromEntries(
      Object.entries(home).map(([name, host]) => [
        name,
        name === 'vps' ? host : { ...host, maintenanceUntil: window(550, 2000) },
      ]),
    ),
    sites: { home: { maintenanceUntil: window(550, 2000) } },
    alive: cut(600, 3000),
    untilS: 4000,
    told: [
      [2000, 'site-silent home: nas pi router', { sinceAt: at(572) }],
      [3002, 'site-recovered home: nas pi router'],
    ],
  },
  {
    name: 'a silence of a first signal: it is not told',
    alive: { nas: (s) => s >= 600 },
    script: { 500: (s) => s.hush('silence', 'all', 300) },
    untilS: 1000,
    withFirsts: true,
    told: [
      [1, 'first-signal pi'],
      [2, 'first-signal router'],
    ],
  },
  {
    name: 'never heard, and silenced: told when that ends',
    hosts: { nsa: { ...halfMinute, configured: true }, vps: { ...halfMinute, configured: true } },
    alive: { nsa: () => false },
    script: { 500: (s) => s.hush('silence', 'host:nsa', 1000) },
    untilS: 3000,
    told: [[1500, 'never-heard nsa', { likely: [] }]],
  },
]
