/** Configurations that are wrong, each said where and how; and good ones, each read as it was meant. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the configuration itself is written in
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { dump } from 'js-yaml'
import { afterAll, describe, expect, test } from 'vitest'
import type { ProcessName } from '../pulse.ts'
import type { Environment } from './environment.ts'
import { type Config, findConfig, loadConfig } from './load.ts'
import { ConfigError, type Problem } from './problems.ts'

const root = mkdtempSync(join(tmpdir(), 'config-'))
const file = join(root, 'monitora.yml')
afterAll(() => rmSync(root, { recursive: true, force: true }))

const SECRET = 'hunter2hunter2'
/** All that a configuration needs. */
const S = `server: { user: home, password: ${SECRET} }\n`

function read(yaml: string, env: Environment = {}, process: ProcessName = 'server'): Config {
  writeFileSync(file, yaml)
  return loadConfig({ file, process, env })
}

function problemsOf(yaml: string, env: Environment = {}, process: ProcessName = 'server'): readonly Problem[] {
  try {
    read(yaml, env, process)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).not.toContain(SECRET)
    expect(error.message.split('\n')).toHaveLength(error.problems.length)
    for (const line of error.message.split('\n')) expect(line.startsWith(`${file}: `)).toBe(true)
    return error.problems
  }
  return []
}

const SPAN = 'expected a span such as 30s'
const NAME = 'expected a name of letters'
const UNKNOWN = 'unknown key (a typo?)'
const URL = 'expected a URL that begins with http:// or https://'
const CHAT = 'expected the number of a chat'
const ZONE = 'expected a time zone such as Europe/Lisbon'
const CRON = 'expected a cron schedule such as'
const EMPTY = 'expected text that is not empty'
const TYPES = 'expected a channel with type: console, telegram or webhook'

