import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
let folder: string
let main: string
const servers: Server[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'endpoint-main-'))
  main = join(folder, 'dist/endpoint/main.js')
  const compilerOptions = {
    outDir: join(folder, 'dist'),
    rootDir: root,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const project = join(folder, 'tsconfig.json')
  const files = [join(root, 'endpoint/main.ts')]
  writeFileSync(
    project,
    JSON.stringify({ extends: join(root, 'tsconfig.build.json'), compilerOptions, files, include: [] }),
  )
  await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project])
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}, 120_000)

afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Passes each form on that arrives, then answers it as the server does. */
const registering = (tell: (form: URLSearchParams) => void) =>
  serve(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    response.end('{"message":"Signal Registered"}')
    tell(new URLSearchParams(body))
  })

function start(yaml: string, args: string[] = [], node: string[] = []) {
  const file = join(folder, 'endpoint.yml')
  writeFileSync(file, yaml)
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const
  const child = spawn(process.execPath, [...node, main, '--config', file, ...args], { stdio: [...stdio] })
  children.push(child)
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part) => {
      output.text += part
    })
  }
  const ready = new Promise<unknown>((done) => child.once('message', done))
  const ended = new Promise<{ code: number | null; text: string }>((done) => {
    child.once('close', (code) => done({ code, text: output.text }))
  })
  return { child, ready, ended, output }
}
const yamlFor = (server: string) => `server: ${server}\nhost: nas\nuser: home\npassword: s3cret\ninterval: 1s\n`

describe('the agent with --once', () => {
  it('posts one time, and says so', async () => {
    const forms: URLSearchParams[] = []
    const url = await registering((form) => forms.push(form))
    expect(await start(yamlFor(url), ['--once']).ended).toEqual({ code: 0, text: `nas reported to ${url}/signal\n` })
    expect(forms).toHaveLength(1)
    expect(forms[0]?.get('version')).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('calls itself by no name that only the token knows', async () => {
    const url = await registering(() => {})
    const yaml = `server: ${url}\ntoken: 0123456789abcdef\n`
    expect(await start(yaml, ['--once']).ended).toEqual({ code: 0, text: `this machine reported to ${url}/signal\n` })
  })

  it.each([
    [401, 'the user or the password is wrong (401). They stand in'],
    [400, 'the name nas is refused (400). Give this machine another name'],
    [200, "the answer is not Monitora's. Are the address and the port right?"],
  ])('exits with 1 after %d, and says in one line why', async (status, expected) => {
    const url = await serve((_, response) => response.writeHead(status).end('<html>'))
    const { code, text } = await start(yamlFor(url), ['--once']).ended
    expect({ code, lines: text.split('\n').length }).toEqual({ code: 1, lines: 2 })
    expect(text).toContain(`nas could not report to ${url}/signal: ${expected}`)
  })
})

describe('the agent', () => {
  it.each([
    ['a bad file', yamlFor('box').replace('nas', 'n.s'), [], [/endpoint\.yml: server: found/, /endpoint\.yml: host: /]],
    ['an unknown option', yamlFor('http://box'), ['--twice'], [/--twice/, /usage: main\.js/]],
  ])('does not start with %s, and says all that is wrong', async (_, yaml, args, expected) => {
    const { code, text } = await start(yaml, args).ended
    expect(code).toBe(1)
    for (const line of expected) expect(text).toMatch(line)
    expect(text).not.toMatch(/s3cret|^\s+at /m)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('says goodbye on %s and exits with 0', async (signal) => {
    const events: (string | null)[] = []
    let first = () => {}
    const heard = new Promise<void>((done) => {
      first = done
    })
    const url = await registering((form) => {
      events.push(form.get('event'))
      first()
    })
    const { child, ready, ended } = start(yamlFor(url))
    expect(await ready).toBe('ready')
    await heard
    child.kill(signal)
    const { code, text } = await ended
    expect(code).toBe(0)
    expect(events.at(-1)).toBe('goodbye')
    expect(text).toContain('nas said goodbye')
  })

  it('is gone about two seconds after SIGTERM when the server hangs, and at once after a second one', async () => {
    const url = await serve(() => {})
    const patient = start(yamlFor(url))
    const hurried = start(yamlFor(url))
    await Promise.all([patient.ready, hurried.ready])
    const askedAt = performance.now()
    patient.child.kill('SIGTERM')
    hurried.child.kill('SIGTERM')
    await new Promise<void>((done) => servers[0]?.once('request', () => done()))
    hurried.child.kill('SIGTERM')
    await hurried.ended
    expect(hurried.child.signalCode).toBe('SIGTERM')
    expect((await patient.ended).code).toBe(0)
    expect(performance.now() - askedAt).toBeLessThan(3500)
  })

  it('follows a good edit of its file, and stays with the old one after a bad one', async () => {
    const waiting = new Map<string, () => void>()
    const heard = (host: string) => new Promise<void>((done) => waiting.set(host, done))
    const url = await registering((form) => waiting.get(String(form.get('host')))?.())
    const { output } = start(yamlFor(url))
    await heard('nas')
    const file = join(folder, 'endpoint.yml')
    writeFileSync(file, yamlFor(url).replace('nas', 'pi'))
    await heard('pi')
    writeFileSync(file, yamlFor(url).replace('nas', 'p.i'))
    await expect.poll(() => output.text, { timeout: 10_000 }).toContain('the settings from before stay in force')
    await heard('pi')
    expect(output.text).toContain('host: found \\"p.i\\"')
  })

  it.runIf(process.platform === 'linux')('stays under 64 MB', async () => {
    let posts = 0
    let tenth = () => {}
    const tenPosts = new Promise<void>((done) => {
      tenth = done
    })
    const url = await registering(() => {
      if (++posts === 10) tenth()
    })
    const { child } = start(yamlFor(url))
    await tenPosts
    const { stdout } = await promisify(execFile)('cat', [`/proc/${child.pid}/status`])
    expect(Number(/VmRSS:\s+(\d+)/.exec(stdout)?.[1])).toBeLessThan(64 * 1024)
  })
})
