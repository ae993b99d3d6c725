/** Which hosts there are and what is in force for them, from a real folder and a real configuration. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../shared/config/load.ts'
import { replaceFile } from '../shared/files.ts'
import { type DataPaths, dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { type Registration, readRegistration, register, removeHost, reregister } from '../shared/registry.ts'
import { reportFile } from '../shared/report.ts'
import { tokenFile } from '../shared/tokens.ts'
import { createHosts } from './hosts.ts'
import { resolveSite } from './resolve.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
let root: string
let paths: DataPaths
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hosts-'))
  paths = dataPaths(join(root, 'data'))
  prepareDataFolder(paths)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const logged: string[] = []
beforeEach(() => {
  logged.length = 0
})

/** @param before when the checker came to know them, in an earlier life */
function begin(yaml: string, now = NOW, before: ReadonlyMap<string, number> = new Map()) {
  const file = join(root, 'monitora.yml')
  writeFileSync(file, yaml)
  const config = loadConfig({ file, process: 'checker', env: {} })
  prepareDataFolder(config.paths)
  const hosts = createHosts(
    config,
    () => now,
    (name) => (before.has(name) ? { name, registeredAt: before.get(name)! } : undefined),
    { warn: (text: string) => void logged.push(text) },
  )
  hosts.registerConfigured()
  return { hosts, paths: config.paths, site: (name: string) => resolveSite(config, name) }
}

const S = 'server: { user: u, password: p }\ntimezone: Europe/Lisbon\n'
/** As the server does it. */
const report = (name: string, said: object) => replaceFile(reportFile(paths, name), JSON.stringify(said))
const hear = (name: string, folder = paths) => writeFileSync(join(folder.hosts, `${name}.host`), '1763700000\n')

test.each([
  ['the default', '', {}, 300_000],
  ['the default, when it reports often', '', { intervalMs: 30_000 }, 300_000],
  ['three of its intervals, when it reports seldom', '', { intervalMs: 600_000 }, 1_800_000],
  ['its own, though it reports seldom', 'hosts: { nas: { timeout: 2m } }', { intervalMs: 600_000 }, 120_000],
  ['another default', 'defaults: { timeout: 10m }', { intervalMs: 30_000 }, 600_000],
])('a host is silent after %s', (_, yaml, said, timeoutMs) => {
  register(paths, { name: 'nas', registeredAt: NOW, origin: 'signal' })
  report('nas', said)
  const { hosts } = begin(S + yaml)
  hosts.sync()
  expect(hosts.all.get('nas')?.rhythm.timeoutMs).toBe(timeoutMs)
})

test('the configuration wins, key by key, over what a host says of itself', () => {
  const { hosts } = begin(`${S}hosts:
  nas: { site: home, note: green button, tags: [family], reminder: 1h }
  pi: {}
`)
  report('nas', { site: 'attic', address: '203.0.113.7', intervalMs: 30_000 })
  report('pi', { site: 'attic' })
  hosts.sync()
  expect(hosts.all.get('nas')).toEqual({
    name: 'nas',
    registeredAt: NOW,
    rhythm: { timeoutMs: 300_000, intervalMs: 30_000 },
    reminderMs: 3_600_000,
    alerted: true,
    configured: true,
    site: 'home',
    tags: ['family'],
    note: 'green button',
    address: '203.0.113.7',
    local: false,
    sleeps: false,
    runGraceMs: 3_600_000,
    failuresBefore: 1,
    recoverAfter: 1,
    damping: { changes: 6, withinMs: 3_600_000 },
    maintenanceUntil: expect.any(Function),
    shortTimeout: false,
  })
  expect(hosts.all.get('pi')).toMatchObject({ site: 'attic', reminderMs: 21_600_000, tags: [] })
})

test('what a host says of itself later is found when it is looked at again', () => {
  const { hosts } = begin(`${S}hosts: { nas: }\n`)
  hosts.sync()
  report('nas', { intervalMs: 3_600_000 })
  expect(hosts.all.get('nas')?.rhythm.timeoutMs).toBe(300_000)
  hosts.refresh('nas')
  expect(hosts.all.get('nas')?.rhythm.timeoutMs).toBe(10_800_000)
  hosts.refresh('nobody')
  expect(hosts.all.has('nobody')).toBe(false)
})