/** The YAML, the path of its one problem, and a part of what is said. */
const BAD: readonly (readonly [yaml: string, path: string, part: string])[] = [
  ['', '', 'is empty (monitora.example.yml shows'],
  [' \n\n', '', 'is empty'],
  ['# only a comment\n', '', 'is no YAML'],
  ['---\n', '', 'found null, expected settings such as server:'],
  ['server: [\n', '', 'is no YAML: YAMLException'],
  [`server:\n  user: home\n  password:${SECRET}\n`, '', 'is no YAML: YAMLException'],
  [`${S}a: "${SECRET}\n`, '', 'is no YAML'],
  [S + S, '', 'duplicated mapping key'],
  [`${S}bot: &b { chats: [*b] }\n`, '', 'is no YAML'],
  [`${S}name: !!js/function ${SECRET}\n`, '', 'is no YAML'],
  ['- server\n- bot\n', '', 'found a list, expected settings such as'],
  [`password=${SECRET}`, '', 'found something else, expected settings such as'],
  ['42', '', 'found 42, expected settings such as'],

  ['data: ./data\n', 'server', 'missing: expected the settings of the server'],
  ['server:\n', 'server', 'found null, expected the settings of the server'],
  [`server: ${SECRET}\n`, 'server', 'found something else, expected the settings of the server'],
  ['server: [a]\n', 'server', 'found a list'],
  ['server: { user: home }\n', 'server.password', 'missing: expected text'],
  ['server: { password: p }\n', 'server.user', 'missing: expected text'],
  ['server: { user: "", password: p }\n', 'server.user', `found "", ${EMPTY}`],
  ['server: { user: 5, password: p }\n', 'server.user', 'found 5, expected text'],
  ['server: { user: home, password: "" }\n', 'server.password', `found something else, ${EMPTY}`],
  [`server: { user: home, password: [${SECRET}] }\n`, 'server.password', 'found something else'],
  [`server: { user: home, password: p, passwrod:${SECRET} }\n`, 'server.passwrod:…', UNKNOWN],
  ['server: { user: home, password: p, listn: 1234 }\n', 'server.listn', UNKNOWN],
  [
    'server: { user: home, password: p, listen: nowhere }\n',
    'server.listen',
    'found "nowhere", expected an address and a port',
  ],
  ['server: { user: home, password: p, listen: "0.0.0.0:70000" }\n', 'server.listen', 'such as 0.0.0.0:1234'],
  ['server: { user: home, password: p, listen: "box:" }\n', 'server.listen', 'found "box:"'],
  ['server: { user: home, password: p, listen: -1 }\n', 'server.listen', 'found -1'],
  ['server: { user: home, password: p, listen: 1.5 }\n', 'server.listen', 'found 1.5'],
  ['server: { user: home, password: p, listen: [1234] }\n', 'server.listen', 'found a list'],
  [
    'server: { user: home, password: p, trustProxy: yes }\n',
    'server.trustProxy',
    'found "yes", expected true or false',
  ],

  [`${S}timezone: Mars\n`, 'timezone', `found "Mars", ${ZONE}`],
  [`${S}timezone: 5\n`, 'timezone', `found 5, ${ZONE}`],
  [`${S}language: de\n`, 'language', 'found "de", expected en, pt or ru'],
  [`${S}name: ""\n`, 'name', EMPTY],
  [`${S}data: 5\n`, 'data', 'found 5, expected text'],
  [`${S}Hosts: {}\n`, 'Hosts', UNKNOWN],
  [`${S}__proto__: 5\n`, '__proto__', UNKNOWN],
  [
    `${S}name: \${NOPE} box\n`,
    'name',
    '${NOPE} is not set: expected it in the environment, .env, or a file named by NOPE_FILE',
  ],

  [`${S}defaults: 5m\n`, 'defaults', 'expected settings such as { timeout: 5m'],
  [`${S}defaults: { timeout: 5 minutes }\n`, 'defaults.timeout', `found "5 minutes", ${SPAN}`],
  [`${S}defaults: { timeout: 0 }\n`, 'defaults.timeout', `found 0, ${SPAN}`],
  [`${S}defaults: { timeout: 0.5s }\n`, 'defaults.timeout', SPAN],
  [`${S}defaults: { timeout: -5 }\n`, 'defaults.timeout', SPAN],
  [`${S}defaults: { timeout: 9999d }\n`, 'defaults.timeout', '1 s to 3650 d'],
  [`${S}defaults: { timeout: [5m] }\n`, 'defaults.timeout', `found a list, ${SPAN}`],
  [`${S}defaults: { reminder: }\n`, 'defaults.reminder', `found null, ${SPAN}`],
  [`${S}defaults: { timeuot: 5m }\n`, 'defaults.timeuot', UNKNOWN],
  [`${S}defaults: { channels: screen }\n`, 'defaults.channels', 'expected a list of names'],
  [
    `${S}defaults: { channels: [screen] }\n`,
    'defaults.channels',
    'found "screen", expected one of the channels (none yet)',
  ],

  [`${S}hosts: [nas]\n`, 'hosts', 'found a list, expected names, each with its settings'],
  [`${S}hosts: nas\n`, 'hosts', 'expected names, each with its settings'],
  [`${S}hosts: { "my nas": {} }\n`, 'hosts.my nas', NAME],
  [`${S}hosts: { "../x": {} }\n`, 'hosts.../x', NAME],
  [`${S}hosts: { ${'x'.repeat(65)}: {} }\n`, `hosts.${'x'.repeat(65)}`, NAME],
  [`${S}hosts: { nas: {}, NAS: {} }\n`, 'hosts.NAS', 'differs from nas by case alone'],
  [`${S}hosts: { nas: 5m }\n`, 'hosts.nas', 'expected the settings of a host, such as'],
  [`${S}hosts: { nas: [a] }\n`, 'hosts.nas', 'found a list'],
  [`${S}hosts: { nas: { tiemout: 5m } }\n`, 'hosts.nas.tiemout', UNKNOWN],
  [`${S}hosts: { nas: { timeout: soon } }\n`, 'hosts.nas.timeout', `found "soon", ${SPAN}`],
  [`${S}hosts: { __proto__: { timeout: x } }\n`, 'hosts.__proto__.timeout', SPAN],
  [
    `${S}hosts: { nas: { timeout: 5m, schedule: "0 3 * * *" } }\n`,
    'hosts.nas.timeout',
    'either a timeout or a schedule',
  ],
  [`${S}hosts: { nas: { schedule: often } }\n`, 'hosts.nas.schedule', `found "often", ${CRON}`],
  [`${S}hosts: { nas: { schedule: "* * * * * *" } }\n`, 'hosts.nas.schedule', CRON],
  [`${S}hosts: { nas: { schedule: "0 0 30 2 *" } }\n`, 'hosts.nas.schedule', CRON],
  [`${S}hosts: { nas: { schedule: "61 3 * * *" } }\n`, 'hosts.nas.schedule', CRON],
  [`${S}hosts: { nas: { schedule: 3 } }\n`, 'hosts.nas.schedule', CRON],
  [`${S}hosts: { nas: { grace: 1h } }\n`, 'hosts.nas.grace', 'expected a schedule beside it'],
  [`${S}hosts: { nas: { timezone: UTC } }\n`, 'hosts.nas.timezone', 'expected a schedule beside it'],
  [`${S}hosts: { nas: { schedule: "0 3 * * *", timezone: Nowhere } }\n`, 'hosts.nas.timezone', ZONE],
  [
    `${S}hosts: { nas: { channels: [mum] } }\nchannels: { ops: { type: console } }\n`,
    'hosts.nas.channels',
    'expected one of the channels (ops)',
  ],
  [`${S}hosts: { nas: { channels: ["a b"] } }\n`, 'hosts.nas.channels.0', NAME],
  [`${S}hosts: { nas: { tags: family } }\n`, 'hosts.nas.tags', 'expected a list of words'],
  [`${S}hosts: { nas: { tags: [ok, 1] } }\n`, 'hosts.nas.tags.1', 'found 1, expected text'],
  [`${S}hosts: { nas: { note: "" } }\n`, 'hosts.nas.note', EMPTY],
  [`${S}hosts: { nas: { site: 5 } }\n`, 'hosts.nas.site', 'found 5, expected text'],

  [`${S}channels: [screen]\n`, 'channels', 'found a list'],
  [`${S}channels: https://hooks.example.com/${SECRET}\n`, 'channels', 'expected names, each with its settings'],
  [`${S}channels: { "a b": { type: console } }\n`, 'channels.a b', NAME],
  [`${S}channels: { a: https://hooks.example.com/${SECRET} }\n`, 'channels.a', TYPES],
  [`${S}channels: { a: }\n`, 'channels.a.type', `missing: ${TYPES}`],
  [`${S}channels: { a: { type: pigeon } }\n`, 'channels.a.type', `found "pigeon", ${TYPES}`],
  [`${S}channels: { a: { type: console, url: x } }\n`, 'channels.a.url', UNKNOWN],
  [`${S}channels: { a: { type: console, kinds: silent } }\n`, 'channels.a.kinds', 'expected a list of kinds'],
  [
    `${S}channels: { a: { type: console, kinds: [silnet] } }\n`,
    'channels.a.kinds.0',
    'found "silnet", expected some of first-signal, silent',
  ],
  [`${S}channels: { a: { type: console, tags: all } }\n`, 'channels.a.tags', 'expected a list of words'],
  [`${S}channels: { a: { type: console, language: fr } }\n`, 'channels.a.language', 'expected en, pt or ru'],
  [`${S}channels: { a: { type: console, timezone: CEST } }\n`, 'channels.a.timezone', ZONE],
  [
    `${S}channels: { a: { type: telegram, chat: 5 } }\n`,
    'channels.a.token',
    'missing: expected the token of a bot here or in bot.token',
  ],
  [`${S}channels: { a: { type: telegram, token: t } }\n`, 'channels.a.chat', `missing: ${CHAT}`],
  [`${S}channels: { a: { type: telegram, token: t, chat: "@me" } }\n`, 'channels.a.chat', `found "@me", ${CHAT}`],
  [
    `${S}channels: { a: { type: telegram, token: [${SECRET}], chat: 5 } }\n`,
    'channels.a.token',
    'found something else',
  ],
  [`${S}channels: { a: { type: webhook } }\n`, 'channels.a.url', `missing: ${URL}`],
  [`${S}channels: { a: { type: webhook, url: "ftp://me:${SECRET}@h/" } }\n`, 'channels.a.url', URL],
  [`${S}channels: { a: { type: webhook, url: hooks.example.com/${SECRET} } }\n`, 'channels.a.url', URL],
  [
    `${S}channels: { a: { type: webhook, url: "http://h", headers: "X-Key: ${SECRET}" } }\n`,
    'channels.a.headers',
    'expected headers such as { X-Key: abc }',
  ],
  [
    `${S}channels: { a: { type: webhook, url: "http://h", headers: { X-Key: [${SECRET}] } } }\n`,
    'channels.a.headers.X-Key',
    EMPTY,
  ],

  [`${S}bot: 123:${SECRET}\n`, 'bot', 'expected the settings of the bot: token, chats, admins'],
  [`${S}bot: { tokn: ${SECRET} }\n`, 'bot.tokn', UNKNOWN],
  [`${S}bot: { token: { is: ${SECRET} } }\n`, 'bot.token', 'found something else'],
  [`${S}bot: { chats: 5 }\n`, 'bot.chats', 'expected a list of chat numbers'],
  [`${S}bot: { chats: [5, mum] }\n`, 'bot.chats.1', `found "mum", ${CHAT}`],
  [`${S}bot: { admins: [1.5] }\n`, 'bot.admins.0', CHAT],
  [`${S}bot: { apiRoot: api.telegram.org }\n`, 'bot.apiRoot', URL],
]

