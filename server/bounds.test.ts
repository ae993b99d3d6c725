/** What whoever has the shared password can do, and what not: over real sockets, with a real data folder. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../shared/config/load.ts'
import { createInboxWriter } from '../shared/inbox.ts'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { register } from '../shared/registry.ts'
import { createAccept } from './accept.ts'
import { dialects } from './dialects/index.ts'
import { createErrorInbox } from './errors/inbox.ts'
import { createScrub } from './errors/scrub.ts'
import { createKeys, type Keys } from './keys.ts'
import { createLimits } from './limits.ts'
import { createListening, type Listening } from './listening.ts'
import { createPenalty } from './penalty.ts'
import { createPlainNotice } from './plain-notice.ts'
import { createSignals } from './signals.ts'
import { createTally } from './tally.ts'

const scrub = createScrub([])

let root: string
let lines: string[]
let listening: Listening
let keys: Keys
let trustProxy: boolean
let url: string
/** Stands still, unless a test moves it. */
let at: number

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bounds-'))
  lines = []
  trustProxy = false
  at = 0
})
afterEach(async () => {
  await listening.close()
  rmSync(root, { recursive: true, force: true })
})

function configure(server: Record<string, unknown>): void {
  const file = join(root, 'monitora.yml')
  const settings = { data: 'data', server: { user: 'home', password: 'secret', ...server }, hosts: { nas: {} } }
  writeFileSync(file, JSON.stringify(settings))
  keys = createKeys(loadConfig({ process: 'server', file, env: {} }), () => at)
}

async function start(server: Record<string, unknown> = {}): Promise<void> {
  const paths = dataPaths(join(root, 'data'))
  prepareDataFolder(paths)
  configure(server)
  const say = (line: string) => void lines.push(line)
  const log = { debug() {}, info: say, warn: say, error: say } as unknown as Parameters<typeof createListening>[1]
  const signals = createSignals({
    dialects,
    doors: () => keys,
    trustProxy: () => trustProxy,
    penalty: createPenalty(() => at, log),
    limits: createLimits(() => at, log),
    tally: createTally(),
    log,
    unencrypted: createPlainNotice(log),
    accept: createAccept({
      paths,
      now: Date.now,
      inbox: createInboxWriter(paths.inbox, Date.now),
      errors: createErrorInbox(paths.inboxErrors, Date.now, () => scrub),
      hearing: { holdFor() {}, writeFailed() {} },
      keys: () => keys,
      log,
      shared: false,
      endPauses() {},
      scrub: () => scrub,
      intervalDeclared() {},
    }),
  })
  listening = createListening((req, res) => signals(req, res, () => res.end()), log)
  await listening.open({ address: '127.0.0.1', port: 0 })
  url = `http://${lines.at(-1)?.replace('listening on ', '')}/signal`
}

async function send(
  host: string,
  { password = 'secret', headers = {} }: { password?: string; headers?: Record<string, string> } = {},
) {
  const authorization = `Basic ${Buffer.from(`home:${password}`).toString('base64')}`
  const body = new URLSearchParams({ host })
  const answer = await fetch(url, { method: 'POST', headers: { authorization, ...headers }, body })
  const { message } = (await answer.json()) as { message: string }
  return { status: answer.status, message, retryAfter: answer.headers.get('retry-after') }
}

/** All that lies in the data folder. */
const everything = () => readdirSync(join(root, 'data'), { recursive: true }).map(String).sort()

test('register: known takes hosts of the configuration and of the registry, and leaves nothing of others', async () => {
  await start({ register: 'known' })
  const paths = dataPaths(join(root, 'data'))
  register(paths, { name: 'pi', registeredAt: Date.now(), origin: 'signal' })
  const before = everything()
  for (let i = 0; i < 3; i++) {
    expect(await send(`stranger-${i}`)).toMatchObject({ status: 403, message: 'Unknown host' })
  }
  expect(everything()).toEqual(before)
  for (const host of ['nas', 'pi', 'nas']) expect((await send(host)).status).toBe(200)
})

test('maxHosts: those that are there go on, more are refused and leave nothing, also when all come at once', async () => {
  await start({ maxHosts: 3 })
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => send(`h${index}`)))
  const kept = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []))
  expect(kept).toHaveLength(3)
  for (const { status, message } of answers)
    expect([status, message]).toEqual(status === 200 ? [200, 'Signal Registered'] : [403, 'Too many hosts'])
  const before = everything()
  for (let i = 0; i < 3; i++) expect((await send(`more-${i}`)).status).toBe(403)
  for (const index of kept) expect((await send(`h${index}`)).status).toBe(200)
  expect(everything()).toEqual(before)
  // One of the configuration was meant to be there.
  expect((await send('nas')).status).toBe(200)
})

test('while a password is replaced, the old and the new one fit, and no other; then the new one only', async () => {
  await start({ password: ['old one', 'new one'] })
  const status = async (password: string) => (await send('nas', { password })).status
  expect([await status('old one'), await status('new one'), await status('old onenew one')]).toEqual([200, 200, 401])
  configure({ password: 'new one' })
  expect([await status('old one'), await status('new one')]).toEqual([401, 200])
})

test('a host that runs wild is told when to come again, and nobody else is', async () => {
  await start()
  const statuses = new Set<number>()
  let last: Awaited<ReturnType<typeof send>> | undefined
  for (let i = 0; i < 60; i++) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('wild')))
    for (const answer of answers) statuses.add(answer.status)
    last = answers.at(-1)
  }
  expect([...statuses]).toEqual([200, 429])
  expect(last).toEqual({ status: 429, message: 'Too many signals', retryAfter: '1' })
  expect((await send('nas')).status).toBe(200)
  at = 1000
  expect((await send('wild')).status).toBe(200)
  expect(lines.filter((line) => line.includes('too much from wild'))).toHaveLength(1)
})

test.each<[string, boolean, Record<string, string>, boolean]>([
  ['a proxy says that it was http', true, { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' }, true],
  ['a proxy says https', true, { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' }, false],
  [
    'the client said http, our proxy https',
    true,
    { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http, https' },
    false,
  ],
  ['a proxy does not say', true, { 'x-forwarded-for': '203.0.113.7' }, false],
  [
    'it came from the network of the house',
    true,
    { 'x-forwarded-for': '192.168.1.7', 'x-forwarded-proto': 'http' },
    false,
  ],
  ['proxies are not trusted', false, { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' }, false],
])('a password that anybody could read is pointed out: %s', async (_, trust, headers, pointedOut) => {
  await start()
  trustProxy = trust
  for (let i = 0; i < 3; i++) expect((await send('nas', { headers })).status).toBe(200)
  await send('nas', { password: 'guess', headers })
  const notices = lines.filter((line) => line.includes('unencrypted'))
  expect(notices).toHaveLength(pointedOut ? 1 : 0)
  expect(notices.join()).not.toContain('secret')
})
