import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { projectId } from '../../shared/tokens.ts'
import { errorOf, fakeDoors, speak } from '../../test/fakes/doors.ts'
import type { Deed } from '../signal.ts'
import { sentry } from './sentry.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const EVENT_ID = '9414644cbda44441a3bcf6885fc3320d'
const ID = projectId('Shop')
const QUERY = `?sentry_version=7&sentry_key=${KEY}&sentry_client=sentry.javascript.node%2F10.78.0`
const doors = fakeDoors({ hosts: { Shop: { token: KEY }, other: { token: 'f'.repeat(32) } } })

const lines = (...parts: unknown[]) =>
  `${parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join('\n')}\n`
const post = (body: string | Buffer, url = `/api/${ID}/envelope/${QUERY}`, headers = {}) =>
  speak(sentry, doors, { method: 'POST', url, headers, body })!
const envelope = (event: unknown) => lines({ event_id: EVENT_ID }, { type: 'event' }, event)

const sampleOf = ([deed]: readonly Deed[]) => errorOf(deed).sample
const groupOf = ([deed]: readonly Deed[]) => errorOf(deed).group

/** As the Node SDK sends it, shortened. */
const NODE_EVENT = {
  exception: {
    values: [
      { type: 'Error', value: 'inner', mechanism: { handled: true, type: 'chained' } },
      {
        type: 'TypeError',
        value: 'cannot read price',
        stacktrace: {
          frames: [
            { filename: 'node:internal/modules/esm/loader', function: 'import', lineno: 606, in_app: false },
            { filename: '/app/send.mjs', module: 'send', function: '?', lineno: 6, colno: 5, in_app: true },
            { filename: '/app/send.mjs', module: 'send', function: 'boom', lineno: 3, colno: 24, in_app: true },
          ],
        },
        mechanism: { handled: false, type: 'onuncaughtexception' },
      },
    ],
  },
  event_id: 'f'.repeat(32),
  level: 'fatal',
  platform: 'node',
  contexts: { trace: { trace_id: 'x' }, runtime: { name: 'node', version: 'v20.20.2' } },
  server_name: 'vm',
  timestamp: 1795291351.382,
  environment: 'prod',
  release: 'app@1.2.3',
  user: { id: '7', email: 'a@example.com' },
  tags: { page: 'cart', n: 3 },
  request: { url: 'https://shop.example.com/cart', method: 'GET' },
  breadcrumbs: [
    { timestamp: 1795291351.38, category: 'auth', message: 'logged in' },
    { timestamp: 'nonsense', category: 'http', data: { method: 'GET', url: 'http://db/x', status_code: 200 } },
  ],
}

/** As Python's logging and its SDK send it, shortened. */
const PYTHON_EVENT = {
  level: 'error',
  logger: 'x',
  logentry: { message: 'failed %s times', params: [5] },
  event_id: EVENT_ID,
  timestamp: '2026-11-21T20:10:28.557892Z',
  breadcrumbs: { values: [] },
  server_name: 'vm',
  platform: 'python',
}

test("a Node SDK's event: the raised error, where it was raised first, and its causes", () => {
  const { status, body, deeds, headers } = post(envelope(NODE_EVENT))
  expect([status, body]).toEqual([200, JSON.stringify({ id: EVENT_ID })])
  expect(headers['access-control-allow-origin']).toBe('*')
  expect(deeds).toHaveLength(1)
  expect(deeds[0]).toMatchObject({ kind: 'error', subject: { name: 'Shop' } })
  expect(sampleOf(deeds)).toEqual({
    id: EVENT_ID,
    type: 'TypeError',
    message: 'cannot read price',
    level: 'fatal',
    crash: true,
    frames: [
      { file: '/app/send.mjs', line: 3, function: 'boom', inApp: true },
      { file: '/app/send.mjs', line: 6, function: '?', inApp: true },
      { file: 'node:internal/modules/esm/loader', line: 606, function: 'import', inApp: false },
    ],
    release: 'app@1.2.3',
    environment: 'prod',
    server: 'vm',
    platform: 'node',
    url: 'https://shop.example.com/cart',
    tags: { page: 'cart', n: '3' },
    context: {
      causes: ['Error: inner'],
      user: { id: '7', email: 'a@example.com' },
      request: { method: 'GET' },
      runtime: { name: 'node', version: 'v20.20.2' },
    },
    breadcrumbs: [
      { at: '2026-11-21T20:02:31.380Z', category: 'auth', message: 'logged in' },
      { category: 'http', message: 'GET http://db/x 200' },
    ],
  })
})