test.each(BAD)('%j has one problem: %s', (yaml, path, part) => {
  expect(problemsOf(yaml)).toEqual([{ path, text: expect.stringContaining(part) }])
})

test('a file that cannot be read is said to be so', () => {
  expect(() => loadConfig({ file: join(root, 'nowhere.yml'), process: 'bot', env: {} })).toThrow(
    'nowhere.yml: cannot be read: ENOENT',
  )
  expect(() => loadConfig({ file: root, process: 'bot', env: {} })).toThrow('cannot be read: EISDIR')
})

test('all problems show at once, each on a line of its own', () => {
  const yaml = `server: { user: home, password: "", listen: x }
timezone: Mars
hosts: { a b: {}, nas: { timeout: soon, grace: 1h }, NAS: { typo: 1 } }
channels: { a: { type: pigeon }, b: { type: webhook, url: \${HOOK} } }
bot: { chats: [x] }
`
  expect(problemsOf(yaml).map(({ path }) => path)).toEqual([
    'channels.b.url',
    'timezone',
    'server.listen',
    'server.password',
    'bot.chats.0',
    'hosts.a b',
    'hosts.nas.timeout',
    'hosts.nas.grace',
    'hosts.NAS.typo',
    'channels.a.type',
    'channels.b.url',
  ])
})

