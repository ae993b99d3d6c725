/** Starting from nothing, and everything that can be in the way. PM2 is real here, the processes under it stand-ins. */
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CommandLine } from '../../test/fakes/command-line.ts'
import { loadConfigs } from '../configs.ts'
import { writeFresh } from '../fresh.ts'
import { PROCESSES } from '../pm2.ts'

let line: CommandLine
beforeEach(() => {
  line = new CommandLine()
})
afterEach(() => line.remove())

async function until(what: string, look: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!look()) {
    if (Date.now() > end) throw new Error(`${what}: not within 20 s; ${[...line.out, ...line.err].join('\n')}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}

describe('a first start', () => {
  const read = (name: string) => readFileSync(join(line.folder, name), 'utf8')
  const passwordIn = (name: string) => /password: "([\w-]{24})"/.exec(read(name))?.[1]

  test('writes a configuration that holds, with credentials of its own, for its owner alone', () => {
    expect(writeFresh(line.folder)).toEqual(['monitora.yml', 'endpoint.yml'])
    const [config] = loadConfigs({ env: {}, folder: line.folder })
    expect(config.server).toMatchObject({ listen: { address: '0.0.0.0', port: 1234 }, user: 'home' })
    expect(config.defaults.timeout).toBe(60_000)
    expect([...config.channels.values()]).toMatchObject([{ type: 'console' }])
    expect([passwordIn('endpoint.yml')]).toEqual(config.server.password)
    for (const name of ['monitora.yml', 'endpoint.yml'])
      expect(statSync(join(line.folder, name)).mode & 0o777).toBe(0o600)
    const first = config.server.password
    rmSync(join(line.folder, 'monitora.yml'))
    rmSync(join(line.folder, 'endpoint.yml'))
    writeFresh(line.folder)
    expect(passwordIn('monitora.yml')).not.toBe(first)
  })

  test.each([
    ['of this server gives the password', 'http://127.0.0.1:1234', 'kept'],
    ['of another server does not', 'http://box.example.com:1234', undefined],
  ])('keeps an endpoint.yml that is there; one %s', (_, server, password) => {
    const content = `server: ${server}\nuser: home\npassword: kept\n`
    line.write(content, 'endpoint.yml')
    expect(writeFresh(line.folder)).toEqual(['monitora.yml'])
    expect(read('endpoint.yml')).toBe(content)
    if (password) expect(loadConfigs({ env: {}, folder: line.folder })[0].server.password).toEqual([password])
    else expect(passwordIn('monitora.yml')).toBeDefined()
  })
})

describe('start', () => {
  let port: number
  beforeEach(async () => {
    line.prepareProject()
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    port = (probe.address() as AddressInfo).port
    probe.close()
    await once(probe, 'close')
    line.write(
      `server: { listen: "127.0.0.1:${port}", user: home, password: secret }\nchannels: { screen: { type: console } }\n`,
    )
    line.write('', 'endpoint.yml')
  })
  const pidOf = (name: string) => {
    const file = join(line.folder, `monitora.yml.${name}`)
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  }
  const lives = (pid: number) => {
    try {
      return pid > 0 && process.kill(pid, 0)
    } catch {
      return false
    }
  }

  test('runs the four, shows what they say, stops and starts one of them, and leaves nothing behind', async () => {
    const running = line.run('start')
    const pids: number[] = []
    try {
      await until('all four', () => PROCESSES.every((name) => lives(pidOf(name))))
      await until('their words', () =>
        PROCESSES.every((name) => line.out.some((line) => line.includes(`${name}: here I am`))),
      )
      await until('the alert', () => line.out.includes('🔴 nas is silent since 12:03'))
      expect(line.out.join('\n')).not.toContain('"msg"')
      expect(line.out.join('\n')).toContain('after 5 min, through screen')
      expect(statSync(join(line.folder, 'data/pm2')).mode & 0o777).toBe(0o700)
      expect(readdirSync(join(line.folder, 'data/pm2/logs'))).toEqual([])

      expect(await line.run('start')).toBe(1)
      expect(line.err).toEqual([expect.stringContaining('runs already from here')])

      const endpoint = pidOf('endpoint')
      expect(await line.run('start', 'endpoint')).toBe(0)
      expect(pidOf('endpoint')).toBe(endpoint)
      expect(await line.run('stop', 'endpoint')).toBe(0)
      expect(lives(endpoint)).toBe(false)
      expect(lives(pidOf('server'))).toBe(true)
      expect(await line.run('start', 'endpoint')).toBe(0)
      await until('the endpoint again', () => pidOf('endpoint') !== endpoint && lives(pidOf('endpoint')))

      const bot = pidOf('bot')
      process.kill(bot, 'SIGKILL')
      await until('the bot again', () => pidOf('bot') !== bot && lives(pidOf('bot')))
      await until('word of it', () => line.out.some((line) => line.startsWith('bot died (SIGKILL)')))
    } finally {
      pids.push(...PROCESSES.map(pidOf))
      line.stop()
    }
    expect(await running).toBe(0)
    expect(pids.filter(lives)).toEqual([])
    expect(await line.run('stop', 'endpoint')).toBe(1)
    expect(line.err.at(-1)).toContain('does not run from here')
  }, 60_000)

  test('without an endpoint.yml it runs the other three, and says so', async () => {
    rmSync(join(line.folder, 'endpoint.yml'))
    const running = line.run('start')
    await until('the bot', () => lives(pidOf('bot')) && lives(pidOf('server')))
    line.stop()
    expect(await running).toBe(0)
    expect(pidOf('endpoint')).toBe(0)
    expect(line.out.join('\n')).toContain('endpoint.example.yml')
  }, 60_000)

  test('finds a place for its sockets when the path of the data folder is too long for them', async () => {
    const long = join(line.folder, 'x'.repeat(100))
    line.write(`data: ${long}\nserver: { listen: "127.0.0.1:${port}", user: home, password: secret }\n`)
    const homes = () => readdirSync(tmpdir()).filter((name) => /^monitora-[0-9a-f]{16}$/.test(name))
    const before = homes()
    const running = line.run('start')
    await until('the bot', () => lives(pidOf('bot')))
    expect(await line.run('stop', 'bot')).toBe(0)
    line.stop()
    expect(await running).toBe(0)
    const [home, ...others] = homes().filter((name) => !before.includes(name))
    expect(others).toEqual([])
    expect(statSync(join(tmpdir(), home!)).mode & 0o777).toBe(0o700)
    expect(existsSync(join(long, 'pm2'))).toBe(false)
    rmSync(join(tmpdir(), home!), { recursive: true })
  }, 60_000)

  test('does not begin when the port is taken, by whom it cannot say', async () => {
    const taken = createServer().listen(port, '127.0.0.1')
    await once(taken, 'listening')
    expect(await line.run('start')).toBe(1)
    taken.close()
    expect(line.err).toEqual([expect.stringContaining(`Port ${port} is taken`)])
    expect(existsSync(join(line.folder, 'data'))).toBe(false)
  })

  test('says that PM2 is missing', async () => {
    rmSync(line.project, { recursive: true })
    line.prepareProject({ pm2: false })
    expect(await line.run('start')).toBe(1)
    expect(line.err).toEqual([expect.stringContaining('PM2 is not installed')])
  })
})
