/** What the socket takes from its clients, and when it cuts them: over http and https. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasOpenssl, makeCertificate } from '../test/fakes/certificate.ts'
import { createBodyReader } from './body.ts'
import { createListening, type Listening } from './listening.ts'
import { addressOf } from './signals.ts'
import { readCertificate } from './tls.ts'

const root = mkdtempSync(join(tmpdir(), 'listening-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function certificate() {
  const { cert, key } = makeCertificate(root, 'it')
  const config = { file: join(root, 'monitora.yml'), server: { tls: { cert, key } } }
  return readCertificate(config as Parameters<typeof readCertificate>[0])!
}

// Only openssl can make a certificate.
describe.each(hasOpenssl ? ['http', 'https'] : ['http'])('%s', { concurrent: true }, (scheme) => {
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  const log = { debug() {}, info: say, warn: say, error: say } as unknown as Parameters<typeof createListening>[1]
  const readBody = createBodyReader()
  let listening: Listening
  let port: number

  beforeAll(async () => {
    listening = createListening((req, res) => {
      if (req.url === '/late') setTimeout(() => res.end('late'), 12_000)
      else if (req.url === '/early') res.writeHead(401, { 'Content-Length': 0 }).end()
      else if (req.url === '/begun') res.writeHead(200).flushHeaders()
      else readBody(req, { limit: 10_000 }, (body) => res.end(`${addressOf(req, true)} ${body.length}`))
    }, log)
    await listening.open({ address: '127.0.0.1', port: 0 }, scheme === 'https' ? certificate() : undefined)
    port = Number(/:(\d+)$/.exec(lines[0]!)![1])
  })
  afterAll(() => listening.close())

  /** @returns all that came back until the server closed or an answer was there, and after how many seconds */
  function talk(speak: (socket: Socket) => void): Promise<{ text: string; seconds: number }> {
    const began = performance.now()
    return new Promise((done) => {
      let text = ''
      const at = { port, host: '127.0.0.1', rejectUnauthorized: false }
      const socket: Socket = scheme === 'https' ? connectTls(at, () => speak(socket)) : connect(at, () => speak(socket))
      socket.on('data', (part) => {
        text += part.toString('latin1')
        if (/\r\n\r\n./.test(text)) socket.destroy()
      })
      // A reset is an answer too.
      socket.on('error', () => {})
      socket.on('close', () => done({ text, seconds: (performance.now() - began) / 1000 }))
    })
  }

  const head = (path: string, length: number, more = '') =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\n${more}Content-Length: ${length}\r\n\r\n`

  /** A part each half second, until the server closes. */
  function drip(socket: Socket, first: string, count: number): void {
    socket.write(first)
    const timer = setInterval(() => {
      if (count-- > 0) socket.write('x')
    }, 500)
    socket.on('close', () => clearInterval(timer))
  }

  test.each([0, 1500, 3000])('%i lines of the client do not push out what a proxy puts behind them', async (count) => {
    const many = 'A: \r\n'.repeat(count)
    const { text } = await talk((socket) => socket.write(head('/', 0, `${many}X-Forwarded-For: 198.51.100.4\r\n`)))
    expect(text).toMatch(/198\.51\.100\.4 0$/m)
  })

  test('who goes on is heard to the end, who falls silent is cut, and an answer takes as long as it takes', async () => {
    const [steady, steadyEarly, kept, early, begun, silent, half, slowHead, late] = await Promise.all([
      talk((socket) => drip(socket, head('/', 24), 24)),
      talk((socket) => {
        drip(socket, head('/early', 24), 24)
        setTimeout(() => socket.write(head('/', 0)), 13_000)
      }),
      talk((socket) => {
        socket.write(`${head('/early', 3)}all`)
        setTimeout(() => socket.write(head('/', 0)), 12_000)
      }),
      talk((socket) => socket.write(`${head('/early', 9)}half`)),
      talk((socket) => socket.write(`${head('/begun', 9)}half`)),
      talk(() => {}),
      talk((socket) => socket.write(`${head('/', 9)}half`)),
      talk((socket) => drip(socket, 'POST / HTTP/1.1\r\nA: ', 100)),
      talk((socket) => socket.write(head('/late', 0))),
    ])
    expect(steady.text).toMatch(/127\.0\.0\.1 24$/m)
    expect(steady.seconds).toBeGreaterThan(11)
    expect(late.text).toContain('late')
    expect(half.text).toMatch(/^HTTP\/1\.1 408 .*Connection: close\r\n/s)
    for (const { text } of [steadyEarly, kept]) expect(text).toMatch(/^HTTP\/1\.1 401 .*127\.0\.0\.1 0$/ms)
    expect(early.text).toMatch(/^HTTP\/1\.1 401 /)
    expect(begun.text).toMatch(/^HTTP\/1\.1 200 /)
    for (const { text } of [silent, half, slowHead]) expect(text).toMatch(/^(HTTP\/1\.1 408 |$)/)
    for (const { seconds } of [early, begun, silent, half, slowHead]) {
      expect(seconds).toBeGreaterThan(9)
      expect(seconds).toBeLessThan(14)
    }
  })
})
