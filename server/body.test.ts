/** Bodies of every packing, from real clients of a real server. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBodyReader } from './body.ts'

const LIMITS = { limit: 1_000_000, unpackedLimit: 3_000_000 }
const readBody = createBodyReader()
const server = createServer((req, res) => {
  readBody(req, req.url === '/end' ? { ...LIMITS, keep: 5000 } : LIMITS, (body) =>
    res.end(typeof body === 'string' ? body : `${body.length} ${body.toString().slice(0, 9)}`),
  )
})
let port: number

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function send(body: Buffer | string, encoding?: string, path = '/'): Promise<string> {
  return new Promise((done, failed) => {
    const headers = encoding === undefined ? {} : { 'content-encoding': encoding }
    const req = request({ port, method: 'POST', path, headers, agent: false }, (res) => {
      let text = ''
      res.on('data', (part) => {
        text += part
      })
      res.on('end', () => done(text))
    })
    req.on('error', failed)
    req.end(body)
  })
}

const zeros = Buffer.alloc(2_000_000)
const bomb = gzipSync(Buffer.alloc(50_000_000))

test.each<[string, Buffer | string, string | undefined, string]>([
  ['plain', 'host=nas', undefined, '8 host=nas'],
  ['none', '', undefined, '0 '],
  ['as it is', 'host=nas', 'identity', '8 host=nas'],
  ['as it is, in capitals', 'host=nas', ' Identity', '8 host=nas'],
  ['as it is, without a word', 'host=nas', '', '8 host=nas'],
  ['as it is, by a list', 'host=nas', ',', 'bad-encoding'],
  ['gzip', gzipSync('host=nas'), 'gzip', '8 host=nas'],
  ['gzip, in capitals', gzipSync('host=nas'), ' GZIP', '8 host=nas'],
  ['deflate', deflateSync('host=nas'), 'deflate', '8 host=nas'],
  ['brotli', brotliCompressSync('host=nas'), 'br', '8 host=nas'],
  ['packed, of nothing', '', 'gzip', '0 '],
  ['too large as it comes', Buffer.alloc(1_000_001), undefined, 'too-large'],
  ['as large as it may be', gzipSync(zeros), 'gzip', '2000000 \0\0\0\0\0\0\0\0\0'],
  ['a bomb', bomb, 'gzip', 'too-large'],
  ['torn', gzipSync('host=nas').subarray(0, 12), 'gzip', 'bad-encoding'],
  ['not what it says', 'host=nas', 'br', 'bad-encoding'],
  ['two packings', gzipSync('host=nas'), 'gzip, br', 'bad-encoding'],
  ['a packing that every object has', 'host=nas', '__proto__', 'bad-encoding'],
  ['another such', 'host=nas', 'constructor', 'bad-encoding'],
])('%s', async (_, body, encoding, expected) => {
  expect(await send(body, encoding)).toBe(expected)
})

test.each<[string, Buffer | string, string | undefined, string]>([
  ['a short body', 'failed', undefined, '6 failed'],
  ['none', '', undefined, '0 '],
  ['a long one', `${'x'.repeat(50_000)}end${'.'.repeat(4997)}`, undefined, '5000 end......'],
  ['one over all limits', `${'x'.repeat(9_000_000)}end${'.'.repeat(4997)}`, undefined, '5000 end......'],
  ['a packed one', gzipSync('failed'), 'gzip', '6 failed'],
  ['a packed one over all limits', bomb, 'gzip', 'too-large'],
])('where its end is wanted: %s', async (_, body, encoding, expected) => {
  expect(await send(body, encoding, '/end')).toBe(expected)
})

test('the end is whole, in whatever pieces it comes', async () => {
  const piece = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.uint8Array({ minLength: 1, maxLength: 60 }))
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 40 }), async (pieces, keep) => {
      const chunks = pieces.map((bytes) => Buffer.from(bytes))
      const whole = Buffer.concat(chunks)
      const req = Object.assign(Readable.from(chunks), { headers: {} }) as unknown as IncomingMessage
      const end = await new Promise((done) => readBody(req, { limit: 10, keep }, done))
      expect(end).toEqual(whole.subarray(-keep))
      expect(Buffer.concat(chunks)).toEqual(whole)
    }),
  )
})

test('many bombs at once take turns, and each gets its answer', async () => {
  const before = process.memoryUsage().rss
  const answers = await Promise.all(Array.from({ length: 40 }, () => send(bomb, 'gzip')))
  expect(new Set(answers)).toEqual(new Set(['too-large']))
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
})

test('so many large bodies at once are refused, and none afterwards', async () => {
  const clients = Array.from({ length: 90 }, () => {
    let answered: (text: string) => void = () => {}
    const answer = new Promise<string>((done) => {
      answered = done
    })
    const req = request({ port, method: 'POST', agent: false }, (res) => {
      let text = ''
      res.on('data', (part) => {
        text += part
      })
      res.on('end', () => answered(text))
    })
    req.on('error', () => answered('cut'))
    req.write(Buffer.alloc(900_000))
    return { req, answer }
  })
  // Nobody is done yet: the first who is answered came when there was no room.
  expect(await Promise.race(clients.map(({ answer }) => answer))).toBe('too-busy')
  for (const { req } of clients) req.end('x')
  const answers = await Promise.all(clients.map(({ answer }) => answer))
  expect(answers.filter((answer) => answer.startsWith('900001')).length).toBeGreaterThan(50)
  expect(await send(Buffer.alloc(900_000))).toMatch(/^900000/)
})
