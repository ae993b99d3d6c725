/** The server as its clients meet it: real sockets, a real data folder; only main.ts is missing. */

import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { createInboxWriter } from '../shared/inbox.ts'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { readReport } from '../shared/report.ts'
import { createAccept } from './accept.ts'
import { createApp } from './app.ts'
import { dialects } from './dialects/index.ts'
import { createErrorInbox } from './errors/inbox.ts'
import { createScrub } from './errors/scrub.ts'
import { createKeys, type Keys } from './keys.ts'
import { createListening, ListenError } from './listening.ts'
import { createMetrics } from './metrics.ts'
import { createPenalty } from './penalty.ts'
import { createSignals } from './signals.ts'
import { createTally } from './tally.ts'

const scrub = createScrub([])

const RIGHT = `Basic ${Buffer.from('home:secret').toString('base64')}`
const WRONG = `Basic ${Buffer.from('home:guess').toString('base64')}`
const FORM = 'application/x-www-form-urlencoded'

const root = mkdtempSync(join(tmpdir(), 'server-'))
const paths = dataPaths(join(root, 'data'))
const lines: string[] = []
const say = (line: string) => void lines.push(line)
const log = { debug() {}, info: say, warn: say, error: say } as unknown as Parameters<typeof createListening>[1]
const config = configOf('secret')
let keys: Keys = createKeys(config, () => performance.now())
let trustProxy = false
let writable = true

function configOf(password: string): Config {
  const file = join(root, 'monitora.yml')
  writeFileSync(file, JSON.stringify({ data: 'data', server: { user: 'home', password } }))
  return loadConfig({ process: 'server', file, env: {} })
}

prepareDataFolder(paths)
const tally = createTally()
const penalty = createPenalty(() => performance.now(), log)
const app = createApp({
  unencrypted() {},
  config: () => config,
  keys: () => keys,
  dialects,
  penalty,
  metrics: createMetrics({ tally, monotonic: () => performance.now(), canWrite: () => writable }),
  now: Date.now,
  monotonic: () => performance.now(),
  canWrite: () => writable,
  log,
})
const signals = createSignals({
  dialects,
  doors: () => keys,
  trustProxy: () => trustProxy,
  penalty,
  limits: { wait: () => undefined },
  tally,
  log,
  unencrypted() {},
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
    intervalDeclared: (intervalMs) => listening.keepFor(intervalMs),
  }),
})
const listening = createListening((req, res) => signals(req, res, () => app(req, res)), log)
let port: number

const newestPort = () => Number(/:(\d+)$/.exec(lines.filter((line) => line.startsWith('listening on')).at(-1)!)![1])

beforeAll(async () => {
  await listening.open({ address: '127.0.0.1', port: 0 })
  port = newestPort()
})
afterAll(async () => {
  await listening.close()
  rmSync(root, { recursive: true, force: true })
})

interface Answer {
  status: number
  headers: Record<string, unknown>
  body: string
}

function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  return new Promise((done, failed) => {
    const req = request({ port, method, path, headers, agent: false }, (res) => {
      let text = ''
      res.setEncoding('utf8')
      res.on('data', (part: string) => {
        text += part
      })
      res.on('end', () => done({ status: res.statusCode!, headers: res.headers, body: text }))
    })
    req.on('error', failed)
    req.end(body)
  })
}

const post = (body: string, headers: Record<string, string> = {}) =>
  ask('POST', '/signal', { 'content-type': FORM, authorization: RIGHT, ...headers }, body)

test.each([
  ['a signal', 'host=nas', {}, 200, 'Signal Registered'],
  ['the same with a query', 'host=nas', {}, 200, 'Signal Registered'],
  ['no host', 'name=nas', {}, 400, 'No host'],
  ['a bad name', 'host=../x', {}, 400, 'Invalid host name'],
  ['wrong credentials, before anything else is looked at', 'host=../x', { authorization: WRONG }, 401, 'Unauthorized'],
  ['wrong credentials with a body too large', 'x'.repeat(33_000), { authorization: WRONG }, 401, 'Unauthorized'],
  ['XML', '<host>nas</host>', { 'content-type': 'application/xml' }, 415, `Expected ${FORM}`],
  ['a body at the limit', `host=nas&x=${'x'.repeat(32_768 - 11)}`, {}, 200, 'Signal Registered'],
  ['a body over the limit', `host=nas&x=${'x'.repeat(32_769 - 11)}`, {}, 413, 'Too large'],
  ['a chunked body', 'host=nas', { 'transfer-encoding': 'chunked' }, 200, 'Signal Registered'],
  ['a chunked body far over the limit', 'x'.repeat(500_000), { 'transfer-encoding': 'chunked' }, 413, 'Too large'],
])('%s', async (_, body, headers, status, message) => {
  const answer = await post(body, headers)
  expect(answer).toMatchObject({ status, body: JSON.stringify({ message }) })
  expect(answer.headers['content-type']).toBe('application/json')
})