test("an older Python SDK's event, by the store and the header; messages of one template are one group", () => {
  const store = (event: object) =>
    post(JSON.stringify(event), `/errors/api/${ID}/store/`, {
      'x-sentry-auth': `Sentry sentry_key=${KEY}, sentry_version=7, sentry_client=sentry.python/1.9.10`,
    })
  const { body, deeds } = store(PYTHON_EVENT)
  expect(body).toBe(JSON.stringify({ id: EVENT_ID }))
  expect(sampleOf(deeds)).toMatchObject({ type: 'Message', message: 'failed 5 times', level: 'error' })
  const other = store({ ...PYTHON_EVENT, logentry: { message: 'failed %s times', params: ['many'] } })
  expect(other.deeds).toMatchObject([{ group: groupOf(deeds) }])
})

test("a Node SDK's message keeps the stack of whoever said it, and is grouped by what it says", () => {
  const saying = (message: string) => {
    const frames = [{ filename: '/app/log.mjs', function: 'warn', lineno: 20, in_app: true }]
    const exception = { value: message, stacktrace: { frames }, mechanism: { handled: true, synthetic: true } }
    const { deeds } = post(envelope({ level: 'warning', exception: { values: [exception] }, message }))
    return { sample: sampleOf(deeds), group: groupOf(deeds) }
  }
  const { sample, group } = saying('stock is low: 5 left')
  expect(sample).toMatchObject({ type: 'Message', message: 'stock is low: 5 left', level: 'warning', crash: undefined })
  expect(sample.frames).toEqual([{ file: '/app/log.mjs', line: 20, function: 'warn', inApp: true }])
  expect(saying('stock is low: 3 left').group).toBe(group)
  expect(saying('nobody pays').group).not.toBe(group)
})

const packed = (text: string) => deflateSync(text).toString('base64')
test.each<[string, string, number, string | undefined]>([
  ['an event', '{"message":"x"}', 200, 'x'],
  ['an event that says so', '{"type":"event","message":"x"}', 200, 'x'],
  ['an error', '{"type":"error","message":"x"}', 200, 'x'],
  ['an event of no kind', '{"type":"default","message":"x"}', 200, 'x'],
  ['an event whose type is none', '{"type":null,"message":"x"}', 200, 'x'],
  ['a transaction', `{"type":"transaction","event_id":"${EVENT_ID}","transaction":"/cart"}`, 200, undefined],
  ['a report on a policy', '{"type":"csp"}', 200, undefined],
  ['a packed event', packed('{"message":"x"}'), 200, 'x'],
  ['an event of an empty type', '{"type":"","message":"boom"}', 200, 'boom'],
  ['a packed transaction', packed('{"type":"transaction"}'), 200, undefined],
  ['a packed list', packed('[]'), 400, undefined],
  ['a torn packed event', packed('{"message":"x"}').slice(0, 12), 400, undefined],
  ['what only looks packed', 'eJx and nothing else', 400, undefined],
  ['a bomb', packed(`{"message":"${'x'.repeat(50_000_000)}"}`), 413, undefined],
  ['no JSON', 'hello', 400, undefined],
])('the store is sent %s', (_, body, status, message) => {
  const headers = { 'content-type': 'application/octet-stream' }
  const answer = post(body, `/api/${ID}/store/${QUERY}`, headers)
  expect(answer.status).toBe(status)
  expect(answer.deeds.map((deed) => sampleOf([deed]).message)).toEqual(message === undefined ? [] : [message])
  if (status === 200) expect(JSON.parse(answer.body).id).toMatch(body.includes(EVENT_ID) ? EVENT_ID : /^[\da-f]{32}$/)
})

const event = { type: 'event' }
const small = { message: 'x' }
const text = JSON.stringify(small)
test.each<[string, string, number]>([
  ['without lengths, without a newline at its end', `{}\n{"type":"event"}\n${text}`, 1],
  ['with lengths', lines({}, { type: 'event', length: text.length }, text), 1],
  ['with a length, and nothing after it', `{}\n${JSON.stringify({ type: 'event', length: text.length })}\n${text}`, 1],
  [
    'with newlines in an item that is skipped',
    lines({}, { type: 'attachment', length: 5 }, 'a\n\nb\n', event, small),
    1,
  ],
  ['with an empty item', lines({}, { type: 'attachment', length: 0 }, '', event, small), 1],
  ['with empty lines', `{}\n\n\n${lines(event, small)}\n\n`, 1],
  [
    'of what is not kept',
    lines({}, { type: 'session' }, {}, { type: 'transaction' }, {}, { type: 'client_report' }, {}),
    0,
  ],
  ['of a header alone', '{}', 0],
  ['of several', lines({}, event, small, event, small), 2],
  ['of very many', lines({}, ...Array.from({ length: 150 }, () => [event, small]).flat()), 100],
])('an envelope %s', (_, body, count) => {
  const { status, deeds } = post(body)
  expect([status, deeds.length]).toEqual([200, count])
})

