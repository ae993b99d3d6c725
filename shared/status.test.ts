/** The words of /status, as people get them, from a real data folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Config } from './config/load.ts'
import { loadConfig } from './config/load.ts'
import { prepareDataFolder } from './paths.ts'
import { addSilence, type Silence } from './silences.ts'
import { siteFile } from './sites.ts'
import { readStatus, type Status } from './status.ts'
import { statusText } from './status-text.ts'

const NOW = Date.parse('2026-11-21T12:14:20Z')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function prepare(yaml: string): Config {
  const folder = mkdtempSync(join(tmpdir(), 'status-'))
  folders.push(folder)
  const file = join(folder, 'monitora.yml')
  writeFileSync(file, yaml)
  const config = loadConfig({ file, process: 'bot', env: {} })
  prepareDataFolder(config.paths)
  return config
}

const SERVER = 'timezone: UTC\nserver: { user: home, password: p }\n'
const heard = ({ paths }: Config, name: string, ageS: number) =>
  writeFileSync(join(paths.hosts, `${name}.host`), `${NOW / 1000 - ageS}\n`)
const say = ({ paths }: Config, name: string, report: object) =>
  writeFileSync(join(paths.reports, `${name}.json`), JSON.stringify(report))
const decide = ({ paths }: Config, name: string, state: object) =>
  writeFileSync(join(paths.stateHosts, `${name}.json`), JSON.stringify({ name, alerts: 1, ...state }))
const pulse = ({ paths }: Config, ages: Record<string, number>) => {
  for (const [name, age] of Object.entries(ages)) {
    writeFileSync(join(paths.alive, `${name}.host`), `${Math.floor(NOW / 1000) - age}\n`)
  }
}

/** Seven hosts in two sites, one of them known to the configuration alone by its site. */
function twoSites(): Config {
  const sites = { pi: 'home', ha: 'home', router: 'home', nas: 'home', till: 'office', 'pc-anna': 'office' }
  const config = prepare(
    `${SERVER}hosts:\n${Object.entries(sites)
      .map(([name, site]) => `  ${name}: { site: ${site} }\n`)
      .join('')}`,
  )
  for (const [name, age] of Object.entries({ pi: 12, ha: 20, router: 8, nas: 5, till: 31, 'pc-anna': 15 })) {
    heard(config, name, age)
  }
  say(config, 'nas', { status: 'warning', message: 'disk 91 % full' })
  heard(config, 'printer', 10_940)
  say(config, 'printer', { site: 'office', status: 'error' })
  decide(config, 'printer', { verdict: 'down', reason: 'no-signal', since: '2026-11-21T09:12:00.000Z' })
  decide(config, 'pi', { verdict: 'up', reason: 'signal', since: '2026-11-20T09:12:00.000Z' })
  pulse(config, { server: 0, checker: 1, bot: 1 })
  return config
}

test.each([
  [
    'en',
    `5 of 7 fine, 2 need you (12:14)
🔴 printer, office: silent 3 h, since 09:12
🟠 nas, home: says "disk 91 % full"
🟢 home: pi 12 s, ha 20 s, router 8 s ago
🟢 office: till 31 s, pc-anna 15 s ago
Monitora: server, checker, bot run; nothing unsent`,
  ],
  [
    'pt',
    `5 de 7 ok, 2 precisam de você (12:14)
🔴 printer, office: sem comunicação há 3 h, desde 09:12
🟠 nas, home: diz “disk 91 % full”
🟢 home: pi há 12 s, ha há 20 s, router há 8 s
🟢 office: till há 31 s, pc-anna há 15 s
Monitora: server, checker, bot rodando; nada por enviar`,
  ],
  [
    'ru',
    `5 из 7 в порядке, 2 требуют внимания (12:14)
🔴 printer, office: нет связи 3 ч, с 09:12
🟠 nas, home: сообщает «disk 91 % full»
🟢 home: pi 12 с, ha 20 с, router 8 с назад
🟢 office: till 31 с, pc-anna 15 с назад
Monitora: server, checker, bot работают; всё отправлено`,
  ],
] as const)('seven hosts in two sites, in %s', (language, expected) => {
  expect(statusText(readStatus(twoSites(), NOW), language, 'UTC')).toBe(expected)
})

