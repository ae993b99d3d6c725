import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outcome } from '../signal.ts'
import { dialects } from './index.ts'
import { monitora } from './monitora.ts'

const FORM = 'application/x-www-form-urlencoded'
const read = (body: string, contentType: string | undefined = FORM) => monitora.read({ contentType, body })

test.each([
  ['', 'no-host'],
  ['host=', 'no-host'],
  ['name=nas', 'no-host'],
  ['&&=&', 'no-host'],
  ['host=n%61s', { host: 'nas' }],
  ['h%6Fst=nas', { host: 'nas' }],
  ['host=__proto__', { host: '__proto__' }],
  ['host=../etc/passwd', 'invalid-host'],
  ['host=%2e%2e%2f', 'invalid-host'],
  ['host=a%00b', 'invalid-host'],
  ['host=nas%', 'invalid-host'],
  ['host=na+s', 'invalid-host'],
  [`host=${'x'.repeat(64)}`, { host: 'x'.repeat(64) }],
  [`host=${'x'.repeat(65)}`, 'invalid-host'],
  ['host=nas&host=nas', 'invalid-host'],
  ['host=nas&status=ok&status=warning', { host: 'nas', status: 'warning' }],
  ['host=nas&status=fine', { host: 'nas' }],
  ['host=nas&interval=30', { host: 'nas', intervalMs: 30_000 }],
  ['host=nas&interval=5m', { host: 'nas', intervalMs: 300_000 }],
  ['host=nas&interval=often&up=-1&age=x&unsent=1e9&suspended=', { host: 'nas' }],
  ['host=nas&up=12.5&age=3&unsent=28&suspended=0', { host: 'nas', up: 12.5, age: 3, unsent: 28, suspended: 0 }],
  ['host=nas&event=goodbye', { host: 'nas', goodbye: true }],
  ['host=nas&event=hello', { host: 'nas' }],
  ['host=nas&site=Maria%27s+flat%20%F0%9F%8F%A0', { host: 'nas', site: "Maria's flat 🏠" }],
  ['host=nas&message=disk 91% full', { host: 'nas', message: 'disk 91% full' }],
  ['host=nas&message=a%00b%0Ac%E2%80%AEd', { host: 'nas', message: 'ab cd' }],
  [`host=nas&version=${'🏠'.repeat(70)}`, { host: 'nas', version: '🏠'.repeat(64) }],
  [`host=nas&message=${'m'.repeat(2000)}`, { host: 'nas', message: 'm'.repeat(1000) }],
  ['host=nas&boot=b1&agent=a1&unknown=1', { host: 'nas', boot: 'b1', agent: 'a1' }],
] as const)('%s is read as %o', (body, expected) => {
  const signal = read(body)
  if (typeof expected === 'string') expect(signal).toBe(expected)
  else expect(signal).toEqual({ goodbye: false, ...expected })
})

test.each([
  [undefined, { host: 'nas', goodbye: false }],
  ['', { host: 'nas', goodbye: false }],
  ['Application/X-WWW-Form-Urlencoded; charset=UTF-8', { host: 'nas', goodbye: false }],
  ['application/json', 'unsupported-type'],
  ['multipart/form-data; boundary=x', 'unsupported-type'],
  ['application/x-www-form-urlencodedx', 'unsupported-type'],
] as const)('a form that is declared as %s', (contentType, expected) => {
  expect(monitora.read({ contentType, body: 'host=nas' })).toEqual(expected)
})

test.each<[Outcome, number, string]>([
  ['registered', 200, 'Signal Registered'],
  ['no-host', 400, 'No host'],
  ['invalid-host', 400, 'Invalid host name'],
  ['unauthorized', 401, 'Unauthorized'],
  ['too-large', 413, 'Too large'],
  ['unsupported-type', 415, 'Expected application/x-www-form-urlencoded'],
  ['slow-down', 429, 'Too many wrong passwords'],
  [{ cannotWrite: 'ENOSPC' }, 503, 'Cannot write: ENOSPC'],
])('%o is answered %i %s', (outcome, status, message) => {
  const reply = monitora.reply(outcome)
  expect(reply).toMatchObject({ status, body: JSON.stringify({ message }) })
  expect(reply.headers.includes('Retry-After')).toBe(status === 429 || status === 503)
  expect(reply.headers.includes('WWW-Authenticate')).toBe(status === 401)
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
      if (typeof signal === 'string') expect(['no-host', 'invalid-host']).toContain(signal)
      else {
        expect(signal.host).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
        expect(JSON.stringify(signal)).not.toMatch(/\p{Cc}/u)
      }
    }),
    { numRuns: 2000 },
  )
})

test('every dialect file is listed', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => !/^(index|dialect)\.ts$|\.test\.ts$/.test(name))
  expect(dialects.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort())
})
