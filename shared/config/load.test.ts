/** Good configurations, each read as it was meant; where the file is looked for; and whatever else stands in it. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the configuration itself is written in
import { mkdtempSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { dump } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { configReader, ENOUGH as S, SECRET } from '../../test/config-reader.ts'
import { versionOf } from '../files.ts'
import type { ProcessName } from '../pulse.ts'
import { findConfig, loadConfig } from './load.ts'

const { root, file, read, problemsOf } = configReader()

describe('a good one', () => {
  test('of two lines has defaults for the rest', () => {
    expect(read(S)).toEqual({
      file,
      version: versionOf(file),
      paths: expect.objectContaining({ root: join(root, 'data'), hosts: join(root, 'data', 'hosts') }),
      name: hostname(),
      language: 'en',
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      server: {
        listen: { address: '0.0.0.0', port: 1234 },
        user: 'home',
        password: [SECRET],
        register: 'open',
        maxHosts: 10_000,
        read: 'local',
        trustProxy: false,
      },
      errors: { keepFor: 90 * 86_400_000, maxMegabytes: 200, scrub: [] },
      defaults: {
        timeout: 300_000,
        reminder: 21_600_000,
        unstable: { changes: 6, within: 3_600_000 },
        historyFor: 400 * 86_400_000,
      },
      hosts: new Map(),
      siteByAddress: true,
      sites: new Map(),
      watchdog: [],
      probe: undefined,
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
defaults:
  timeout: 90
  reminder: 1d
  channels: [family]
  unstable: { changes: 4, within: 30m }
  maintenance: [{ schedule: "0 4 * * 0", for: 1h }]
  failuresBefore: 2
  recoverAfter: 3
  historyFor: 30d
siteByAddress: false
sites:
  home: { name: "Maria's flat", channels: [family], siteWait: 90s, reminder: 2h, unstable: { changes: 2, within: 5m } }
  "203.0.113.7": { maintenance: [{ schedule: "0 4 * * *", timezone: Asia/Tokyo, for: 10m }] }
  bare:
watchdog: ["https://hc.example.com/ping/1", "http://127.0.0.1:8000/"]
probe: ["1.1.1.1:53", "[::1]:80"]
hosts:
  laptop: { sleeps: true, expectedAbsence: 7d, failuresBefore: 1, recoverAfter: 2 }
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
      password: ['123'],
      maxHosts: 10_000,
      read: 'local',
      register: 'open',
      trustProxy: true,
    })
    expect(config.defaults).toEqual({
      timeout: 90_000,
      reminder: 86_400_000,
      channels: ['family'],
      unstable: { changes: 4, within: 1_800_000 },
      maintenance: [{ schedule: '0 4 * * 0', for: 3_600_000 }],
      failuresBefore: 2,
      recoverAfter: 3,
      historyFor: 30 * 86_400_000,
    })
    expect(config.siteByAddress).toBe(false)
    expect([...config.sites]).toEqual([
      [
        'home',
        {
          name: "Maria's flat",
          channels: ['family'],
          siteWait: 90_000,
          reminder: 7_200_000,
          unstable: { changes: 2, within: 300_000 },
        },
      ],
      ['203.0.113.7', { maintenance: [{ schedule: '0 4 * * *', timezone: 'Asia/Tokyo', for: 600_000 }] }],
      ['bare', {}],
    ])
    expect(config.watchdog).toEqual(['https://hc.example.com/ping/1', 'http://127.0.0.1:8000/'])
    expect(config.probe).toEqual([
      { host: '1.1.1.1', port: 53 },
      { host: '::1', port: 80 },
    ])
    expect([...config.hosts]).toEqual([
      ['laptop', { sleeps: true, expectedAbsence: 7 * 86_400_000, failuresBefore: 1, recoverAfter: 2 }],
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
    expect(Object.fromEntries(config.channels)).toMatchObject({
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

  test.each([
    ['old', ['old']],
    ['[new]', ['new']],
    ['[old, 5]', ['old', '5']],
  ])('may have one password or two: %s', (password, all) => {
    expect(read(`server: { user: u, password: ${password} }\n`).server.password).toEqual(all)
  })

  test.each(['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually'])(
    'may call a schedule %s',
    (schedule) => {
      const { hosts } = read(`${S}hosts: { nas: { schedule: "${schedule}" } }\n`)
      expect(hosts.get('nas')).toEqual({ schedule })
    },
  )

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

const NOT_SET = '${NOPE} is not set'
test.each<[string, readonly (readonly [string, string])[]]>([
  ['server: { user: u, password: "${NOPE}" }', [['server.password', NOT_SET]]],
  ['server: { user: u, password: [a, "${NOPE}"] }', [['server.password.1', NOT_SET]]],
  [
    'server: { user: u, password: ["${NOPE}", "${NOPE}"] }',
    ['server.password.0', 'server.password.1'].map((path) => [path, NOT_SET] as const),
  ],
  [
    'server: { user: u, password: [a, "${NOPE}", c] }',
    [
      ['server.password.1', NOT_SET],
      ['server.password', 'expected a password, or a list of one or two'],
    ],
  ],
  [
    'server: { user: u, password: { a: "${NOPE}" } }',
    [
      ['server.password.a', NOT_SET],
      ['server.password', 'expected a password, or a list of one or two'],
    ],
  ],
  [
    `${S}channels: ["\${NOPE}"]`,
    [
      ['channels.0', NOT_SET],
      ['channels', 'found a list'],
    ],
  ],
  [
    `${S}hosts: { nas: ["\${NOPE}"] }`,
    [
      ['hosts.nas.0', NOT_SET],
      ['hosts.nas', 'found a list'],
    ],
  ],
  [
    `${S}watchdog: { a: "\${NOPE}" }`,
    [
      ['watchdog.a', NOT_SET],
      ['watchdog', 'expected a list of URLs'],
    ],
  ],
  [`${S}channels: { a: { type: "\${NOPE}" } }`, [['channels.a.type', NOT_SET]]],
  [`${S}channels: { a: { type: telegram, chat: 5, token: "\${NOPE}" } }`, [['channels.a.token', NOT_SET]]],
  [
    `${S}channels: { a: { type: email, from: a@b, to: [c@d], smtp: { host: x, user: u, password: "\${NOPE}" } } }`,
    [['channels.a.smtp.password', NOT_SET]],
  ],
  [
    `${S}channels: { a: { type: email, from: a@b, to: ["\${NOPE}"], smtp: "smtp://x" } }`,
    [['channels.a.to.0', NOT_SET]],
  ],
  [
    `${S}watchdog: ["\${NOPE}"]\nprobe: ["\${NOPE}"]`,
    ['watchdog.0', 'probe.0'].map((path) => [path, NOT_SET] as const),
  ],
  [`${S}bot: { token: t, chats: ["\${NOPE}"] }`, [['bot.chats.0', NOT_SET]]],
  [`${S}hosts: { nas: { schedule: "\${NOPE}", timezone: UTC } }`, [['hosts.nas.schedule', NOT_SET]]],
])('what is not set is one problem, and hides no other: %s', (yaml, expected) => {
  const problems = problemsOf(`${yaml}\n`)
  expect(problems).toEqual(expected.map(([path, part]) => ({ path, text: expect.stringContaining(part) })))
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
