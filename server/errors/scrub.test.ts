import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createScrub } from './scrub.ts'

const scrub = createScrub(['iban', 'табельный номер'])

test.each([
  ['login with password=hunter2 failed', 'login with password=[removed] failed'],
  ['https://shop.example.com/pay?token=abc&page=2', 'https://shop.example.com/pay?token=[removed]&page=2'],
  ['{"user":"a","password":"two words","n":1}', '{"user":"a","password":[removed],"n":1}'],
  ['{"password":"a\\"quoted\\"part"}', '{"password":[removed]}'],
  ['"{\\"apiKey\\":\\"abc\\",\\"n\\":1}"', '"{\\"apiKey\\":[removed],\\"n\\":1}"'],
  ["['password' => 'x y', 'id' => 5]", "['password' => [removed], 'id' => 5]"],
  ["db_password : 'x", 'db_password : [removed]'],
  ['password="never closed and more\nnext', 'password=[removed]\nnext'],
  ['password=', 'password='],
  ['password=&page=2', 'password=&page=2'],
  ['password=p(a)ss<word>', 'password=[removed]'],
  ['ПАРОЛЬ: тайна', 'ПАРОЛЬ: [removed]'],
  ['customer-iban=PT50', 'customer-iban=[removed]'],
  ['Authorization: Basic aG9tZTpzZWNyZXQ=', 'Authorization: [removed]'],
  ['Cookie: a=1; b=2\nHost: x', 'Cookie: [removed]\nHost: x'],
  ['sent Bearer abcdef.ghi-jkl to it', 'sent Bearer [removed] to it'],
  ['postgres://app:s3cr%t@db/shop', 'postgres://[removed]@db/shop'],
  ['redis://:pw@cache:6379', 'redis://[removed]@cache:6379'],
  [
    'https://api.telegram.org/bot123456789:AAE_abcdefghijklmnopqrstuvwxyz01234/send',
    'https://api.telegram.org/bot[removed]/send',
  ],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def here', 'jwt [removed] here'],
  ['jwt x-eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def', 'jwt x-[removed]'],
  ['api.auth.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def', 'api.auth.[removed]'],
  ['key sk_live_abcdefgh12345678 refused', 'key [removed] refused'],
  ['ghp_abcdefghijklmnopqrstuvwx', '[removed]'],
  ['AKIAIOSFODNN7EXAMPLE', '[removed]'],
  ['https://hooks.slack.com/services/T0/B0/xyz', 'https://hooks.slack.com/services/[removed]'],
  ['run --token abc --verbose', 'run --token [removed] --verbose'],
  ['card 4111 1111 1111 1111 refused', 'card [removed] refused'],
  ['card 4111-1111-1111-1111', 'card [removed]'],
  ['order 12 4111111111111111 9', 'order 12 [removed] 9'],
  ['-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: x\nabc\n-----END RSA PRIVATE KEY-----\nend', '[removed]\nend'],
  ['-----BEGIN PRIVATE KEY-----\nabc', '[removed]'],
])('of %s remains %s', (text, expected) => {
  expect(scrub.text(text)).toBe(expected)
  expect(scrub.text(expected)).toBe(expected)
})

test.each([
  'author=maria, authenticated: yes, compass=north, passenger: 3',
  'Unexpected token } in JSON at position 4',
  'order 4111111111111112 at 1795291351382',
  'http://localhost:8080/a@b failed: ECONNREFUSED 127.0.0.1:5432',
  'TypeError: x is not a function',
])('%s stays as it is', (text) => {
  expect(scrub.text(text)).toBe(text)
})

test('in fields, whatever their form, values go by the names; of a user the id alone stays', () => {
  const found = {
    Password: 'x',
    user: { id: 7, email: 'a@example.com', ip_address: '203.0.113.7', username: 'maria' },
    headers: [
      ['Cookie', 'a=1'],
      ['Accept', '*/*'],
    ],
    list: [
      { name: 'X-Api-Key', value: 'abc' },
      { key: 'page', value: '2' },
    ],
    nested: { deep: [{ stripe_secret: { a: 1 } }], ok: 'token=abc' },
    argv: ['app', '--password', 'hunter2', '--port', '80'],
    iban: 'PT50',
    card: 4111111111111111,
    author: 'maria',
    'a=1&password=x': '',
  }
  expect(scrub.value(found)).toEqual({
    Password: '[removed]',
    user: { id: 7 },
    headers: [
      ['Cookie', '[removed]'],
      ['Accept', '*/*'],
    ],
    list: [
      { name: 'X-Api-Key', value: '[removed]' },
      { key: 'page', value: '2' },
    ],
    nested: { deep: [{ stripe_secret: '[removed]' }], ok: 'token=[removed]' },
    argv: ['app', '--password', '[removed]', '--port', '80'],
    iban: '[removed]',
    card: '[removed]',
    author: 'maria',
    'a=1&password=[removed]': '[removed]',
  })
  for (const id of ['a@example.com', '203.0.113.7', '2001:db8::7'])
    expect(scrub.value({ user: { id } })).toEqual({ user: { id: '[removed]' } })
})

test('every text of a sample goes through it', () => {
  const secret = 'password=hunter2'
  const sample = scrub.sample({
    id: '0'.repeat(32),
    type: `Error ${secret}`,
    message: secret,
    level: 'error',
    stack: secret,
    url: `https://example.com/?${secret}`,
    frames: [{ file: `https://example.com/a.js?${secret}`, line: 1 }],
    tags: { password: 'hunter2', page: secret },
    context: { extra: secret, request: { data: secret } },
    breadcrumbs: [{ category: 'http', message: secret }],
  })
  expect(JSON.stringify(sample)).not.toContain('hunter2')
  expect(sample).toMatchObject({ frames: [{ line: 1 }], breadcrumbs: [{ category: 'http' }] })
})

test('whatever the text, it leaves no value of a telling name', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'password',
      '"',
      "'",
      '\\',
      '=',
      ':',
      '\n',
      ' ',
      '://',
      '@',
      '4111',
      '--',
      'token',
      '{',
      '&',
      'ключ',
      '\u0000',
    ),
  )
  const text = fc.array(part, { maxLength: 15 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (before) => {
      expect(scrub.text(`${before}\npassword=hunter2 x`)).not.toContain('hunter2')
      scrub.value(JSON.parse(JSON.stringify({ [before]: before, __proto__: null })))
    }),
    { numRuns: 300 },
  )
})

/** Each is harmless once, and repeated what a pattern might begin anew from each of its places. */
test.each([
  'a',
  'a=',
  'eyJ-',
  'eyJaaaaaaaa-',
  'eyJaaaaaaaa.',
  'password=',
  '"password":"',
  '\\"',
  '1 ',
  '4',
  '://a:',
  'bearer ',
  '--a ',
  '-----BEGIN PRIVATE KEY-----',
  'cookie: ',
])(
  'two hundred thousand characters of %s end in linear time',
  (unit) => {
    // The square of it would take half a minute and more.
    scrub.text(unit.repeat(200_000 / unit.length))
  },
  10_000,
)

test('so does the id of a user', () => {
  expect(scrub.value({ user: { id: ':'.repeat(200_000) } })).toHaveProperty('user.id')
})