describe('a good one', () => {
  test('of two lines has defaults for the rest', () => {
    expect(read(S)).toEqual({
      file,
      paths: expect.objectContaining({ root: join(root, 'data'), hosts: join(root, 'data', 'hosts') }),
      name: hostname(),
      language: 'en',
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      server: { listen: { address: '0.0.0.0', port: 1234 }, user: 'home', password: SECRET, trustProxy: false },
      defaults: { timeout: 300_000, reminder: 21_600_000 },
      hosts: new Map(),
      channels: new Map(),
      bot: { admins: [], chats: [] },
    })
  })

  test('may use all there is', () => {
    const config = read(`
data: /srv/monitora
name: box
language: pt
timezone: Europe/Lisbon
server: { listen: "[::1]:8080", user: home, password: 0123, trustProxy: true }
defaults: { timeout: 90, reminder: 1d, channels: [family] }
hosts:
  nas: { site: home, timeout: 2m, note: "hall cupboard", tags: [family], channels: [hook, screen], reminder: 1h }
  backup: { schedule: "0 3 * * *", timezone: Asia/Tokyo, grace: 2h }
  bare:
channels:
  family: { type: telegram, chat: "-1001234567890" }
  other: { type: telegram, token: "2:OTHER", chat: 5, apiRoot: "http://127.0.0.1:8081", language: ru, timezone: UTC }
  hook: { type: webhook, url: https://me:${SECRET}@example.com/hook, headers: { X-Key: 5 } }
  screen: { type: console, kinds: [silent, recovered], tags: [family] }
bot: { token: "1:BOT", admins: [5], chats: [-1001234567890], apiRoot: "http://127.0.0.1:8082" }
`)
    expect(config.paths.root).toBe('/srv/monitora')
    expect(config.server).toEqual({
      listen: { address: '::1', port: 8080 },
      user: 'home',
      password: '123',
      trustProxy: true,
    })
    expect(config.defaults).toEqual({ timeout: 90_000, reminder: 86_400_000, channels: ['family'] })
    expect([...config.hosts]).toEqual([
      [
        'nas',
        {
          site: 'home',
          timeout: 120_000,
          note: 'hall cupboard',
          tags: ['family'],
          channels: ['hook', 'screen'],
          reminder: 3_600_000,
        },
      ],
      ['backup', { schedule: '0 3 * * *', timezone: 'Asia/Tokyo', grace: 7_200_000 }],
      ['bare', {}],
    ])
    const here = { language: 'pt', timezone: 'Europe/Lisbon' }
    expect(Object.fromEntries(config.channels)).toEqual({
      family: { type: 'telegram', chat: -1001234567890, token: '1:BOT', apiRoot: 'http://127.0.0.1:8082', ...here },
      other: {
        type: 'telegram',
        chat: 5,
        token: '2:OTHER',
        apiRoot: 'http://127.0.0.1:8081',
        language: 'ru',
        timezone: 'UTC',
      },
      hook: { type: 'webhook', url: `https://me:${SECRET}@example.com/hook`, headers: { 'X-Key': '5' }, ...here },
      screen: { type: 'console', kinds: ['silent', 'recovered'], tags: ['family'], ...here },
    })
    expect(config.bot).toEqual({
      token: '1:BOT',
      admins: [5],
      chats: [-1001234567890],
      apiRoot: 'http://127.0.0.1:8082',
    })
  })

  test.each(['1234', '0.0.0.0:1234', 'localhost:1234', '"[::]:1234"'])('may listen on %s', (listen) => {
    expect(read(`server: { user: u, password: p, listen: ${listen} }\n`).server.listen.port).toBe(1234)
  })

  test('may name hosts as JavaScript names its own', () => {
    const { hosts } = read(`${S}hosts: { __proto__: { timeout: 5s }, constructor: , toString: { note: x } }\n`)
    expect([...hosts]).toEqual([
      ['__proto__', { timeout: 5000 }],
      ['constructor', {}],
      ['toString', { note: 'x' }],
    ])
  })

  test('is the example, once its secrets are set', () => {
    const example = resolve(import.meta.dirname, '..', '..', 'monitora.example.yml')
    const anything = new Proxy(
      {},
      { get: (_, key) => (String(key).endsWith('_FILE') ? undefined : `${String(key)}-12345`) },
    )
    const config = loadConfig({ file: example, process: 'server', env: anything })
    expect(config.server.user).not.toBe('')
    expect(config.channels.size).toBeGreaterThan(0)
  })
})