test.each([
  ['as the configuration says', { site: 'home' }, { site: 'attic', address: '203.0.113.7' }, 'home'],
  ['as it says itself', {}, { site: 'attic', address: '203.0.113.7' }, 'attic'],
  ['by its public address', {}, { address: '203.0.113.7' }, '203.0.113.7'],
  ['by the network of its IPv6 address', {}, { address: '2001:db8:0:1:5::9' }, '2001:db8:0:1::/64'],
  ['none, at a private address', {}, { address: '192.168.1.5' }, undefined],
  ['none, on this machine', {}, { address: '127.0.0.1' }, undefined],
  ['none, when nothing is known', {}, {}, undefined],
])('its site is %s', (_, settings, said, site) => {
  const { hosts } = begin(`${S}hosts: { nas: ${JSON.stringify(settings)} }\n`)
  report('nas', said)
  hosts.sync()
  expect(hosts.all.get('nas')?.site).toBe(site)
})

test('siteByAddress: false makes no site of an address', () => {
  const { hosts } = begin(`${S}siteByAddress: false\nhosts: { nas: , pi: { site: home } }\n`)
  for (const name of ['nas', 'pi']) report(name, { address: '203.0.113.7' })
  hosts.sync()
  expect(hosts.all.get('nas')?.site).toBeUndefined()
  expect(hosts.all.get('pi')?.site).toBe('home')
})

test.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['203.0.113.7', false],
  ['192.168.1.5', false],
])('from %s it is this machine itself: %s', (address, local) => {
  const { hosts } = begin(`${S}hosts: { nas: }\n`)
  report('nas', { address })
  hosts.sync()
  expect(hosts.all.get('nas')?.local).toBe(local)
})

test('what a host does not say for itself its site says, and then the defaults', () => {
  const { hosts, site } = begin(`${S}defaults: { reminder: 3h, failuresBefore: 2, recoverAfter: 3 }
sites: { home: { name: "Maria's flat", reminder: 2h, siteWait: 90s, unstable: { changes: 2, within: 5m } } }
hosts:
  own: { site: home, reminder: 1h, unstable: { changes: 9, within: 9m }, failuresBefore: 1, recoverAfter: 1 }
  ours: { site: home }
  alone: { sleeps: true, expectedAbsence: 7d }
`)
  hosts.sync()
  const { own, ours, alone } = Object.fromEntries(hosts.all)
  expect(own).toMatchObject({
    siteName: "Maria's flat",
    reminderMs: 3_600_000,
    damping: { changes: 9, withinMs: 540_000 },
    failuresBefore: 1,
    recoverAfter: 1,
  })
  expect(ours).toMatchObject({
    siteName: "Maria's flat",
    reminderMs: 7_200_000,
    damping: { changes: 2, withinMs: 300_000 },
    failuresBefore: 2,
    recoverAfter: 3,
  })
  expect(alone).toMatchObject({
    siteName: undefined,
    reminderMs: 10_800_000,
    damping: { changes: 6, withinMs: 3_600_000 },
    sleeps: true,
    expectedAbsenceMs: 604_800_000,
  })
  expect(site('home')).toMatchObject({
    name: 'home',
    title: "Maria's flat",
    waitMs: 90_000,
    reminderMs: 7_200_000,
    damping: { changes: 2, withinMs: 300_000 },
  })
  const unknown = { name: '203.0.113.7', title: undefined, waitMs: undefined, reminderMs: 10_800_000 }
  expect(site('203.0.113.7')).toMatchObject(unknown)
})

test('windows of maintenance are its own, those of its site and those of all', () => {
  const { hosts, site } = begin(`${S.replace('Europe/Lisbon', 'UTC')}
defaults: { maintenance: [{ schedule: "0 1 * * *", for: 1h }] }
sites: { home: { maintenance: [{ schedule: "0 3 * * *", for: 1h }] } }
hosts: { nas: { site: home, maintenance: [{ schedule: "0 5 * * *", for: 1h }] }, pi: { site: home }, vps: }
`)
  hosts.sync()
  const at = (hour: number) => Date.parse(`2026-11-21T0${hour}:30:00Z`)
  const hours = (until: (now: number) => number | undefined) =>
    [1, 3, 5, 7].filter((hour) => until(at(hour)) === at(hour) + 1_800_000)
  expect(hours(hosts.all.get('nas')!.maintenanceUntil)).toEqual([1, 3, 5])
  expect(hours(hosts.all.get('pi')!.maintenanceUntil)).toEqual([1, 3])
  expect(hours(hosts.all.get('vps')!.maintenanceUntil)).toEqual([1])
  expect(hours(site('home').maintenanceUntil)).toEqual([1, 3])
  expect(hours(site('other').maintenanceUntil)).toEqual([1])
})

