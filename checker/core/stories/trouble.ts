/** What a host says of itself, thresholds, and who goes and comes too often. */
import type { Simulation } from '../../../test/simulation.ts'
import { at, away, halfMinute, home, type Script, type Story, three } from './story.ts'

type Status = 'ok' | 'warning' | 'error'
/** The NAS reports only what is said here, in place of its plain signals. */
const says = (...said: readonly (readonly [second: number, status: Status | 'plain', message?: string])[]): Script =>
  Object.fromEntries(
    said.map(([second, status, message]): [number, (s: Simulation) => void] => [
      second,
      (s) => {
        if (status === 'plain') s.signal('nas')
        else s.status('nas', status, message)
      },
    ]),
  )
const quietBetween = (from: number, to: number) => ({ nas: away([from, to]) })
const spans = (...edges: readonly number[]) =>
  away(...Array.from({ length: edges.length / 2 }, (_, i) => [edges[2 * i]!, edges[2 * i + 1]!] as const))
const jumpy = { changes: 3, withinMs: 1_800_000 }

export const troubleStories: readonly Story[] = [
  {
    name: 'an error is told once, however often it is said, and its end',
    hosts: { ...three, nas: { ...halfMinute, note: 'hall cupboard' } },
    alive: quietBetween(600, 750),
    script: says([600, 'error', 'disk full'], [630, 'error', 'disk full'], [660, 'error', 'fan'], [690, 'ok']),
    untilS: 1000,
    told: [
      [600, 'error nas', { message: 'disk full', failures: 1, sinceAt: at(600), note: 'hall cupboard' }],
      [690, 'cleared nas', { message: 'fan', sinceAt: at(600), downMs: 90_000 }],
    ],
  },
  {
    name: 'a warning that becomes an error is told again; an error that becomes a warning is not',
    alive: quietBetween(600, 800),
    script: says([600, 'warning', '80 %'], [630, 'error', '99 %'], [660, 'warning', '80 %'], [690, 'ok']),
    untilS: 1000,
    told: [
      [600, 'warning nas', { message: '80 %' }],
      [630, 'error nas', { message: '99 %', failures: 2, sinceAt: at(600) }],
      [690, 'cleared nas'],
    ],
  },
  {
    name: 'what goes back and forth between a warning and an error is told as both once',
    alive: quietBetween(600, 900),
    script: says(
      [600, 'warning', '80 %'],
      [630, 'error', '99 %'],
      [660, 'warning', '80 %'],
      [690, 'error', '99 %'],
      [720, 'warning', '80 %'],
      [750, 'error', '99 %'],
      [780, 'ok'],
    ),
    untilS: 1000,
    told: [
      [600, 'warning nas'],
      [630, 'error nas'],
      [780, 'cleared nas', { sinceAt: at(600) }],
    ],
  },
  {
    name: 'what gets worse while it is silenced is told when that ends',
    alive: quietBetween(600, 2000),
    script: {
      ...says([600, 'warning', '80 %'], [700, 'error', 'full'], [760, 'error', 'full'], [790, 'error', 'full']),
      ...{ 650: (s) => s.hush('silence', 'host:nas', 100) },
    },
    untilS: 791,
    told: [
      [600, 'warning nas'],
      [750, 'error nas', { message: 'full', sinceAt: at(600) }],
    ],
  },
  {
    name: 'who comes back and still says that something is wrong is not well',
    alive: quietBetween(600, 2000),
    script: says([600, 'error', 'db gone'], [1000, 'error', 'db still gone']),
    untilS: 1001,
    told: [
      [600, 'error nas'],
      [721, 'silent nas'],
      [1000, 'recovered nas', { status: 'error', message: 'db still gone' }],
    ],
  },
  {
    name: 'failuresBefore: told after so many errors in a row, and not before',
    hosts: { ...three, nas: { ...halfMinute, failuresBefore: 3 } },
    alive: quietBetween(600, 900),
    script: says(
      [600, 'error'],
      [630, 'error'],
      [660, 'ok'],
      [690, 'error', 'a'],
      [720, 'error', 'b'],
      [750, 'error', 'c'],
      [780, 'ok'],
    ),
    untilS: 1500,
    told: [
      [750, 'error nas', { failures: 3, message: 'c', sinceAt: at(690) }],
      [780, 'cleared nas', { downMs: 90_000 }],
    ],
  },
  {
    name: 'recoverAfter: cleared after so many good signals in a row, and an error between begins them anew',
    hosts: { ...three, nas: { ...halfMinute, recoverAfter: 3 } },
    alive: quietBetween(600, 900),
    script: says(
      [600, 'error', 'a'],
      [630, 'ok'],
      [660, 'plain'],
      [690, 'error', 'b'],
      [720, 'ok'],
      [750, 'plain'],
      [780, 'plain'],
    ),
    untilS: 1500,
    told: [
      [600, 'error nas'],
      [780, 'cleared nas', { sinceAt: at(600) }],
    ],
  },
  {
    name: 'recoverAfter: silence lasts until so many signals came in a row, and ends with the first of them',
    hosts: { ...three, nas: { ...halfMinute, recoverAfter: 3 } },
    alive: { nas: away([600, 1200]) },
    untilS: 1500,
    told: [
      [691, 'silent nas'],
      [1260, 'recovered nas', { heardAt: at(1200), downMs: 630_000 }],
    ],
  },
  {
    name: 'recoverAfter: one signal and gone again was no return',
    hosts: { ...three, nas: { ...halfMinute, recoverAfter: 2, reminderMs: 1_200_000 } },
    alive: { nas: spans(600, 1200, 1201, 2100) },
    untilS: 3000,
    told: [
      [691, 'silent nas'],
      [1891, 'still-silent nas', { sinceAt: at(570), downMs: 1_321_000 }],
      [2130, 'recovered nas', { sinceAt: at(570), heardAt: at(2100) }],
    ],
  },
  {
    name: 'failuresBefore does not count silence, which has its timeout',
    hosts: { ...three, nas: { ...halfMinute, failuresBefore: 5 } },
    alive: { nas: (s) => s < 600 },
    untilS: 1000,
    told: [[691, 'silent nas']],
  },
  {
    name: 'an error in a silence is told when that ends, if it still lasts',
    alive: quietBetween(600, 1600),
    script: {
      ...says([610, 'error', 'a'], [640, 'ok'], [670, 'error', 'b']),
      500: (s) => s.hush('silence', 'host:nas', 260),
    },
    untilS: 780,
    told: [[760, 'error nas', { message: 'b', sinceAt: at(670) }]],
  },
  {
    name: 'an error was told before a silence began: its end is told in it',
    alive: quietBetween(600, 700),
    script: { ...says([600, 'error', 'a'], [690, 'ok']), 650: (s) => s.hush('silence', 'host:nas', 3600) },
    untilS: 1000,
    told: [
      [600, 'error nas'],
      [690, 'cleared nas'],
    ],
  },
  {
    name: 'it speaks of an error and falls silent: both are told, and both have their end',
    alive: quietBetween(600, 1200),
    script: says([600, 'error', 'disk full'], [1200, 'ok']),
    untilS: 1500,
    told: [
      [600, 'error nas'],
      [721, 'silent nas'],
      [1200, 'cleared nas'],
      [1200, 'recovered nas'],
    ],
  },
  {
    name: 'who goes and comes too often is told unstable once, then nothing until it keeps still',
    hosts: { ...three, nas: { ...halfMinute, damping: jumpy } },
    // Each time for 160 s, told after 121.
    alive: { nas: spans(600, 750, 900, 1050, 1200, 1350, 1500, 1650) },
    untilS: 5000,
    told: [
      [691, 'silent nas'],
      [750, 'recovered nas'],
      [991, 'unstable nas', { changes: 3, withinMs: 1_800_000, sinceAt: at(870) }],
      // The last change: back at 1650.
      [3450, 'stable nas', { silentSinceAt: undefined }],
    ],
  },
  {
    name: 'who went and came too often ends silent: that is told with the calm, and has its end',
    hosts: { ...three, nas: { ...halfMinute, damping: jumpy, reminderMs: 1_000_000 } },
    alive: { nas: spans(600, 750, 900, 1050, 1200, 6000) },
    untilS: 7000,
    told: [
      [691, 'silent nas'],
      [750, 'recovered nas'],
      [991, 'unstable nas'],
      // The last change: silent at 1291.
      [3091, 'stable nas', { silentSinceAt: at(1170), nextReminderAt: at(4091) }],
      [4091, 'still-silent nas'],
      [5091, 'still-silent nas'],
      [6000, 'recovered nas', { sinceAt: at(1170) }],
    ],
  },
  {
    name: 'who is told unstable as it falls silent, and stays so: the calm is told in its time, not with a reminder',
    hosts: { ...three, nas: { ...halfMinute, damping: jumpy } },
    alive: { nas: spans(600, 750, 900, 6000) },
    untilS: 7000,
    told: [
      [691, 'silent nas'],
      [750, 'recovered nas'],
      [991, 'unstable nas'],
      [2791, 'stable nas', { silentSinceAt: at(870) }],
      [6000, 'recovered nas', { sinceAt: at(870) }],
    ],
  },
  {
    name: 'a site that goes and comes too often is told unstable once, then nothing until it keeps still',
    hosts: home,
    sites: { home: { damping: jumpy } },
    alive: Object.fromEntries(['nas', 'pi', 'router'].map((name) => [name, spans(600, 750, 900, 1050, 1200, 1350)])),
    untilS: 5000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [752, 'site-recovered home: nas pi router'],
      [991, 'unstable home: nas pi router', { changes: 3, sinceAt: at(872) }],
      // The last change: back at 1352.
      [3152, 'stable home: nas pi router', { silentSinceAt: undefined }],
    ],
  },
  {
    name: 'a site that went and came too often ends silent: that is told with the calm, and has its end',
    hosts: home,
    sites: { home: { damping: jumpy } },
    alive: Object.fromEntries(['nas', 'pi', 'router'].map((name) => [name, spans(600, 750, 900, 1050, 1200, 6000)])),
    untilS: 7000,
    told: [
      [691, 'site-silent home: nas pi router'],
      [752, 'site-recovered home: nas pi router'],
      [991, 'unstable home: nas pi router'],
      [3091, 'stable home: nas pi router', { silentSinceAt: at(1172) }],
      [6002, 'site-recovered home: nas pi router', { sinceAt: at(1172) }],
    ],
  },
]
