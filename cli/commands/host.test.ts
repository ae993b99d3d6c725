import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createKeys } from '../../server/keys.ts'
import { loadConfig } from '../../shared/config/load.ts'
import { dataPaths, prepareDataFolder } from '../../shared/paths.ts'
import { readRegistration, register } from '../../shared/registry.ts'
import { readSilences } from '../../shared/silences.ts'
import { hashOf, uuidOf } from '../../shared/tokens.ts'
import { CommandLine, NOW, REPOSITORY } from '../../test/fakes/command-line.ts'

const OWN = 'own-token-of-cam-01'
const CONFIG = `server: { listen: "127.0.0.1:4321", user: home, password: s3cret }
timezone: UTC
hosts: { nas: { timeout: 2m, site: home }, cam: { token: ${OWN} } }
`

let line: CommandLine
beforeEach(() => {
  line = new CommandLine()
  line.write(CONFIG)
  prepareDataFolder(paths())
})
afterEach(() => line.remove())

const paths = () => dataPaths(join(line.folder, 'data'))
const keys = () => createKeys(loadConfig({ process: 'server', env: {}, folder: line.folder }), () => 0)
const said = () => line.out.at(-1) ?? ''
const token = () => /^The token, shown this once: ([0-9a-f]{32})$/m.exec(said())![1]!
const pingKey = () => /^The ping key .*: ([\w-]{22})$/m.exec(said())?.[1]
const tokenFiles = () => readdirSync(paths().tokens)
const everything = (folder = paths().root): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')