test.each([
  ['59s', 30_000, true],
  ['60s', 30_000, false],
  ['2m', 30_000, false],
  ['2m', undefined, false],
])('a timeout of %s where it reports every %s ms is too short: %s', (timeout, intervalMs, short) => {
  const { hosts } = begin(`${S}hosts: { nas: { timeout: ${timeout} } }\n`)
  report('nas', { intervalMs })
  hosts.sync()
  expect(hosts.all.get('nas')?.shortTimeout).toBe(short)
})

test('a default timeout is never too short: it grows with the interval', () => {
  const { hosts } = begin(`${S}defaults: { timeout: 10s }\nhosts: { nas: }\n`)
  report('nas', { intervalMs: 30_000 })
  hosts.sync()
  expect(hosts.all.get('nas')).toMatchObject({ shortTimeout: false, rhythm: { timeoutMs: 90_000 } })
})

test.each([
  [
    'what it still says is as young as its last signal',
    { message: 'hot' },
    { text: 'hot', at: Number.POSITIVE_INFINITY },
  ],
  [
    'what it said before it said something else is that',
    { message: 'fine', lastWords: 'hot', lastWordsAt: '2026-11-21T11:59:00.000Z' },
    { text: 'fine', at: Number.POSITIVE_INFINITY },
  ],
  [
    'what it said last, when it says nothing any more',
    { lastWords: 'hot', lastWordsAt: '2026-11-21T11:59:00.000Z' },
    { text: 'hot', at: Date.parse('2026-11-21T11:59:00Z') },
  ],
  ['words of nobody knows when are none', { lastWords: 'hot', lastWordsAt: 'soon' }, undefined],
  ['nothing', {}, undefined],
])('last words: %s', (_, said, lastWords) => {
  const { hosts } = begin(`${S}hosts: { nas: }\n`)
  report('nas', said)
  hosts.sync()
  expect(hosts.all.get('nas')?.lastWords).toEqual(lastWords)
})

test('what is registered of a host is read again when it was changed, and only then', () => {
  const { hosts } = begin(S)
  const nas: Registration = { name: 'nas', registeredAt: NOW, origin: 'added', settings: { timeout: '10m' } }
  register(paths, nas)
  hosts.hearOf('nas')
  expect(hosts.all.get('nas')?.rhythm.timeoutMs).toBe(600_000)
  expect(hosts.refreshIfChanged('nas')).toBe(false)
  reregister(paths, { ...nas, settings: { timeout: '1m' } })
  expect(hosts.refreshIfChanged('nas')).toBe(true)
  expect(hosts.all.get('nas')?.rhythm.timeoutMs).toBe(60_000)
  reregister(paths, { ...nas, settings: { timeout: '2m' } })
  hosts.hearOf('nas')
  expect(hosts.all.get('nas')?.rhythm.timeoutMs).toBe(120_000)
  expect(hosts.sync()).toEqual([])
  removeHost(paths, 'nas')
  hosts.hearOf('nas')
  hosts.hearOf('nobody')
  expect(hosts.all.size).toBe(0)
})

test('a link that leads to itself, where a file belongs, stops nothing', () => {
  const { hosts } = begin(`${S}hosts: { nas: }\n`)
  symlinkSync(reportFile(paths, 'nas'), reportFile(paths, 'nas'))
  symlinkSync(join(paths.registry, 'loop.json'), join(paths.registry, 'loop.json'))
  expect(hosts.sync()).toEqual(['nas'])
  hosts.hearOf('loop')
  expect(hosts.refreshIfChanged('nas')).toBe(false)
})

