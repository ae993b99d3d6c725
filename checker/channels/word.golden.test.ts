/**
 * Every kind of alert and every variant, as it is read: word/golden.{en,pt,ru}.txt, the same cases in the same order.
 * After a change of words `npx vitest run word.golden -u` writes them anew: read the difference.
 */
import { expect, test } from 'vitest'
import { ALERT_KINDS, type Alert, type AlertKind, type Cause, type SiteCause } from '../../shared/alert.ts'
import { createWording } from './word.ts'

const MIN = 60_000
const HOUR = 60 * MIN
const DAY = 24 * HOUR
const at = (time: string, day = 21) => Date.parse(`2026-11-${day}T${time}:00Z`)
const base = { id: 'host:nas:x:1', outage: 'host:nas:x:1', hosts: ['nas'], tags: [], monitor: 'box' }
const own = { ...base, hosts: [] }

const silent: Alert = {
  ...base,
  kind: 'silent',
  at: at('12:05'),
  sinceAt: at('12:03'),
  heardAt: at('12:03'),
  timeoutMs: 2 * MIN,
  intervalMs: 30_000,
}
const noted = { note: 'hall cupboard, green button', nextReminderAt: at('18:05') }
const stillSilent: Alert = {
  ...silent,
  ...noted,
  kind: 'still-silent',
  at: at('18:05'),
  downMs: 362 * MIN,
  nextReminderAt: at('00:05', 22),
}
const recovered: Alert = {
  ...base,
  kind: 'recovered',
  at: at('12:41'),
  sinceAt: at('12:03'),
  heardAt: at('12:41'),
  downMs: 38 * MIN,
  intervalMs: 30_000,
}
const rebooted: Cause = { kind: 'rebooted', at: at('12:39'), goodbye: false }
const siteSilent: Alert = {
  ...base,
  kind: 'site-silent',
  hosts: ['nas', 'pi', 'router'],
  site: 'home',
  at: at('12:05'),
  sinceAt: at('12:03'),
  of: 3,
  spreadMs: 20_000,
}
const siteRecovered: Alert = {
  ...siteSilent,
  kind: 'site-recovered',
  at: at('12:32'),
  downMs: 28 * MIN,
  back: ['nas', 'pi', 'router'],
  missing: [],
}
const ofSite = { id: 'site:home:x:2', site: 'home' }
const power: SiteCause = { kind: 'power', rebooted: ['pi', 'router'], stayedUp: [], rebootedAt: at('12:29') }
const exceptNas = { back: ['pi', 'router'], missing: ['nas'], outages: { nas: 'host:nas:x:2' } }
const firstSignal: Alert = { ...base, hosts: ['pi'], kind: 'first-signal', at: at('12:14') }
const told = { address: '203.0.113.7', site: 'home', intervalMs: 30_000, timeoutMs: 5 * MIN }
const error: Alert = { ...base, kind: 'error', at: at('12:01'), message: 'disk 98 % full' }
const unstable: Alert = { ...base, kind: 'unstable', at: at('12:03'), sinceAt: at('12:01'), changes: 6, withinMs: HOUR }
const stable: Alert = { ...base, kind: 'stable', at: at('15:03'), sinceAt: at('12:03') }
const never: Alert = { ...base, hosts: ['nsa'], kind: 'never-heard', at: at('11:50'), sinceAt: at('11:40') }
const two: Alert = { ...base, hosts: ['raspberrypi'], kind: 'two-machines', at: at('12:03') }
const processDown: Alert = { ...own, kind: 'process-down', process: 'server', at: at('12:41'), sinceAt: at('12:40') }
const processUp: Alert = { ...processDown, kind: 'process-up', at: at('12:43'), downMs: 3 * MIN }
const checkerDown: Alert = { ...own, kind: 'process-down', process: 'checker', at: at('12:41') }
const wasDown: Alert = {
  ...own,
  kind: 'monitor-was-down',
  at: at('14:33'),
  sinceAt: at('14:02'),
  downMs: 29 * MIN,
  why: 'not-running',
  heard: 6,
  of: 7,
  waitingFor: ['nas'],
  waitingUntilAt: at('14:36'),
}
const nothing: Alert = { ...own, kind: 'nothing-reaches-me', at: at('12:06'), sinceAt: at('12:03'), of: 7 }
const seven = ['ha', 'nas', 'pc', 'pi', 'printer', 'router', 'tv']

