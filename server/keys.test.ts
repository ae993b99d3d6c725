import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { prepareDataFolder } from '../shared/paths.ts'
import { register, registrationFile, removeHost, reregister } from '../shared/registry.ts'
import { hashOf, newToken, tokenFile, uuidOf } from '../shared/tokens.ts'
import { createKeys, type Keys } from './keys.ts'

let folder: string
let config: Config
let ms: number
let keys: Keys

const IN_CONFIG = 'of-the-backup-job'
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
  ms = 0
  configure({})
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function configure(server: object): void {
  const file = join(folder, 'monitora.yml')
  const hosts = { backup: { token: IN_CONFIG, schedule: '0 3 * * *' }, nas: null }
  const all = { user: 'home', password: ['old', 'new'], adminToken: 'an-admin-with-a-token', ...server }
  writeFileSync(file, JSON.stringify({ data: 'data', server: all, hosts }))
  config = loadConfig({ process: 'server', file, env: {} })
  prepareDataFolder(config.paths)
  keys = createKeys(config, () => ms)
}

/** As `monitora host add` does it. @returns the token */
function add(name: string, settings?: Record<string, unknown>): string {
  const token = newToken()
  writeFileSync(tokenFile(config.paths, hashOf(token)), `${name}\n`)
  register(config.paths, { name, registeredAt: 1, origin: 'added', tokenHash: hashOf(token), settings })
  return token
}

test('a token is its host’s, in either form, from the moment it is there', () => {
  const token = 'f'.repeat(32)
  expect(keys.byToken(token)).toBeUndefined()
  const made = add('shop', { every: 'heartbeat' })
  const shop = { name: 'shop', hasToken: true, everyHeartbeat: true, scheduled: false }
  for (const form of [made, uuidOf(made)!, made.toUpperCase()]) expect(keys.byToken(form)).toMatchObject(shop)
  expect(keys.byName('shop')).toMatchObject(shop)
  expect(keys.byToken(token)).toBeUndefined()
})

test('a token that was replaced, and that of a host that was removed, open nothing a second later', () => {
  const token = add('shop')
  expect(keys.byToken(token)).toBeDefined()
  const other = newToken()
  writeFileSync(tokenFile(config.paths, hashOf(other)), 'shop\n')
  reregister(config.paths, { name: 'shop', registeredAt: 1, origin: 'added', tokenHash: hashOf(other) })
  ms += 1001
  expect(keys.byToken(token)).toBeUndefined()
  expect(keys.byToken(other)).toMatchObject({ name: 'shop' })
  removeHost(config.paths, 'shop')
  ms += 1001
  expect(keys.byToken(other)).toBeUndefined()
  expect(keys.byName('shop')).toBeUndefined()
})

test('what was overwritten in its place, by hand, counts minutes later; beside anything that is new, a second later', async () => {
  const every = (name: string) => keys.byName(name)?.everyHeartbeat
  /** Its folder does not show it; the file does, in another tick of the disk's clock. */
  const overwrite = async (name: string, settings: object) => {
    await wait(20)
    const entry = { name, registeredAt: '2026-11-21T12:00:00Z', origin: 'added', settings }
    writeFileSync(registrationFile(config.paths, name), JSON.stringify(entry))
  }
  add('shop')
  expect(every('shop')).toBe(false)
  // The looks that follow a change are many, until nothing can have changed unseen.
  for (let second = 0; second < 3; second++) {
    ms += 1001
    every('shop')
  }
  await overwrite('shop', { every: 'heartbeat' })
  ms += 1001
  expect(every('shop')).toBe(false)
  ms += 300_000
  expect(every('shop')).toBe(true)
  for (let second = 0; second < 3; second++) {
    ms += 1001
    every('shop')
  }
  await overwrite('shop', {})
  add('till')
  ms += 1001
  expect(every('shop')).toBe(false)
})

test('what lies among the tokens counts only if the registration says the same', () => {
  const token = add('shop')
  const forged = newToken()
  writeFileSync(tokenFile(config.paths, hashOf(forged)), 'shop\n')
  expect(keys.byToken(forged)).toBeUndefined()
  writeFileSync(tokenFile(config.paths, hashOf(forged)), '../../etc/passwd\n')
  expect(keys.byToken(forged)).toBeUndefined()
  expect(keys.byToken(token)).toBeDefined()
})