test('a start over very many finds what a start that reads each file finds', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `h${index}`)
  for (const [index, name] of names.entries()) {
    const settings = index % 3 === 0 ? { settings: { timeout: `${index + 60}s` } } : {}
    const registration = { name, registeredAt: new Date(NOW + index).toISOString(), origin: 'signal', ...settings }
    writeFileSync(join(paths.registry, `${name}.json`), JSON.stringify(registration))
    if (index % 2 === 0) report(name, { site: `site ${index % 7}`, message: `"é" ${index}`, intervalMs: index + 1 })
  }
  const found = () => {
    const { hosts } = begin(S, Date.now() + 10_000)
    hosts.load()
    return new Map([...hosts.all].map(([name, host]) => [name, { ...host, maintenanceUntil: undefined }]))
  }
  const first = found()
  expect(first.size).toBe(1000)
  expect(found()).toEqual(first)
  const gathered = join(paths.state, 'registry.contents')
  expect(existsSync(gathered)).toBe(true)
  reregister(paths, { name: 'h5', registeredAt: NOW, origin: 'added', settings: { timeout: '7m' } })
  report('h6', { site: 'attic' })
  const changed = found()
  rmSync(gathered)
  expect(found()).toEqual(changed)
  expect(changed.get('h5')?.rhythm.timeoutMs).toBe(420_000)
  expect(changed.get('h6')?.site).toBe('attic')
})

test('it is looked at again only when what it says of itself changed', () => {
  const { hosts } = begin(`${S}hosts: { nas: }\n`)
  report('nas', { site: 'home' })
  hosts.sync()
  const before = hosts.all.get('nas')
  hosts.refreshIfChanged('nas')
  expect(hosts.all.get('nas')).toBe(before)
  report('nas', { site: 'attic' })
  hosts.refreshIfChanged('nas')
  expect(hosts.all.get('nas')?.site).toBe('attic')
})

test.each([
  ['in the time zone of the monitor', '', '2026-11-21T12:00:00Z', '2026-11-22T03:00:00Z', 3_600_000],
  [
    'in its own, with its own grace',
    ', timezone: Asia/Tokyo, grace: 10m',
    '2026-11-21T12:00:00Z',
    '2026-11-21T18:00:00Z',
    600_000,
  ],
  ['when summer begins', '', '2026-03-28T12:00:00Z', '2026-03-29T02:00:00Z', 3_600_000],
])('a job is due by its schedule, %s', (_, more, after, next, graceMs) => {
  const { hosts } = begin(`${S}hosts: { backup: { schedule: "0 3 * * *"${more} } }\n`)
  hosts.sync()
  const { schedule } = hosts.all.get('backup')!.rhythm
  expect(schedule?.next(Date.parse(after))).toBe(Date.parse(next))
  expect(schedule?.graceMs).toBe(graceMs)
})

test('hosts of the configuration exist from now on, and keep the moment at which they began', () => {
  register(paths, { name: 'nas', registeredAt: 5000, origin: 'signal' })
  const { hosts } = begin(`${S}hosts: { nas: , __proto__: { timeout: 1m } }\n`)
  expect(hosts.sync().sort()).toEqual(['__proto__', 'nas'])
  expect(hosts.all.get('nas')?.registeredAt).toBe(5000)
  expect(hosts.all.get('__proto__')).toMatchObject({ registeredAt: NOW, rhythm: { timeoutMs: 60_000 } })
  expect(hosts.sync()).toEqual([])
})

test('a .host file that nobody registered is adopted at the second look, so that one being removed is not', () => {
  const { hosts } = begin(S)
  for (const name of ['other', 'leaving', '.hidden', 'a b']) hear(name)
  hosts.adopt({ atOnce: false })
  expect(hosts.sync()).toEqual([])
  removeHost(paths, 'leaving')
  hosts.adopt({ atOnce: false })
  expect(hosts.sync()).toEqual(['other'])
  expect(readRegistration(paths, 'other')).toEqual({ name: 'other', registeredAt: NOW, origin: 'adopted' })
})

test('folders to which nothing came are not listed again; what comes or goes is found, and who was unregistered by hand', async () => {
  // Long after all that happens here: what is changed shows.
  const { hosts } = begin(S, Date.now() + 60_000)
  const turn = async () => {
    // Longer than a tick of the disk's clock.
    await pause(20)
    const changed = hosts.sync()
    return hosts.adopt({ atOnce: false }) ? [...changed, ...hosts.sync()] : changed
  }
  const turns = async () => [await turn(), await turn(), await turn(), await turn()]
  hear('nas')
  expect(await turns()).toEqual([[], ['nas'], [], []])
  const edition = hosts.edition()
  expect(await turns()).toEqual([[], [], [], []])
  expect(hosts.edition()).toBe(edition)
  hear('pi')
  expect(await turns()).toEqual([[], ['pi'], [], []])
  register(paths, { name: 'disk', registeredAt: NOW, origin: 'added' })
  expect(await turns()).toEqual([['disk'], [], [], []])
  rmSync(join(paths.registry, 'nas.json'))
  expect(await turns()).toEqual([['nas'], ['nas'], [], []])
  expect(hosts.edition()).toBeGreaterThan(edition)
})