describe('host add', () => {
  test('registers a host that the server knows at once, and keeps only hashes of what it shows', async () => {
    expect(await line.run('host', 'add', 'Web', '--type', 'website', '--url', 'https://example.com')).toBe(0)
    const key = pingKey()!
    expect(readRegistration(paths(), 'Web')).toMatchObject({
      registeredAt: NOW,
      origin: 'added',
      tokenHash: hashOf(token()),
      settings: { type: 'website', url: 'https://example.com' },
    })
    expect(keys().byToken(token())).toMatchObject({ name: 'Web', hasToken: true })
    expect(keys().isPingKey(key)).toBe(true)
    expect(everything()).not.toContain(token())
    expect(everything()).not.toContain(key)
  })

  test('prints what to paste, for each client in its own form', async () => {
    await line.run('host', 'add', 'backup', '--schedule', '30 4 * * *', '--timezone', 'Europe/Lisbon', '--grace', '2h')
    const at = 'http://127.0.0.1:4321'
    expect(said()).toContain(`curl -fsS -H "Authorization: Bearer ${token()}" -d host=backup ${at}/signal`)
    expect(said()).toMatch(
      new RegExp(`^# cron, in Europe/Lisbon\n30 4 \\* \\* \\* your-job && curl .*${at}/ping/${uuidOf(token())}$`, 'm'),
    )
    expect(said()).toContain(`\nserver: ${at}\nhost: backup\ntoken: ${token()}\n`)
    expect(said()).toContain(
      `${REPOSITORY}/monitora run --config ${REPOSITORY}/endpoint-backup.yml backup -- your-job\n`,
    )
    expect(said()).toContain(`${at}/ping/${pingKey()}/backup`)
  })

  test('a schedule without a time zone is in that of the monitor, for a later token, too', async () => {
    line.write(CONFIG.replace('UTC', 'Asia/Tokyo'))
    await line.run('host', 'add', 'backup', '--schedule', '@DAILY')
    for (const verb of ['add', 'rotate']) {
      if (verb === 'rotate') await line.run('host', verb, 'backup')
      expect(said()).toContain('# cron, in Asia/Tokyo\n@daily your-job && curl ')
    }
  })

  test.each([
    ['https://box.example.com/', 'https://box.example.com'],
    ['https://example.com/monitora', 'https://example.com/monitora'],
  ])('behind a proxy it prints the address that is named: %s', async (server, at) => {
    await line.run('host', 'add', 'pi', '--server', server)
    expect(said()).toContain(`server: ${at}\n`)
    expect(said()).not.toContain('4321')
    expect(said()).not.toContain('Other machines')
  })

  test.each([
    ['en', 'Other machines may not reach http://127.0.0.1:4321: put'],
    ['pt', 'Outras máquinas talvez não cheguem a http://127.0.0.1:4321: troque'],
    ['ru', 'С других машин адрес http://127.0.0.1:4321 может быть недоступен'],
  ])('an address of this box alone is said to be one: %s', async (language, words) => {
    line.write(`${CONFIG}language: ${language}\n`)
    for (const args of [['add', 'pi'], ['rotate', 'pi'], ['rotate', '--ping-key'], ['badges']]) {
      expect(await line.run('host', ...args)).toBe(0)
      expect(said().split('\n').at(-1)).toContain(words)
      expect(said().split('\n').at(-1)).toContain('--server https://…')
    }
    line.write(CONFIG.replace('127.0.0.1', '192.0.2.5'))
    await line.run('host', 'add', 'pi2')
    expect(said()).toMatch(/host=pi2 http:\/\/192\.0\.2\.5:4321\/signal/)
    expect(said()).not.toContain('--server')
  })

  test('the ping key is shown once, with the first host', async () => {
    await line.run('host', 'add', 'one')
    await line.run('host', 'add', 'two')
    expect(pingKey()).toBeUndefined()
    expect(said()).toContain('The ping key was shown when it was made')
  })

  test('each heartbeat can be told', async () => {
    await line.run('host', 'add', 'pi', '--every', 'heartbeat', 'notify')
    expect(keys().byName('pi')).toMatchObject({ everyHeartbeat: true })
  })

  test('a token of the configuration wins, and no other is made', async () => {
    expect(await line.run('host', 'add', 'cam', '--type', 'other')).toBe(0)
    expect(said()).toBe('cam is added.\ncam has a token in monitora.yml: that one counts.')
    expect(tokenFiles()).toEqual([])
    expect(keys().byToken(OWN)).toMatchObject({ name: 'cam' })
  })

  test('it says what the configuration overrules', async () => {
    await line.run('host', 'add', 'nas', '--schedule', '0 3 * * *', '--site', 'office', '--type', 'bot')
    expect(said()).toContain('Without effect as long as monitora.yml says something else: site.')
    expect(said()).toContain('Without effect as long as monitora.yml has "timeout" for it: schedule.')
  })

  test.each([
    [['../x'], '"../x" cannot be the name of a host'],
    [['old'], 'old is there already'],
    [['NAS'], 'NAS differs from nas by case alone'],
    [['Old'], 'Old differs from old by case alone'],
    [['pi', '--timeout', 'soon'], '--timeout: found "soon", expected a span'],
    [['pi', '--type', 'cat'], '--type: found "cat", expected bot, website or other'],
    [['pi', '--url', 'ftp://u:hunter2@x'], '--url: found something else, expected a URL'],
    [['pi', '--schedule', '0 3 * *'], '--schedule: found "0 3 * *", expected a cron schedule'],
    [['pi', '--timeout', '5m', '--schedule', '0 3 * * *'], '--timeout: found "5m", expected either a timeout'],
    [['pi', '--timezone', 'UTC'], '--timezone: found "UTC", expected a schedule beside it'],
    [['pi', '--every', 'second'], '--every: found "second", expected heartbeat'],
    [['pi', '--server', 'https://u:hunter2@box'], '--server: expected an address'],
    [['pi', '--tokn', 'x'], "unknown option '--tokn'"],
  ])('refuses %j, and changes nothing', async (args, words) => {
    register(paths(), { name: 'old', registeredAt: NOW, origin: 'signal' })
    expect(await line.run('host', 'add', ...args)).toBe(1)
    expect(line.err.join('\n')).toContain(words)
    expect(line.err.join('\n')).not.toContain('hunter2')
    expect(line.out).toEqual([])
    expect(readdirSync(paths().registry)).toEqual(['old.json'])
    expect(tokenFiles()).toEqual([])
    expect(existsSync(paths().pingKey)).toBe(false)
  })

  test('a registry that takes nothing leaves no token behind', async () => {
    rmSync(paths().registry, { recursive: true })
    expect(await line.run('host', 'add', 'pi')).toBe(1)
    expect(line.err.join()).toContain('cannot be written: ENOENT')
    expect(tokenFiles()).toEqual([])
  })

  test.skipIf(process.getuid?.() !== 0)('not as root in the folder of another user', async () => {
    chownSync(paths().silences, 12_345, 12_345)
    expect(await line.run('host', 'add', 'pi')).toBe(1)
    expect(line.err.join()).toContain('belongs to user 12345')
    expect(readdirSync(paths().registry)).toEqual([])
  })
})

