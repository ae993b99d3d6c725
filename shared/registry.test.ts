/** Which hosts exist, and what they said of themselves: both must survive whatever else is written there. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DataPaths, dataPaths, prepareDataFolder } from './paths.ts'
import { readRegistration, register, registeredNames, registrationFile, removeHost } from './registry.ts'
import { readReport, reportFile } from './report.ts'

let paths: DataPaths
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'registry-')))
  prepareDataFolder(paths)
})
afterEach(() => rmSync(paths.root, { recursive: true, force: true }))

test('a host is registered once; who comes second changes nothing', () => {
  const registeredAt = Date.parse('2026-11-21T12:00:00.123Z')
  expect(register(paths, { name: 'nas', registeredAt, origin: 'signal' })).toBe('created')
  expect(register(paths, { name: 'nas', registeredAt: 0, origin: 'config' })).toBe('exists')
  expect(readRegistration(paths, 'nas')).toEqual({ name: 'nas', registeredAt, origin: 'signal' })
  expect(readFileSync(registrationFile(paths, 'nas'), 'utf8')).toBe(
    '{"name":"nas","registeredAt":"2026-11-21T12:00:00.123Z","origin":"signal"}\n',
  )
})

test('names of every legal kind are listed, other files are not', () => {
  const names = ['__proto__', 'constructor', 'nas', 'x'.repeat(64)]
  for (const name of names) register(paths, { name, registeredAt: 0, origin: 'signal' })
  for (const other of ['.nas.json.1', 'a b.json', 'nas.txt', `${'x'.repeat(65)}.json`])
    writeFileSync(join(paths.registry, other), '{}')
  expect(registeredNames(paths).sort()).toEqual(names.sort())
  expect(readRegistration(paths, '__proto__')?.name).toBe('__proto__')
})

test.each(['', '{', 'null', '[]', '{}', '{"registeredAt":"soon"}', '{"registeredAt":{}}', '{"registeredAt":null}'])(
  'a registration %j cannot be understood: there is none',
  (content) => {
    writeFileSync(registrationFile(paths, 'nas'), content)
    expect(readRegistration(paths, 'nas')).toBeUndefined()
  },
)

test('an origin that this version does not know counts as adopted', () => {
  writeFileSync(registrationFile(paths, 'nas'), '{"registeredAt":"2026-11-21T12:00:00Z","origin":"dream"}')
  expect(readRegistration(paths, 'nas')?.origin).toBe('adopted')
})

test('a removed host is gone whole, and removing it again is no error', () => {
  register(paths, { name: 'nas', registeredAt: 0, origin: 'signal' })
  const files = [registrationFile(paths, 'nas'), reportFile(paths, 'nas'), join(paths.hosts, 'nas.host')]
  for (const file of files) writeFileSync(file, '')
  for (let twice = 0; twice < 2; twice++) {
    removeHost(paths, 'nas')
    expect(files.map((file) => existsSync(file))).toEqual([false, false, false])
  }
})

test.each([
  [
    '{"status":"warning","message":"disk full","intervalMs":30000,"site":"home","address":"203.0.113.7"}',
    { status: 'warning', message: 'disk full', intervalMs: 30_000, site: 'home', address: '203.0.113.7' },
  ],
  ['{"status":"up","intervalMs":"30","site":5,"message":null}', {}],
  ['{"intervalMs":0}', {}],
  ['{"intervalMs":-5}', {}],
  ['{"version":"1.4.2","boot":"b","agent":"a","more":1}', { version: '1.4.2', boot: 'b', agent: 'a' }],
  ['{"status":', {}],
  ['null', {}],
  ['[{"status":"ok"}]', {}],
])('of a report %j, what makes sense is believed', (content, expected) => {
  writeFileSync(reportFile(paths, 'nas'), content)
  expect(readReport(paths, 'nas')).toEqual(expected)
})

test('a host without a report said nothing', () => {
  expect(readReport(paths, 'nas')).toEqual({})
})
