import { lookup } from 'node:dns'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import type { EndpointConfig } from './config.ts'
import { createResolver } from './resolver.ts'
import { createSend } from './send.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const OK = '{"message":"Signal Registered"}'
const form = new URLSearchParams({ host: 'nas', note: 'ü & =' })
const realResolver = () => createResolver(lookup)

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
  })
  closing.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const configFor = (port: number, scheme = 'http'): EndpointConfig => ({
  file: 'e.yml',
  version: '',
  url: `${scheme}://127.0.0.1:${port}/signal`,
  host: 'nas',
  user: 'home',
  password: 's3cret ü',
})
const http = async (answer: RequestListener) => configFor(await listening(createServer(answer)))
const status = (code: number, body = OK, headers = {}) =>
  http((request, response) => {
    request.resume().on('end', () => response.writeHead(code, headers).end(body))
  })
const tcp = async (answer: (socket: Socket) => void) =>
  configFor(await listening(createTcpServer((socket) => void socket.once('data', () => answer(socket)))))

async function refusedPort(): Promise<EndpointConfig> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return configFor(port)
}
const huge = (code: number) =>
  http((_, response) => {
    response.writeHead(code)
    const part = Buffer.alloc(65_536, 'x')
    let left = 160
    const more = () => {
      while (left-- > 0) if (!response.write(part)) return response.once('drain', more)
      return response.end()
    }
    more()
  })
const dripping = () =>
  http((request, response) => {
    request.resume()
    response.writeHead(200)
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  })