test('what is left out of an envelope is remarked', () => {
  const many = (count: number) => post(lines({}, ...Array.from({ length: count }, () => [event, small]).flat()))
  expect(many(101).remarks).toEqual([expect.stringMatching(/^Shop: .*more than 100 events/)])
  expect(many(100).remarks).toEqual([])
})

test.each<[string, string]>([
  ['nothing', ''],
  ['a header that is a list', '[]\n'],
  ['a length that is too long', lines({}, { type: 'event', length: 500 }, text)],
  ['a length that ends inside', lines({}, { type: 'event', length: 3 }, text)],
  ['a length that is none', lines({}, { type: 'event', length: -1 }, text)],
  ['an event that is none', lines({}, event, small, event, '"x"')],
  ['an event as deep as can be', lines({}, event, '['.repeat(100_000))],
])('%s is refused whole', (_, body) => {
  const { status, deeds, body: answer } = post(body)
  expect([status, deeds.length]).toEqual([400, 0])
  expect(JSON.parse(answer)).toHaveProperty('detail')
})

test('an event over 1 MB is too large, an attachment is not', () => {
  const large = 'x'.repeat(1024 * 1024)
  expect(post(envelope({ message: large })).status).toBe(413)
  expect(post(lines({}, { type: 'attachment', length: large.length }, large)).status).toBe(200)
})

const dsn = (key: string) => lines({ dsn: `https://${key}@example.com/${ID}` }, event, small)
test.each<[string, string, object, string, number, boolean]>([
  ['its key in the envelope', `/api/${ID}/envelope/`, {}, dsn(KEY), 200, false],
  ['a wrong key in the envelope', `/api/${ID}/envelope/`, {}, dsn('0'.repeat(32)), 403, true],
  ['no key', `/api/${ID}/envelope/`, {}, envelope(small), 403, false],
  ['no key for the store', `/api/${ID}/store/`, {}, text, 403, false],
  ['a wrong key', `/api/${ID}/envelope/?sentry_key=${'0'.repeat(32)}`, {}, envelope(small), 403, true],
  ["another project's key", `/api/${ID}/envelope/?sentry_key=${'f'.repeat(32)}`, {}, envelope(small), 403, true],
  ['another number', `/api/${ID + 1}/envelope${QUERY}`, {}, envelope(small), 403, true],
  ['no slash at its end', `/api/${ID}/envelope${QUERY}`, {}, envelope(small), 200, false],
  ['no envelope, and no key', `/api/${ID}/envelope/`, {}, 'x'.repeat(2_000_000), 413, false],
  [
    'a secret beside its key',
    `/api/${ID}/envelope/`,
    { 'x-sentry-auth': `Sentry sentry_secret=x,sentry_key=${KEY}` },
    envelope(small),
    200,
    false,
  ],
])('a request with %s', (_, url, headers, body, status, wrong) => {
  expect(post(body, url, headers)).toMatchObject({ status, wrong })
})

test('a browser may ask before it sends; other methods and paths are not ours', () => {
  const { status, headers } = speak(sentry, doors, { method: 'OPTIONS', url: `/api/${ID}/envelope/` })!
  expect(status).toBe(204)
  expect(headers['access-control-allow-headers']).toBe('Content-Type, Content-Encoding, X-Sentry-Auth')
  for (const url of [
    '/api/x/envelope/',
    '/api/1/envelopes/',
    '/api/1/envelope/x',
    '/../api/',
    '/api/12345678901/store/',
  ])
    expect(sentry.matches('POST', url)).toBe(false)
  for (const [method, url] of [
    ['GET', `/api/${ID}/envelope/`],
    ['PUT', `/api/${ID}/cron/a/${KEY}/`],
    ['OPTIONS', `/api/${ID}/cron/a/${KEY}/`],
    ['GET', `/api/${ID}/cron/a/`],
    ['GET', `/api/${ID}/cron/a/b/${KEY}/`],
    ['GET', `/api/x/cron/a/${KEY}/`],
  ])
    expect(sentry.matches(method!, url!)).toBe(false)
})