test.each([
  [
    'en',
    `3 of 6 fine, 3 need you (12:14)
🟠 a: reports an error
🟠 b: reports a warning
🟠 later: never
🟢 c 3 s, d 4 s, e 2 h ago
⚪ Monitora: server runs; no sign of checker since 12:13; bot has never run; 2 alerts unsent; 1 failed for good`,
  ],
  [
    'pt',
    `3 de 6 ok, 3 precisam de você (12:14)
🟠 a: avisa de um erro
🟠 b: avisa de um problema
🟠 later: nunca
🟢 c há 3 s, d há 4 s, e há 2 h
⚪ Monitora: server rodando; checker sem sinal desde 12:13; bot nunca rodou; 2 avisos por enviar; 1 não pôde ser entregue`,
  ],
  [
    'ru',
    `3 из 6 в порядке, 3 требуют внимания (12:14)
🟠 a: сообщает об ошибке
🟠 b: предупреждает о проблеме
🟠 later: ни разу
🟢 c 3 с, d 4 с, e 2 ч назад
⚪ Monitora: server работает; checker: нет признаков работы с 12:13; bot ни разу не работал; ждут отправки: 2; доставить не удалось: 1`,
  ],
] as const)('a host that was never heard, processes down, alerts unsent, in %s', (language, expected) => {
  const config = prepare(`${SERVER}hosts: { later: }\n`)
  for (const [name, age] of Object.entries({ a: 1, b: 2, c: 3, d: 4, e: 7200 })) heard(config, name, age)
  say(config, 'a', { status: 'error' })
  say(config, 'b', { status: 'warning' })
  decide(config, 'later', { verdict: 'new', reason: 'registered', since: '2026-11-21T09:12:00.000Z' })
  // Back for three seconds, but no checker has noticed: the older verdict does not count.
  decide(config, 'c', { verdict: 'down', reason: 'no-signal', since: '2026-11-21T09:12:00.000Z' })
  pulse(config, { server: 10, checker: 75 })
  const { outbox, failed } = config.paths
  for (const file of [join(outbox, '1.json'), join(outbox, '2.json'), join(failed, '3.json')]) writeFileSync(file, '{}')
  expect(statusText(readStatus(config, NOW), language, 'UTC')).toBe(expected)
})

test.each([
  ['host.nas.1.3.family', 1],
  ['host.nas.1.3+12.family', 12],
  ['site.home.1.3+2.on-call_2', 2],
  ['of+somebody', 1],
  ['of+3+somebody.else', 1],
])('outbox/%s.json counts as %i', (name, alerts) => {
  const config = prepare(SERVER)
  writeFileSync(join(config.paths.outbox, `${name}.json`), '{}')
  expect(readStatus(config, NOW)).toMatchObject({ unsent: alerts, failed: 0 })
  writeFileSync(join(config.paths.failed, `${name}.json`), '{}')
  expect(readStatus(config, NOW)).toMatchObject({ unsent: alerts, failed: alerts })
})

test('hosts that HOSTS of an original leaves out are shown, and marked', () => {
  const config = prepare('PATH: hosts\nTOKEN: "1:T"\nCHATID: -5\nHOSTS: nas\n')
  mkdirSync(config.paths.hosts, { recursive: true })
  for (const name of ['nas', 'guest']) heard(config, name, 9)
  const status = readStatus(config, NOW)
  expect(status.hosts.map(({ name, alerted }) => [name, alerted])).toEqual([
    ['nas', true],
    ['guest', false],
  ])
  expect(statusText(status, 'en', 'UTC')).toContain('🟢 nas 9 s, guest (not alerted) 9 s ago')
})

test('an empty folder has no host, one host in need takes the singular; who was only added is waited for by nobody', () => {
  const config = prepare(SERVER)
  expect(statusText(readStatus(config, NOW), 'en', 'UTC')).toMatch(
    /^No host yet \(12:14\)\n⚪ Monitora: server has never/,
  )
  writeFileSync(join(config.paths.registry, '__proto__.json'), '{"registeredAt":"2026-11-21T09:12:00Z"}')
  expect(statusText(readStatus(config, NOW), 'en', 'UTC')).toMatch(/^1 of 1 fine .*\nNot heard yet: __proto__\n/)
  const named = prepare(`${SERVER}hosts: { __proto__: {} }\n`)
  expect(statusText(readStatus(named, NOW), 'en', 'UTC')).toMatch(/^0 of 1 fine, 1 needs you .*\n🟠 __proto__: never\n/)
})

