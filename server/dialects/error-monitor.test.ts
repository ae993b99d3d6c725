import fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorOf, fakeDoors, speak } from '../../test/fakes/doors.ts'
import type { Outcome } from '../signal.ts'
import { errorMonitor } from './error-monitor.ts'

const TOKEN = '0123456789abcdef0123456789abcdef'
const OTHER = 'f'.repeat(32)
const doors = fakeDoors({ hosts: { shop: { token: TOKEN }, site: { token: OTHER } } })

function post(url: string, body: unknown, contentType = 'application/json', outcome: Outcome = 'registered') {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return speak(
    errorMonitor,
    doors,
    { method: 'POST', url, headers: { 'content-type': contentType }, body: text },
    outcome,
  )!
}
const beat = (fields: object) => post('/api/v1/heartbeat', { project_token: TOKEN, ...fields })
function meaning(status: 'ok' | 'warning' | 'error') {
  return (word: string): [string, object, object] => [`that says ${word}`, { status: word }, { status }]
}
const error = { type: 'ValueError', message: 'bad value', severity: 'critical', context: { user_id: 123 } }

test.each<[string, object, object]>([
  [
    'as the documentation shows it',
    { status: 'alive', version: '1.0.0', metadata: { environment: 'production' } },
    { status: 'ok', version: '1.0.0', metadata: { environment: 'production' } },
  ],
  [
    'as the Python SDK sends it',
    { status: 'alive', timestamp: 'now', additional_data: { env: 'prod' } },
    { status: 'ok', metadata: { env: 'prod' } },
  ],
  ['with a warning', { status: 'Warning', message: 'disk\n91 %' }, { status: 'warning', message: 'disk 91 %' }],
  ['with an error', { status: 'error' }, { status: 'error' }],
  ['with a status that nobody knows', { status: ' Dancing ', version: 5, metadata: [] }, { message: 'Dancing' }],
  ['with such a status, and a message', { status: 'dancing', message: 'disk full' }, { message: 'disk full' }],
  ['with a status that is none', { status: 5 }, {}],
  ['with an empty status', { status: ' ' }, {}],
  ...['alive', 'UP', 'healthy', 'running', 'active', 'online'].map(meaning('ok')),
  ...['degraded', 'warn'].map(meaning('warning')),
  ...['down', 'dead', 'failed', 'Critical', 'stopped', 'inactive', 'fatal'].map(meaning('error')),
  ['with both kinds of data', { metadata: { a: 1, b: 1 }, additional_data: { b: 2 } }, { metadata: { a: 1, b: 2 } }],
])('a pulse %s', (_, fields, signal) => {
  const { status, body, deeds } = beat(fields)
  expect([status, body]).toEqual([200, '{"status":"success","message":"Heartbeat received"}'])
  expect(deeds).toEqual([{ kind: 'signal', signal: { host: 'shop', ...signal }, subject: expect.anything() }])
})

test('an error, with what is known of it', () => {
  const stack_trace =
    'Traceback (most recent call last):\n  File "/app/shop.py", line 12, in pay\nValueError: bad value'
  const { status, body, deeds } = post('/api/v1/log', { project_token: TOKEN, error: { ...error, stack_trace } })
  expect([status, body]).toEqual([200, '{"status":"success","message":"Error logged"}'])
  expect(deeds.map(errorOf)).toEqual([
    {
      project: 'shop',
      group: expect.stringMatching(/^[0-9a-f]{16}$/),
      sample: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        type: 'ValueError',
        message: 'bad value',
        level: 'fatal',
        frames: [{ file: '/app/shop.py', line: 12, function: 'pay', inApp: true }],
        context: { user_id: 123 },
      },
    },
  ])
})

