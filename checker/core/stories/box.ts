/** Nothing reaches us: is it our own network? */
import type { Alert } from '../../../shared/alert.ts'
import { at, away, halfMinute, home, job, type Story } from './story.ts'

const four = { nas: halfMinute, pi: halfMinute, till: halfMinute, vps: halfMinute }
const cutAll = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, away([600, 1500])]))
const two = { ...home, till: { ...halfMinute, site: 'office' }, pc: { ...halfMinute, site: 'office' } }
const all = ['nas', 'pi', 'router', 'vps', 'till', 'pc']
/** Asked at 691, answered a second later. Its end is found by a look at everyone, every five seconds then. */
const nothing = (hosts: string, facts: Partial<Alert>) => [692, `nothing-reaches-me ${hosts}`, facts] as const

export const boxStories: readonly Story[] = [
  {
    name: 'everybody everywhere falls silent: it may be us, told once after a probe; and the end of it',
    hosts: four,
    alive: cutAll('nas', 'pi', 'till', 'vps'),
    untilS: 3000,
    told: [
      nothing('nas pi till vps', { sinceAt: at(573), reached: true, of: 4, nextReminderAt: at(692 + 6 * 3600) }),
      [1503, 'reachable-again', { sinceAt: at(573), heardAt: at(1503), downMs: 930_000 }],
    ],
  },
  {
    name: 'everybody falls silent, and we do not reach the world',
    hosts: four,
    reached: false,
    alive: cutAll('nas', 'pi', 'till', 'vps'),
    untilS: 3000,
    told: [nothing('nas pi till vps', { reached: false }), [1503, 'reachable-again']],
  },
  {
    name: 'it takes long: reminded of',
    hosts: four,
    alive: Object.fromEntries(Object.keys(four).map((name) => [name, away([600, 23_000])])),
    untilS: 24_000,
    told: [
      nothing('nas pi till vps', {}),
      [692 + 6 * 3600, 'still-silent', { hosts: [], sinceAt: at(573) }],
      [23_013, 'reachable-again'],
    ],
  },
  {
    name: 'nothing reaches us, and one stays dead after: told after a whole timeout',
    hosts: four,
    alive: { ...cutAll('nas', 'pi', 'till'), vps: (s) => s < 600 },
    untilS: 3000,
    told: [
      nothing('nas pi till vps', {}),
      [1503, 'reachable-again'],
      // Due at 1621; who came back with the network proves it one and a half intervals later.
      [1650, 'silent vps', { sinceAt: at(573) }],
    ],
  },
  {
    name: 'all sites fall: it may be us, and no site is told',
    hosts: two,
    alive: cutAll(...all),
    untilS: 3000,
    told: [nothing('nas pi router vps till pc', { of: 6, sinceAt: at(575) }), [1503, 'reachable-again']],
  },
  {
    name: 'nothing reaches us, and a site stays away after: that one is told then',
    hosts: two,
    alive: { ...cutAll(...all), till: (s) => s < 600, pc: (s) => s < 600 },
    untilS: 3000,
    told: [
      nothing('nas pi router vps till pc', {}),
      [1503, 'reachable-again'],
      [1650, 'site-silent office: till pc', { of: 2, othersReport: true }],
    ],
  },
  {
    name: "the box's own machine reports over loopback: it proves nothing",
    hosts: { ...four, box: { ...halfMinute, local: true } },
    alive: cutAll('nas', 'pi', 'till', 'vps'),
    untilS: 3000,
    told: [nothing('nas pi till vps', {}), [1503, 'reachable-again']],
  },
  {
    name: "the box's own machine falls silent: that needs no network, so it is at fault",
    hosts: { ...four, box: { ...halfMinute, local: true } },
    alive: { box: (s) => s < 600 },
    untilS: 1000,
    told: [[695, 'silent box', { sinceAt: at(574) }]],
  },
  {
    name: 'two of four die: the others report, so each is at fault',
    hosts: four,
    alive: cutAll('nas', 'pi'),
    untilS: 2000,
    told: [
      [691, 'silent nas'],
      [692, 'silent pi'],
      [1500, 'recovered nas'],
      [1501, 'recovered pi'],
    ],
  },
  {
    name: 'the run of a job falls into a time in which nothing reaches us: it is not accused, and its next run is',
    hosts: { ...home, backup: job(7200, 1000, 100) },
    alive: cutAll('nas', 'pi', 'router', 'vps'),
    script: { 10: (s) => s.signal('backup') },
    untilS: 9000,
    // The next run is due at 8200, with 100 of grace; the NAS is heard at 8310, and once more.
    told: [
      nothing('nas pi router vps', { of: 4 }),
      [1503, 'reachable-again'],
      [8340, 'silent backup', { sinceAt: at(10) }],
    ],
  },
  {
    name: 'nothing reaches us for less than any timeout: nothing is told',
    hosts: two,
    alive: Object.fromEntries(all.map((name) => [name, away([600, 680])])),
    untilS: 2000,
    told: [],
  },
]