test('files that make no sense hide no host', () => {
  const config = prepare(SERVER)
  writeFileSync(join(config.paths.registry, 'nas.json'), 'torn')
  writeFileSync(join(config.paths.hosts, 'nas.host'), 'soon')
  decide(config, 'nas', { verdict: 'down', since: 'yesterday', lastSeenAt: '2026-11-21T12:14:00.000Z' })
  say(config, 'nas', { status: 'warning', message: `a\n${'x'.repeat(500)}` })
  const text = statusText(readStatus(config, NOW), 'en', 'UTC')
  expect(text.split('\n')[1]).toBe(`🟠 nas: says "a ${'x'.repeat(117)}…"`)
})

test('five hundred hosts stay readable: a hundred in trouble in full, ten names of each site', () => {
  const hosts = Array.from({ length: 500 }, (_, index): Status['hosts'][number] => {
    const site = `site-${index % 4}`
    const condition =
      index < 120
        ? { kind: 'silent' as const, sinceAt: NOW - (index + 1) * 60_000 }
        : { kind: 'fine' as const, heardAt: NOW - 5000 }
    return {
      name: `h${index}`,
      site: index % 4 === 3 ? undefined : site,
      condition,
      hushes: [],
      report: {},
      settings: {},
      alerted: true,
    }
  })
  const processes = (['server', 'checker', 'bot'] as const).map((name) => ({ name, running: true, pulseAt: NOW }))
  const lines = statusText({ at: NOW, hosts, sitesAway: [], processes, unsent: 1, failed: 0 }, 'en', 'UTC').split('\n')
  expect(lines).toHaveLength(1 + 100 + 1 + 4 + 1)
  expect(lines[0]).toBe('380 of 500 fine, 120 need you (12:14)')
  expect(lines[1]).toBe('🔴 h0, site-0: silent 1 min, since 12:13')
  expect(lines[101]).toBe('🟠 and 20 more')
  expect(lines[102]).toBe(
    '🟢 site-0: h120 5 s, h124 5 s, h128 5 s, h132 5 s, h136 5 s, h140 5 s, h144 5 s, h148 5 s, h152 5 s, h156 5 s ago and 85 more',
  )
  expect(lines[105]).toMatch(/^🟢 h123 5 s, /)
  expect(lines[106]).toBe('Monitora: server, checker, bot run; 1 alert unsent')
})

/** A home that is offline as a whole, and every other way in which a host can be what it is. */
function everythingAtOnce(): Config {
  const config = prepare(
    `${SERVER}sites: { home: { name: "Maria's flat" }, shed: { maintenance: [{ schedule: "0 12 * * *", for: 1h }] } }\nhosts:
  nas: { site: home }\n  pi: { site: home }\n  router: { site: home }\n  tv: { site: home }\n  pump: { site: shed }
  till: { site: office }\n  laptop: { site: office }\n  mail: { site: office }\n  web: { site: office }\n  lone:\n`,
  )
  const since = '2026-11-21T12:03:00.000Z'
  const outage = { id: 'home:1', since, toldAt: since, site: 'home' }
  for (const name of ['nas', 'pi', 'router']) {
    heard(config, name, 690)
    decide(config, name, { verdict: 'down', reason: 'site-silent', since, lastSeenAt: since, outage })
  }
  writeFileSync(
    siteFile(config.paths, 'home'),
    JSON.stringify({ name: 'home', alerts: 1, outage: { id: 'home:1', since, toldAt: since, hosts: ['nas'] } }),
  )
  heard(config, 'tv', 4000)
  for (const [name, age] of Object.entries({ pump: 9, till: 31, mail: 5, web: 3, lone: 4 })) heard(config, name, age)
  say(config, 'lone', { address: '203.0.113.7' })
  heard(config, 'laptop', 690)
  decide(config, 'laptop', { verdict: 'down', since, lastSeenAt: since, away: true, outage: { since, toldAt: since } })
  decide(config, 'web', { verdict: 'up', since, unstable: { id: 'web:4', since } })
  say(config, 'mail', { status: 'error', message: 'queue full' })
  for (const [name, verdict] of [['monitor', { unreachable: { id: 'm:1', since } }]] as const) {
    writeFileSync(join(config.paths.state, `${name}.json`), JSON.stringify(verdict))
  }
  const hush = (kind: Silence['kind'], target: Silence['target'], untilAt?: number) =>
    addSilence(config.paths, { kind, target, fromAt: NOW, untilAt, by: 'Anna' })
  hush('ack', 'site:home')
  hush('pause', 'host:tv')
  hush('silence', 'host:mail', NOW + 3_600_000)
  hush('ack', 'host:mail')
  hush('silence', 'host:till', NOW + 86_400_000)
  hush('silence', 'site:office', NOW + 7_200_000)
  hush('silence', 'all', NOW + 60_000)
  hush('silence', 'host:lone', NOW - 1)
  pulse(config, { server: 0, checker: 1, bot: 1 })
  return config
}

