/** The process itself, compiled and started as it is in life. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { get, request as httpsRequest } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { readAbsences } from '../shared/absences.ts'
import { dataPaths } from '../shared/paths.ts'
import { readPulse } from '../shared/pulse.ts'
import { hasOpenssl, makeCertificate } from '../test/fakes/certificate.ts'

const repository = resolve(import.meta.dirname, '..')
const root = mkdtempSync(join(tmpdir(), 'server-main-'))
const file = join(root, 'monitora.yml')
const paths = dataPaths(join(root, 'data'))
const main = join(root, 'dist', 'server', 'main.js')
const started: ChildProcess[] = []

beforeAll(() => {
  spawnSync(
    join(repository, 'node_modules', '.bin', 'tsc'),
    ['-p', 'tsconfig.build.json', '--outDir', join(root, 'dist')],
    {
      cwd: repository,
    },
  )
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  expect(existsSync(main)).toBe(true)
}, 60_000)
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  rmSync(paths.root, { recursive: true, force: true })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const configure = (listen: string, { password = 'secret', data = './data', more = '' } = {}) =>
  writeFileSync(file, `data: ${data}\nserver: { listen: "${listen}", user: home, password: ${password}${more} }\n`)

interface Running {
  child: ChildProcess
  output: () => string
  /** Where it listens, newest first. */
  url: () => string
  ended: Promise<number | null>
  ready: Promise<unknown>
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, [main, ...(args.length > 0 ? args : ['--config', file])], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  started.push(child)
  let text = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (part) => {
      text += part
    })
  }
  return {
    child,
    output: () => text,
    url: () => `http://${[...text.matchAll(/listening on ([\d.:]+)/g)].at(-1)![1]}`,
    ended: new Promise((done) => child.on('close', done)),
    ready: new Promise((done) => child.once('message', done)),
  }
}

const send = (url: string, host: string, password = 'secret') =>
  fetch(`${url}/signal`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`home:${password}`).toString('base64')}` },
    body: new URLSearchParams({ host }),
  })

test('it says when it is ready, pulses each second, hears, and ends in order', async () => {
  configure('127.0.0.1:0')
  const server = start()
  expect(await server.ready).toBe('ready')
  const first = readPulse(paths, 'server')!
  expect(Date.now() - first).toBeLessThan(3000)
  expect(await (await send(server.url(), 'nas')).json()).toEqual({ message: 'Signal Registered' })
  expect(readFileSync(join(paths.hosts, 'nas.host'), 'utf8')).toMatch(/^\d{10}\n$/)
  await vi.waitFor(() => expect(readPulse(paths, 'server')).toBeGreaterThan(first), { timeout: 5000 })
  const stopped = Date.now()
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  expect(Date.now() - stopped).toBeLessThan(3000)
  expect(readPulse(paths, 'server')).toBe(Math.floor(stopped / 1000) * 1000)
  expect(readAbsences(paths, 'server')).toEqual([])
})

test('after a kill, what was missed is written down at the next start', async () => {
  configure('127.0.0.1:0')
  const killed = start()
  await killed.ready
  killed.child.kill('SIGKILL')
  await killed.ended
  const pulse = readPulse(paths, 'server')!
  const server = start()
  await server.ready
  expect(readAbsences(paths, 'server')).toMatchObject([{ fromAt: pulse, deaf: true, why: 'not-running' }])
  server.child.kill('SIGINT')
  expect(await server.ended).toBe(0)
})

test('a request under way is answered before it ends', async () => {
  configure('127.0.0.1:0')
  const server = start()
  await server.ready
  for (let i = 0; i < 5; i++) expect((await send(server.url(), 'nas', 'guess')).status).toBe(401)
  // The sixth waits for its second. That the server has it shows when it asks for the body.
  const status = await new Promise((done, failed) => {
    const req = request(`${server.url()}/signal`, {
      method: 'POST',
      auth: 'home:guess',
      headers: { expect: '100-continue' },
    })
    req.on('continue', () => {
      server.child.kill('SIGTERM')
      req.end()
    })
    req.on('response', (res) => done(res.statusCode))
    req.on('error', failed)
    req.flushHeaders()
  })
  expect(status).toBe(401)
  expect(await server.ended).toBe(0)
})

test('it does not start with a port that is taken, a folder it cannot have, or a configuration that is wrong', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => other.once('listening', done))
  const { port } = other.address() as AddressInfo
  const fails = async (...args: string[]) => {
    const server = start(...args)
    expect(await server.ended).toBe(1)
    return server.output()
  }
  configure(`127.0.0.1:${port}`)
  expect(await fails()).toBe(
    `cannot listen on 127.0.0.1:${port}: another program listens there (stop it, or change server.listen)\n`,
  )
  other.close()
  writeFileSync(join(root, 'occupied'), '')
  configure('127.0.0.1:0', { data: './occupied' })
  expect(await fails()).toMatch(/^\S+occupied\/hosts: cannot be written: ENOTDIR .*\n$/)
  writeFileSync(file, 'server: { listen: here, user: home }\nhosts: { nas: { timeot: 5m } }\n')
  const problems = (await fails()).trimEnd().split('\n')
  expect(problems.map((line) => line.split(': ')[1])).toEqual(['server.listen', 'server.password', 'hosts.nas.timeot'])
  expect(await fails('--confg', file)).toMatch('--confg')
  expect(await fails('--config', join(root, 'nowhere.yml'))).toMatch('nowhere.yml: cannot be read: ENOENT')
})

test('a good edit of the configuration is in force at once, a bad one is refused', async () => {
  configure('127.0.0.1:0')
  const server = start()
  await server.ready
  configure('127.0.0.1:0', { password: 'other' })
  await vi.waitFor(async () => expect((await send(server.url(), 'nas', 'other')).status).toBe(200), { timeout: 8000 })
  expect((await send(server.url(), 'nas')).status).toBe(401)

  writeFileSync(file, 'server: {}\n')
  await vi.waitFor(() => expect(server.output()).toMatch('settings from before stay in force'), { timeout: 8000 })
  expect((await send(server.url(), 'nas', 'other')).status).toBe(200)

  const before = server.url()
  configure('127.0.0.2:0', { data: './elsewhere' })
  await vi.waitFor(() => expect(server.output()).toMatch('another folder needs a restart'), { timeout: 8000 })
  await vi.waitFor(() => expect(server.url()).toMatch('127.0.0.2'), { timeout: 8000 })
  expect((await send(server.url(), 'moved')).status).toBe(200)
  expect(existsSync(join(paths.hosts, 'moved.host'))).toBe(true)
  await expect(send(before, 'nas')).rejects.toThrow()

  configure('192.0.2.1:1234')
  await vi.waitFor(() => expect(server.output()).toMatch('goes on where it listened before'), { timeout: 8000 })
  expect((await send(server.url(), 'nas')).status).toBe(200)
})

// Only openssl can make the certificate.
test.skipIf(!hasOpenssl)(
  'https by an edit, and back; a certificate that cannot be used is not started with, nor changed to',
  async () => {
    const { ca } = makeCertificate(root, 'box')
    const tls = (name: string) => ({ more: `, tls: { cert: ${name}.cert.pem, key: ${name}.key.pem }` })
    configure('127.0.0.1:0', tls('nowhere'))
    const failed = start()
    expect(await failed.ended).toBe(1)
    expect(failed.output()).toMatch(/^\S+monitora\.yml: server\.tls\.cert: \S+nowhere\.cert\.pem: no such file .*\n$/)

    configure('127.0.0.1:0')
    const server = start()
    await server.ready
    const listen = server.url().slice('http://'.length)
    const overTls = () =>
      new Promise<number | undefined>((done, failed) => {
        get(`https://${listen}/healthz`, { ca, agent: false }, (res) => done(res.resume().statusCode)).on(
          'error',
          failed,
        )
      })
    configure(listen, tls('box'))
    await vi.waitFor(async () => expect(await overTls()).toBe(200), { timeout: 8000 })
    configure(listen, tls('nowhere'))
    await vi.waitFor(() => expect(server.output()).toMatch('settings from before stay in force'), { timeout: 8000 })
    expect(await overTls()).toBe(200)
    const renewed = makeCertificate(root, 'box')
    await vi.waitFor(() => expect(overTls()).rejects.toThrow(/certificate/), { timeout: 8000 })
    expect(renewed.ca).not.toEqual(ca)
    configure(listen)
    await vi.waitFor(async () => expect((await send(`http://${listen}`, 'nas')).status).toBe(200), { timeout: 8000 })
  },
)