describe('the environment', () => {
  const nameIn = (yaml: string, env: Environment = {}) => read(`${S}name: ${yaml}\n`, env).name

  test.each([
    ['${A}', { A: 'box' }, 'box'],
    ['a-${A}-${B}', { A: '1', B: '2' }, 'a-1-2'],
    ['${A:-default}', {}, 'default'],
    ['${A:-default}', { A: 'box' }, 'box'],
    ['x${A:-}y', {}, 'xy'],
    ['x${A}', { A: '' }, 'x'],
    ['$A {A} $${', { A: 'box' }, '$A {A} $${'],
    ['${A}', { A: '${B}', B: 'no' }, '${B}'],
    ['"${A}"', { A: 'x: [y]' }, 'x: [y]'],
  ])('%s with %j is %s', (yaml, env, expected) => {
    expect(nameIn(yaml, env)).toBe(expected)
  })

  test('a number in it may be a password, a port, a chat, a span', () => {
    const env = { N: '12345', SPAN: '90' }
    const config = read(
      'server: { user: u, password: "${N}", listen: ${N} }\nbot: { chats: ["${N}"] }\ndefaults: { timeout: ${SPAN} }\n',
      env,
    )
    expect([config.server.password, config.server.listen.port, config.bot.chats, config.defaults.timeout]).toEqual([
      '12345',
      12_345,
      [12_345],
      90_000,
    ])
  })

  test('NAME_FILE names a file that holds it; the variable itself comes first', () => {
    const secret = join(root, 'secret')
    writeFileSync(secret, 'from a file\n')
    expect(nameIn('${A}', { A_FILE: secret })).toBe('from a file')
    expect(nameIn('${A:-default}', { A_FILE: secret })).toBe('from a file')
    expect(nameIn('${A}', { A_FILE: secret, A: 'itself' })).toBe('itself')
    expect(problemsOf(`${S}name: x\${A}\n`, { A_FILE: join(root, 'gone') })).toEqual([
      { path: 'name', text: `A_FILE names ${join(root, 'gone')}, which cannot be read: ENOENT` },
    ])
  })

  test('.env beside the configuration fills in what the environment leaves open', () => {
    writeFileSync(join(root, '.env'), '# comment\nA=from .env\nB="quoted # one"\nexport C=exported\n')
    expect(nameIn('"${A}, ${B}, ${C}"', { A: 'from outside' })).toBe('from outside, quoted # one, exported')
    rmSync(join(root, '.env'))
  })

  test('what is missing is said of every place', () => {
    const yaml = 'server: { user: u, password: "x${P}" }\nhosts: { nas: { tags: [a, "x${T}"] } }\n'
    expect(problemsOf(yaml).map(({ path }) => path)).toEqual(['server.password', 'hosts.nas.tags.1'])
  })
})