describe('one post', () => {
  it('is a form with Basic credentials', async () => {
    const seen: unknown[] = []
    const config = await http(async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      seen.push(request.method, request.url, request.headers['content-type'], body)
      seen.push(Buffer.from(String(request.headers.authorization).slice(6), 'base64').toString())
      response.end(OK)
    })
    expect(await createSend(realResolver())(config, form, { timeoutMs: 5000 })).toEqual({ sent: true })
    expect(seen).toEqual([
      'POST',
      '/signal',
      'application/x-www-form-urlencoded',
      'host=nas&note=%C3%BC+%26+%3D',
      'home:s3cret ü',
    ])
  })

  it('shows a token as Bearer, and says whose is wrong', async () => {
    const seen: unknown[] = []
    const { file, version, url } = await http((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(401).end(OK)
    })
    const token = 'a-token-of-nas-0'
    const config = { file, version, url, host: 'nas', token }
    const send = createSend(realResolver())
    const named = await send(config, form, { timeoutMs: 5000 })
    expect(seen).toEqual([`Bearer ${token}`])
    expect(named).toMatchObject({
      reason: 'the token is wrong, or not that of nas (401)',
      advice: '`./monitora host rotate nas` on the box makes another.',
      final: true,
    })
    const implied = await send({ ...config, hostIsImplied: true }, form, { timeoutMs: 5000 })
    expect(implied).toMatchObject({ reason: 'the token is unknown (401)', final: true })
    expect(JSON.stringify(implied)).toContain('./monitora host list')
    expect(JSON.stringify(implied)).not.toContain('nas')
    expect(JSON.stringify([named, implied])).not.toContain(token)
  })

  const bad: [string, () => Promise<EndpointConfig>, RegExp][] = [
    ['a port where nothing listens', refusedPort, /^nothing listens at 127.0.0.1:\d+ \(ECONNREFUSED\)$/],
    ['silence', () => http(() => {}), /^no whole answer from 127.0.0.1:\d+ within 0.3 s$/],
    ['silence before HTTP', () => tcp(() => {}), /^no whole answer/],
    ['a body that never ends', dripping, /^no whole answer/],
    [
      'an answer that stops half-way',
      () => tcp((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"mess')),
      /^no whole answer/,
    ],
    [
      'an answer that breaks off',
      () => tcp((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"mess')),
      /broke off \(ECONNRESET\)$/,
    ],
    ['a hang-up', () => tcp((socket) => socket.end()), /broke off \(ECONNRESET\)$/],
    ['a reset', () => tcp((socket) => socket.resetAndDestroy()), /broke off \(ECONNRESET\)$/],
    ['something that is no HTTP', () => tcp((socket) => socket.end('220 mail ESMTP\r\n')), /not Monitora's \(HPE_/],
    [
      'endless headers',
      () => tcp((socket) => socket.end(`HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(20_000)}`)),
      /not Monitora's \(HPE_/,
    ],
    [
      'a redirect',
      () => status(301, '', { Location: 'https://u:p@other.example.com/signal?a=b' }),
      /^it redirects to https:\/\/other\.example\.com\/signal \(301\)$/,
    ],
    ['a redirect to nowhere', () => status(302, ''), /^it redirects to nowhere \(302\)$/],
    ['401', () => status(401), /^the user or the password is wrong \(401\)$/],
    ['400', () => status(400), /^the name nas is refused \(400\)$/],
    ['403', () => status(403), /^nas is not let in \(403\)$/],
    ['404', () => status(404), /^the answer is not Monitora's \(404\)$/],
    ['429', () => status(429), /^the server has had too many requests \(429\)$/],
    ['503', () => status(503), /^the server cannot take signals now \(503\)$/],
    ['a login page', () => status(200, '<html>Welcome</html>'), /^the answer is not Monitora's$/],
    ['JSON of someone else', () => status(200, '{"ok":true}'), /^the answer is not Monitora's$/],
    ['null', () => status(200, 'null'), /^the answer is not Monitora's$/],
    ['nothing in the body', () => status(204, ''), /^the answer is not Monitora's \(204\)$/],
    ['10 MB', () => huge(200), /^the answer is not Monitora's$/],
    ['10 MB with 503', () => huge(503), /^the server cannot take signals now \(503\)$/],
    [
      'http where https was meant',
      async () => ({ ...configFor(0), url: (await status(200)).url.replace('http', 'https') }),
      /^TLS failed \(/,
    ],
  ]
  it.each(bad)('meets %s and says so in words', async (_, server, expected) => {
    const config = await server()
    const outcome = await createSend(realResolver())(config, form, { timeoutMs: 300 })
    expect(outcome).toMatchObject({
      sent: false,
      reason: expect.stringMatching(expected),
      advice: expect.stringMatching(/[.?]$/),
    })
    expect(JSON.stringify(outcome)).not.toMatch(/s3cret|aG9tZ|u:p/)
  })

  it('is never followed elsewhere', async () => {
    let visits = 0
    const other = await http((_, response) => {
      visits++
      response.end(OK)
    })
    const config = await status(307, '', { Location: other.url })
    expect(await createSend(realResolver())(config, form, { timeoutMs: 2000 })).toMatchObject({ sent: false })
    expect(visits).toBe(0)
  })

  it('ends at once when it is given up', async () => {
    const giveUp = new AbortController()
    const config = await http(() => giveUp.abort())
    const outcome = createSend(realResolver())(config, form, { timeoutMs: 600_000, signal: giveUp.signal })
    expect(await outcome).toMatchObject({ sent: false })
  })

  it('says that the name was at fault when the resolver hangs', async () => {
    const hanging = { lookup: () => {}, busy: () => true }
    const config = { ...configFor(1), url: 'http://box.example.com:1234/signal' }
    const outcome = await createSend(hanging)(config, form, { timeoutMs: 100 })
    expect(outcome).toMatchObject({ reason: 'the name box.example.com cannot be resolved (EAI_AGAIN)' })
  })
})

describe('many posts', () => {
  it('share a connection, and one that the server has closed meanwhile costs none of them', async () => {
    let connections = 0
    let posts = 0
    const server = createTcpServer((socket) => {
      connections++
      let asked = 0
      socket.on('data', () => {
        // The second post on each connection finds it closed, as it happens to a kept one.
        if (++asked === 2) return void socket.destroy()
        posts++
        return void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`)
      })
    })
    const config = configFor(await listening(server))
    const send = createSend(realResolver())
    for (let post = 0; post < 3; post++) expect(await send(config, form, { timeoutMs: 5000 })).toEqual({ sent: true })
    expect({ connections, posts }).toEqual({ connections: 3, posts: 3 })
  })

  it('that fail in every way leave nothing behind', { timeout: 120_000 }, async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const configs = [
      await refusedPort(),
      await status(503, 'x'.repeat(20_000)),
      await status(200, '<html>'),
      await tcp((socket) => socket.resetAndDestroy()),
      await tcp((socket) => socket.end('garbage')),
    ]
    const hanging = await http(() => {})
    const send = createSend(realResolver())
    const fail = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        for (const config of configs) await send(config, form, { timeoutMs: 5000 })
        if (round % 10 === 0) await send(hanging, form, { timeoutMs: 5 })
      }
      gc()
      return process.memoryUsage().heapUsed
    }
    const before = await fail(200)
    const after = await fail(600)
    // 3,060 posts: 300 bytes kept of each would show.
    expect(after - before).toBeLessThan(1_000_000)
  })
})