test('the token of the configuration is the only one of its host', () => {
  const registered = add('backup')
  expect(keys.byToken(IN_CONFIG)).toMatchObject({ name: 'backup', hasToken: true, scheduled: true })
  expect(keys.byToken(registered)).toBeUndefined()
  expect(keys.byName('nas')).toMatchObject({ name: 'nas', hasToken: false })
})

const asFile = (content: string) => (file: string) => writeFileSync(file, content)
test.each<[string, (file: string) => void]>([
  ['empty', asFile('')],
  ['torn', asFile('{"registeredAt":"2026-')],
  ['a list', asFile('[]')],
  ['full of NUL', asFile('\0'.repeat(100))],
  ['very long', asFile('x'.repeat(3e7))],
  ['a folder', (file) => mkdirSync(file)],
  ['a link to itself', (file) => symlinkSync(file, file)],
  ['a link that leads nowhere', (file) => symlinkSync('/nowhere/at/all', file)],
])(
  'as long as a registration is %s, the shared password does not open the host, and it does at once after',
  async (_, put) => {
    for (const name of ['shop', 'nas', 'backup']) {
      const token = add(name)
      expect(keys.byName(name)?.hasToken).toBe(true)
      const file = registrationFile(config.paths, name)
      rmSync(file)
      await wait(20)
      put(file)
      ms += 1001
      expect(keys.byName(name)).toMatchObject({ name, hasToken: true })
      expect(keys.byToken(token)).toBeUndefined()
      rmSync(file, { recursive: true })
      ms += 1001
      register(config.paths, { name, registeredAt: 1, origin: 'added' })
      expect(keys.byName(name)?.hasToken).toBe(name === 'backup')
    }
    expect(keys.byToken(IN_CONFIG)?.name).toBe('backup')
  },
)

test('by its slug, unless two names differ by case alone', () => {
  /** Of the disk's clock: what came in the one before shows from now on. */
  const nextTick = () => {
    ms += 60
  }
  add('Shop-API')
  expect(keys.bySlug('shop-api')).toMatchObject({ name: 'Shop-API' })
  expect(keys.bySlug('Shop-API')).toBeUndefined()
  add('SHOP-API')
  nextTick()
  expect(keys.bySlug('shop-api')).toBe('ambiguous')
  add('shop-api')
  nextTick()
  expect(keys.bySlug('shop-api')).toMatchObject({ name: 'shop-api' })
  expect(keys.bySlug('backup')).toMatchObject({ name: 'backup' })
})

test('two passwords fit while one is replaced; the admin’s token is one', () => {
  const basic = (password: string) => `Basic ${Buffer.from(`home:${password}`).toString('base64')}`
  expect(['old', 'new', 'other'].map((password) => keys.fits(basic(password)))).toEqual([true, true, false])
  expect(keys.isAdmin('an-admin-with-a-token')).toBe(true)
  expect(keys.isAdmin('an-admin-with-a-guess')).toBe(false)
  configure({ adminToken: undefined })
  expect(keys.isAdmin('')).toBe(false)
})

test('the ping key is known by its hash', () => {
  expect(keys.isPingKey('key')).toBe(false)
  writeFileSync(config.paths.pingKey, JSON.stringify({ hash: hashOf('key') }))
  expect(['key', 'other', ''].map((key) => keys.isPingKey(key))).toEqual([true, false, false])
  writeFileSync(config.paths.pingKey, 'torn')
  expect(keys.isPingKey('key')).toBe(false)
})

test('who may become a host: anyone up to a number, or nobody', () => {
  configure({ maxHosts: 2 })
  expect(keys.mayAdd('new')).toBe('yes')
  keys.added()
  keys.added()
  expect(keys.mayAdd('new')).toBe('too-many-hosts')
  configure({ register: 'known' })
  expect(keys.mayAdd('new')).toBe('not-known')
  add('shop')
  expect(['shop', 'nas', 'new'].map((name) => keys.mayAdd(name))).toEqual(['yes', 'yes', 'not-known'])
})