describe('host edit', () => {
  beforeEach(async () => {
    await line.run('host', 'add', 'pi', '--timeout', '5m', '--site', 'home')
  })

  test('replaces what is given, takes away what is empty, keeps the rest', async () => {
    const { tokenHash } = readRegistration(paths(), 'pi')!
    expect(await line.run('host', 'edit', 'pi', '--timeout', '', '--schedule', '@reboot')).toBe(1)
    expect(await line.run('host', 'edit', 'pi', '--timeout', '', '--schedule', '@daily', '--every', '')).toBe(0)
    expect(readRegistration(paths(), 'pi')).toEqual({
      name: 'pi',
      registeredAt: NOW,
      origin: 'added',
      tokenHash,
      settings: { site: 'home', schedule: '@daily' },
    })
  })

  test.each([
    [['pi'], 'nothing to change'],
    [['pj', '--timeout', '1m'], 'I know no host pj. Did you mean pi?'],
    [['../pi', '--timeout', '1m'], 'cannot be the name of a host'],
    [['pi', '--schedule', '0 3 * * *'], '--timeout: found "5m", expected either a timeout or a schedule'],
  ])('refuses %j', async (args, words) => {
    const before = everything()
    expect(await line.run('host', 'edit', ...args)).toBe(1)
    expect(line.err.join('\n')).toContain(words)
    expect(everything()).toBe(before)
  })
})

describe('host rotate', () => {
  test('the new token opens, the old one no more', async () => {
    await line.run('host', 'add', 'pi')
    const old = token()
    expect(await line.run('host', 'rotate', 'pi')).toBe(0)
    expect(said()).toMatch(/^pi has another token; the old one opens nothing any more/)
    expect(tokenFiles()).toEqual([hashOf(token())])
    expect(keys().byToken(token())).toMatchObject({ name: 'pi' })
    expect(keys().byToken(old)).toBeUndefined()
  })

  test('a host of the configuration gets its first one', async () => {
    expect(await line.run('host', 'rotate', 'nas')).toBe(0)
    expect(said()).toMatch(/^nas has a token, and is accepted by it alone/)
    expect(keys().byToken(token())).toMatchObject({ name: 'nas' })
    expect(readRegistration(paths(), 'nas')).toMatchObject({ origin: 'config' })
  })

  test('another ping key', async () => {
    await line.run('host', 'add', 'pi')
    const old = pingKey()!
    expect(await line.run('host', 'rotate', '--ping-key')).toBe(0)
    expect([keys().isPingKey(old), keys().isPingKey(pingKey()!)]).toEqual([false, true])
  })

  test.each([
    [['cam'], 'cam has a token in monitora.yml: that one counts.'],
    [['nobody'], 'I know no host nobody.'],
    [[], 'rotate: expected the name of a host, or --ping-key'],
    [['nas', '--ping-key'], 'rotate: expected the name of a host, or --ping-key'],
  ])('refuses %j', async (args, words) => {
    expect(await line.run('host', 'rotate', ...args)).toBe(1)
    expect(line.err.join()).toContain(words)
    expect(tokenFiles()).toEqual([])
  })
})

test('host remove forgets the host and its token', async () => {
  await line.run('host', 'add', 'pi')
  const old = token()
  expect(await line.run('host', 'remove', 'pi')).toBe(0)
  expect(said()).toBe(
    'pi is removed. Its token opens nothing any more; ./monitora host add pi on the box makes another.',
  )
  expect(tokenFiles()).toEqual([])
  expect(keys().byToken(old)).toBeUndefined()
  expect(await line.run('host', 'remove', 'pi')).toBe(1)
  expect(await line.run('host', 'remove', 'nas')).toBe(1)
  expect(line.err).toEqual(['I know no host pi.', 'nas stays: it stands in monitora.yml, take it out there.'])
})

test('host pause and host resume are what pause and resume are', async () => {
  expect(await line.run('host', 'pause', 'nas')).toBe(0)
  expect(readSilences(paths(), NOW)).toMatchObject([{ kind: 'pause', target: 'host:nas' }])
  expect(await line.run('host', 'resume', 'nas')).toBe(0)
  expect(readSilences(paths(), NOW)).toEqual([])
})

