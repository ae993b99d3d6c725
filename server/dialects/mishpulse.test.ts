import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeDoors, type Spoken, speak } from '../../test/fakes/doors.ts'
import { mishpulse } from './mishpulse.ts'

const TOKEN = '00112233445566778899aabbccddeeff'
const doors = fakeDoors({ hosts: { 'service-a': { token: TOKEN } } })
const ask = (request: Partial<Spoken>, ...more: [Parameters<typeof speak>[3]?]) =>
  speak(mishpulse, doors, { method: 'POST', url: `/api/heartbeat/${TOKEN}`, ...request }, ...more)!

test.each([
  ['{"status":"ok"}', { status: 'ok' }],
  ['{"status":"warning","message":"queue grows"}', { status: 'warning', message: 'queue grows' }],
  ['{"status": "error", "message": "No route\\nto host\\u0000"}', { status: 'error', message: 'No route to host' }],
  ['{"status":"OK","message":null,"more":{"deep":1}}', { status: 'ok' }],
  ['{"message":"hello"}', { status: 'ok', message: 'hello' }],
  ['{"status":"error","message":404}', { status: 'error', message: '404' }],
  ['{"status":"ok","message":{"not":"text"}}', { status: 'ok', message: '{"not":"text"}' }],
  ['{}', { status: 'ok' }],
  ['', { status: 'ok' }],
  [' \r\n', { status: 'ok' }],
  ['\ufeff{"status":"error"}', { status: 'error' }],
  ['status=warning&message=disk 91% full', { status: 'warning', message: 'disk 91% full' }],
])('the body %j says %o, whatever its type', (body, says) => {
  for (const type of [undefined, 'application/json', 'application/x-www-form-urlencoded', 'text/plain', 'nonsense']) {
    const answer = ask({ body, headers: { 'content-type': type } })
    expect(answer).toMatchObject({ status: 200, body: '{"result":"ok"}' })
    expect(answer.deeds).toMatchObject([{ kind: 'signal', subject: { name: 'service-a' } }])
    expect(answer.deeds[0]).toHaveProperty('signal', { message: undefined, host: 'service-a', ...says })
  }
})

test('nesting deeper than can be written is a message of its own, and no status', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  expect(ask({ body: `{"message":${deep}}` }).deeds).toMatchObject([{ signal: { status: 'ok', message: '[…]' } }])
  expect(ask({ body: `{"status":${deep}}` })).toMatchObject({ status: 400, deeds: [] })
})

test('a form in parts and a query are understood as well', () => {
  const type = 'multipart/form-data; boundary=x'
  const body = '--x\r\nContent-Disposition: form-data; name="status"\r\n\r\nerror\r\n--x--\r\n'
  expect(ask({ body, headers: { 'content-type': type } }).deeds).toMatchObject([{ signal: { status: 'error' } }])
  const url = `/api/heartbeat/${TOKEN}?status=error&message=boom`
  expect(ask({ url }).deeds).toMatchObject([{ signal: { status: 'error', message: 'boom' } }])
  expect(ask({ url: `/api/heartbeat/${TOKEN}?status=down` }).deeds).toMatchObject([{ signal: { status: 'error' } }])
  expect(ask({ url: `/api/heartbeat/${TOKEN}?status=what` })).toMatchObject({ status: 400, deeds: [] })
  expect(ask({ url: `/api/heartbeat/${TOKEN}?status=up` }).deeds).toMatchObject([{ signal: { status: 'ok' } }])
  expect(ask({ url: `/api/heartbeat/${TOKEN}?t=17` }).deeds).toMatchObject([{ signal: { status: 'ok' } }])
})

const STATUS = 'status must be ok, warning or error'
const EXPECTED = 'expected JSON such as {"status":"ok","message":"optional"}'
test.each([
  ['{"status":"fine"}', STATUS],
  ['{"status":1}', STATUS],
  ['{"status":["ok"]}', STATUS],
  ['{"status":""}', STATUS],
  ['status=fine', STATUS],
  ['{"status":"ok"', EXPECTED],
  ['[{"status":"ok"}]', EXPECTED],
  ['"ok"', EXPECTED],
  ['ok', EXPECTED],
  ['<status>ok</status>', EXPECTED],
])('the body %j is refused and changes nothing', (body, error) => {
  expect(ask({ body })).toMatchObject({ status: 400, body: JSON.stringify({ error }), deeds: [], wrong: false })
})

test.each(['0'.repeat(32), '', '%', `${TOKEN}/x`])('/api/heartbeat/%s is nobody', (token) => {
  const answer = ask({ url: `/api/heartbeat/${token}`, body: '{"status":"nonsense"}' })
  expect(answer).toMatchObject({ status: 403, body: '{"error":"unknown token"}', deeds: [], wrong: true })
})

test('what cannot be kept is to be sent again; only POST is a heartbeat', () => {
  expect(ask({}, { cannotWrite: 'EROFS' })).toMatchObject({ status: 503, headers: { 'retry-after': '10' } })
  expect(speak(mishpulse, doors, { url: `/api/heartbeat/${TOKEN}` })).toBeUndefined()
})

test('whatever the body, it is understood or refused', () => {
  const body = fc.oneof(
    fc.json().map((text) => `{"status":${text},"message":${text}}`),
    fc.string({ unit: 'binary' }),
    fc.constant('['.repeat(60_000)),
  )
  fc.assert(
    fc.property(body, (body) => {
      const { status, deeds } = ask({ body })
      expect([200, 400, 413]).toContain(status)
      for (const deed of deeds) expect(deed).toHaveProperty('signal.host', 'service-a')
      expect(JSON.stringify(deeds)).not.toMatch(/\p{Cc}/u)
    }),
    { numRuns: 200 },
  )
})