test('between its looks a stranger may go and come: then it is met anew', () => {
  const { hosts } = begin(S)
  hear('other')
  hosts.adopt({ atOnce: false })
  removeHost(paths, 'other')
  hosts.adopt({ atOnce: false })
  hear('other')
  hosts.adopt({ atOnce: false })
  expect(hosts.sync()).toEqual([])
  hosts.adopt({ atOnce: false })
  expect(hosts.sync()).toEqual(['other'])
})

test('at the start all are adopted at once: that is how the folder of an original moves in', () => {
  hear('nas', dataPaths(root, root))
  const { hosts, paths } = begin('PATH: .\nTOKEN: t\nCHATID: 5\nHOSTS: pi\n')
  hosts.adopt({ atOnce: true })
  expect(hosts.sync().sort()).toEqual(['nas', 'pi'])
  expect([...hosts.all.values()].map(({ name, alerted }) => [name, alerted]).sort()).toEqual([
    ['nas', false],
    ['pi', true],
  ])
  expect(paths.root).toBe(join(root, '.monitora'))
})

test('a removed host is gone; one that comes back under its name is another', () => {
  const { hosts } = begin(S)
  register(paths, { name: 'nas', registeredAt: 1000, origin: 'signal' })
  expect(hosts.sync()).toEqual(['nas'])
  removeHost(paths, 'nas')
  expect(hosts.sync()).toEqual(['nas'])
  expect(hosts.all.size).toBe(0)
  register(paths, { name: 'nas', registeredAt: 2000, origin: 'signal' })
  expect(hosts.sync()).toEqual(['nas'])
  removeHost(paths, 'nas')
  register(paths, { name: 'nas', registeredAt: 3000, origin: 'signal' })
  hosts.refresh('nas')
  expect(hosts.all.get('nas')?.registeredAt).toBe(3000)
})

test('a registration that cannot be understood is no host', () => {
  const { hosts } = begin(S)
  writeFileSync(join(paths.registry, 'nas.json'), 'torn')
  expect(hosts.sync()).toEqual([])
  expect(hosts.all.size).toBe(0)
})

const ADDED: Registration = { name: 'nas', registeredAt: 5000, origin: 'added', settings: { timeout: '9m' } }
const fileOf = (name: string) => join(paths.registry, `${name}.json`)

test.each([
  ['that the configuration names', 'hosts: { nas: }', []],
  ['that was heard', '', ['nas']],
])('a host %s goes on while its registration cannot be read, and that is said once', (_, yaml, heard) => {
  mkdirSync(fileOf('nas'))
  for (const name of heard) hear(name)
  const { hosts } = begin(`${S}${yaml}\n`, NOW, new Map([['nas', 5000]]))
  hosts.load()
  hosts.registerConfigured()
  hosts.adopt({ atOnce: true })
  for (let turn = 0; turn < 3; turn++) {
    hosts.registerConfigured()
    hosts.adopt({ atOnce: false })
    hosts.sync()
    hosts.hearOf('nas')
    hosts.refreshIfChanged('nas')
  }
  expect(hosts.all.get('nas')).toMatchObject({ registeredAt: 5000, rhythm: { timeoutMs: 300_000 } })
  expect(logged).toEqual([expect.stringMatching(/registry\/nas\.json: cannot be used \(EISDIR\)/)])
  rmSync(fileOf('nas'), { recursive: true })
  register(paths, ADDED)
  hosts.hearOf('nas')
  expect(hosts.all.get('nas')).toMatchObject({ registeredAt: 5000, rhythm: { timeoutMs: 540_000 } })
})

test('a host that nobody knew goes on from now, as the configuration says', () => {
  symlinkSync('/nowhere/nas.json', fileOf('nas'))
  const { hosts } = begin(`${S}hosts: { nas: { timeout: 1m } }\n`)
  expect(hosts.all.get('nas')).toMatchObject({ registeredAt: NOW, rhythm: { timeoutMs: 60_000 } })
  hosts.hearOf('nas')
  expect(hosts.sync()).toEqual([])
  expect(hosts.all.size).toBe(1)
})

