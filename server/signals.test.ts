/** The lane alone: real sockets and dialects, and what is kept is only counted. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { dialects } from './dialects/index.ts'
import { createLimits, RATES } from './limits.ts'
import type { Deed } from './signal.ts'
import { createSignals } from './signals.ts'
import { createTally, type Tally } from './tally.ts'

const TOKEN = '0123456789abcdef0123456789abcdef'
const shop = { name: 'shop', hasToken: true, everyHeartbeat: false, scheduled: false }

let kept: Deed[]
let tally: Tally
let at: number
let signals: ReturnType<typeof createSignals>
beforeEach(() => {
  kept = []
  tally = createTally()
  at = 0
  const log = { warn() {}, error() {} }
  signals = createSignals({
    dialects,
    doors: () => ({
      fits: (authorization) => authorization === 'Basic right',
      byToken: (token) => (token === TOKEN ? shop : undefined),
      byName: () => undefined,
      bySlug: () => undefined,
      isPingKey: () => false,
      badge: () => undefined,
    }),
    trustProxy: () => false,
    penalty: { wrong: (_, answer) => answer('unauthorized') },
    limits: createLimits(() => at, log),
    accept: (deed) => {
      kept.push(deed)
      return 'registered'
    },
    tally,
    log,
    unencrypted() {},
  })
})

const server = createServer((req, res) => signals(req, res, () => res.writeHead(404).end(req.url)))
let port: number
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

/** Says exactly this, and resolves with the whole answer. */
async function raw(target: string, body: string, more: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(
    `POST ${target} HTTP/1.1\r\nHost: x\r\n${more}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  let text = ''
  for await (const part of socket) text += part
  return text
}

test.each([
  ['/signal', 200],
  ['/signal?from=http://127.0.0.1/', 200],
  ['http://127.0.0.1:PORT/signal', 200],
  ['HTTP://box.example.com/signal', 200],
  ['https://[::1]:1234/signal?a=b', 200],
  ['http://user@box.example.com/signal', 200],
  ['http:///signal', 200],
  ['http://127.0.0.1:PORT', 404],
  ['http://127.0.0.1:PORT?/signal', 404],
  ['http://127.0.0.1:PORT/nothing', 404],
  ['ftp://127.0.0.1/signal', 404],
  ['/http://127.0.0.1/signal', 404],
])('a request for %s: %i', async (target, status) => {
  const more = 'Authorization: Basic right\r\nContent-Type: application/x-www-form-urlencoded'
  const answer = await raw(target.replace('PORT', String(port)), 'host=nas', more)
  expect(Number(answer.split(' ')[1])).toBe(status)
  expect(kept).toHaveLength(status === 200 ? 1 : 0)
})

test('a batch is kept whole or not at all, and whoever waits as it is told gets it through', async () => {
  const error = { type: 'E', message: 'x' }
  const send = (count: number) =>
    raw(
      '/api/v1/log',
      JSON.stringify({ project_token: TOKEN, errors: Array.from({ length: count }, () => error) }),
      'Content-Type: application/json',
    )
  const most = RATES.project.burst
  for (let sent = 0; sent < most; sent += 100) expect(await send(100)).toMatch(/^HTTP\/1\.1 200 /)
  for (let i = 0; i < 3; i++) expect(await send(100)).toMatch(/^HTTP\/1\.1 429 .*\r\nRetry-After: 1\r\n/s)
  expect(kept).toHaveLength(most)
  at = 1000
  expect(await send(100)).toMatch(/^HTTP\/1\.1 200 /)
  expect(kept).toHaveLength(most + 100)
  expect(tally.answered.get('error-monitor')).toEqual({ signals: 0, errors: most + 100, refused: 3 })
})

test('every dialect is counted from the start', () => {
  expect([...tally.answered]).toEqual(dialects.map(({ name }) => [name, { signals: 0, errors: 0, refused: 0 }]))
})
