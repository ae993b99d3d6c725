import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outcome, Signal, Subject } from '../signal.ts'
import type { Asked, Doors, Opened, Problem, Reply } from './dialect.ts'
import { dialects } from './index.ts'
import { monitora } from './monitora.ts'

const FORM = 'application/x-www-form-urlencoded'
const subject = (name: string, hasToken: boolean): Subject => ({
  name,
  hasToken,
  everyHeartbeat: false,
  scheduled: false,
})
/** The shared password fits always; one host has a token of its own. */
const doors: Doors = {
  fits: (authorization) => authorization === 'Basic right',
  byToken: (token) => (token === 'of-the-backup-job' ? subject('backup', true) : undefined),
  byName: (name) => (name === 'backup' ? subject(name, true) : undefined),
  bySlug: () => undefined,
  isPingKey: () => false,
  badge: () => undefined,
}

function read(
  body: string,
  contentType: string | undefined = FORM,
  authorization = 'Basic right',
  query = '',
): Signal | Reply {
  const headers = { 'content-type': contentType, authorization }
  const opened = monitora.open({ method: 'POST', path: '/signal', query, headers }, doors)
  const asked = 'read' in opened ? opened.read(Buffer.from(body)) : opened
  if ('reply' in asked && !('deeds' in asked)) return asked.reply
  const [deed] = (asked as Asked).deeds
  if (deed?.kind !== 'signal') throw new Error('no signal')
  return deed.signal
}

const NO_HOST = { status: 400, body: '{"message":"No host"}' }
const INVALID = { status: 400, body: '{"message":"Invalid host name"}' }
const UNAUTHORIZED = { status: 401, body: '{"message":"Unauthorized"}' }
const UNSUPPORTED = { status: 415 }

test.each([
  ['', NO_HOST],
  ['host=', NO_HOST],
  ['name=nas', NO_HOST],
  ['&&=&', NO_HOST],
  ['host=n%61s', { host: 'nas' }],
  ['h%6Fst=nas', { host: 'nas' }],
  ['host=__proto__', { host: '__proto__' }],
  ['host=../etc/passwd', INVALID],
  ['host=%2e%2e%2f', INVALID],
  ['host=a%00b', INVALID],
  ['host=nas%', INVALID],
  ['host=na+s', INVALID],
  [`host=${'x'.repeat(64)}`, { host: 'x'.repeat(64) }],
  [`host=${'x'.repeat(65)}`, INVALID],
  ['host=nas&host=nas', INVALID],
  ['host=nas&status=ok&status=warning', { host: 'nas', status: 'warning' }],
  ['host=nas&status=fine', { host: 'nas' }],
  ['host=nas&interval=30', { host: 'nas', intervalMs: 30_000 }],
  ['host=nas&interval=5m', { host: 'nas', intervalMs: 300_000 }],
  ['host=nas&interval=often&up=-1&age=x&unsent=1e9&suspended=', { host: 'nas' }],
  ['host=nas&up=12.5&age=3&unsent=28&suspended=0', { host: 'nas', up: 12.5, age: 3, unsent: 28, suspended: 0 }],
  ['host=nas&event=goodbye', { host: 'nas', event: 'goodbye' }],
  ['host=nas&event=hello', { host: 'nas' }],
  ['host=nas&site=Maria%27s+flat%20%F0%9F%8F%A0', { host: 'nas', site: "Maria's flat 🏠" }],
  ['host=nas&message=disk 91% full', { host: 'nas', message: 'disk 91% full' }],
  ['host=nas&message=a%00b%0Ac%E2%80%AEd', { host: 'nas', message: 'ab cd' }],
  [`host=nas&version=${'🏠'.repeat(70)}`, { host: 'nas', version: '🏠'.repeat(64) }],
  [`host=nas&message=${'m'.repeat(2000)}`, { host: 'nas', message: 'm'.repeat(1000) }],
  ['host=nas&boot=b1&agent=a1&unknown=1', { host: 'nas', boot: 'b1', agent: 'a1' }],
] as const)('%s is read as %o', (body, expected) => {
  const found = read(body)
  if ('body' in expected) expect(found).toMatchObject(expected)
  else expect(found).toEqual(expected)
})

test.each([
  [undefined, { host: 'nas' }],
  ['', { host: 'nas' }],
  ['Application/X-WWW-Form-Urlencoded; charset=UTF-8', { host: 'nas' }],
  ['text/plain;charset=UTF-8', { host: 'nas' }],
  ['application/json', { host: 'nas' }],
  ['application/octet-stream', { host: 'nas' }],
  ['application/xml', UNSUPPORTED],
  ['application/x-www-form-urlencodedx', UNSUPPORTED],
] as const)('a form that is declared as %s', (contentType, expected) => {
  expect(read('host=nas', contentType)).toMatchObject(expected)
})