test.each<[string, object, object]>([
  [
    'lines',
    { stack_trace: ['Error: x', '    at pay (/app/a.js:1:2)'] },
    { frames: [{ file: '/app/a.js', function: 'pay' }] },
  ],
  [
    'objects',
    { stack_trace: [{ file: '/app/a.php', line: '7', function: 'pay' }] },
    { frames: [{ line: 7, function: 'pay' }] },
  ],
  [
    "objects, as PHP's getTrace() gives them, and where it was raised beside them",
    { stack_trace: [{ file: '/app/shop.php', line: 9, function: 'pay' }], file: '/app/cart.php', line: 7 },
    {
      frames: [
        { file: '/app/cart.php', line: 7, function: 'pay' },
        { file: '/app/shop.php', line: 9 },
      ],
    },
  ],
  ['a text in no known form', { stack_trace: 'here and there' }, { stack: 'here and there' }],
  [
    "PHP's calls as text, and where it was raised beside them",
    { stack_trace: '#0 /app/shop.php(9): Cart->pay()\n#1 {main}', file: '/app/cart.php', line: 7 },
    {
      frames: [
        { file: '/app/cart.php', line: 7, function: 'Cart->pay' },
        { file: '/app/shop.php', line: 9 },
      ],
    },
  ],
  ['a file and a line alone', { file: '/app/a.php', line: 7 }, { frames: [{ file: '/app/a.php', line: 7 }] }],
])('a stack of %s', (_, stack, expected) => {
  const { deeds } = post('/api/v1/log', { project_token: TOKEN, error: { ...error, ...stack } })
  expect(deeds.map(errorOf)).toMatchObject([{ sample: expected }])
})

test('a batch of bare errors, whose token stands beside them', () => {
  const { body, deeds } = post('/api/v1/log', {
    project_token: TOKEN,
    errors: [error, 'text', { project_token: OTHER, error }, 5],
  })
  expect(JSON.parse(body)).toMatchObject({ message: '3 of 4 errors logged' })
  expect(deeds.map((deed) => deed.kind === 'error' && deed.subject.name)).toEqual(['shop', 'shop', 'site'])
  expect(errorOf(deeds[1])).toMatchObject({ sample: { message: 'text' } })
})

test.each<[string, unknown[], number, string, string[]]>([
  [
    'of several projects',
    [
      { project_token: TOKEN, error },
      { project_token: OTHER, error },
    ],
    200,
    '2 of 2 errors logged',
    ['shop', 'site'],
  ],
  [
    'with a wrong token',
    [
      { project_token: 'guess', error },
      { project_token: TOKEN, error },
    ],
    200,
    '1 of 2 errors logged',
    ['shop'],
  ],
  [
    'with what is no error',
    [{ project_token: TOKEN, error: {} }, 5, { project_token: TOKEN, error: 'text' }],
    200,
    '1 of 3 errors logged',
    ['shop'],
  ],
  ['with wrong tokens only', [{ project_token: 'guess', error }], 401, 'Invalid project token', []],
  ['without an error', [{ project_token: TOKEN }], 400, 'Expected error, an object with type and message', []],
  ['of nothing', [], 400, 'Expected errors, a list of 1 to 100', []],
  [
    'of too many',
    Array.from({ length: 101 }, () => ({ project_token: TOKEN, error })),
    400,
    'Expected errors, a list of 1 to 100',
    [],
  ],
])('a batch %s', (_, errors, status, message, projects) => {
  const answer = post('/api/v1/log', { errors })
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.body)).toEqual({ status: status === 200 ? 'success' : 'error', message })
  expect(answer.deeds.map((deed) => deed.kind === 'error' && deed.subject.name)).toEqual(projects)
  expect(answer.wrong).toBe(status === 401)
})

