/** Who may read and who may not, as clients meet it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginReadingServer, type ReadingServer } from '../test/reading-server.ts'
import { createAccess } from './access.ts'
import { createPlainNotice } from './plain-notice.ts'

const ADMIN = 'a-token-of-the-admin'
const RIGHT = { authorization: `Bearer ${ADMIN}` }
const WRONG = { authorization: 'Bearer a-guess-at-the-token' }
const ELSEWHERE = { 'x-forwarded-for': '198.51.100.4' }

let server: ReadingServer
beforeAll(async () => {
  server = await beginReadingServer(`server: { user: home, password: secret, adminToken: ${ADMIN} }\n`)
})
afterAll(() => server.end())

const reset = () => server.configure({ adminToken: ADMIN, read: 'local', trustProxy: false })

test.each([
  ['from the box itself', {}, {}, 200],
  ['through a proxy', {}, ELSEWHERE, 401],
  ['through one that says Forwarded', {}, { forwarded: 'for=198.51.100.4' }, 401],
  ['through one that says X-Real-IP', {}, { 'x-real-ip': '198.51.100.4' }, 401],
  ['through one that says Via', {}, { via: '1.1 proxy' }, 401],
  ['through a proxy of ours, from a public address', { trustProxy: true }, ELSEWHERE, 401],
  [
    'through a proxy of ours, which says that it was the box',
    { trustProxy: true },
    { 'x-forwarded-for': '127.0.0.1' },
    401,
  ],
  ['from elsewhere with the token', {}, { ...ELSEWHERE, ...RIGHT }, 200],
  ['from elsewhere with a wrong one', {}, { ...ELSEWHERE, ...WRONG }, 401],
  ['from elsewhere with a password', {}, { ...ELSEWHERE, authorization: 'Basic aG9tZTpzZWNyZXQ=' }, 401],
  ['from elsewhere with an empty token', {}, { ...ELSEWHERE, authorization: 'Bearer ' }, 401],
  ['from elsewhere where no token is configured', { adminToken: undefined }, { ...ELSEWHERE, ...RIGHT }, 403],
  ['from elsewhere when all may read', { read: 'open' as const }, ELSEWHERE, 200],
])('reading %s', async (_, settings, headers, status) => {
  server.configure(settings)
  for (const path of ['/api/status', '/metrics', '/status', '/api/errors']) {
    const answer = await server.get(path, headers)
    expect([path, answer.status]).toEqual([path, status])
    expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer realm="Monitora"' : undefined)
    expect(answer.headers['cache-control']).toBe('no-store')
  }
  reset()
})

test.each([
  ['from the box itself', {}, {}, 401],
  ['when all may read', { read: 'open' as const }, {}, 401],
  ['with the token', {}, RIGHT, 200],
  ['with the token, from elsewhere', {}, { ...ELSEWHERE, ...RIGHT }, 200],
  ['with a wrong one', { trustProxy: true }, { ...WRONG, ...ELSEWHERE }, 401],
  ['where none is configured', { adminToken: undefined }, RIGHT, 403],
])('listing projects %s', async (_, settings, headers, status) => {
  server.configure(settings)
  const paths = ['/api/v1/projects', '/api/v1/stats', '/api/v1/api/v1/projects', '/api/v1/api/v1/stats']
  const answers = await Promise.all(paths.map((path) => server.get(path, headers)))
  expect(answers.map((answer) => answer.status)).toEqual(paths.map(() => status))
  reset()
})

test.each(['/', '/healthz', '/api/openapi.json'])('anyone may see %s', async (path) => {
  expect((await server.get(path, ELSEWHERE)).status).toBe(200)
})

test('who guesses tokens is slowed; the right one beside it is not', async () => {
  const from = (headers: Record<string, string>) => server.get('/api/v1/stats', headers)
  server.configure({ trustProxy: true })
  const attacker = { 'x-forwarded-for': '203.0.113.9' }
  const guesses = Array.from({ length: 30 }, () => from({ ...WRONG, ...attacker }))
  expect((await Promise.race([from({ ...RIGHT, ...attacker }), ...guesses.slice(5, 10)])).status).toBe(200)
  const all = await Promise.all(guesses)
  const slowed = all.filter(({ status }) => status === 429)
  expect(slowed.length).toBeGreaterThan(4)
  expect(slowed[0]?.headers['retry-after']).toBe('10')
  expect(all.every(({ status }) => status === 401 || status === 429)).toBe(true)
  expect(all.map(({ body }) => body).join()).not.toContain('guess')
  reset()
})

const PUBLIC = '198.51.100.4'

test.each<[string, string, Record<string, string>, boolean, boolean, boolean]>([
  ['from a public address', PUBLIC, RIGHT, false, false, true],
  ['over https', PUBLIC, RIGHT, true, false, false],
  ['from the network of the house', '192.168.1.5', RIGHT, false, false, false],
  ['and is wrong', PUBLIC, WRONG, false, false, false],
  ['and a proxy of ours says http', '127.0.0.1', { ...RIGHT, ...ELSEWHERE, ...protocol('http') }, false, true, true],
  ['and a proxy of ours says https', '127.0.0.1', { ...RIGHT, ...ELSEWHERE, ...protocol('https') }, false, true, false],
])('the token is pointed out when it could be read on the way: it comes %s', (...row) => {
  const [, remoteAddress, headers, encrypted, trustProxy, pointedOut] = row
  const said: string[] = []
  const access = createAccess({
    settings: () => ({ adminToken: ADMIN, read: 'local', trustProxy }),
    keys: () => ({ isAdmin: (token) => token === ADMIN }),
    penalty: { wrong() {} },
    unencrypted: createPlainNotice({ warn: (line: string) => void said.push(line) }),
  })
  const socket = encrypted ? { remoteAddress, encrypted } : { remoteAddress }
  let admitted = 0
  for (let i = 0; i < 3; i++) access.reading({ headers, socket } as never, {} as never, () => admitted++)
  expect(admitted).toBe(headers === WRONG ? 0 : 3)
  expect(said).toHaveLength(pointedOut ? 1 : 0)
  for (const line of said) {
    expect(line).toContain(`a reader with the admin token sends its password or token unencrypted, from ${PUBLIC}`)
    expect(line).not.toContain(ADMIN)
  }
})

function protocol(name: string) {
  return { 'x-forwarded-proto': name }
}