const JSON_TYPE = 'application/json; charset=utf-8'
const PARTS = 'multipart/form-data; boundary=----x7'
const part = (name: string, value: string) =>
  `------x7\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const TOKEN = 'Bearer of-the-backup-job'
const NO_FORM = { status: 400, body: '{"message":"Expected a form or JSON"}' }
test.each<[string, string, string | undefined, string, unknown]>([
  ['JSON', '{"host":"nas","status":"error","message":"disk full"}', JSON_TYPE, '', { host: 'nas', status: 'error' }],
  ['JSON that curl calls a form', ' {"host":"nas","status":"error"}\n', FORM, '', { status: 'error' }],
  ['JSON without a type', '{"host":"nas","exit":3,"duration":1.5}', undefined, '', { exitStatus: 3, durationMs: 1500 }],
  ['JSON with more than words', '{"host":"nas","message":["a",1],"site":null}', JSON_TYPE, '', { message: '["a",1]' }],
  [
    'JSON with yes and no, and many digits',
    '{"host":"nas","exit":false,"duration":3.0001230239868164}',
    JSON_TYPE,
    '',
    { durationMs: 3000 },
  ],
  ['JSON without a host', '{"status":"error"}', JSON_TYPE, '', NO_HOST],
  ['JSON that is torn', '{"host":"nas"', JSON_TYPE, '', NO_FORM],
  ['JSON of several', '[{"host":"nas"}]', JSON_TYPE, '', NO_FORM],
  [
    'a form in parts',
    `${part('host', 'nas')}${part('message', 'a\r\nb')}------x7--\r\n`,
    PARTS,
    '',
    { host: 'nas', message: 'a b' },
  ],
  ['parts without their end', part('host', 'nas').trimEnd(), PARTS, '', { host: 'nas' }],
  ['parts without any', '------x7--', PARTS, '', NO_HOST],
  ['nothing but a query', '', undefined, 'host=nas&status=warning', { host: 'nas', status: 'warning' }],
])('%s is understood, or refused in words', (_, body, contentType, query, expected) => {
  const found = read(body, contentType, 'Basic right', query)
  expect(found).toMatchObject(expected as object)
})

test('what stands in the query beside a body is nobody’s word', () => {
  expect(read('host=nas', FORM, 'Basic right', 'status=error')).toEqual({ host: 'nas' })
})

test.each<[string, unknown]>([
  ['{"status":"error","message":"disk full"}', { host: 'backup', status: 'error', message: 'disk full' }],
  ['{"status":"error"', NO_FORM],
  ['disk full', NO_FORM],
  ['{}', { host: 'backup' }],
  ['x=1&t=17', { host: 'backup' }],
  ['host=', { host: 'backup' }],
  ['', { host: 'backup' }],
])('beside a token, which says whose it is, %j never looks like health by mistake', (body, expected) => {
  expect(read(body, FORM, TOKEN)).toMatchObject(expected as object)
})

test.each<[string, object]>([
  ['status=ERROR', { status: 'error' }],
  ['status=+Warn+', { status: 'warning' }],
  ['status=fatal', { status: 'error' }],
  ['status=Down', { status: 'error' }],
  ['status=failed', { status: 'error' }],
  ['status=Up', { status: 'ok' }],
  ['status="Offline."', { status: 'error' }],
  ['exit=1&exit=0', { exitStatus: 1 }],
  ['event=DOWN', { event: 'fail' }],
  ['event=FAIL', { event: 'fail' }],
  ['event=up', { event: 'success' }],
  ['event=error', { status: 'error' }],
  ['event=warning', { status: 'warning' }],
  ['event=Success', { event: 'success' }],
  ['event=fail&event=success', { event: 'fail' }],
  ['event=success&status=down', { event: 'success', status: 'error' }],
  ['status=error&event=what', { status: 'error' }],
  ['status=error&event=ok', { status: 'error' }],
  ['event=error&status=running', { status: 'error' }],
  ['event=error&status=', { status: 'error' }],
  ['status=warning&status=ok', { status: 'warning' }],
])('trouble in any spelling: %s', (fields, expected) => {
  const { host: _, ...rest } = read(`host=job&${fields}`) as Signal
  expect(JSON.parse(JSON.stringify(rest))).toEqual(expected)
})

test.each<[string, string, string, unknown]>([
  ['no name beside a token', '', 'Bearer of-the-backup-job', { host: 'backup' }],
  ['its own name beside a token', 'host=backup', 'bearer  of-the-backup-job ', { host: 'backup' }],
  ["another's name beside a token", 'host=nas', 'Bearer of-the-backup-job', UNAUTHORIZED],
  ['a token that is nobody’s', 'host=nas', 'Bearer guess', UNAUTHORIZED],
  ['an empty token', 'host=nas', 'Bearer', UNAUTHORIZED],
  ['the shared password for a host that has a token', 'host=backup', 'Basic right', { status: 401 }],
  ['a wrong password', '', 'Basic wrong', UNAUTHORIZED],
])('%s', (_, body, authorization, expected) => {
  expect(read(body, FORM, authorization)).toMatchObject(expected as object)
})

test('only wrong credentials count as a guess', () => {
  const open = (authorization: string | undefined) =>
    monitora.open({ method: 'POST', path: '/signal', query: '', headers: { authorization } }, doors)
  expect(open(undefined)).toEqual({ reply: expect.objectContaining({ status: 401 }) })
  expect(open('Basic wrong')).toMatchObject({ wrong: true })
  expect(open('Bearer guess')).toMatchObject({ wrong: true })
})

test.each([
  ['event=start&run=r1', { event: 'start', run: 'r1' }],
  [
    'event=fail&exit=2&duration=1.5&output=a%0Ab%07',
    { event: 'fail', exitStatus: 2, durationMs: 1500, output: 'a\nb' },
  ],
  ['event=success&exit=0', { event: 'success', exitStatus: 0 }],
  ['event=log&message=hello', { event: 'log', message: 'hello' }],
  ['event=failed', { event: 'fail' }],
  ['exit=-1073741819', { exitStatus: 1_073_741_819 }],
  ['exit=1000&event=success', { exitStatus: 1000, event: 'success' }],
  ['exit=oops&event=what', { event: 'fail' }],
  ['status=critical', { status: 'error' }],
  ['progress=17&exit=&duration=soon', { progress: '17' }],
] as const)('of a job, %s is read as %o', (fields, expected) => {
  const { host, ...rest } = read(`host=job&${fields}`) as Signal
  expect(host).toBe('job')
  expect(JSON.parse(JSON.stringify(rest))).toEqual(expected)
})

test.each<[Outcome, number, string]>([
  ['registered', 200, 'Signal Registered'],
  ['not-known', 403, 'Unknown host'],
  ['too-many-hosts', 403, 'Too many hosts'],
  [{ cannotWrite: 'ENOSPC' }, 503, 'Cannot write: ENOSPC'],
])('what became %o is answered %i %s', (outcome, status, message) => {
  const opened = monitora.open(
    { method: 'POST', path: '/signal', query: '', headers: { authorization: 'Basic right' } },
    doors,
  )
  const asked = (opened as Opened).read(Buffer.from('host=nas')) as Asked
  const reply = asked.reply([outcome])
  expect(reply).toMatchObject({ status, body: JSON.stringify({ message }) })
  expect(reply.headers.includes('Retry-After')).toBe(status === 503)
})

test.each<[Problem, number, string]>([
  ['too-large', 413, 'Too large'],
  ['bad-encoding', 415, 'Unknown content encoding'],
  ['too-many-wrong', 429, 'Too many wrong passwords'],
  [{ retryAfterS: 7, of: 'signal' }, 429, 'Too many signals'],
])('%o is answered %i %s', (problem, status, message) => {
  const reply = monitora.refuse(problem)
  expect(reply).toMatchObject({ status, body: JSON.stringify({ message }) })
  expect(reply.headers.includes('Retry-After')).toBe(status === 429)
})

test('whatever the body, reading it gives a signal with a safe name, or a refusal', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('host', 'message', 'interval', '%', '%zz', '+', 'nas'),
  )
  const pair = fc.tuple(word, word).map(([name, value]) => `${name}=${value}`)
  const body = fc.oneof(
    word,
    fc.array(pair).map((pairs) => pairs.join('&')),
    word.map((value) => `host=nas&site=${value}`),
  )
  fc.assert(
    fc.property(body, (text) => {
      const signal = read(text)
      if ('body' in signal) expect(signal.status).toBe(400)
      else {
        expect(signal.host).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
        expect(JSON.stringify(signal)).not.toMatch(/\p{Cc}/u)
      }
    }),
    { numRuns: 2000 },
  )
})

test('every dialect file is listed', () => {
  const files = readdirSync(import.meta.dirname).filter(
    (name) => /\.ts$/.test(name) && !/^(index|dialect|text|docs)\.ts$|\.test\.ts$/.test(name),
  )
  expect(dialects.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort())
})
