/** What is asked anew before anybody is accused, from a real folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../shared/config/load.ts'
import { replaceFile } from '../shared/files.ts'
import { writeHostFile } from '../shared/host-file.ts'
import { prepareDataFolder } from '../shared/paths.ts'
import { type Registration, register, reregister } from '../shared/registry.ts'
import { reportFile } from '../shared/report.ts'
import { createHosts } from './hosts.ts'
import { createReadings } from './readings.ts'

const NOON = Date.parse('2026-11-21T12:00:00Z')
const NAS: Registration = { name: 'nas', registeredAt: NOON, origin: 'added', settings: { timeout: '5m' } }

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'readings-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function prepare() {
  replaceFile(join(root, 'monitora.yml'), 'server: { user: u, password: p }\n')
  const config = loadConfig({ file: join(root, 'monitora.yml'), process: 'checker', env: {} })
  const { paths } = config
  prepareDataFolder(paths)
  return { config, paths, fileOf: (name: string) => join(paths.hosts, `${name}.host`) }
}

test.each([
  ['is past its timeout', {}, NOON + 6 * 60_000],
  ['may not get on', { progress: '7', progressAt: new Date(NOON).toISOString() }, NOON + 1000],
])('whoever %s is judged by what is registered now, whether a bell rang or not', (_, said, pulseAt) => {
  const { config, paths, fileOf } = prepare()
  register(paths, NAS)
  replaceFile(reportFile(paths, 'nas'), JSON.stringify(said))
  writeHostFile(fileOf('nas'), NOON / 1000)
  const hosts = createHosts(
    config,
    () => NOON,
    () => undefined,
    { warn() {} },
  )
  hosts.load()
  reregister(paths, { ...NAS, settings: { timeout: '1h' } })
  const read = createReadings({ fileOf, hosts, world: { heard: new Map() }, monotonic: () => 0, later() {} })
  const readings = new Map<string, number>()
  read(new Set(['nas']), readings, { pulseAt, absences: [] })
  expect([...readings]).toEqual([['nas', NOON]])
  expect(hosts.all.get('nas')?.rhythm.timeoutMs).toBe(3_600_000)
})

test('of those at whom it only glances, only they are to be looked at who say something new', () => {
  const { fileOf } = prepare()
  for (const name of ['same', 'new', 'asked']) writeHostFile(fileOf(name), NOON / 1000)
  writeFileSync(fileOf('garbled'), 'x')
  const later: string[] = []
  const heard = new Map([
    ['same', NOON],
    ['asked', NOON],
    ['new', NOON - 30_000],
    ['garbled', NOON],
    ['gone', NOON],
  ])
  const read = createReadings({
    fileOf,
    hosts: { all: new Map(), refresh() {}, refreshIfChanged: () => false },
    world: { heard },
    monotonic: () => 0,
    later: (name) => void later.push(name),
  })
  const names = new Set(['asked'])
  const readings = new Map<string, number>()
  read(names, readings, { absences: [] }, [...heard.keys()])
  expect([...names]).toEqual(['asked', 'new', 'gone'])
  expect([...readings]).toEqual([
    ['asked', NOON],
    ['new', NOON],
  ])
  expect(later).toEqual(['garbled'])
})
