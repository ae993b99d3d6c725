/** What the Express app answers whoever asks in another way than a reader should. */
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginReadingServer, type ReadingServer } from '../test/reading-server.ts'

let server: ReadingServer
beforeAll(async () => {
  server = await beginReadingServer(
    'server: { user: home, password: secret }\nhosts: { nas: {}, __proto__: { type: bot } }\n',
  )
})
afterAll(() => server.end())

test.each([
  ['POST', '/', 'GET, HEAD'],
  ['DELETE', '/healthz', 'GET, HEAD'],
  ['PUT', '/api/hosts/nas', 'GET, HEAD'],
  ['POST', '/api/status', 'GET, HEAD'],
  ['OPTIONS', '/metrics', 'GET, HEAD'],
  ['POST', '/api/openapi.json', 'GET, HEAD'],
  ['GET', '/signal', 'POST'],
  ['DELETE', '/signal?host=nas', 'POST'],
  ['PUT', '/api/heartbeat/0123456789abcdef0123456789abcdef', 'POST'],
])('%s %s: 405, and what it allows', async (method, path, allow) => {
  const answer = await server.ask(method, path)
  expect(answer).toMatchObject({ status: 405, body: '{"message":"Method Not Allowed"}' })
  expect(answer.headers.allow).toBe(allow)
})

test.each([
  '/nowhere',
  '/api',
  '/api/status/',
  '/API/status',
  '/api/hosts/',
  '/api/hosts/unknown',
  '/api/hosts/..%2f..%2fetc%2fpasswd',
  '/api/hosts/%00',
  `/api/hosts/${'x'.repeat(5000)}`,
  '/api/hosts/unknown/history',
  '/api/hosts/..%2fnas/history',
  '/api/errors/nas/0123456789abcdef',
  '/api/errors/..%2f..%2fregistry/nas',
  '/api/errors/nas/..%2fproject',
])('GET %s: 404', async (path) => {
  const before = readdirSync(server.config.paths.root)
  const answer = await server.get(path)
  expect(answer.status).toBe(404)
  expect(Object.keys(JSON.parse(answer.body))).toEqual(['message'])
  expect(readdirSync(server.config.paths.root)).toEqual(before)
})

test.each([
  '/api/hosts/%E0%A4%A',
  '/api/hosts/nas/history?from=yesterday',
  '/api/hosts/nas/history?to=+275760-09-13T00:00:00Z',
  '/api/hosts/nas/history?from=2026-11-02&to=2026-11-01',
  '/api/hosts/nas/history?from=2026-11-01&from=2026-11-02',
  '/api/hosts/nas/history?to=',
  '/api/errors?project=a&project=b',
])('GET %s: 400', async (path) => {
  expect((await server.get(path)).status).toBe(400)
})

test('a name that a program holds dear is a name', async () => {
  expect(JSON.parse((await server.get('/api/hosts/__proto__')).body)).toMatchObject({ name: '__proto__', type: 'bot' })
  expect((await server.get('/status')).body).toBe('{"__proto__":"Unknown"}')
  expect((await server.get('/api/errors?project=__proto__')).body).toBe('[]')
  expect((await server.get('/api/hosts/nas?name=unknown')).status).toBe(200)
})

test.each(['/', '/healthz', '/api/status', '/api/hosts/nas', '/metrics', '/status', '/api/openapi.json'])(
  'HEAD %s: as GET, without the body',
  async (path) => {
    const [head, get] = [await server.ask('HEAD', path), await server.get(path)]
    expect([head.status, head.body, head.headers['content-type']]).toEqual([200, '', get.headers['content-type']])
    expect(Number(head.headers['content-length'])).toBeGreaterThan(10)
    expect(get.headers['x-powered-by']).toBeUndefined()
    expect(get.headers['x-content-type-options']).toBe('nosniff')
  },
)

test('while the disk refuses, /healthz says so', async () => {
  server.canWrite = false
  expect(await server.get('/healthz')).toMatchObject({ status: 503, body: '{"status":"cannot write"}' })
  server.canWrite = true
})