test.each(['remov', 'resumes', 'rename', 'unpause'])('what is mistyped is no way to remove: host %s', async (word) => {
  expect(await line.run('host', word, 'nas')).toBe(1)
  expect(line.err.join('\n')).toBe(`error: unknown command '${word}'\n(monitora host --help lists the commands)`)
})

test.each([
  ['add', 'nobody can write over what stands there'],
  ['edit', 'nor change what it does not see'],
  ['rotate', 'nor give it another token'],
])('host %s of one whose registration cannot be read: %s', async (verb) => {
  mkdirSync(join(paths().registry, 'nas.json'))
  const more = verb === 'edit' ? ['--timeout', '1m'] : []
  expect(await line.run('host', verb, 'nas', ...more)).toBe(1)
  expect(line.err.join()).toMatch(/registry\/nas\.json cannot be read \(EISDIR\): .* shared password is refused/)
  expect(tokenFiles()).toEqual([])
})

describe('a garbled registration', () => {
  const file = () => join(paths().registry, 'pi.json')
  const spoil = (content: string) => {
    writeFileSync(file(), content)
    writeFileSync(
      join(paths().stateHosts, 'pi.json'),
      JSON.stringify({ name: 'pi', registeredAt: new Date(NOW - 5000).toISOString() }),
    )
  }

  test.each([
    ['add', '{'],
    ['add', ''],
    ['rotate', '{'],
  ])('is none to write over: host %s, %j', async (verb, content) => {
    await line.run('host', 'add', 'pi')
    const before = token()
    spoil(content)
    expect(await line.run('host', verb, 'pi')).toBe(1)
    expect(line.err.join()).toMatch(/registry\/pi\.json is garbled, .*host edit pi --timeout 5m .* newest token/)
    expect(readFileSync(file(), 'utf8')).toBe(content)
    expect(tokenFiles()).toEqual([hashOf(before)])
  })

  test('is repaired by host edit, with its newest token, and stays the host that it was', async () => {
    await line.run('host', 'add', 'pi', '--schedule', '0 3 * * *')
    const before = token()
    spoil('{')
    expect(await line.run('host', 'edit', 'pi', '--timeout', '1d')).toBe(0)
    expect(said()).toBe('pi is registered anew, with these settings alone.\nIt has a token of its own.')
    expect(keys().byToken(before)).toMatchObject({ name: 'pi' })
    expect(readRegistration(paths(), 'pi')).toEqual({
      name: 'pi',
      registeredAt: NOW - 5000,
      origin: 'added',
      tokenHash: hashOf(before),
      settings: { timeout: '1d' },
    })
    expect(await line.run('host', 'rotate', 'pi')).toBe(0)
    expect(tokenFiles()).toEqual([hashOf(token())])
  })

  test.each([
    ['pi', 'It has no token: the shared password lets it in.'],
    ['cam', 'Its token stands in the configuration.'],
  ])('host edit says how %s gets in then', async (name, words) => {
    writeFileSync(join(paths().registry, `${name}.json`), '{')
    expect(await line.run('host', 'edit', name, '--type', 'bot')).toBe(0)
    expect(said()).toContain(words)
    expect(readRegistration(paths(), name)).toMatchObject({ registeredAt: NOW, settings: { type: 'bot' } })
  })

  test('says nothing of how long its host may be silent, unless the configuration does', async () => {
    for (const name of ['pi', 'nas']) writeFileSync(join(paths().registry, `${name}.json`), '{')
    await line.run('host', 'show', 'pi')
    expect(said()).toContain('\nHow long it may be silent is not known here: ')
    expect(said()).not.toContain('Silent after')
    await line.run('host', 'show', 'nas')
    expect(said()).toContain('Silent after 2 min.')
    await line.run('host', 'list')
    expect(said().split('\n').slice(1)).toEqual([
      expect.stringMatching(/^nas .* 2 min +monitora\.yml$/),
      expect.stringMatching(/^cam .* 5 min /),
      expect.stringMatching(/^pi .* – +its \.host file$/),
    ])
  })
})

test.each([
  ['is a folder', () => mkdirSync(join(paths().root, '.change')), /\.change is in the way .*: remove it$/],
  ['names nobody', () => writeFileSync(join(paths().root, '.change'), 'x'), /\.change says .* not by whom: try again/],
])('a lock that %s is told', async (_, make, words) => {
  make()
  expect(await line.run('host', 'add', 'pi')).toBe(1)
  expect(line.err.join()).toMatch(words)
  expect(tokenFiles()).toEqual([])
})