test('the environment may fill in what stands within braces and brackets, unquoted', () => {
  const env = { T: SECRET, CHAT: '-100', HOST: 'example.com', N: '5' }
  const config = read(
    `server: { user: \${U:-home}, password: \${T} }
channels: { hook: { type: webhook, url: https://\${HOST}/\${T}?x=1, headers: { X-Key: \${T}} } }
hosts: { nas: { note: "two, words: \${N}, it's", timeout: \${N} } }
bot: { token: \${T}, chats: [\${CHAT}, \${N}, 7] }   # { token: \${T} }
`,
    env,
  )
  expect(config.server).toMatchObject({ user: 'home', password: SECRET })
  expect(config.channels.get('hook')).toMatchObject({
    url: `https://example.com/${SECRET}?x=1`,
    headers: { 'X-Key': SECRET },
  })
  expect(config.hosts.get('nas')).toEqual({ note: "two, words: 5, it's", timeout: 5000 })
  expect(config.bot).toEqual({ token: SECRET, chats: [-100, 5, 7], admins: [] })
})

describe('an original installation', () => {
  const SERVER = `USER: home\nPWD: ${SECRET}\nPATH: hosts/\nPORT: 1234\n`
  const CHECKER = 'TOKEN: "1:ABC"\nCHATID: -5\nPATH: hosts/\n'

  test('its server file works as it is', () => {
    const config = read(SERVER)
    expect(config.server).toEqual({
      listen: { address: '0.0.0.0', port: 1234 },
      user: 'home',
      password: SECRET,
      trustProxy: false,
    })
    expect(config.paths.hosts).toBe(join(root, 'hosts'))
    expect(config.paths.root).toBe(join(root, 'hosts', '.monitora'))
    expect(config.paths.inbox).toBe(join(root, 'hosts', '.monitora', 'inbox'))
    expect(config.channels.size).toBe(0)
    expect(config.alertedHosts).toBeUndefined()
  })

  test.each(['checker', 'bot'] as const)('its %s file works as it is, in Portuguese', (process) => {
    const config = read(
      `${CHECKER}HOSTS: [nas, pi]\nINTERVAL_CHECKER: 10\nINTERVAL_PROBLEM: 120\nINTERVAL_RETRY_MESSAGE: 3600\n`,
      {},
      process,
    )
    expect(config.language).toBe('pt')
    expect(config.defaults).toEqual({ timeout: 120_000, reminder: 3_600_000 })
    expect([...config.channels.values()]).toEqual([
      { type: 'telegram', token: '1:ABC', chat: -5, language: 'pt', timezone: config.timezone },
    ])
    expect(config.bot).toEqual({ token: '1:ABC', admins: [], chats: [-5] })
  })

  test.each([
    ['a list', '[nas, pi, 7]', ['nas', 'pi', '7']],
    ['names with commas', '"nas, pi,7"', ['nas', 'pi', '7']],
    ['names with spaces', 'nas pi 7', ['nas', 'pi', '7']],
    ['a mapping', '{ nas: "Mum\'s", pi: , 7: }', ['7', 'nas', 'pi']],
    ['an empty list', '[]', []],
  ])('HOSTS may be %s', (_, hosts, expected) => {
    const config = read(`${CHECKER}HOSTS: ${hosts}\n`, {}, 'checker')
    expect([...config.alertedHosts!]).toEqual(expected)
    expect([...config.hosts.keys()]).toEqual(expected)
  })

  test.each<[ProcessName, string, readonly [string, string][]]>([
    [
      'server',
      'PATH: hosts\n',
      [
        ['USER', 'missing'],
        ['PWD', 'missing'],
      ],
    ],
    [
      'checker',
      SERVER,
      [
        ['TOKEN', 'missing'],
        ['CHATID', 'missing'],
      ],
    ],
    ['bot', 'TOKEN: t\nCHATID: 5\n', [['PATH', 'missing']]],
    ['server', `${SERVER}PROT: 5\n`, [['PROT', UNKNOWN]]],
    ['server', 'USER: u\nPWD: p\nPATH: x\nPORT:\n', [['PORT', 'found null, expected a port']]],
    ['server', 'USER: u\nPWD: p\nPATH: x\nPORT: ""\n', [['PORT', 'found "", expected a port']]],
    ['server', 'USER: u\nPWD: p\nPATH: x\nPORT: 70000\n', [['PORT', 'found 70000, expected a port']]],
    ['server', 'USER: u\nPWD: p\nPATH: x\nPORT: http\n', [['PORT', 'found "http", expected a port']]],
    ['server', `USER: u\nPWD: [${SECRET}]\nPATH: x\n`, [['PWD', 'found something else']]],
    ['server', 'USER: u\nPWD: p\nPATH: ${NOPE}/x\n', [['PATH', '${NOPE} is not set']]],
    [
      'checker',
      `TOKEN: { a: ${SECRET} }\nCHATID: me\nPATH: x\n`,
      [
        ['TOKEN', 'found something else'],
        ['CHATID', CHAT],
      ],
    ],
    ['checker', `${CHECKER}HOSTS: ../x\n`, [['HOSTS.0', NAME]]],
    ['checker', `${CHECKER}HOSTS: 5\n`, [['HOSTS', 'expected a list of host names']]],
    ['checker', `${CHECKER}INTERVAL_PROBLEM: soon\n`, [['INTERVAL_PROBLEM', SPAN]]],
  ])('the %s is told what is wrong with %j', (process, yaml, expected) => {
    const problems = problemsOf(yaml, {}, process)
    expect(problems).toEqual(expected.map(([path, part]) => ({ path, text: expect.stringContaining(part) })))
  })
})

