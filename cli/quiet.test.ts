/** What people ask for on the command line: silence, ack, pause, resume, silences, why, uptime. */
import { chownSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { readSilences } from '../shared/silences.ts'
import { CommandLine, NOW } from '../test/fakes/command-line.ts'

const CONFIG = 'server: { user: home, password: secret }\ntimezone: UTC\n'
const DAY = 86_400_000
const iso = (time: number) => new Date(time).toISOString()

let line: CommandLine
beforeEach(() => {
  line = new CommandLine()
  line.write(`${CONFIG}hosts: { nas: { site: home }, pi: {} }\n`)
  prepareDataFolder(paths())
})
afterEach(() => line.remove())

const paths = () => dataPaths(join(line.folder, 'data'))
const history = (name: string, ...lines: [number, string, number][]) =>
  writeFileSync(
    join(paths().history, `${name}.jsonl`),
    lines
      .map(([at, verdict, since]) => `${JSON.stringify({ at: iso(at), verdict, reason: 'r', since: iso(since) })}\n`)
      .join(''),
  )

test('silence, pause and resume leave files, and silences lists them', async () => {
  expect(await line.run('silence', 'site:home', '--for', '8h')).toBe(0)
  expect(await line.run('pause', 'nas')).toBe(0)
  expect(readSilences(paths(), NOW).map(({ kind, target, by }) => [kind, target, by])).toEqual(
    expect.arrayContaining([
      ['silence', 'site:home', 'cli'],
      ['pause', 'host:nas', 'cli'],
    ]),
  )
  expect(await line.run('silences')).toBe(0)
  expect(line.out.at(-1)?.split('\n').sort()).toEqual(['home: silenced until 20:00 (cli)', 'nas: paused (cli)'])
  expect(await line.run('resume', 'nas')).toBe(0)
  expect(await line.run('resume', 'site:home')).toBe(0)
  expect(line.out.at(-1)).toBe('home: no longer silenced until 20:00 (cli).')
  expect(await line.run('silences')).toBe(0)
  expect(line.out.at(-1)).toBe('Nothing is silenced, taken or paused.')
})

test.each([
  [{}, 'cli'],
  [{ USER: 'maria' }, 'maria'],
  [{ USER: 'root', SUDO_USER: 'maria' }, 'maria'],
])('ack takes an outage, in the name of who asks: %j is %s', async (env, name) => {
  writeFileSync(join(paths().stateHosts, 'nas.json'), JSON.stringify({ name: 'nas', verdict: 'down' }))
  Object.assign(line.env, env)
  expect(await line.run('ack', 'nas')).toBe(0)
  expect(line.out).toEqual([`nas: taken by ${name}, no more reminders until it is over.`])
})

describe('what makes no sense is refused in words, with exit code 1, and nothing is written', () => {
  test.each([
    [['silence', 'nsa', '--for', '8h'], 'I know no host nsa. Did you mean nas?'],
    [['silence', 'nas'], "required option '--for <span>' not specified"],
    [['silence', 'nas', '--for', 'ever'], '"ever" is no span'],
    [['ack', 'nas'], 'nas: there is nothing to take'],
    [['pause', 'site:home'], 'Only a host can be paused'],
    [['resume', 'nas'], 'nas: nothing of its own keeps it quiet.'],
    [['why', 'nsa'], 'Did you mean nas?'],
    [['why', 'nas', 'noon'], '"noon" is no time'],
    [['uptime', 'nsa'], 'Did you mean nas?'],
    [['uptime', '../nas'], '"../nas" cannot be the name of a host'],
    [['uptime', 'nas', '--for', 'ever'], '--for: expected a span'],
  ])('%j', async (args, words) => {
    expect(await line.run(...args)).toBe(1)
    expect(line.err.join('\n')).toContain(words)
    expect(line.out).toEqual([])
    expect(readdirSync(paths().silences)).toEqual([])
  })

  test.skipIf(process.getuid?.() !== 0)('root, whose files the checker of another user could not read', async () => {
    chownSync(paths().silences, 12_345, 12_345)
    expect(await line.run('silence', 'nas', '--for', '8h')).toBe(1)
    expect(line.err.join()).toContain("belongs to user 12345 (ask as that user: sudo -u '#12345' …)")
    expect(await line.run('silences')).toBe(0)
  })

  test('a folder that takes nothing is named, not the file that was tried', async () => {
    rmSync(paths().silences, { recursive: true })
    writeFileSync(paths().silences, '')
    expect(await line.run('silence', 'nas', '--for', '8h')).toBe(1)
    expect(line.err.join()).toContain(`${paths().silences}: cannot be written: `)
  })

  test('no data folder yet', async () => {
    rmSync(paths().root, { recursive: true })
    expect(await line.run('silence', 'nas', '--for', '8h')).toBe(1)
    expect(line.err.join()).toContain('cannot be written: ENOENT (was Monitora ever started?)')
  })
})

test('why tells the chain', async () => {
  history('nas', [NOW - 3600_000, 'down', NOW - 3700_000], [NOW - 60_000, 'up', NOW - 60_000])
  expect(await line.run('why', 'nas')).toBe(0)
  expect(line.out.join('\n')).toMatch(/^nas: silent 10:58:20–11:59:00 \(1 h\)\nLast signal 10:58:20\.\n/)
  expect(await line.run('why', 'nas', '11:30')).toBe(0)
  expect(await line.run('why', 'nas', '2026-11-21T08:00')).toBe(0)
  expect(line.out.at(-1)).toContain('nas: no outage is known at 08:00')
})

describe('uptime', () => {
  test('a line for each host, never rounded up to 100', async () => {
    history(
      'nas',
      [NOW - 60 * DAY, 'up', NOW - 60 * DAY],
      [NOW - DAY, 'down', NOW - DAY],
      [NOW - DAY + 2000, 'up', NOW - DAY + 1000],
    )
    history('pi', [NOW - 3 * DAY, 'up', NOW - 3 * DAY])
    expect(await line.run('uptime')).toBe(0)
    expect(line.out).toEqual(['nas 99.999 %: 1 outage, 1 s\npi 100.000 %: no outage; known for 3 d of it'])
  })

  test.each([
    ['en', 'nas 95.000 %: 2 outages, the longest 1 h', 'pi: nothing is known of that time'],
    ['pt', 'nas 95,000%: 2 quedas, a mais longa 1 h', 'pi: nada se sabe desse período'],
    ['ru', 'nas 95,000 %: 2 сбоя, самый долгий: 1 час', 'pi: об этом времени ничего не известно'],
  ])('in %s', async (language, nas, pi) => {
    line.write(`${CONFIG}language: ${language}\nhosts: { nas: {}, pi: {} }\n`)
    const minutes = (count: number) => NOW - count * 60_000
    history(
      'nas',
      [minutes(9000), 'up', minutes(9000)],
      [minutes(1000), 'down', minutes(1000)],
      [minutes(940), 'up', minutes(940)],
      [minutes(12), 'down', minutes(12)],
    )
    expect(await line.run('uptime', '--for', '24h')).toBe(0)
    expect(line.out).toEqual([`${nas}\n${pi}`])
    expect(await line.run('uptime', 'pi')).toBe(0)
    expect(line.out.at(-1)).toBe(pi)
  })

  test('of a host that was removed, as long as its history is kept', async () => {
    history('gone', [NOW - 2 * DAY, 'up', NOW - 2 * DAY], [NOW - DAY, 'removed', NOW - DAY])
    expect(await line.run('uptime', 'gone')).toBe(0)
    expect(line.out).toEqual(['gone 100.000 %: no outage; known for 1 d of it'])
  })
})

test('status: away and paused hosts are well, an unstable one and a deaf monitor are not', async () => {
  const { stateHosts, state, hosts, alive } = paths()
  for (const name of ['server', 'checker', 'bot']) writeFileSync(join(alive, `${name}.host`), `${NOW / 1000}\n`)
  for (const name of ['nas', 'pi']) writeFileSync(join(hosts, `${name}.host`), `${NOW / 1000 - 900}\n`)
  const since = iso(NOW - 900_000)
  const down = { verdict: 'down', since, lastSeenAt: since }
  writeFileSync(join(stateHosts, 'nas.json'), JSON.stringify({ ...down, away: true }))
  writeFileSync(join(stateHosts, 'pi.json'), JSON.stringify(down))
  expect(await line.run('status')).toBe(2)
  await line.run('pause', 'pi')
  expect(await line.run('status')).toBe(0)
  writeFileSync(join(state, 'monitor.json'), JSON.stringify({ unreachable: { id: 'm:1', since } }))
  expect(await line.run('status')).toBe(2)
})
