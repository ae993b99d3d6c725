import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeDoors, type Spoken, speak } from '../../test/fakes/doors.ts'
import { gatus } from './gatus.ts'

const TOKEN = '00112233445566778899aabbccddeeff'
const doors = fakeDoors({ hosts: { Core_Frontend: { token: TOKEN }, nas: { token: 'other' }, pi: {} } })
const RIGHT = { authorization: `Bearer ${TOKEN}` }
const ask = ({ url, ...rest }: Spoken, ...more: [Parameters<typeof speak>[3]?]) =>
  speak(gatus, doors, { method: 'POST', headers: RIGHT, ...rest, url: `/api/v1/endpoints/${url}` }, ...more)!

test.each([
  ['success=true', '', { event: 'success' }],
  ['success=true&duration=10s&error=none', '', { event: 'success' }],
  ['success=false', '', { event: 'fail' }],
  ['success=false&error=no+route&duration=1m30.5s', '', { event: 'fail', message: 'no route', durationMs: 90_500 }],
  ['success=false&duration=250ms', '{"error":"timed\\nout"}', { event: 'fail', message: 'timed out', durationMs: 250 }],
  ['success=false&duration=1h2m3s4ms5us6%C2%B5s7ns', '', { event: 'fail', durationMs: 3_723_004 }],
  ['success=false&duration=0', 'not JSON', { event: 'fail', durationMs: 0 }],
  ['success=false&duration=-5s', '', { event: 'fail' }],
  ['success=false&duration=', '', { event: 'fail' }],
])('a result with %s and the body %j says %o', (query, body, says) => {
  const answer = ask({ url: `core_frontend/external?${query}`, body })
  expect(answer).toMatchObject({ status: 200, body: '' })
  expect(answer.deeds).toMatchObject([{ kind: 'signal', subject: { name: 'Core_Frontend' } }])
  expect(JSON.parse(JSON.stringify(answer.deeds[0]))).toHaveProperty('signal', { host: 'Core_Frontend', ...says })
})

test('a key may have an empty group', () => {
  const headers = { authorization: 'bearer other' }
  expect(ask({ url: '_nas/external?success=true', headers }).deeds).toMatchObject([{ signal: { host: 'nas' } }])
})

const NO_SUCCESS = 'missing or invalid success query parameter'
const DURATION = 'invalid duration: expected one such as 10s, 250ms or 1m30s'
/** Each is also wrong in all that is looked at later. */
test.each([
  ['nobody', '?duration=x', undefined, 400, NO_SUCCESS, false],
  ['nobody', '?success=yes&duration=x', undefined, 400, NO_SUCCESS, false],
  ['nobody', '?success=true&duration=x', undefined, 401, 'invalid Authorization header', false],
  ['nobody', '?success=true&duration=x', 'Basic abc', 401, 'invalid Authorization header', false],
  ['nobody', '?success=true&duration=x', 'Bearer ', 401, 'bearer token must not be empty', false],
  ['nobody', '?success=true&duration=x', 'Bearer guess', 404, 'not found', true],
  ['nobody', '?success=true&duration=x', `Bearer ${TOKEN}`, 404, 'not found', false],
  ['%', '?success=true&duration=x', `Bearer ${TOKEN}`, 404, 'not found', false],
  ['nas', '?success=true&duration=x', `Bearer ${TOKEN}`, 401, 'invalid token', true],
  ['_pi', '?success=true&duration=x', 'Bearer guess', 401, 'invalid token', true],
  ['core_frontend', '?success=true&duration=10', `Bearer ${TOKEN}`, 400, DURATION, false],
  ['core_frontend', '?success=true&duration=.s', `Bearer ${TOKEN}`, 400, DURATION, false],
  ['core_frontend', '?success=true&duration=9999999999h', `Bearer ${TOKEN}`, 400, DURATION, false],
  ['core_frontend', `?success=true&duration=${'1'.repeat(90_000)}`, `Bearer ${TOKEN}`, 400, DURATION, false],
])('%s%s by %s is refused: %i %s', (key, query, authorization, status, body, wrong) => {
  const answer = ask({ url: `${key}/external${query}`, headers: { authorization } })
  expect(answer).toMatchObject({ status, body, wrong, deeds: [] })
})

test('what cannot be kept is to be sent again; other methods and paths are left to others', () => {
  const url = 'core_frontend/external?success=true'
  expect(ask({ url }, { cannotWrite: 'EROFS' })).toMatchObject({ status: 503, headers: { 'retry-after': '10' } })
  expect(ask({ url, method: 'GET' })).toBeUndefined()
  expect(ask({ url: 'core_frontend/statuses?success=true' })).toBeUndefined()
})

test('whatever the request, it is answered, and of nobody but the holder of the token', () => {
  const word = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll(/[/?]/g, ''))
  fc.assert(
    fc.property(fc.oneof(fc.constant('core_frontend'), word), word, (key, text) => {
      const answer = ask({ url: `${key || 'x'}/external?success=false&error=${text}&duration=${text}`, body: text })
      expect([200, 400, 404]).toContain(answer.status)
      for (const deed of answer.deeds) expect(deed).toHaveProperty('signal.host', 'Core_Frontend')
    }),
    { numRuns: 200 },
  )
})
