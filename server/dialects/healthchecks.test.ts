import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeDoors, type Spoken, speak } from '../../test/fakes/doors.ts'
import { healthchecks } from './healthchecks.ts'

const TOKEN = '00112233445566778899aabbccddeeff'
const UUID = '00112233-4455-6677-8899-aabbccddeeff'
const RID = '8f14e45f-ceea-467f-a9b2-5d1c3c7b2a10'
const OF_OTHERS = '11111111-2222-3333-4444-555555555555'
const doors = fakeDoors({
  hosts: { backup: { token: TOKEN }, Nas: {}, Pi: {}, pi: {} },
  pingKey: 'k3y-of_all',
  badge: (key, signature, tag) =>
    key === 'bk' && signature === 'sig-1234' && (tag === '*' || tag === 'a<b')
      ? { status: tag === '*' ? 'up' : 'down', total: 3, grace: 0, down: tag === '*' ? 0 : 1 }
      : undefined,
})
const ask = (request: Spoken, ...more: [Parameters<typeof speak>[3]?]) => speak(healthchecks, doors, request, ...more)!

describe('a ping by UUID', () => {
  test.each([
    ['', { event: 'success' }],
    ['/', { event: 'success' }],
    ['/start', { event: 'start' }],
    ['/fail', { event: 'fail' }],
    ['/log', { event: 'log' }],
    ['/0', { event: 'success', exitStatus: 0 }],
    ['/255', { event: 'fail', exitStatus: 255 }],
    [`/start?rid=${RID.toUpperCase()}`, { event: 'start', run: RID }],
    [`?rid=${RID.replaceAll('-', '')}`, { event: 'success', run: RID }],
    ['?create=1', { event: 'success' }],
  ])('%s says %o', (ending, says) => {
    for (const method of ['HEAD', 'GET', 'POST']) {
      const { status, body, headers, deeds } = ask({ method, url: `/ping/${UUID}${ending}` })
      expect({ status, body }).toEqual({ status: 200, body: 'OK' })
      expect(headers).toMatchObject({ 'ping-body-limit': '10000', 'access-control-allow-origin': '*' })
      expect(deeds).toEqual([
        {
          kind: 'signal',
          signal: { host: 'backup', ...says },
          subject: expect.objectContaining({ name: 'backup' }),
          endsPause: true,
        },
      ])
    }
  })

  test('its case is no matter', () => {
    expect(ask({ url: `/ping/${UUID.toUpperCase()}` }).status).toBe(200)
  })
})

test.each([
  ['k3y-of_all/nas', 200, 'OK', 'Nas'],
  ['k3y-of_all/backup/fail', 200, 'OK', 'backup'],
  ['k3y-of_all/new-job?create=1', 201, 'Created', 'new-job'],
  ['k3y-of_all/new-job/3?create=1', 201, 'Created', 'new-job'],
])('by ping key and slug, %s', (path, status, body, host) => {
  const answer = ask({ url: `/ping/${path}` })
  expect(answer).toMatchObject({ status, body })
  expect(answer.deeds).toMatchObject([{ signal: { host }, endsPause: true }])
  expect(answer.deeds[0]!.subject?.name).toBe(status === 201 ? undefined : host)
})

test.each([
  [`${UUID}/256`, 400, 'invalid url format', false],
  [`${UUID}/99999999999999999999`, 400, 'invalid url format', false],
  ['k3y-of_all/Nas', 400, 'invalid url format', false],
  ['k3y-of_all/nas/256', 400, 'invalid url format', false],
  [`k3y-of_all/${'x'.repeat(65)}?create=1`, 400, 'invalid url format', false],
  [`${UUID}?rid=`, 400, 'invalid uuid format', false],
  [`${UUID}?rid=run-7`, 400, 'invalid uuid format', false],
  [OF_OTHERS, 404, 'not found', true],
  ['wrong-key/nas', 404, 'not found', true],
  ['wrong-key/new-job?create=1', 404, 'not found', true],
  [`${UUID}/stop`, 404, 'not found', true],
  ['k3y-of_all/new-job', 404, 'not found', false],
  ['k3y-of_all/new-job?create=0', 404, 'not found', false],
  ['k3y-of_all/nas/start/start', 404, 'not found', false],
  ['k3y-of_all/%2e%2e', 404, 'not found', false],
  ['nas', 404, 'not found', false],
  ['', 404, 'not found', false],
  ['k3y-of_all/pi', 409, 'ambiguous slug', false],
])('%s is answered %i %s, and changes nothing', (path, status, body, wrong) => {
  expect(ask({ url: `/ping/${path}` })).toMatchObject({ status, body, wrong, deeds: [] })
})

test.each([
  ['/ping/k3y-of_all/new-job?create=1', 'not-known', 404, 'not found'],
  ['/ping/k3y-of_all/new-job?create=1', 'too-many-hosts', 404, 'not found'],
  [`/ping/${UUID}`, { cannotWrite: 'ENOSPC' }, 503, 'cannot write: ENOSPC'],
] as const)('%s that could not be kept (%o)', (url, outcome, status, body) => {
  const answer = ask({ url }, outcome)
  expect(answer).toMatchObject({ status, body })
  expect(answer.headers['ping-body-limit']).toBeUndefined()
})

