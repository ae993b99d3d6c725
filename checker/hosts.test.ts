/** Which hosts there are and what is in force for them, from a real folder and a real configuration. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../shared/config/load.ts'
import { type DataPaths, dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { readRegistration, register, removeHost } from '../shared/registry.ts'
import { reportFile } from '../shared/report.ts'
import { createHosts } from './hosts.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
let root: string
let paths: DataPaths
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hosts-'))
  paths = dataPaths(join(root, 'data'))
  prepareDataFolder(paths)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function begin(yaml: string) {
  const file = join(root, 'monitora.yml')
  writeFileSync(file, yaml)
  const config = loadConfig({ file, process: 'checker', env: {} })
  prepareDataFolder(config.paths)
  const hosts = createHosts(
    config,
    () => NOW,
    () => undefined,
  )
  hosts.registerConfigured()
  return { hosts, paths: config.paths }
}

const S = 'server: { user: u, password: p }\ntimezone: Europe/Lisbon\n'
const report = (name: string, said: object) => writeFileSync(reportFile(paths, name), JSON.stringify(said))
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