test.skipIf(!hasOpenssl)(
  'an edit waits for a certificate of its own alone, and takes effect by itself once that is right',
  async () => {
    const pair = makeCertificate(root, 'late')
    const key = readFileSync(pair.key)
    const tls = (name: string) => ({ more: `, tls: { cert: ${name}.cert.pem, key: ${name}.key.pem }` })
    const speaks = (url: string, password: string, ca?: Buffer) =>
      new Promise<number | undefined>((done, failed) => {
        const options = { ca, agent: false, method: 'POST', auth: `home:${password}` }
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        const ask = url.startsWith('https') ? httpsRequest : request
        const req = ask(`${url}/signal`, { ...options, headers }, (res) => done(res.resume().statusCode))
        req.on('error', failed).end('host=nas')
      })
    configure('127.0.0.1:0')
    const server = start()
    await server.ready
    const listen = server.url().slice('http://'.length)
    const said = (text: string) => server.output().split(text).length - 1

    rmSync(pair.key)
    configure(listen, tls('late'))
    await vi.waitFor(() => expect(said('settings from before stay in force')).toBe(1), { timeout: 8000 })
    await new Promise((done) => setTimeout(done, 2500))
    expect(said('settings from before stay in force')).toBe(1)
    expect(await speaks(`http://${listen}`, 'secret')).toBe(200)
    writeFileSync(pair.key, key)
    await vi.waitFor(async () => expect(await speaks(`https://${listen}`, 'secret', pair.ca)).toBe(200), {
      timeout: 8000,
    })

    // As certbot half-way: the key is that of another certificate.
    writeFileSync(pair.key, readFileSync(makeCertificate(root, 'other').key))
    configure(listen, { ...tls('late'), password: 'changed' })
    await vi.waitFor(async () => expect(await speaks(`https://${listen}`, 'changed', pair.ca)).toBe(200), {
      timeout: 8000,
    })
    expect(said('settings from before stay in force')).toBe(1)
  },
  40_000,
)