test.each<[string, string, unknown, string, number]>([
  ['a doubled base', '/api/v1/api/v1/heartbeat', { project_token: TOKEN }, 'application/json', 200],
  ['a slash at the end', '/api/v1/log/', { project_token: TOKEN, error }, 'application/json', 200],
  [
    'JSON that is declared as a form',
    '/api/v1/heartbeat',
    { project_token: TOKEN },
    'application/x-www-form-urlencoded',
    200,
  ],
  ['JSON that is declared as nothing', '/api/v1/heartbeat', { project_token: TOKEN }, '', 200],
  ['JSON after a byte order mark', '/api/v1/heartbeat', `\ufeff{"project_token":"${TOKEN}"}`, '', 200],
  ['a form', '/api/v1/heartbeat', `project_token=${TOKEN}&status=alive`, 'application/x-www-form-urlencoded', 200],
  ['no JSON', '/api/v1/heartbeat', 'hello', 'application/json', 400],
  ['a list', '/api/v1/heartbeat', '[]', 'application/json', 400],
  ['no token', '/api/v1/heartbeat', {}, 'application/json', 400],
  ['no token for an error', '/api/v1/log', { error }, 'application/json', 400],
  ['a wrong token', '/api/v1/heartbeat', { project_token: 'guess' }, 'application/json', 401],
  ['a token that is none', '/api/v1/log', { project_token: { a: 1 }, error }, 'application/json', 401],
  ['no error', '/api/v1/log', { project_token: TOKEN, error: [] }, 'application/json', 400],
  ['too much', '/api/v1/log', 'x'.repeat(1024 * 1024 + 1), 'application/json', 413],
])('%s', (_, url, body, contentType, status) => {
  const answer = post(url, body, contentType)
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.body)).toMatchObject({ status: status === 200 ? 'success' : 'error' })
  expect(answer.wrong).toBe(status === 401)
})

test.each(['/api/v1/log', '/api/v1/heartbeat/', '/api/v1/api/v1/log'])('a page of any origin may send to %s', (url) => {
  const { status, headers, body } = speak(errorMonitor, doors, { method: 'OPTIONS', url })!
  expect([status, body]).toEqual([204, ''])
  expect(headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'Content-Type',
  })
  const answers = [
    post(url, { project_token: TOKEN, error }),
    post(url, { project_token: 'guess', error }),
    post(url, ''),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 400])
  const replies = [
    ...answers.map((answer) => Object.entries(answer.headers).flat()),
    errorMonitor.refuse('too-large').headers,
  ]
  for (const reply of replies.map((names) => names.join(' ').toLowerCase()))
    expect(reply).toContain('access-control-allow-origin *')
})

test('it takes nothing but its two paths, and tells when the disk is full', () => {
  for (const [method, path] of [
    ['GET', '/api/v1/heartbeat'],
    ['POST', '/api/v1/projects'],
    ['OPTIONS', '/api/v1/projects'],
    ['OPTIONS', '/api/v1/stats'],
    ['POST', '/api/v1/api/v1/api/v1/log'],
    ['POST', '/api/v1/logs'],
  ])
    expect(errorMonitor.matches(method!, path!)).toBe(false)
  expect(post('/api/v1/log', { project_token: TOKEN, error }, '', { cannotWrite: 'ENOSPC' })).toMatchObject({
    status: 503,
  })
})

test('data that is too much or too deep is cut, not refused', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`)
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, 'x'.repeat(200)]))
  for (const metadata of [deep, many, { list: Array(1000).fill('x') }]) {
    const [deed] = beat({ metadata }).deeds
    const kept = JSON.stringify(deed?.kind === 'signal' && deed.signal.metadata)
    expect(kept.length).toBeLessThanOrEqual(4096)
    expect(kept.length).toBeGreaterThan(2)
  }
  expect(post('/api/v1/heartbeat', `{"a":${'['.repeat(100_000)}`).status).toBe(400)
  const nested = `{"project_token":"${TOKEN}","metadata":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`
  expect(post('/api/v1/heartbeat', nested).status).toBe(200)
})

test('whatever comes, it is answered', () => {
  const names = ['error', 'errors', 'type', 'message', 'stack_trace', 'context', 'tags', 'metadata', '__proto__']
  const fields = fc.dictionary(fc.constantFrom(...names), fc.anything({ maxDepth: 3, key: fc.constantFrom(...names) }))
  const text = (value: unknown) => JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? '1' : item))
  fc.assert(
    fc.property(fields, fc.constantFrom('heartbeat', 'log'), (found, path) => {
      const { status, deeds } = post(`/api/v1/${path}`, text({ ...found, project_token: TOKEN }))
      expect([200, 400, 401]).toContain(status)
      for (const deed of deeds) expect(deed.subject?.name).toBe('shop')
    }),
    { numRuns: 300 },
  )
})
