import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeDoors, type Spoken, speak } from '../../test/fakes/doors.ts'
import { uptimeKuma } from './uptime-kuma.ts'

const TOKEN = '00112233445566778899aabbccddeeff'
const doors = fakeDoors({ hosts: { nas: { token: TOKEN }, odd: { token: 'an odd/token %' } } })
const ask = (request: Spoken, ...more: [Parameters<typeof speak>[3]?]) => speak(uptimeKuma, doors, request, ...more)!

test.each([
  ['', { event: 'success' }],
  ['?status=up&msg=OK&ping=', { event: 'success' }],
  ['?status=up&msg=OK&ping=12.3', { event: 'success' }],
  ['?status=&msg=&ping=0', { event: 'success' }],
  ['?ping=100000000000', { event: 'success' }],
  ['?ping=N/A', { event: 'success' }],
  ['?msg=disk%2091%25+full', { event: 'success', message: 'disk 91% full' }],
  ['?status=down&msg=no%0Aroute', { event: 'fail', message: 'no route' }],
  ['?status=down&msg=OK', { event: 'fail' }],
  ['?status=UP', { event: 'fail' }],
  ['?status=up&status=down', { event: 'fail' }],
  ['?unknown=1&&=&%zz', { event: 'success' }],
])('a push with %s says %o', (query, says) => {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
    const answer = ask({ method, url: `/api/push/${TOKEN}${query}`, body: 'anything' })
    expect(answer).toMatchObject({ status: 200, body: '{"ok":true}' })
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
    expect(answer.deeds).toMatchObject([{ kind: 'signal', subject: { name: 'nas' } }])
    expect(answer.deeds[0]).toHaveProperty('signal', { message: undefined, host: 'nas', ...says })
  }
})

test('a token of the configuration may be any text', () => {
  expect(ask({ url: `/api/push/${encodeURIComponent('an odd/token %')}/` }).deeds).toMatchObject([
    { signal: { host: 'odd' } },
  ])
})

const UNKNOWN = 'Monitor not found or not active.'
const INVALID = 'Invalid ping: from 0 to 100000000000 ms is expected.'
test.each([
  ['0'.repeat(32), UNKNOWN, true],
  ['', UNKNOWN, true],
  ['%', UNKNOWN, true],
  [`${TOKEN}/more`, UNKNOWN, true],
  [`${TOKEN}?ping=-1`, INVALID, false],
  [`${TOKEN}?ping=100000000001`, INVALID, false],
  [`${TOKEN}?ping=1e400`, INVALID, false],
])('/api/push/%s is refused: %s', (path, msg, wrong) => {
  const body = JSON.stringify({ ok: false, msg })
  expect(ask({ url: `/api/push/${path}` })).toMatchObject({ status: 404, body, wrong, deeds: [] })
})

test('what cannot be kept is to be pushed again', () => {
  const { status, body, headers } = ask({ url: `/api/push/${TOKEN}` }, { cannotWrite: 'ENOSPC' })
  expect({ status, body }).toEqual({ status: 503, body: '{"ok":false,"msg":"Cannot write: ENOSPC"}' })
  expect(headers['retry-after']).toBe('10')
})

test('whatever the request, it is answered, and of nobody but the holder of the token', () => {
  const query = fc.string({ unit: 'binary', maxLength: 60 })
  const path = fc.oneof(fc.constant(TOKEN), fc.string({ unit: 'binary', maxLength: 40 }))
  fc.assert(
    fc.property(path, query, (path, query) => {
      const { status, deeds } = ask({ url: `/api/push/${path}?${query}&msg=${query}` })
      expect([200, 404]).toContain(status)
      for (const deed of deeds) expect(deed).toHaveProperty('signal.host', 'nas')
    }),
    { numRuns: 200 },
  )
})