describe('the file is looked for', () => {
  test('where it was named, then where MONITORA_CONFIG says, then in the working directory', () => {
    const folder = mkdtempSync(join(root, 'work-'))
    const env = { MONITORA_CONFIG: 'sub/b.yml' }
    const looking = { process: 'server', folder } as const
    expect(() => findConfig({ ...looking, env: {} })).toThrow(
      /^monitora.yml: not found \(looked for .*name one with --config FILE or MONITORA_CONFIG\)$/,
    )
    writeFileSync(join(folder, 'monitora.yml'), S)
    expect(findConfig({ ...looking, env: {} })).toBe(join(folder, 'monitora.yml'))
    expect(findConfig({ ...looking, env })).toBe(join(folder, 'sub', 'b.yml'))
    expect(findConfig({ ...looking, env, file: '/a.yml' })).toBe('/a.yml')
    expect(findConfig({ ...looking, env, file: 'a.yml' })).toBe(join(folder, 'a.yml'))
  })

  test.each([
    ['server', ['monitora.yml', 'server.yml']],
    ['checker', ['monitora.yml', 'checker.yml']],
    ['bot', ['monitora.yml', 'bot.yml', 'checker.yml']],
  ] as const)('at last in /etc/monitora, where the original keeps one for the %s', (process, names) => {
    const find = () => findConfig({ process, folder: join(root, 'empty'), env: {} })
    expect(find).toThrow(names.map((name) => `/etc/monitora/${name}`).join(', '))
  })
})

