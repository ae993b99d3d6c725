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
  ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nabc\n-----END PGP PRIVATE KEY BLOCK-----', '[removed]'],
  // As programs write values of other kinds than words.
  ["<QueryDict: {'a': ['b'], 'password': ['hunter2']}>", "<QueryDict: {'a': ['b'], 'password': [removed]}>"],
  ["{b'password': b'hunter2', 'n': 1}", "{b'password': [removed], 'n': 1}"],
  ["at '/x?token=b'", "at '/x?token=[removed]'"],
  ['Config { password: Some("hunter2"), n: 1 }', 'Config { password: [removed], n: 1 }'],
  ['Config { password: Secret { a: "b" }, n: 1 }', 'Config { password: [removed], n: 1 }'],
  [
    '{"authorization":["Basic x"],"cookie":["a=1","b=2"],"n":1}',
    '{"authorization":[removed],"cookie":[removed],"n":1}',
  ],
  ["credentials={'user': 'x', 'k': 'a}b'} n=1", 'credentials=[removed] n=1'],
  ['{"a":{"password":["x"]},"n":1}', '{"a":{"password":[removed]},"n":1}'],
  ['password=(a)]b n=1', 'password=[removed] n=1'],
  ['map[password:[a b] n:1]', 'map[password:[removed] n:1]'],
  ['{password:&{a b} n:1}', '{password:[removed] n:1}'],
  ['["password"]=>\n            string(9) "two words"\n', '["password"]=>\n            [removed]\n'],
  ['s:8:"password";s:9:"two words";', 's:8:"password";s:9:[removed];'],
  ['"password": [\n  "a",\n  "b"\n],\n"n": 1', '"password": [removed],\n"n": 1'],
  ['"password": [\n  "a",\n  "b', '"password": [removed]'],
  ['password=[a b\nnext', 'password=[removed]\nnext'],
  ['{\\\\\\"password\\\\\\":\\\\\\"a \\\\\\\\\\\\\\" b\\\\\\",1}', '{\\\\\\"password\\\\\\":[removed],1}'],
  [
    'password[0]=a&user[password]=b&password[new]=c',
    'password[0]=[removed]&user[password]=[removed]&password[new]=[removed]',
  ],
  ['?a=%2Fb%3Ftoken%3Dc&user%5Bpassword%5D=d', '?a=%2Fb%3Ftoken%3D[removed]&user%5Bpassword%5D=[removed]'],
  ['auth: Basic aG9tZTpzZWNyZXQ= sent', 'auth: [removed] sent'],
  ['token: 12ab, tokens: 12ab', 'token: [removed], tokens: [removed]'],
  ['pw=a dbpass=b', 'pw=[removed] dbpass=[removed]'],
  // Headers, and what stands in quotes in them.
  ['Cookie: a="dark"; b=it\nHost: x', 'Cookie: [removed]\nHost: x'],
  ['"Cookie: a=\\"dark\\"; b=1", 2', '"Cookie: [removed]", 2'],
  ['Authorization: Digest username="a", response="b"', 'Authorization: [removed]'],
  ['[HTTP_COOKIE] => a=1; b=2\n', '[HTTP_COOKIE] => [removed]\n'],
  ['Cookie: [removed]; b=1', 'Cookie: [removed]'],
  ['sent Bearer Bearer abcdef12', 'sent Bearer Bearer [removed]'],
  // A name in one value, and the secret in the next.
  ['{"name":"password","n":1,"value":"a b"}', '{"name":"password","n":1,"value":[removed]}'],
  ["{ param: 'password', location: 'body', value: 'a' }", "{ param: 'password', location: 'body', value: [removed] }"],
  ["{'loc': ('body', 'password'), 'input': 'a'}", "{'loc': ('body', 'password'), 'input': [removed]}"],
  ['<add key="password" value="a"/>', '<add key="password" value=[removed]/>'],
  ['{"name":"password"},{"name":"page","value":"2"}', '{"name":"password"},{"name":"page","value":"2"}'],
  ['<a:Password b="c">d e</a:Password><n>1</n>', '<a:Password b="c">[removed]</a:Password><n>1</n>'],
  ["[('Host', 'x'), ('Password', 'a b')]", "[('Host', 'x'), ('Password', [removed])]"],
  ["[ 'Host', 'x', 'Authorization', 'Basic a' ]", "[ 'Host', 'x', 'Authorization', [removed] ]"],
  ["run --password 'two words' --verbose", 'run --password [removed] --verbose'],
  // In addresses.
  ['postgres://u@h:hunter2@db', 'postgres://[removed]@db'],
  ['https://0123456789abcdef0123456789abcdef@errors.example.com/1', 'https://[removed]@errors.example.com/1'],
  ['POST /ping/01234567-89ab-cdef-0123-456789abcdef/fail', 'POST /ping/[removed]/fail'],
  ['POST /ping/AbCdEfGhIjKlMnOpQrSt12/nightly', 'POST /ping/[removed]/nightly'],
  ['GET /api/push/0123456789abcdef0123456789abcdef?status=up', 'GET /api/push/[removed]?status=up'],
  ['GET /api/heartbeat/0123456789abcdef0123456789abcdef', 'GET /api/heartbeat/[removed]'],
  ['GET /api/1/cron/nightly/0123456789abcdef0123456789abcdef/', 'GET /api/1/cron/nightly/[removed]/'],
  ['https://discord.com/api/webhooks/123456789012345678/a-b_c', 'https://discord.com/api/webhooks/[removed]'],
  ['https://s3/k?X-Amz-Signature=a&sig=b%3D&n=1', 'https://s3/k?X-Amz-Signature=[removed]&sig=[removed]&n=1'],
  // By their looks.
  ['sk-proj-abcdefghij', '[removed]'],
  ['sk-ant-api03-abcdefghij', '[removed]'],
  ['AIzaSyA1234567890abcdefghijklmnopqrstuvw', '[removed]'],
  ['xapp-1-A0123-abcdef', '[removed]'],
  ['hf_abcdefghijklmnopqrstuvwxyzABCDEFGH', '[removed]'],
  ['whsec_abcdefghij', '[removed]'],
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
  // Of what has to do with secrets, what tells none.
  "/app/lib/session.rb:12:in 'refresh'",
  '\t/app/token.go:17 +0x1d',
  'at Shop.TokenService.Refresh() in /src/TokenService.cs:line 45',
  'at SessionManager.open(SessionManager.java:123)',
  'tests/test_session.py::test_login PASSED',
  'JsonWebTokenError: invalid signature',
  'TokenExpiredError: jwt expired',
  'io.jsonwebtoken.ExpiredJwtException: JWT expired',
  'Rack::Session::Cookie is gone',
  'Unexpected token: }',
  'Unexpected token: {',
  'Unexpected token : in JSON',
  'auth: timeout while connecting to db',
  'Bearer token failed',
  'PASS: test-1',
  'max_tokens: 4096, "prompt_tokens":17}',
  'sessions: 3.',
  'run --max-tokens 300 -v {"name":"max_tokens","value":300}, <tokens>3</tokens>',
  'tokenizer=bert, secretary: Anna',
  '["password","email"]',
  "missing: ('password', 'email', 'name')",
  '["Authorization","Content-Type"]',
  // What jobs write.
  'sent 1,234,567 bytes  received 89 bytes  823,770.67 bytes/sec',
  'rsync: [sender] link_stat "/srv/session.php" failed: No such file or directory (2)',
  'Archive name: web-2026-11-22-051643, 20261122051643',
  'Time (start): Sun, 2026-11-22 05:16:43 00-00-03',
  'Repository: ssh://borg@backup.example.com:23/./repo',
  'pg_dump: error: connection to server at "db" (10.0.0.5), port 5432 failed: FATAL:  password authentication failed',
  "mysqldump: Got error: 1045: Access denied for user 'x'@'localhost' (using password: YES) when trying to connect",
  'curl: (22) The requested URL returned error: 401',
  'systemd[1]: session-3.scope: Deactivated successfully.',
  'systemd[1]: token-refresh.service: Main process exited, code=exited, status=1/FAILURE',
  'sshd-session[812]: Accepted publickey for root from 10.0.0.1 port 22 ssh2',
  'systemd[1]: Started Session 3 of User root.',
  'sudo[99]: root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/apt',
  'npm_lifecycle_event=build',
  "cannot import name 'hf_hub_download'",
  'git clone https://bob@example.com/team/repo.git',
  'GET /ping/status and /api/push/a-name-of-22-letters',
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
    usage: { prompt_tokens: 17, max_tokens: '300', tokens: 'abc', sessions: 3 },
    limits: [['max_tokens', 300], { name: 'max_tokens', value: 300 }],
    tokenizer: 'bert',
    required: ['password', 'email'],
    invalid: [
      { path: 'password', value: 'abc' },
      { param: 'password', Value: 'abc', values: ['abc'] },
      { loc: ['body', 'password'], input: 'abc' },
      { Key: 'Password', Value: 'abc' },
      { loc: ['password', 'page'], input: 'abc' },
    ],
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
    usage: { prompt_tokens: 17, max_tokens: '300', tokens: '[removed]', sessions: 3 },
    limits: [['max_tokens', 300], { name: 'max_tokens', value: 300 }],
    tokenizer: 'bert',
    required: ['password', 'email'],
    invalid: [
      { path: 'password', value: '[removed]' },
      { param: 'password', Value: '[removed]', values: '[removed]' },
      { loc: ['body', 'password'], input: '[removed]' },
      { Key: 'Password', Value: '[removed]' },
      { loc: ['password', 'page'], input: 'abc' },
    ],
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