test('host badges prints a link for all hosts and one for each tag, the same each time', async () => {
  line.write(CONFIG.replace('site: home', 'site: home, tags: [family, "nice one"]'))
  expect(await line.run('host', 'badges')).toBe(0)
  const links = said()
    .split('\n')
    .map((text) => /^(.*): http:\/\/127.0.0.1:4321(\/badge\/[\w-]+\/[\w-]+.*)\.svg$/.exec(text))
  expect(links.slice(0, 4).map((link) => link?.[1])).toEqual(['all hosts', 'family', 'nice one', undefined])
  expect(links[2]?.[2]).toMatch(/\/nice%20one$/)
  const before = said()
  await line.run('host', 'badges')
  expect(said()).toBe(before)
})

describe('looking at hosts', () => {
  beforeEach(async () => {
    await line.run('host', 'add', 'backup', '--schedule', '0 3 * * *', '--grace', '90m', '--url', 'https://u:pw@x.org/')
    writeFileSync(join(paths().hosts, 'nas.host'), `${NOW / 1000 - 12}\n`)
    register(paths(), { name: 'nas', registeredAt: NOW - 60_000, origin: 'signal', settings: { timeout: '9m' } })
  })

  test('host list', async () => {
    expect(await line.run('host', 'list')).toBe(0)
    expect(said().split('\n')).toEqual([
      'NAME    TYPE  STATE        LAST SIGNAL  EXPECTED   FROM',
      'nas     –     fine         12 s ago     2 min      its first signal',
      'cam     –     never heard  –            5 min      monitora.yml',
      'backup  –     never heard  –            0 3 * * *  host add',
    ])
  })

  test('host show tells what is registered and what is in force, and no secret', async () => {
    expect(await line.run('host', 'show', 'nas')).toBe(0)
    expect(said().split('\n')).toEqual([
      'nas: fine; last signal 11:59',
      'Silent after 2 min.',
      'Known since 11:59, from: its first signal.',
      'It has no token: the shared password lets it in.',
      'In force:',
      '  site: "home"',
      '  timeout: "2m"',
      'Registered:',
      '  timeout: "9m"',
    ])
    expect(await line.run('host', 'show', 'backup')).toBe(0)
    expect(said()).toContain('A job, "0 3 * * *": next 03:00 on 22 Nov, with 1 h 30 min of grace.')
    expect(said()).toContain('It has a token of its own.')
    expect(said()).toContain('  grace: "90m"\n')
    expect(said()).toContain('  url: "https://x.org/"')
    expect(await line.run('host', 'show', 'cam')).toBe(0)
    expect(said()).toContain('Its token stands in the configuration.')
    expect(line.out.slice(-3).join()).not.toMatch(new RegExp(`${OWN}|pw|[0-9a-f]{32}`))
  })

  test.each([
    ['', 'is garbled', ''],
    ['{"registeredAt":"2026-11-21T12:00:00Z","settings":{"timeout":"soon"}}', 'is ignored: timeout.', 'lets it in'],
  ])('host show says what is wrong with a registration %j', async (content, words, access) => {
    writeFileSync(join(paths().registry, 'nas.json'), content)
    expect(await line.run('host', 'show', 'nas')).toBe(0)
    expect(said()).toContain(words)
    expect(said().includes('the shared password lets it in')).toBe(access !== '')
  })

  test('host show says that a time zone without a schedule does nothing', async () => {
    line.write(CONFIG.replace('site: home', 'timezone: Asia/Tokyo').replace('timeout: 2m, ', ''))
    register(paths(), { name: 'cam', registeredAt: NOW, origin: 'added' })
    await line.run('host', 'show', 'nas')
    expect(said()).toContain('The timezone in monitora.yml is without effect: nas has no schedule.')
    await line.run('host', 'edit', 'nas', '--timeout', '', '--schedule', '0 3 * * *')
    expect(said()).toBe('nas is changed.')
    await line.run('host', 'show', 'nas')
    expect(said()).not.toContain('without effect')
    expect(said()).toContain('timezone: "Asia/Tokyo"')
  })

  test('one that nobody knows', async () => {
    expect(await line.run('host', 'show', 'nsa')).toBe(1)
    expect(line.err.join()).toContain('Did you mean nas?')
  })
})