test('without credentials it asks for them; without a body and a type there is no host', async () => {
  const answer = await ask('POST', '/signal', {}, 'host=nas')
  expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Basic realm="Monitora"' } })
  expect(await ask('POST', '/signal', { authorization: RIGHT })).toMatchObject({
    status: 400,
    body: '{"message":"No host"}',
  })
})

test.each([
  ['GET', '/', 200, undefined],
  ['GET', '/healthz', 200, undefined],
  ['HEAD', '/healthz', 200, undefined],
  ['POST', '/', 405, 'GET, HEAD'],
  ['DELETE', '/healthz', 405, 'GET, HEAD'],
  ['GET', '/signal', 405, 'POST'],
  ['GET', '/signal/', 404, undefined],
  ['POST', '/Signal', 404, undefined],
  ['POST', '/signal/nas', 404, undefined],
  ['GET', '/../../etc/passwd', 404, undefined],
  ['GET', '/%E0%A4%A', 404, undefined],
])('%s %s: %i', async (method, path, status, allow) => {
  const answer = await ask(method, path)
  expect(answer.status).toBe(status)
  expect(answer.headers.allow).toBe(allow)
  expect(answer.headers['x-powered-by']).toBeUndefined()
  expect(answer.headers['x-content-type-options']).toBe('nosniff')
  if (method !== 'HEAD') expect(Object.keys(JSON.parse(answer.body))).toHaveLength(1)
})

test('while the disk refuses, /healthz says so', async () => {
  writable = false
  expect(await ask('GET', '/healthz')).toMatchObject({ status: 503, body: '{"status":"cannot write"}' })
  writable = true
})

test('the address is the socket’s, or what a trusted proxy added last', async () => {
  const forwarded = { 'x-forwarded-for': '10.0.0.1, ::ffff:198.51.100.4' }
  await post('host=far', forwarded)
  expect(readReport(paths, 'far').address).toBe('127.0.0.1')
  trustProxy = true
  await post('host=far', forwarded)
  expect(readReport(paths, 'far').address).toBe('198.51.100.4')
  await post('host=far', { 'x-forwarded-for': '10.0.0.1, unknown' })
  expect(readReport(paths, 'far').address).toBe('127.0.0.1')
  trustProxy = false
})

test('who guesses passwords is slowed; the right one beside it is not', async () => {
  const guesses = Array.from({ length: 30 }, () => post('host=nas', { authorization: WRONG }))
  const status = (await Promise.race([post('host=nas'), ...guesses.slice(5, 10)])).status
  expect(status).toBe(200)
  const all = (await Promise.all(guesses)).map((answer) => answer.status)
  expect(all.filter((code) => code === 429).length).toBeGreaterThan(4)
  expect(all.every((code) => code === 429 || code === 401)).toBe(true)
})

test('other credentials are in force at once', async () => {
  keys = createKeys(configOf('guess'), () => performance.now())
  expect((await post('host=nas', { authorization: WRONG })).status).toBe(200)
  keys = createKeys(config, () => performance.now())
})

/** Sends bytes and resolves with all that came back when the server closes, which it must within the limit of a test. */
function raw(bytes: Buffer | string, { end = true } = {}): Promise<string> {
  return new Promise((done) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => {
      if (end) socket.end(bytes)
      else socket.write(bytes)
    })
    socket.on('data', (part) => {
      text += part.toString('latin1')
    })
    // A reset is an answer too.
    socket.on('error', () => {})
    socket.on('close', () => done(text))
  })
}

