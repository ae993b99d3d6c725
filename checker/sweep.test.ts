/** Which .host files a sweep has read, from a real folder, what is new in them, and which it leaves to the rounds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../shared/config/load.ts'
import { replaceFile } from '../shared/files.ts'
import { writeHostFile } from '../shared/host-file.ts'
import { type DataPaths, prepareDataFolder } from '../shared/paths.ts'
import { register, reregister } from '../shared/registry.ts'
import { reportFile } from '../shared/report.ts'
import { Agenda } from './agenda.ts'
import { newWorld, type World } from './core/world.ts'
import { createHosts } from './hosts.ts'
import { createReadings } from './readings.ts'
import { createSweep, nobody } from './sweep.ts'

const NOON = Date.parse('2026-11-21T12:00:00Z')
const MINUTE_MS = 60_000

let root: string
let paths: DataPaths
let world: World
let agenda: Agenda
let begin: () => (now: number) => string[]
let askEveryone: () => void
let heard: (name: string, at: number) => void
let report: (name: string, said: object) => void

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sweep-'))
  replaceFile(join(root, 'monitora.yml'), 'server: { user: u, password: p }\n')
  const config = loadConfig({ file: join(root, 'monitora.yml'), process: 'checker', env: {} })
  paths = config.paths
  prepareDataFolder(paths)
  const fileOf = (name: string) => join(paths.hosts, `${name}.host`)
  world = newWorld({
    hosts: new Map(),
    sites: new Map(),
    monitor: { registeredAt: NOON, alerts: 0, absencesSeenUntilAt: NOON },
  })
  agenda = new Agenda()
  heard = (name, at) => void writeHostFile(fileOf(name), at / 1000)
  report = (name, said) => replaceFile(reportFile(paths, name), JSON.stringify(said))
  register(paths, { name: 'nas', registeredAt: NOON, origin: 'signal' })
  begin = () => {
    let at = NOON
    const hosts = createHosts(
      config,
      () => at,
      () => undefined,
      { warn: () => {} },
    )
    hosts.load()
    const sweep = createSweep({ hosts, world, agenda })
    askEveryone = sweep.askEveryone
    const read = createReadings({ fileOf, hosts, world, monotonic: () => 0, later() {} })
    return (now) => {
      at = now
      const swept = nobody()
      sweep.beat(swept, now)
      read(swept.names, new Map(), { absences: [] }, swept.glances)
      return [...swept.names]
    }
  }
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** What is believed: heard at noon; what its file says: half a minute later. */
function hearAgain(): void {
  world.heard.set('nas', NOON)
  heard('nas', NOON + 30_000)
}

test('a file that says something new is found, one that says what is known is not', () => {
  const sweep = begin()
  world.heard.set('nas', NOON)
  heard('nas', NOON)
  expect(sweep(NOON)).toEqual([])
  heard('nas', NOON + 1000)
  expect(sweep(NOON + 1000)).toEqual(['nas'])
})

test('whoever a round looks at within the minute of its last signal is left to it', () => {
  const sweep = begin()
  hearAgain()
  agenda.plan('nas', NOON + 45_000)
  expect(sweep(NOON + 40_000)).toEqual([])
})

test.each([
  ['planned later than a minute after its last signal', NOON + MINUTE_MS + 1000, NOON + 40_000],
  ['planned for a moment that has passed, for the server has no pulse', NOON + 45_000, NOON + 46_000],
  ['not planned at all', Number.POSITIVE_INFINITY, NOON + 40_000],
])('one that is %s is read', (_, plannedAt, now) => {
  const sweep = begin()
  hearAgain()
  agenda.plan('nas', plannedAt)
  expect(sweep(now)).toEqual(['nas'])
})

test('one whose last signal lies in the future, by another clock, is read', () => {
  const sweep = begin()
  world.heard.set('nas', NOON + 60 * MINUTE_MS)
  heard('nas', NOON + 61 * MINUTE_MS)
  agenda.plan('nas', NOON + 10 * MINUTE_MS)
  expect(sweep(NOON + 40_000)).toEqual(['nas'])
})

test('while somebody is waited for, only the next seconds are left to the rounds', () => {
  hearAgain()
  agenda.plan('nas', NOON + 45_000)
  world.monitor = { ...world.monitor, unreachable: { id: 'x', sinceAt: NOON, toldAt: NOON } }
  expect(begin()(NOON + 40_000)).toEqual(['nas'])
})

test('at the start everybody is asked for what they say of themselves, whatever is planned', () => {
  const sweep = begin()
  hearAgain()
  agenda.plan('nas', NOON + 45_000)
  report('nas', { intervalMs: 20_000 })
  expect(sweep(NOON + 40_000)).toEqual(['nas'])
})

test.each<[string, string, object]>([
  [
    'registration',
    'registry',
    { name: 'nas', registeredAt: new Date(NOON), origin: 'signal', settings: { timeout: '1m' } },
  ],
  ['report', 'reports', { intervalMs: 20_000 }],
])(
  'a %s that somebody overwrote in its place, so that nothing shows it, counts within five minutes',
  async (_, folder, content) => {
    const settled = Date.now() + 60_000
    report('nas', {})
    const sweep = begin()
    world.heard.set('nas', NOON)
    heard('nas', NOON)
    for (let turn = 0; turn < 3; turn++) sweep(settled + turn * MINUTE_MS)
    // Longer than a tick of the disk's clock.
    await pause(20)
    writeFileSync(join(root, 'data', folder, 'nas.json'), JSON.stringify(content))
    const found = [3, 4, 5, 6].map((turn) => sweep(settled + turn * MINUTE_MS))
    expect(found).toEqual([[], [], ['nas'], []])
  },
)

test('in a flood of changes, of which some may not have been told, everybody is asked in the next turn', () => {
  const settled = Date.now() + 60_000
  const sweep = begin()
  world.heard.set('nas', NOON)
  heard('nas', NOON)
  for (let turn = 0; turn < 3; turn++) sweep(settled + turn * MINUTE_MS)
  report('nas', { intervalMs: 20_000 })
  expect(sweep(settled + 3 * MINUTE_MS)).toEqual([])
  askEveryone()
  expect(sweep(settled + 4 * MINUTE_MS)).toEqual(['nas'])
})

test('a registration that was replaced shows in its folder, and counts within a minute', async () => {
  const settled = Date.now() + 60_000
  const sweep = begin()
  world.heard.set('nas', NOON)
  heard('nas', NOON)
  for (let turn = 0; turn < 3; turn++) sweep(settled + turn * MINUTE_MS)
  await pause(20)
  reregister(paths, { name: 'nas', registeredAt: NOON, origin: 'signal', settings: { timeout: '2m' } })
  expect(sweep(settled + 3 * MINUTE_MS)).toEqual(['nas'])
})
