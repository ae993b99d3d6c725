/** Which hosts exist, and what they said of themselves: both must survive whatever else is written there. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HostSettings } from './config/hosts.ts'
import { type DataPaths, dataPaths, prepareDataFolder } from './paths.ts'
import {
  findRegistration,
  mergedSettings,
  readRegistration,
  register,
  registeredNames,
  registeredSettings,
  registrationFile,
  removeHost,
  tokenHashes,
} from './registry.ts'
import { readReport, reportFile } from './report.ts'
import { tokenFile } from './tokens.ts'

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

const OLD = 'a'.repeat(64)
const NEW = 'b'.repeat(64)
const OTHER = 'c'.repeat(64)
/** Two of it, as a change that was cut off leaves them, and another's. */
function leaveTokens(): void {
  for (const [hash, name, at] of [
    [NEW, 'nas', 2000],
    [OLD, 'nas', 1000],
    [OTHER, 'pi', 3000],
  ] as const) {
    writeFileSync(tokenFile(paths, hash), `${name}\n`)
    utimesSync(tokenFile(paths, hash), at, at)
  }
}

const EMPTY = ['', '\n', '\0\0\0', '\0'.repeat(1e6)]
const GARBLED = ['{', 'null', '[]', '{}', '\0\0{', '{"registeredAt":"soon"}', '{"registeredAt":null}', '['.repeat(1e6)]
const cut = (content: string) => [content.slice(0, 20), content] as const
test.each([
  ...EMPTY.map((content) => [...cut(content), 'empty', true] as const),
  ...GARBLED.map((content) => [...cut(content), 'garbled', false] as const),
])('a registration %j cannot be understood', (_, content, why, isReplaced) => {
  const { name, ...more } = { name: 'nas', registeredAt: 0, origin: 'adopted' } as const
  writeFileSync(registrationFile(paths, name), content)
  expect(readRegistration(paths, name)).toBeUndefined()
  expect(findRegistration(paths, name)).toEqual({ garbled: true, why })
  leaveTokens()
  expect(register(paths, { name, ...more })).toBe(isReplaced ? 'created' : 'exists')
  expect(readRegistration(paths, name)?.tokenHash).toBe(isReplaced ? NEW : undefined)
  writeFileSync(registrationFile(paths, name), content)
  const settings = { timeout: '9m' }
  expect(register(paths, { name, ...more, settings }, { restores: true })).toBe('created')
  expect(readRegistration(paths, name)).toEqual({ name, ...more, settings, tokenHash: NEW })
})

test('many registrations that are lost cost one look at the tokens', () => {
  leaveTokens()
  const hashesOf = tokenHashes(paths)
  expect(hashesOf('nas')).toEqual([NEW, OLD])
  rmSync(paths.tokens, { recursive: true })
  for (const name of ['nas', 'pi', 'vps']) {
    writeFileSync(registrationFile(paths, name), '')
    register(paths, { name, registeredAt: 0, origin: 'adopted' }, { hashesOf })
  }
  expect(['nas', 'pi', 'vps'].map((name) => readRegistration(paths, name)?.tokenHash)).toEqual([NEW, OTHER, undefined])
})

const INTACT = '{"registeredAt":"2026-11-21T12:00:00.000Z","origin":"added","tokenHash":"of-nas"}'
const REFUSED: readonly [string, string, () => void][] = [
  ['EISDIR', 'a folder', () => mkdirSync(registrationFile(paths, 'nas'))],
  ['ENOENT', 'a link to a disk that is gone', () => symlinkSync('/nowhere/nas.json', registrationFile(paths, 'nas'))],
  ['ELOOP', 'a link to itself', () => symlinkSync('nas.json', registrationFile(paths, 'nas'))],
  ...(process.getuid?.() === 0
    ? []
    : ([
        [
          'EACCES',
          'a file of another user',
          () => {
            writeFileSync(registrationFile(paths, 'nas'), INTACT)
            chmodSync(registrationFile(paths, 'nas'), 0)
          },
        ],
      ] as [string, string, () => void][])),
]
test.each(REFUSED)('where the system refuses it (%s, %s) it is left alone', (why, _, put) => {
  put()
  expect(findRegistration(paths, 'nas')).toEqual({ garbled: false, why })
  expect(readRegistration(paths, 'nas')).toBeUndefined()
  expect(register(paths, { name: 'nas', registeredAt: 0, origin: 'adopted' })).toBe('exists')
  expect(findRegistration(paths, 'nas')).toEqual({ garbled: false, why })
  expect(readdirSync(paths.registry)).toEqual(['nas.json'])
})