test('what was registered stays in force while the file cannot be read, and what the host says is heard', () => {
  register(paths, ADDED)
  const { hosts } = begin(S)
  hosts.load()
  renameSync(fileOf('nas'), join(root, 'aside'))
  symlinkSync('nas.json', fileOf('nas'))
  report('nas', { site: 'attic' })
  hosts.refreshIfChanged('nas')
  expect(hosts.all.get('nas')).toMatchObject({ registeredAt: 5000, site: 'attic', rhythm: { timeoutMs: 540_000 } })
  expect(hosts.refreshIfChanged('nas')).toBe(false)
  hosts.adopt({ atOnce: true })
  renameSync(join(root, 'aside'), fileOf('nas'))
  hosts.refreshIfChanged('nas')
  expect(readRegistration(paths, 'nas')).toEqual(ADDED)
})

test.each([
  ['which its folder shows', NOW],
  ['in its place, which no folder shows', Date.now() + 60_000],
])('one that was garbled under way, %s, is put back with its settings and its token', (_, now) => {
  const tokenHash = 'a'.repeat(64)
  writeFileSync(tokenFile(paths, tokenHash), 'nas\n')
  register(paths, { ...ADDED, tokenHash })
  const { hosts } = begin(S, now, new Map([['nas', 5000]]))
  hosts.load()
  for (let turn = 0; turn < 3; turn++) hosts.adopt({ atOnce: false })
  writeFileSync(fileOf('nas'), '')
  hosts.hearOf('nas')
  for (let turn = 0; turn < 2; turn++) hosts.adopt({ atOnce: false })
  expect(readRegistration(paths, 'nas')).toEqual({ ...ADDED, tokenHash })
  hosts.hearOf('nas')
  hosts.adopt({ atOnce: false })
  expect(logged).toEqual([expect.stringContaining('is put back as it was read last')])
})

const JOB: Registration = { ...ADDED, settings: { schedule: '0 3 * * *' } }
const known = new Map([['nas', 5000]])
const spoil: Record<string, () => void> = {
  'garbled, and no longer than that': () => writeFileSync(fileOf('nas'), '{"name":"nas"'),
  'refused by the system': () => {
    rmSync(fileOf('nas'), { force: true })
    mkdirSync(fileOf('nas'))
  },
}
const turn = (hosts: ReturnType<typeof begin>['hosts']) => {
  hosts.registerConfigured()
  hosts.adopt({ atOnce: false })
  hosts.sync()
  hosts.hearOf('nas')
}
const NOT_JUDGED = { sleeps: true, progress: undefined, registeredAt: 5000 }

describe.each(Object.entries(spoil))('a registration is %s:', (_, spoilIt) => {
  test('an edit of the configuration keeps what was registered in force', () => {
    register(paths, JOB)
    begin(S).hosts.load()
    spoilIt()
    const { hosts } = begin(`${S}hosts: { pi: { note: new } }\n`, NOW, known)
    hosts.load()
    expect(hosts.all.get('nas')?.rhythm.schedule?.next(NOW)).toBe(Date.parse('2026-11-22T03:00:00Z'))
    expect(hosts.all.get('nas')?.sleeps).toBe(false)
  })

  test.each([
    ['is not judged, as nothing says how often it should report', '', NOT_JUDGED],
    ['nor where the configuration says something else of it', 'hosts: { nas: { sleeps: false } }', NOT_JUDGED],
    ['is judged as the configuration says', 'hosts: { nas: { timeout: 1m } }', { sleeps: false, configured: true }],
  ])('at a start the host %s', (_, yaml, expected) => {
    spoilIt()
    report('nas', { progress: '5', progressAt: '2026-11-21T11:00:00Z' })
    const { hosts } = begin(`${S}${yaml}\n`, NOW, known)
    hosts.load()
    hosts.adopt({ atOnce: true })
    for (let turns = 0; turns < 3; turns++) {
      turn(hosts)
      expect(hosts.all.get('nas')).toMatchObject(expected)
    }
    expect(hosts.all.get('nas')!.runGraceMs > 86_400_000).toBe(expected === NOT_JUDGED)
    expect(logged).toHaveLength(1)
    expect(logged[0]).toContain('the server refuses nas the shared password')
    expect(logged[0]?.includes('nobody waits for it')).toBe(expected === NOT_JUDGED)
    rmSync(fileOf('nas'), { recursive: true })
    register(paths, JOB)
    hosts.hearOf('nas')
    expect(hosts.all.get('nas')?.sleeps).toBe(false)
  })
})