test('what cannot be kept is told: full disk, too many, too large', () => {
  const url = `/api/${ID}/envelope/${QUERY}`
  const full = speak(sentry, doors, { method: 'POST', url, body: envelope(small) }, { cannotWrite: 'ENOSPC' })
  expect(full).toMatchObject({ status: 503, body: '{"detail":"Cannot write: ENOSPC"}' })
  expect(sentry.refuse({ retryAfterS: 60, of: 'error' })).toMatchObject({
    status: 429,
    headers: expect.arrayContaining(['Retry-After', '60', 'X-Sentry-Rate-Limits', '60:error:key']),
  })
})

const hostile = { toString: 1, valueOf: null }
/** It stands for a list deeper than a program may call itself. */
const deep = 'DEEP'
test.each<[string, object, string]>([
  ['its fingerprint', { message: 'x', fingerprint: [hostile, deep, 'a'] }, 'x'],
  ['its parameters', { logentry: { message: 'failed %s of %s', params: [hostile, 5] } }, 'failed %s of 5'],
  ['deep parameters', { logentry: { message: 'failed %s', params: [deep] } }, 'failed %s'],
  [
    'a breadcrumb',
    { message: 'x', breadcrumbs: [{ data: { url: 'x', method: hostile, status_code: deep } }, { data: hostile }] },
    'x',
  ],
  [
    'every text',
    { message: 'x', release: hostile, level: hostile, tags: { a: hostile }, extra: { hostile, deep } },
    'x',
  ],
])('an event with what is no text in %s is kept without it', (_, found, message) => {
  const body = JSON.stringify(found).replaceAll('"DEEP"', `${'['.repeat(20_000)}${']'.repeat(20_000)}`)
  const { status, deeds } = post(envelope(body))
  expect(status).toBe(200)
  expect(sampleOf(deeds).message).toBe(message)
})

test('an event of enormous parts is kept within its bounds, with names of the prototype as any other', () => {
  const long = 'word '.repeat(10_000)
  const frames = Array.from({ length: 500 }, (_, line) => ({ filename: 'a.py', function: `f${line}`, lineno: line }))
  const keys = Array.from({ length: 500 }, (_, index) => `key${index}`)
  const huge = JSON.stringify({
    exception: { values: [{ type: long, value: long, stacktrace: { frames } }] },
    tags: Object.fromEntries(keys.map((key) => [key, 'word '.repeat(100)])),
    breadcrumbs: Array.from({ length: 100 }, () => ({ message: 'word '.repeat(300) })),
    extra: Object.fromEntries(keys.map((key) => [key, 'é'.repeat(300)])),
  }).replace('"tags":{', '"tags":{"__proto__":"x","constructor":"y",')
  const sample = sampleOf(post(envelope(huge)).deeds)
  expect(sample.message.length).toBeLessThanOrEqual(2000)
  expect(sample.frames).toHaveLength(50)
  expect(sample.frames![0]!.function).toBe('f499')
  expect(sample.breadcrumbs).toHaveLength(30)
  expect(Object.keys(sample.tags!)).toHaveLength(50)
  expect(Object.hasOwn(sample.tags!, '__proto__')).toBe(true)
  expect(Buffer.byteLength(JSON.stringify(sample.context))).toBeLessThanOrEqual(8192)
  expect(Buffer.byteLength(JSON.stringify(sample))).toBeLessThan(64 * 1024)
})

test('whatever comes, it is answered, and names no host but a legal one', () => {
  const json = fc.json({ maxDepth: 3 })
  const fields = [
    'exception',
    'values',
    'stacktrace',
    'frames',
    'logentry',
    'tags',
    'breadcrumbs',
    'contexts',
    'user',
    'request',
    'fingerprint',
    'monitor_slug',
    'monitor_config',
    'schedule',
    'check_in_id',
    'status',
  ]
  const shaped = fc
    .dictionary(fc.constantFrom(...fields, '__proto__'), fc.anything({ maxDepth: 4, key: fc.constantFrom(...fields) }))
    .map((value) => JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? '1' : item)))
  const line = fc.oneof(
    json,
    shaped,
    fc.constantFrom('{}', '{"type":"event"}', '{"type":"check_in"}', '{"type":"event","length":9}'),
  )
  const body = fc.oneof(
    fc.array(line).map((parts) => parts.join('\n')),
    shaped.map((value) => lines({}, event, value, { type: 'check_in' }, value)),
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  )
  fc.assert(
    fc.property(body, (sent) => {
      const { status, deeds } = post(sent)
      expect([200, 400]).toContain(status)
      for (const deed of deeds)
        expect(deed.kind === 'signal' ? deed.signal.host : deed.subject.name).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    }),
    { numRuns: 500 },
  )
})