test('nothing at all is no registration', () => {
  expect(findRegistration(paths, 'nas')).toBeUndefined()
  rmSync(paths.registry, { recursive: true })
  expect(findRegistration(paths, 'nas')).toBeUndefined()
})

test.each([
  ['is garbled', '{'],
  ['knows one of its tokens', JSON.stringify({ registeredAt: '2026-11-21T12:00:00Z', tokenHash: OLD })],
  ['knows of no token', '{"registeredAt":"2026-11-21T12:00:00Z"}'],
])('who removes a host whose registration %s removes all its tokens', (_, content) => {
  leaveTokens()
  writeFileSync(registrationFile(paths, 'nas'), content)
  expect(removeHost(paths, 'nas')).toBe(true)
  expect(readdirSync(paths.tokens)).toEqual([OTHER])
  expect(removeHost(paths, 'nas')).toBe(false)
})

test.each([
  [{ timeout: '5m', type: 'bot' }, { timeout: 300_000, type: 'bot' }, []],
  [{ timeout: 'soon', type: 'bot' }, { type: 'bot' }, ['timeout']],
  [{ type: 'cat', colour: 'red', site: 'home' }, { site: 'home' }, ['type', 'colour']],
  [{ schedule: 'never', timezone: 'UTC', site: 'home' }, { site: 'home' }, ['schedule', 'timezone']],
  [{ schedule: '0 3 * * *', timeout: '5m' }, { schedule: '0 3 * * *' }, ['timeout']],
  [{ url: { a: 1 } }, {}, ['url']],
  [[], {}, ['settings']],
])('of registered settings %j, what makes sense is believed', (raw, settings, ignored) => {
  expect(registeredSettings(raw as Record<string, unknown>)).toEqual({ settings, ignored })
})

const JOB = { schedule: '0 3 * * *', timezone: 'Asia/Tokyo', grace: 600_000 }
test.each<[HostSettings | undefined, HostSettings | undefined, HostSettings]>([
  [undefined, undefined, {}],
  [undefined, JOB, JOB],
  [{ site: 'home' }, JOB, { ...JOB, site: 'home' }],
  [{ schedule: '0 5 * * *' }, JOB, { ...JOB, schedule: '0 5 * * *' }],
  [{ timezone: 'Europe/Paris' }, JOB, { ...JOB, timezone: 'Europe/Paris' }],
  [{ timezone: 'Europe/Paris' }, { timeout: 1000 }, { timeout: 1000 }],
  [{ timezone: 'Europe/Paris' }, undefined, {}],
  [{ timeout: 1000 }, JOB, { timeout: 1000, grace: 600_000 }],
  [{ sleeps: true }, JOB, { sleeps: true, grace: 600_000 }],
  [{ sleeps: false }, JOB, { ...JOB, sleeps: false }],
  [{ sleeps: true }, { timeout: 1000 }, { sleeps: true, timeout: 1000 }],
  [{ schedule: '0 5 * * *' }, { timeout: 1000 }, { schedule: '0 5 * * *' }],
])('configured %j, registered %j: key by key, but one rhythm', (configured, registered, inForce) => {
  expect(mergedSettings(configured, registered)).toEqual(inForce)
})

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
