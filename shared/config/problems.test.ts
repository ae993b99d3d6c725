/** Configurations that are wrong, each said where and how. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the configuration itself is written in
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configReader, ENOUGH as S, SECRET } from '../../test/config-reader.ts'
import { loadConfig } from './load.ts'

const { root, problemsOf } = configReader()

const SPAN = 'expected a span such as 30s'
const NAME = 'expected a name of letters'
const UNKNOWN = 'unknown key (a typo?)'
const URL = 'expected a URL that begins with http:// or https://'
const CHAT = 'expected the number of a chat'
const ZONE = 'expected a time zone such as Europe/Lisbon'
const CRON = 'expected a cron schedule such as'
const EMPTY = 'expected text that is not empty'
const TYPES = 'expected a channel with type: console, telegram, email, slack, ntfy or webhook'
const PASSWORDS = 'expected a password, or a list of one or two'
const NOT_SET = 'is not set: expected it in the environment'
const SMTP = 'expected smtps://user:password@host:465'
const MAIL = 'from: a@b.c, to: [a@b.c]'

/** The YAML, the path of its one problem, and a part of what is said. */
const BAD: readonly (readonly [yaml: string, path: string, part: string])[] = [
  ['', '', 'is empty (monitora.example.yml shows'],
  [' \n\n', '', 'is empty'],
  ['# only a comment\n', '', 'is no YAML'],
  ['---\n', '', 'found null, expected settings such as server:'],
  ['server: [\n', '', 'is no YAML: '],
  [`server:\n  user: home\n  password:${SECRET}\n`, '', 'is no YAML: '],
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
  ['server: { user: home }\n', 'server.password', 'missing: expected a password'],
  ['server: { password: p }\n', 'server.user', 'missing: expected text'],
  ['server: { user: "", password: p }\n', 'server.user', `found "", ${EMPTY}`],
  ['server: { user: 5, password: p }\n', 'server.user', 'found 5, expected text'],
  ['server: { user: home, password: "" }\n', 'server.password', `found something else, ${PASSWORDS}`],
  ['server: { user: home, password: [] }\n', 'server.password', `found something else, ${PASSWORDS}`],
  [`server: { user: home, password: [${SECRET}, b, c] }\n`, 'server.password', `found something else, ${PASSWORDS}`],
  [`server: { user: home, password: [${SECRET}, ""] }\n`, 'server.password.1', `found something else, ${EMPTY}`],
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

  ['server: { user: home, password: "${NOPE}" }\n', 'server.password', NOT_SET],
  ['server: { user: home, password: [a, "${NOPE}"] }\n', 'server.password.1', NOT_SET],
  ['server: { user: home, password: p, adminToken: "${NOPE}" }\n', 'server.adminToken', NOT_SET],
  [`${S}hosts: { nas: { token: "\${NOPE}" } }\n`, 'hosts.nas.token', NOT_SET],
  [
    `${S}channels: { a: { type: webhook, url: "\${NOPE}" } }\nhosts: { nas: { channels: [a] } }\n`,
    'channels.a.url',
    NOT_SET,
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
  [`${S}hosts: { nas: { schedule: "@reboot" } }\n`, 'hosts.nas.schedule', CRON],
  [`${S}hosts: { nas: { schedule: "@often" } }\n`, 'hosts.nas.schedule', CRON],
  [`${S}hosts: { nas: { schedule: "61 3 * * *" } }\n`, 'hosts.nas.schedule', CRON],
  [`${S}hosts: { nas: { schedule: 3 } }\n`, 'hosts.nas.schedule', CRON],
  [`${S}hosts: { nas: { token: short } }\n`, 'hosts.nas.token', 'found something else, expected a token of 16 to 128'],
  [
    `${S}hosts: { a: { token: ${'t'.repeat(16)} }, b: { token: ${'t'.repeat(16)} } }\n`,
    'hosts.b.token',
    'is that of a, too',
  ],
  [`${S}hosts: { nas: { every: minute } }\n`, 'hosts.nas.every', 'expected heartbeat'],
  [`${S}hosts: { nas: { type: toaster } }\n`, 'hosts.nas.type', 'expected bot, website or other'],
  [`${S}errors: { maxMegabytes: 0 }\n`, 'errors.maxMegabytes', 'expected a whole number of megabytes'],
  ['server: { user: home, password: p, maxHosts: many }\n', 'server.maxHosts', 'expected a whole number'],
  ['server: { user: home, password: p, register: never }\n', 'server.register', 'expected open or known'],
  ['server: { user: home, password: p, adminToken: short }\n', 'server.adminToken', 'found something else'],
  ['server: { user: home, password: p, tls: { cert: a } }\n', 'server.tls.key', 'missing'],
  [`${S}hosts: { nas: { timezone: UTC, timeout: 5m } }\n`, 'hosts.nas.timezone', 'expected a schedule beside it'],
  [`${S}hosts: { nas: { timezone: UTC, sleeps: true } }\n`, 'hosts.nas.timezone', 'expected a schedule beside it'],
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
  [`${S}hosts: { nas: { sleeps: yes } }\n`, 'hosts.nas.sleeps', 'found "yes", expected true or false'],
  [`${S}hosts: { nas: { schedule: "0 3 * * *", sleeps: true } }\n`, 'hosts.nas.sleeps', 'either a schedule or sleeps'],
  [`${S}hosts: { nas: { expectedAbsence: long } }\n`, 'hosts.nas.expectedAbsence', SPAN],
  [`${S}hosts: { nas: { failuresBefore: 0 } }\n`, 'hosts.nas.failuresBefore', 'found 0, expected a whole number'],
  [`${S}hosts: { nas: { failuresBefore: 1.5 } }\n`, 'hosts.nas.failuresBefore', 'from 1 to 1000'],
  [`${S}hosts: { nas: { recoverAfter: many } }\n`, 'hosts.nas.recoverAfter', 'found "many", expected a whole number'],
  [`${S}hosts: { nas: { maintenance: "0 4 * * 0" } }\n`, 'hosts.nas.maintenance', 'a list of windows'],
  [`${S}hosts: { nas: { maintenance: [sunday] } }\n`, 'hosts.nas.maintenance.0', 'a window such as'],
  [
    `${S}hosts: { nas: { maintenance: [{ schedule: often, for: 1h }] } }\n`,
    'hosts.nas.maintenance.0.schedule',
    `found "often", ${CRON}`,
  ],
  [`${S}hosts: { nas: { maintenance: [{ schedule: "0 4 * * 0" }] } }\n`, 'hosts.nas.maintenance.0.for', 'missing'],
  [
    `${S}hosts: { nas: { maintenance: [{ schedule: "0 4 * * 0", for: 1h, timezone: Mars }] } }\n`,
    'hosts.nas.maintenance.0.timezone',
    ZONE,
  ],
  [`${S}hosts: { nas: { unstable: 6 } }\n`, 'hosts.nas.unstable', 'how often in how long'],
  [`${S}hosts: { nas: { unstable: { changes: 0, within: 1h } } }\n`, 'hosts.nas.unstable.changes', 'from 1 to 1000'],
  [`${S}hosts: { nas: { siteWait: 2m } }\n`, 'hosts.nas.siteWait', UNKNOWN],

  [`${S}sites: [home]\n`, 'sites', 'found a list'],
  [`${S}sites: { home: 5 }\n`, 'sites.home', 'expected the settings of a site'],
  [`${S}sites: { home: { name: "" } }\n`, 'sites.home.name', EMPTY],
  [`${S}sites: { home: { siteWait: soon } }\n`, 'sites.home.siteWait', `found "soon", ${SPAN}`],
  [`${S}sites: { home: { reminder: 0 } }\n`, 'sites.home.reminder', SPAN],
  [`${S}sites: { home: { timeout: 2m } }\n`, 'sites.home.timeout', UNKNOWN],
  [
    `${S}sites: { home: { channels: [mum] } }\nchannels: { ops: { type: console } }\n`,
    'sites.home.channels',
    'expected one of the channels (ops)',
  ],
  [`${S}sites: { __proto__: { siteWait: x } }\n`, 'sites.__proto__.siteWait', SPAN],
  [`${S}siteByAddress: no\n`, 'siteByAddress', 'found "no", expected true or false'],
  [`${S}watchdog: https://hc.example.com/${SECRET}\n`, 'watchdog', 'expected a list of URLs'],
  [`${S}watchdog: ["hc.example.com/${SECRET}"]\n`, 'watchdog.0', URL],
  [`${S}probe: 1.1.1.1:53\n`, 'probe', 'expected a list of addresses with ports'],
  [`${S}probe: ["1.1.1.1"]\n`, 'probe.0', 'expected an address and a port'],
  [`${S}probe: ["1.1.1.1:0"]\n`, 'probe.0', 'expected an address and a port'],
  [`${S}defaults: { historyFor: ever }\n`, 'defaults.historyFor', SPAN],
  [`${S}defaults: { unstable: { changes: 6 } }\n`, 'defaults.unstable.within', 'missing'],

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
  [
    `${S}channels: { a: { type: telegram, token: t, chat: 5, nights: 23-7 } }\n`,
    'channels.a.nights',
    'expected two times',
  ],
  [
    `${S}channels: { a: { type: telegram, token: t, chat: 5, nights: "23:00-23:00" } }\n`,
    'channels.a.nights',
    'expected two times of day such as "23:00-07:00"',
  ],
  [
    `${S}channels: { a: { type: telegram, token: t, chat: 5, thread: general } }\n`,
    'channels.a.thread',
    'found "general", expected the number of a topic',
  ],
  [
    `${S}channels: { a: { type: ntfy, topic: t, server: "ftp://me:${SECRET}@x" } }\n`,
    'channels.a.server',
    'found something else',
  ],
  [`${S}channels: { a: { type: console, giveUpAfter: soon } }\n`, 'channels.a.giveUpAfter', SPAN],
  [`${S}channels: { a: { type: email, ${MAIL} } }\n`, 'channels.a.smtp', `missing: ${SMTP}`],
  [`${S}channels: { a: { type: email, ${MAIL}, smtp: "h:${SECRET}" } }\n`, 'channels.a.smtp', SMTP],
  [`${S}channels: { a: { type: email, ${MAIL}, smtp: "smtp://u:${SECRET}@h/x" } }\n`, 'channels.a.smtp', SMTP],
  [`${S}channels: { a: { type: email, ${MAIL}, smtp: { host: h, prot: 25 } } }\n`, 'channels.a.smtp.prot', UNKNOWN],
  [
    `${S}channels: { a: { type: email, ${MAIL}, smtp: { host: h, password: ${SECRET} } } }\n`,
    'channels.a.smtp.password',
    'expected both',
  ],
  [`${S}channels: { a: { type: email, smtp: "smtp://h", from: me, to: [a@b.c] } }\n`, 'channels.a.from', 'found "me"'],
  [
    `${S}channels: { a: { type: email, smtp: "smtp://h", from: a@b.c, to: a@b.c } }\n`,
    'channels.a.to',
    'expected a list of mail addresses',
  ],
  [
    `${S}channels: { a: { type: email, smtp: "smtp://h", from: a@b.c, to: [] } }\n`,
    'channels.a.to',
    'expected at least one mail address',
  ],
  [
    `${S}channels: { a: { type: email, smtp: "smtp://h", from: a@b.c, to: ["a@b.c, d@e.f"] } }\n`,
    'channels.a.to.0',
    'expected a mail address',
  ],
  [`${S}channels: { a: { type: slack } }\n`, 'channels.a.url', `missing: ${URL}`],
  [`${S}channels: { a: { type: slack, url: "hooks.slack.com/${SECRET}" } }\n`, 'channels.a.url', URL],
  [`${S}channels: { a: { type: ntfy } }\n`, 'channels.a.topic', 'missing: expected a topic of letters'],
  [
    `${S}channels: { a: { type: ntfy, topic: "https://ntfy.sh/${SECRET}" } }\n`,
    'channels.a.topic',
    'found something else, expected a topic of letters',
  ],
  [`${S}channels: { a: { type: ntfy, topic: t, server: ntfy.sh } }\n`, 'channels.a.server', URL],
  [`${S}channels: { a: { type: webhook, url: "http://h", secret: [${SECRET}] } }\n`, 'channels.a.secret', EMPTY],
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
hosts: { a b: {}, nas: { timeout: soon, timezone: UTC }, NAS: { typo: 1 } }
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
    'hosts.nas.timezone',
    'hosts.NAS.typo',
    'channels.a.type',
  ])
})