test('whoever says itself how often it reports is judged by that, whatever became of its registration', () => {
  writeFileSync(fileOf('nas'), '{"name":')
  report('nas', { intervalMs: 60_000 })
  const { hosts } = begin(S, NOW, known)
  hosts.load()
  expect(hosts.all.get('nas')).toMatchObject({ sleeps: false, rhythm: { intervalMs: 60_000 } })
  expect(logged).toEqual([expect.not.stringContaining('nobody waits for it')])
})

test('a garbled registration of which nothing is known is left as it is, and what to do about it is said', () => {
  writeFileSync(fileOf('nas'), '{"name":')
  hear('nas')
  const { hosts } = begin(S)
  hosts.load()
  hosts.adopt({ atOnce: true })
  for (let turns = 0; turns < 3; turns++) turn(hosts)
  expect(readFileSync(fileOf('nas'), 'utf8')).toBe('{"name":')
  expect(hosts.all.get('nas')).toMatchObject({ ...NOT_JUDGED, registeredAt: NOW })
  expect(logged).toEqual([expect.stringMatching(/its settings are lost: monitora host edit nas --timeout /)])
})

test('an empty one, as a power cut leaves it, is written anew, and its host is watched', () => {
  writeFileSync(fileOf('nas'), '')
  const { hosts } = begin(S, NOW, known)
  hosts.load()
  hosts.adopt({ atOnce: true })
  expect(readRegistration(paths, 'nas')).toEqual({ name: 'nas', registeredAt: 5000, origin: 'adopted' })
  expect(hosts.all.get('nas')).toMatchObject({ sleeps: false, rhythm: { timeoutMs: 300_000 } })
  expect(logged.at(-1)).toContain('was empty, and is written anew without settings (monitora host edit nas')
})

test('whoever was removed while nobody looked is not remembered', () => {
  register(paths, JOB)
  begin(S).hosts.load()
  removeHost(paths, 'nas')
  begin(S).hosts.load()
  writeFileSync(fileOf('nas'), '{')
  const { hosts } = begin(S, NOW, known)
  hosts.load()
  expect(hosts.all.get('nas')).toMatchObject(NOT_JUDGED)
})

test('registered settings that make no sense are ignored, the others count, and that is said once', () => {
  const settings = { timeout: 'soon', site: 'home', colour: 'red' }
  register(paths, { ...ADDED, settings })
  const { hosts } = begin(S)
  hosts.load()
  hosts.refresh('nas')
  expect(hosts.all.get('nas')).toMatchObject({ site: 'home', rhythm: { timeoutMs: 300_000 } })
  expect(logged).toEqual([expect.stringMatching(/nas\.json: .*ignored there: timeout, colour$/)])
})

test.each([
  ['https://admin:pw@x.org/?token=1', 'https://x.org/?token=1'],
  ['https://x.org/@a', 'https://x.org/@a'],
])('its address %s is told as %s', (url, told) => {
  const { hosts } = begin(`${S}hosts: { nas: { url: "${url}" } }\n`)
  register(paths, { ...ADDED, name: 'pi', settings: { url } })
  hosts.sync()
  expect(['nas', 'pi'].map((name) => hosts.all.get(name)?.url)).toEqual([told, told])
})

test('a time zone is for the schedule, wherever the one and the other stand', () => {
  register(paths, { ...ADDED, settings: { schedule: '0 3 * * *', timezone: 'Asia/Tokyo' } })
  const next = (yaml: string) => {
    const { hosts } = begin(`${S}hosts: { nas: ${yaml} }\n`)
    hosts.sync()
    return hosts.all.get('nas')?.rhythm.schedule?.next(NOW)
  }
  expect(next('{ schedule: "0 5 * * *" }')).toBe(Date.parse('2026-11-21T20:00:00Z'))
  expect(next('{ timezone: Europe/Paris }')).toBe(Date.parse('2026-11-22T02:00:00Z'))
  expect(next('{ timeout: 5m }')).toBeUndefined()
  expect(next('{ sleeps: true }')).toBeUndefined()
})