const CASES: Readonly<Record<string, Alert>> = {
  'silent: all that can be known': {
    ...silent,
    ...noted,
    site: 'home',
    reporting: ['pi', 'router'],
    lastWords: 'disk 91 % full',
    lastWordsAt: at('12:01'),
  },
  'silent: only what an older version froze': { ...base, kind: 'silent', at: at('12:05') },
  'silent: one neighbour, of a site with a name': {
    ...silent,
    site: '203.0.113.7',
    siteName: 'Grandma',
    reporting: ['pi'],
  },
  'silent: many neighbours': { ...silent, site: 'home', reporting: seven },
  'silent: neighbours of no site, last words without a time': { ...silent, reporting: ['pi'], lastWords: 'going hot' },
  'silent: after a goodbye': { ...silent, goodbyeAt: at('12:03') },
  'silent: away for longer than expected': {
    ...silent,
    sinceAt: at('12:03', 14),
    goodbyeAt: at('12:03', 14),
    expectedAbsenceMs: 7 * DAY,
  },
  'silent: a job that did not run since yesterday': {
    ...silent,
    sinceAt: at('03:04', 20),
    missedAt: at('03:00'),
    timeoutMs: HOUR,
    intervalMs: undefined,
  },
  'silent: a job whose time zone may be wrong': {
    ...silent,
    sinceAt: at('02:00'),
    missedAt: at('03:00'),
    timeoutMs: HOUR,
    intervalMs: undefined,
    usual: { at: at('02:00'), scheduledAt: at('03:00') },
  },
  'silent: a job that reports more seldom': {
    ...silent,
    missedAt: at('03:00'),
    timeoutMs: 60_000,
    intervalMs: undefined,
    usual: { everyMs: HOUR, scheduledEveryMs: 600_000 },
  },
  'still-silent': { ...stillSilent, site: 'home', reporting: ['pi', 'router'] },
  'still-silent: without more': { ...stillSilent, note: undefined, nextReminderAt: undefined },
  'still-silent: a site': {
    ...siteSilent,
    ...noted,
    kind: 'still-silent',
    at: at('18:05'),
    downMs: 362 * MIN,
    nextReminderAt: at('00:05', 22),
  },
  'still-silent: a site of which one is told, while others report': {
    ...siteSilent,
    ...ofSite,
    kind: 'still-silent',
    hosts: ['nas'],
    of: undefined,
    at: at('18:05'),
    downMs: 362 * MIN,
    othersReport: true,
  },
  'still-silent: nothing reaches the monitor': {
    ...nothing,
    kind: 'still-silent',
    of: undefined,
    at: at('18:05'),
    downMs: 362 * MIN,
    reached: true,
    nextReminderAt: at('00:05', 22),
  },
  'recovered: restarted, and no power cut': { ...recovered, cause: rebooted, stayedUp: ['pi', 'router'] },
  'recovered: restarted in good order, one neighbour stayed up': {
    ...recovered,
    cause: { ...rebooted, goodbye: true },
    stayedUp: ['pi'],
  },
  'recovered: it still reports an error': { ...recovered, cause: rebooted, status: 'error', message: 'disk full' },
  'recovered: its warning stands, without a word': { ...recovered, status: 'warning' },
  'recovered: its run has not ended': { ...recovered, status: 'failed', why: 'unfinished' },
  'recovered: its last run has failed': { ...recovered, status: 'failed', message: 'no space left' },
  'recovered: slept': { ...recovered, cause: { kind: 'slept' } },
  'recovered: network': { ...recovered, cause: { kind: 'network', unsent: 76 }, missed: 76 },
  'recovered: network, one signal': { ...recovered, cause: { kind: 'network', unsent: 1 } },
  'recovered: agent, and what was missed': { ...recovered, cause: { kind: 'agent' }, missed: 76 },
  'recovered: unknown, one signal is not worth a word': { ...recovered, cause: { kind: 'unknown' }, missed: 1 },
  'recovered: nothing is known': { ...recovered, missed: 0 },
  'recovered: a job that missed two runs': {
    ...recovered,
    sinceAt: at('03:00', 18),
    heardAt: at('03:02'),
    downMs: 3 * DAY + 2 * MIN,
    intervalMs: undefined,
    cause: { kind: 'unknown' },
    missed: 2,
  },
  'recovered: a job that missed one run': { ...recovered, intervalMs: undefined, missed: 1 },
  'site-silent: others report': { ...siteSilent, othersReport: true, nextReminderAt: at('18:05') },
  'site-silent: no other reports, one of it still does': { ...siteSilent, of: 4, othersReport: false },
  'site-silent: no other site is there, many hosts, a note': {
    ...siteSilent,
    ...noted,
    site: '203.0.113.7',
    siteName: 'Casa da praia',
    hosts: seven,
    of: 7,
    spreadMs: undefined,
  },
  'site-silent: only what must be there': { ...siteSilent, of: undefined, spreadMs: undefined },
  'site-recovered: power, one is missing': { ...siteRecovered, ...exceptNas, ...noted, siteCause: power },
  'site-recovered: power, all are back': {
    ...siteRecovered,
    siteCause: { ...power, rebooted: ['nas', 'pi', 'router'] },
  },
  'site-recovered: power, one restarted, the others do not say': {
    ...siteRecovered,
    siteCause: { ...power, rebooted: ['pi'] },
  },
  'site-recovered: network': {
    ...siteRecovered,
    siteCause: { kind: 'network', rebooted: [], stayedUp: ['nas', 'pi', 'router'] },
  },
  'site-recovered: network, one stayed up, one is missing': {
    ...siteRecovered,
    ...exceptNas,
    siteCause: { kind: 'network', rebooted: [], stayedUp: ['pi'] },
  },
  'site-recovered: mixed': {
    ...siteRecovered,
    ...exceptNas,
    siteCause: { ...power, kind: 'mixed', rebooted: ['pi'], stayedUp: ['router'] },
  },
  'site-recovered: mixed, many': {
    ...siteRecovered,
    siteCause: { kind: 'mixed', rebooted: ['nas', 'pi'], stayedUp: ['router', 'tv'] },
  },
  'site-recovered: causes without names': {
    ...siteRecovered,
    siteCause: { kind: 'mixed', rebooted: [], stayedUp: [] },
  },
  'site-recovered: power without names': { ...siteRecovered, siteCause: { kind: 'power', rebooted: [], stayedUp: [] } },
  'site-recovered: network without names': {
    ...siteRecovered,
    siteCause: { kind: 'network', rebooted: [], stayedUp: [] },
  },
  'site-recovered: nobody says why': siteRecovered,
  'site-recovered: two are missing, nobody says why': {
    ...siteRecovered,
    back: ['router'],
    missing: ['nas', 'pi'],
    nextReminderAt: at('18:05'),
  },
  'site-recovered: most are missing': { ...siteRecovered, back: ['router'], missing: seven.slice(0, 4), of: 5 },
  error: { ...error, failures: 3, ...noted },
  'error: without a word': { ...error, message: undefined, failures: 1 },
  warning: { ...error, kind: 'warning', message: 'disk 91 % full', sinceAt: at('12:00') },
  cleared: { ...error, kind: 'cleared', at: at('12:13'), sinceAt: at('12:01') },
  'cleared: without a word': { ...error, kind: 'cleared', at: at('12:13'), sinceAt: at('12:01'), message: undefined },
  failed: {
    ...error,
    kind: 'failed',
    message: undefined,
    exitStatus: 2,
    output: 'a\nb\nc\nd\ntar: cannot write\nno space left',
    ...noted,
  },
  'failed: a check says down, again': { ...error, kind: 'failed', message: 'timeout', failures: 2 },
  'failed: a run did not end': {
    ...error,
    kind: 'failed',
    message: undefined,
    why: 'unfinished',
    timeoutMs: 3_600_000,
  },
  'failed: it does not get on': { ...error, kind: 'failed', message: undefined, why: 'stuck', timeoutMs: 300_000 },
  'cleared: the run ended late': { ...error, kind: 'cleared', why: 'unfinished', message: undefined },
  'cleared: it gets on': { ...error, kind: 'cleared', why: 'stuck', message: undefined },
  heartbeat: {
    ...error,
    kind: 'heartbeat',
    type: 'website',
    url: 'https://shop.example.com',
    status: 'ok',
    version: '1.4.2',
    message: 'all well',
    details: ['users: 3', 'queue: empty'],
  },
  'heartbeat: without a word': { ...error, kind: 'heartbeat', message: undefined },
  'never-heard': { ...never, likely: ['nas'] },
  'never-heard: several may be it, and a note': { ...never, likely: ['nas', 'nasa'], note: 'the old one' },
  'never-heard: nobody else reports': { ...never, sinceAt: undefined, likely: [] },
  'two-machines': { ...two, addresses: ['203.0.113.7', '198.51.100.4'] },
  'two-machines: at one address': { ...two, addresses: ['203.0.113.7'] },
  'two-machines: somewhere': two,
  unstable,
  'unstable: it is not said how often': { ...unstable, sinceAt: undefined, changes: undefined, note: 'loose cable' },
  stable,
  'stable: silent': { ...stable, silentSinceAt: at('14:31'), nextReminderAt: at('18:05') },
  'unstable: a site': { ...unstable, ...ofSite, hosts: ['nas', 'pi'] },
  'stable: a site': { ...stable, ...ofSite, hosts: ['nas', 'pi'], sinceAt: undefined },
  'stable: a site of one is silent': { ...stable, ...ofSite, silentSinceAt: at('14:31') },
  'process-down: server': processDown,
  'process-down: bot': { ...processDown, process: 'bot' },
  'process-down: the rounds of the checker': { ...checkerDown, detail: 'x is not a function' },
  'process-down: the disk of the checker': { ...checkerDown, why: 'disk', detail: 'ENOSPC' },
  'process-up: server': processUp,
  'process-up: bot': { ...processUp, process: 'bot' },
  'process-up: the disk of the checker': { ...processUp, process: 'checker', why: 'disk' },
  'monitor-was-down': wasDown,
  'monitor-was-down: asleep, and waits for many': {
    ...wasDown,
    why: 'asleep',
    heard: 0,
    waitingFor: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  },
  'monitor-was-down: no host to wait for': { ...wasDown, why: 'cannot-write', heard: 0, of: 0, waitingFor: [] },
  'monitor-was-down: stuck': { ...wasDown, why: 'stuck', waitingFor: [], heard: 7 },
  'monitor-was-down: the clock': { ...wasDown, why: 'clock-set', heard: undefined },
  'nothing-reaches-me: the internet works': { ...nothing, reached: true, nextReminderAt: at('18:06') },
  'nothing-reaches-me: the box is offline': { ...nothing, reached: false, hosts: seven, of: undefined },
  'nothing-reaches-me: it could not be tried': { ...nothing, of: undefined },
  'reachable-again': { ...nothing, kind: 'reachable-again', at: at('12:32'), downMs: 29 * MIN },
  'reachable-again: who was heard since': {
    ...wasDown,
    kind: 'reachable-again',
    why: undefined,
  },
  'first-signal': { ...firstSignal, ...told },
  'first-signal: the timeout is too short': { ...firstSignal, ...told, timeoutMs: 40_000, shortTimeout: true },
  'first-signal: a site by address': { ...firstSignal, ...told, site: told.address, intervalMs: MIN },
  'first-signal: a plain client with a schedule': firstSignal,
  test: { ...own, kind: 'test', at: at('14:33') },
}

test.each(['en', 'pt', 'ru'] as const)('every kind and variant reads as it should in %s', async (language) => {
  const { word } = createWording(language, 'UTC')
  const written = Object.entries(CASES).map(([name, alert]) => {
    const { text, commands } = word(alert, alert.at)
    const buttons = commands.map(({ label, command }) => `[${label}] ${command}`)
    return [`=== ${name}`, text, ...buttons].join('\n')
  })
  await expect(`${written.join('\n\n')}\n`).toMatchFileSnapshot(`word/golden.${language}.txt`)
})

test('there is a golden text of every kind', () => {
  expect(new Set(Object.values(CASES).map(({ kind }) => kind))).toEqual(new Set<AlertKind>(ALERT_KINDS))
})
