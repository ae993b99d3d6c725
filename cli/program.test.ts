/** The command line from outside: arguments in, words and an exit code out. */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { writePulse } from '../shared/pulse.ts'
import { CommandLine, NOW, REPOSITORY } from '../test/fakes/command-line.ts'
import { COMMANDS } from './commands/index.ts'
import { PROCESSES } from './pm2.ts'

const SERVER = 'server: { listen: "127.0.0.1:0", user: home, password: secret }\n'

let line: CommandLine
beforeEach(() => {
  line = new CommandLine()
})
afterEach(() => line.remove())

test('every file in commands/ is a command of the list', async () => {
  const files = readdirSync(join(import.meta.dirname, 'commands')).filter((file) => !/^index|\.test\./.test(file))
  const exported = await Promise.all(files.map((file) => import(join(import.meta.dirname, 'commands', file))))
  expect(new Set(exported.flatMap((module) => Object.values(module)))).toEqual(new Set(COMMANDS))
})

test('PM2, supervisor and the command line know the same processes', async () => {
  const { apps } = (await import(join(REPOSITORY, 'ecosystem.config.js'))) as { apps: { name: string }[] }
  expect(apps.map(({ name }) => name)).toEqual(PROCESSES)
  const programs = readdirSync(join(REPOSITORY, 'supervisor')).flatMap((file) => {
    const content = readFileSync(join(REPOSITORY, 'supervisor', file), 'utf8')
    return [
      ...content.matchAll(/^\[program:monitora-(\w+)\]\n(?:;.*\n)?command=node (?:--\S+ )*dist\/(\w+)\/main\.js$/gm),
    ].map(([, name, main]) => (name === main ? name : `${name} runs ${main}`))
  })
  expect(programs.sort()).toEqual([...PROCESSES].sort())
})

describe('what makes no sense is refused in words, and changes nothing', () => {
  test.each([
    [['bogus'], "unknown command 'bogus'"],
    [['status', '--bogus'], "unknown option '--bogus'"],
    [['stop'], "missing required argument 'process'"],
    [['stop', 'everything'], 'server, checker, bot, endpoint'],
    [['start', 'everything'], 'server, checker, bot, endpoint'],
    [['start', 'bot', 'server'], 'too many arguments'],
    [['stop', 'bot'], 'monitora.yml: not found'],
    [['check-config', '--config', 'other.yml'], 'cannot be read: ENOENT'],
  ])('%j', async (args, words) => {
    expect(await line.run(...args)).toBe(1)
    expect(line.err.join('\n')).toContain(words)
    expect(line.err.join('\n').split('\n').length).toBeLessThanOrEqual(2)
    expect(readdirSync(line.folder)).toEqual([])
  })
})

test('--help lists the commands, and is no error', async () => {
  expect(await line.run('--help')).toBe(0)
  for (const name of ['start', 'stop', 'status', 'check-config', 'test-alert'])
    expect(line.out.join()).toContain(`  ${name}`)
})