const line = (letter: string, length: number) => `${letter.repeat(length - 1)}\n`

test.each([
  ['a short one, without its marks', 'dump failed:\r\n\u001b[31mdisk full\u0000', 'dump failed:\n[31mdisk full'],
  ['nothing but space', '\n', undefined],
  ['as much as is kept', 'é'.repeat(5000), 'é'.repeat(5000)],
  ['a long one, from the begin of a line', `${line('a', 9000)}${line('b', 500)}${'c'.repeat(9800)}`, 'c'.repeat(9800)],
  ['a line that begins at the cut', `${line('a', 9000)}${'c'.repeat(10_000)}`, 'c'.repeat(10_000)],
  ['lines that overwrite each other', `${'a'.repeat(9000)}\r${'c'.repeat(9999)}`, 'c'.repeat(9999)],
  ['a very long line, from a word', `${'a'.repeat(9000)} ${line('c', 9900)}`, 'c'.repeat(9899)],
  ['a very long word, from a character', `a${'…'.repeat(9000)}`, '…'.repeat(3333)],
  ['a very long word', `${'a'.repeat(9000)}b${line('c', 9999)}`, `b${'c'.repeat(9998)}`],
])('of a body its end is kept: %s', (_, body, output) => {
  const [deed] = ask({ method: 'POST', url: `/ping/${UUID}/fail`, body }).deeds
  expect(deed).toMatchObject({ signal: { event: 'fail' } })
  expect(deed?.kind === 'signal' && deed.signal.output).toBe(output)
})

test('a body may be of any length, and one more of its bytes than is kept is asked for', () => {
  const opened = healthchecks.open({ method: 'POST', path: `/ping/${UUID}`, query: '', headers: {} }, doors)
  expect(opened).toMatchObject({ keep: 10_001 })
})

test('who is made by a ping is expected once a day; who is there is as it was', () => {
  const declaredBy = (path: string) => {
    const [deed] = ask({ url: `/ping/k3y-of_all/${path}?create=1` }).deeds
    return deed?.kind === 'signal' ? deed.signal.timeoutMs : 'nothing'
  }
  expect(['new-job', 'new-job/start', 'nas'].map(declaredBy)).toEqual([25 * 3_600_000, 25 * 3_600_000, undefined])
})

test('a badge is told in three formats', () => {
  const url = '/badge/bk/sig-1234'
  expect(ask({ url: `${url}.json` })).toMatchObject({
    status: 200,
    body: '{"status":"up","total":3,"grace":0,"down":0}',
    headers: { 'content-type': 'application/json', 'access-control-allow-origin': '*' },
  })
  expect(JSON.parse(ask({ url: `${url}/a%3Cb.shields` }).body)).toEqual({
    schemaVersion: 1,
    label: 'a<b',
    message: 'down',
    color: 'critical',
  })
  const picture = ask({ method: 'HEAD', url: `${url}/a%3Cb.svg` })
  expect(picture.headers['content-type']).toBe('image/svg+xml')
  expect(picture.body).toMatch(/^<svg [^<>]*aria-label="a&lt;b: down">/)
})

test.each(['/badge/bk/sig-1234.png', '/badge/bk/sig-4321.svg', '/badge/kb/sig-1234.svg', '/badge/bk/sig-1234/%.svg'])(
  '%s is no badge',
  (url) => expect(ask({ url })).toMatchObject({ status: 404, body: 'not found', deeds: [] }),
)

test('other methods and other paths are left to others', () => {
  expect(speak(healthchecks, doors, { method: 'PUT', url: `/ping/${UUID}` })).toBeUndefined()
  expect(speak(healthchecks, doors, { method: 'POST', url: '/badge/bk/sig-1234.svg' })).toBeUndefined()
  expect(speak(healthchecks, doors, { url: '/pings' })).toBeUndefined()
})

test('whatever the request, it is answered, and only hosts with a legal name are spoken of', () => {
  const part = fc.oneof(
    fc.constantFrom(UUID, 'k3y-of_all', 'nas', '..', '%2e%2e', 'start', '7', '?create=1', '__proto__', ''),
    fc.string({ unit: 'binary', maxLength: 20 }),
  )
  const url = fc.array(part, { maxLength: 5 }).map((parts) => `/ping/${parts.join('/')}?create=1&rid=${RID}`)
  fc.assert(
    fc.property(url, fc.uint8Array({ maxLength: 40 }), (url, bytes) => {
      const { status, deeds } = ask({ method: 'POST', url, body: Buffer.from(bytes) })
      expect([200, 201, 400, 404, 409]).toContain(status)
      for (const deed of deeds)
        expect(deed).toHaveProperty('signal.host', expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/))
    }),
    { numRuns: 200 },
  )
})