test('malformed requests are refused, and the server lives', async () => {
  const good = `POST /signal HTTP/1.1\r\nHost: x\r\nAuthorization: ${RIGHT}\r\nContent-Type: ${FORM}\r\nContent-Length: 8\r\n\r\nhost=nas`
  const mangled = fc
    .tuple(fc.nat(good.length), fc.nat(8), fc.uint8Array({ maxLength: 6 }))
    .map(([at, cut, add]) => Buffer.concat([Buffer.from(good.slice(0, at)), add, Buffer.from(good.slice(at + cut))]))
  const garbage = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes))
  const header = fc
    .string({ unit: 'binary', maxLength: 50 })
    .map((text) => Buffer.from(good.replace('Host: x', `Host: x\r\nX-A: ${text}`)))
  const before = readdirSync(root)
  await fc.assert(
    fc.asyncProperty(fc.oneof(mangled, garbage, header), async (bytes) => {
      expect(await raw(bytes)).toMatch(/^(HTTP\/1\.1 [2-5]\d\d |$)/)
    }),
    { numRuns: 300 },
  )
  expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
  expect(readdirSync(root)).toEqual(before)
  for (const entry of readdirSync(paths.hosts)) expect(entry).toMatch(/^[A-Za-z0-9_-]{1,64}\.host$/)
  expect((await post('host=nas')).status).toBe(200)
})

test('random headers never crash it', async () => {
  const value = fc.string({ maxLength: 100 })
  const names = fc.constantFrom('authorization', 'content-type', 'accept', 'cookie', 'expect')
  // From an address of its own each time, lest wrong credentials wait.
  let count = 0
  trustProxy = true
  await fc.assert(
    fc.asyncProperty(fc.dictionary(names, value), value, async (headers, forwarded) => {
      const answer = await post('host=nas', { 'x-forwarded-for': `${forwarded}, 10.0.0.${count++}`, ...headers })
      expect([200, 401, 415, 417, 429]).toContain(answer.status)
    }),
    { numRuns: 100 },
  )
  trustProxy = false
})

test('who is slow, silent or half there is cut; a good connection is kept', async () => {
  const began = performance.now()
  const head = `POST /signal HTTP/1.1\r\nHost: x\r\nAuthorization: ${RIGHT}\r\nContent-Length: 8\r\n`
  let kept = true
  const good = connect(port, '127.0.0.1', () => good.write(`${head}\r\nhost=nas`))
  good.on('close', () => {
    kept = false
  })
  good.resume()
  const cut = await Promise.all([
    raw('', { end: false }),
    raw('POST /sig', { end: false }),
    raw(head, { end: false }),
    raw(`${head}\r\nhost`, { end: false }),
  ])
  expect(performance.now() - began).toBeGreaterThan(9000)
  expect(performance.now() - began).toBeLessThan(15_000)
  for (const answer of cut) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/)
  expect(kept).toBe(true)
  good.destroy()
})

test('idle connections are kept for ten minutes, and longer where a client reports seldom', async () => {
  expect((await raw(`POST /signal HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`)).match(/timeout=(\d+)/)?.[1]).toBe(
    '600',
  )
  await post('host=slow&interval=20m')
  expect((await raw(`POST /signal HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`)).match(/timeout=(\d+)/)?.[1]).toBe(
    '1805',
  )
  await post('host=slow&interval=1d')
  expect((await raw(`POST /signal HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`)).match(/timeout=(\d+)/)?.[1]).toBe(
    '3600',
  )
})

test('from all addresses to one of them, with the same port: its own old place is not in its way', async () => {
  await listening.open({ address: '0.0.0.0', port })
  expect((await post('host=nas')).status).toBe(200)
  await listening.open({ address: '127.0.0.1', port })
  expect((await post('host=nas')).status).toBe(200)
  expect(newestPort()).toBe(port)
})

test('it moves to another address when it can, and stays where it is when it cannot', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const taken = (other.address() as AddressInfo).port
  await expect(listening.open({ address: '127.0.0.1', port: taken })).rejects.toThrow(ListenError)
  await new Promise((done) => other.close(done))
  await expect(listening.open({ address: '192.0.2.1', port: 0 })).rejects.toThrow('this machine does not have that')
  expect((await post('host=nas')).status).toBe(200)
  const before = port
  await listening.open({ address: '127.0.0.1', port: 0 })
  port = newestPort()
  expect(port).not.toBe(before)
  expect((await post('host=moved')).status).toBe(200)
  expect(readFileSync(join(paths.hosts, 'moved.host'), 'utf8')).toMatch(/^\d{10}\n$/)
  await expect(fetch(`http://127.0.0.1:${before}/healthz`)).rejects.toThrow()
})