test('the names that an installation adds count in whatever form', () => {
  expect(scrub.text('ibanError: a, iban.rb:1')).toBe('ibanError: [removed], iban.rb:1')
})

test('whatever the text, it leaves no value of a telling name, and finds nothing the second time', () => {
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
      ...['[', ']', '(', ')', '}', '\\"', "b'", 'Some(', 'Cookie: a="', 'bearer ', '%3D', '%5B', '<password>', '</'],
      ...['"name":', '"value":', 'tokens', '12', 'sk_live_abcdefgh12', '/ping/', '[removed]', '.rb:', 'Basic '],
    ),
  )
  const text = fc.array(part, { maxLength: 15 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (before) => {
      expect(scrub.text(`${before}\npassword=hunter2 x`)).not.toContain('hunter2')
      const once = scrub.text(before)
      expect(scrub.text(once)).toBe(once)
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
  'cookie: a="',
  'password=[',
  'password=[\n',
  'password=[x\n',
  'password=["',
  "password=b'",
  'password=string(1) "',
  'password=\\\\\\"',
  '"name":"password",',
  '"name":["a",',
  '"password","',
  '("a", "',
  '<password>',
  '<a ',
  '://aaaaaaaaaaaaaaaaaaaaaaaa',
  '/cron/a/',
  'a[a]=',
  '%3D',
  'auth: aa ',
  '4111 ',
  '[removed]',
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