test('whatever is written there: a configuration, or problems in words', () => {
  const key = fc.oneof(
    fc.constantFrom(
      'server',
      'bot',
      'hosts',
      'channels',
      'defaults',
      'type',
      'url',
      'token',
      'chat',
      'timeout',
      'schedule',
      'listen',
      'headers',
      'PATH',
      'HOSTS',
      'USER',
      'PORT',
      '__proto__',
      'constructor',
      'nas',
    ),
    fc.string(),
  )
  const leaf = fc.oneof(
    fc.constantFrom(
      null,
      true,
      0,
      -1,
      1.5,
      1e300,
      Number.NaN,
      '',
      '5m',
      '${A}',
      '${B:-x}',
      'console',
      'telegram',
      'webhook',
      'http://x',
      '0 3 * * *',
      '0.0.0.0:1',
    ),
    fc.string(),
    fc.integer(),
  )
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    ),
  }))
  const sound = fc.record({ server: fc.constant({ user: 'u', password: 'p' }) })
  const whole = fc.oneof(
    tree,
    fc.tuple(sound, fc.dictionary(key, tree, { maxKeys: 3 })).map(([a, b]) => ({ ...b, ...a })),
  )
  const process = fc.constantFrom<ProcessName>('server', 'checker', 'bot')
  fc.assert(
    fc.property(whole, process, (value, process) => {
      let yaml: string
      try {
        yaml = dump(value)
      } catch {
        return
      }
      const problems = problemsOf(yaml, { A: 'a' }, process)
      for (const { text } of problems) expect(text).not.toMatch(/Invalid|undefined|\[object/)
    }),
    { numRuns: 250 },
  )
})