describe('check-config', () => {
  test.each([
    ['en', 'monitora.yml: fine: 3 hosts, 1 channel'],
    ['pt', 'monitora.yml: tudo certo: 3 hosts, 1 canal'],
    ['ru', 'monitora.yml: всё в порядке: 3 хоста, 1 канал'],
  ])('counts what it found, in the language of the file (%s)', async (language, words) => {
    line.write(
      `${SERVER}language: ${language}\nhosts: { a: {}, b: {}, c: {} }\nchannels: { screen: { type: console } }\n`,
    )
    expect(await line.run('check-config')).toBe(0)
    expect(line.out).toEqual([words])
  })

  test('tells every problem once, a line each', async () => {
    line.write(`${SERVER}hosts: { nas: { timeout: soon, colour: red } }\nchannels: { family: { type: pigeon } }\n`)
    expect(await line.run('check-config')).toBe(1)
    const lines = line.err.join('\n').split('\n')
    expect(lines).toHaveLength(3)
    for (const path of ['hosts.nas.timeout', 'hosts.nas.colour', 'channels.family']) {
      expect(
        lines.filter((problem) => problem.startsWith(`${join(line.folder, 'monitora.yml')}: ${path}`)),
      ).toHaveLength(1)
    }
  })

  test("demands of an original's file what its process demands, and of a shared one what all do", async () => {
    const server = 'USER: casa\nPWD: segredo\nPATH: ./hosts/\n'
    line.write(server, 'server.yml')
    expect(await line.run('check-config', '--config', 'server.yml')).toBe(0)
    line.write(server)
    expect(await line.run('check-config')).toBe(1)
    expect(line.err.join('\n')).toContain('TOKEN: missing')
  })

  test('finds nothing wrong with the example', async () => {
    cpSync(join(REPOSITORY, 'monitora.example.yml'), join(line.folder, 'monitora.yml'))
    line.write('MONITORA_PASSWORD=secret\n', '.env')
    expect(await line.run('check-config')).toBe(0)
  })

  test('nor with the example when all of it is in force', async () => {
    const example = readFileSync(join(REPOSITORY, 'monitora.example.yml'), 'utf8')
    // What is commented out begins with a key; prose does not.
    const inForce = example.replace(/^( *)# ?( *[\w]+:(?: |$))/gm, '$1$2')
    // A certificate must be there to be fine.
    line.write(inForce.replace(/^ *tls:.*\n/m, ''))
    const secrets = {
      MONITORA_PASSWORD: 'a',
      TELEGRAM_TOKEN: '1:a',
      HOOK_KEY: 'a',
      HOOK_SECRET: 'a',
      MAIL_PASSWORD: 'a',
      ADMIN_TOKEN: 'a-token-of-the-admin',
      BACKUP_TOKEN: 'a-token-of-backup',
    }
    const links = { NTFY_TOPIC: 'monitora-abcdefghijklmnop', SLACK_URL: 'https://hooks.slack.com/services/a' }
    const lines = Object.entries({ ...secrets, ...links }).map(([key, value]) => `${key}=${value}\n`)
    line.write(lines.join(''), '.env')
    expect([await line.run('check-config'), ...line.err]).toEqual([0])
    expect(line.out).toEqual(['monitora.yml: fine: 3 hosts, 6 channels'])
  })
})

describe('status', () => {
  beforeEach(() => {
    line.write(`${SERVER}timezone: UTC\nhosts: { nas: {} }\n`)
    const paths = dataPaths(join(line.folder, 'data'))
    prepareDataFolder(paths)
    for (const name of ['server', 'checker', 'bot'] as const) writePulse(paths, name, NOW - 1000)
    writeFileSync(join(paths.hosts, 'nas.host'), `${NOW / 1000 - 5}\n`)
  })
  const state = (content: object) =>
    writeFileSync(join(line.folder, 'data/state/hosts/nas.json'), JSON.stringify({ name: 'nas', ...content }))

  test('all is well: 0', async () => {
    expect(await line.run('status')).toBe(0)
    expect(line.out.join('\n')).toContain('nas 5 s ago')
  })

  test('something is silent: 2, for programs with times that people can read', async () => {
    const since = '2026-11-21T12:00:00.000Z'
    state({ verdict: 'down', since, lastSeenAt: since })
    expect(await line.run('status', '--json')).toBe(2)
    expect(JSON.parse(line.out.join('\n'))).toMatchObject({
      at: '2026-11-21T12:00:00.000Z',
      hosts: [{ name: 'nas', condition: { kind: 'silent', sinceAt: since } }],
    })
  })

  test('a process that has stopped: 2', async () => {
    writePulse(dataPaths(join(line.folder, 'data')), 'checker', NOW - 60_000)
    expect(await line.run('status')).toBe(2)
  })

  test('it cannot tell: 1', async () => {
    rmSync(join(line.folder, 'data/registry'), { recursive: true })
    line.write('', 'data/registry')
    expect(await line.run('status')).toBe(1)
    expect(line.err.join()).toContain('cannot be read: ENOTDIR')
  })
})

test.each([
  [['test-alert'], ['--test-alert'], 0],
  [['test-alert', 'family'], ['--test-alert', 'family'], 3],
])('%j asks the checker, and passes on its answer', async (args, asked, code) => {
  line.write(SERVER)
  line.standIn(
    'checker',
    `require('fs').writeFileSync('${line.folder}/asked', JSON.stringify(process.argv.slice(2))); process.exit(${code})`,
  )
  expect(await line.run(...args)).toBe(code)
  expect(JSON.parse(readFileSync(join(line.folder, 'asked'), 'utf8'))).toEqual([
    ...asked,
    '--config',
    join(line.folder, 'monitora.yml'),
  ])
})

test('it is a command: node runs the built file', () => {
  const built = join(REPOSITORY, 'dist/cli/main.js')
  expect(execFileSync(process.execPath, [built, '--help'], { encoding: 'utf8' })).toContain('check-config')
  expect(readFileSync(built, 'latin1')).toMatch(/^#!\/usr\/bin\/env node\n/)
})