test.each([
  [
    'en',
    `⚪ Nothing reaches me since 12:03
5 of 10 fine, 5 need you (12:14)
⚪ Everything: silenced until 12:15
🔴 Maria's flat is offline since 12:03: nas, pi, router (taken by Anna)
🟠 mail, office: says "queue full" (silenced until 14:14, taken by Anna)
🟠 web, office: comes and goes since 12:03 (silenced until 14:14)
🟢 shed (maintenance until 13:00): pump 9 s ago
🟢 office (silenced until 14:14): till (silenced until 12:14 on 22 Nov) 31 s ago
🟢 lone 4 s ago
Away: laptop since 12:03
Paused: tv
Monitora: server, checker, bot run; nothing unsent`,
  ],
  [
    'pt',
    `⚪ Nada chega até mim desde 12:03
5 de 10 ok, 5 precisam de você (12:14)
⚪ Tudo: sem avisos até 12:15
🔴 Maria's flat fora do ar desde 12:03: nas, pi, router (Anna cuida)
🟠 mail, office: diz “queue full” (sem avisos até 14:14, Anna cuida)
🟠 web, office: cai e volta desde 12:03 (sem avisos até 14:14)
🟢 shed (em manutenção até 13:00): pump há 9 s
🟢 office (sem avisos até 14:14): till (sem avisos até 12:14 de 22/11) há 31 s
🟢 lone há 4 s
Fora, como esperado: laptop desde 12:03
Em pausa: tv
Monitora: server, checker, bot rodando; nada por enviar`,
  ],
  [
    'ru',
    `⚪ До меня ничего не доходит с 12:03
5 из 10 в порядке, 5 требуют внимания (12:14)
⚪ Всё: без оповещений до 12:15
🔴 Maria's flat: нет связи с 12:03: nas, pi, router (занимается Anna)
🟠 mail, office: сообщает «queue full» (без оповещений до 14:14, занимается Anna)
🟠 web, office: связь то есть, то нет с 12:03 (без оповещений до 14:14)
🟢 shed (обслуживание до 13:00): pump 9 с назад
🟢 office (без оповещений до 14:14): till (без оповещений до 12:14 22 ноября) 31 с назад
🟢 lone 4 с назад
В отлучке: laptop с 12:03
На паузе: tv
Monitora: server, checker, bot работают; всё отправлено`,
  ],
] as const)('a site away as a whole, quiet of every kind, away, paused, unstable, in %s', (language, expected) => {
  expect(statusText(readStatus(everythingAtOnce(), NOW), language, 'UTC')).toBe(expected)
})

test('once the first of a site is back, those that are still missing stand alone', () => {
  const config = everythingAtOnce()
  const since = '2026-11-21T12:03:00.000Z'
  writeFileSync(
    siteFile(config.paths, 'home'),
    JSON.stringify({ name: 'home', alerts: 1, outage: { since, toldAt: since, hosts: ['nas'], returnedAt: since } }),
  )
  heard(config, 'pi', 2)
  const lines = statusText(readStatus(config, NOW), 'en', 'UTC').split('\n')
  expect(lines[3]).toBe("🔴 nas, Maria's flat: silent 11 min, since 12:03 (taken by Anna)")
  expect(lines).toContain("🟢 Maria's flat (taken by Anna): pi 2 s ago")
})

test('two hosts of one public address stand together, unless that is turned off', () => {
  const config = prepare(SERVER)
  for (const name of ['a', 'b', 'c']) heard(config, name, 3)
  for (const name of ['a', 'b']) say(config, name, { address: '203.0.113.7' })
  say(config, 'c', { address: '198.51.100.4' })
  const lines = (found: Config) => statusText(readStatus(found, NOW), 'en', 'UTC').split('\n').slice(1, 3)
  expect(lines(config)).toEqual(['🟢 203.0.113.7: a 3 s, b 3 s ago', '🟢 c 3 s ago'])
  expect(lines({ ...config, siteByAddress: false })[0]).toBe('🟢 a 3 s, b 3 s, c 3 s ago')
})
