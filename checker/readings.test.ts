/** What is asked anew before anybody is accused, from a real folder. */
import { mkdtempSync, rmSync } from 'node:fs'
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

test.each([
  ['is past its timeout', {}, NOON + 6 * 60_000],
  ['may not get on', { progress: '7', progressAt: new Date(NOON).toISOString() }, NOON + 1000],
])('whoever %s is judged by what is registered now, whether a bell rang or not', (_, said, pulseAt) => {
  replaceFile(join(root, 'monitora.yml'), 'server: { user: u, password: p }\n')
  const config = loadConfig({ file: join(root, 'monitora.yml'), process: 'checker', env: {} })
  const { paths } = config
  prepareDataFolder(paths)
  const fileOf = (name: string) => join(paths.hosts, `${name}.host`)
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
