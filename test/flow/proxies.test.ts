/**
 * The server behind the real Caddy and the real nginx, each with the very lines of docs/deployment.md, TLS included.
 * Skipped where they are not installed: `apt-get install caddy nginx-light`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request as requestPlain } from 'node:http'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dataPaths } from '../../shared/paths.ts'
import { readReport } from '../../shared/report.ts'
import { hasOpenssl, makeCertificate } from '../fakes/certificate.ts'
import { Box, freePort, PASSWORD, PROJECT, USER, until } from './box.ts'

interface Ports {
  readonly server: number
  readonly http: number
  readonly https: number
}

interface Proxy {
  readonly name: string
  readonly installed: boolean
  /** @returns the command line, and where the certificate to trust will be */
  prepare(folder: string, ports: Ports): { readonly command: readonly string[]; readonly ca: string }
}

const isInstalled = (program: string, ask: string) => spawnSync(program, [ask], { stdio: 'ignore' }).status === 0

/** The fenced block of that language, with each of these words exchanged; each must be there. */
function fromDocs(language: string, exchange: Readonly<Record<string, string>>): string {
  const docs = readFileSync(join(PROJECT, 'docs/deployment.md'), 'utf8')
  let block = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(docs)?.[1] ?? ''
  for (const [word, other] of Object.entries(exchange)) {
    expect(block).toContain(word)
    block = block.replaceAll(word, other)
  }
  return block
}

const caddy: Proxy = {
  name: 'caddy',
  installed: isInstalled('caddy', 'version'),
  prepare(folder, { server, http, https }) {
    // For localhost it makes a certificate of its own, without anybody's help.
    const site = fromDocs('caddyfile', { 'box.example.com': 'localhost', '127.0.0.1:1234': `127.0.0.1:${server}` })
    const storage = join(folder, 'caddy')
    const ours = ['admin off', 'skip_install_trust', 'default_bind 127.0.0.1']
    const places = [`http_port ${http}`, `https_port ${https}`, `storage file_system ${storage}`]
    const file = join(folder, 'Caddyfile')
    writeFileSync(file, `{\n${[...ours, ...places].join('\n')}\n}\n${site}`)
    return { command: ['caddy', 'run', '--config', file], ca: join(storage, 'pki/authorities/local/root.crt') }
  },
}

const nginx: Proxy = {
  name: 'nginx',
  installed: hasOpenssl && isInstalled('nginx', '-v'),
  prepare(folder, { server, http, https }) {
    const { cert, key } = makeCertificate(folder, 'proxy')
    const site = fromDocs('nginx', {
      'listen 80;': `listen 127.0.0.1:${http};`,
      'listen 443 ssl;': `listen 127.0.0.1:${https} ssl;`,
      '    listen [::]:80;\n': '',
      '    listen [::]:443 ssl;\n': '',
      'https://$host$request_uri': `https://$host:${https}$request_uri`,
      '/etc/letsencrypt/live/box.example.com/fullchain.pem': cert,
      '/etc/letsencrypt/live/box.example.com/privkey.pem': key,
      'box.example.com': 'localhost',
      '127.0.0.1:1234': `127.0.0.1:${server}`,
    })
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => {
      mkdirSync(join(folder, kind))
      return `${kind}_temp_path ${join(folder, kind)};`
    })
    // Its workers would be nobody, who may not enter a folder of root's.
    const user = process.getuid?.() === 0 ? 'user root;\n' : ''
    const ours = `daemon off;\npid ${join(folder, 'nginx.pid')};\nerror_log stderr;\nevents {}\n`
    const file = join(folder, 'nginx.conf')
    writeFileSync(file, `${user}${ours}http {\naccess_log off;\n${temporary.join('\n')}\n${site}}\n`)
    return { command: ['nginx', '-e', 'stderr', '-p', folder, '-c', file], ca: cert }
  },
}

let box: Box
let ports: Ports
let proxy: ChildProcess | undefined
let agent: Agent

beforeEach(async () => {
  box = new Box()
  ports = { server: await freePort(), http: await freePort(), https: await freePort() }
  const listen = `listen: "127.0.0.1:${ports.server}"`
  box.configure(`server: { ${listen}, user: ${USER}, password: "${PASSWORD}", trustProxy: true }\n`)
  await box.start('server')
})

afterEach(async () => {
  agent?.destroy()
  if (proxy && proxy.exitCode === null) {
    proxy.kill('SIGTERM')
    await once(proxy, 'exit')
  }
  await box.remove()
})

/** A port that was free may be taken by the time that the proxy wants it. */
async function startProxy(wanted: Proxy): Promise<void> {
  for (let left = 2; ; left--) {
    try {
      await tryProxy(wanted)
      return
    } catch (error) {
      if (left === 0) throw error
      if (proxy && proxy.exitCode === null) {
        proxy.kill('SIGTERM')
        await once(proxy, 'exit')
      }
      ports = { ...ports, http: await freePort(), https: await freePort() }
    }
  }
}

async function tryProxy({ prepare }: Proxy): Promise<void> {
  const { command, ca } = prepare(box.folder, ports)
  const env = { ...process.env, HOME: box.folder, XDG_DATA_HOME: box.folder, XDG_CONFIG_HOME: box.folder }
  proxy = spawn(command[0]!, command.slice(1), { cwd: box.folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [proxy.stdout, proxy.stderr]) {
    stream?.on('data', (text) => {
      box.output += text
    })
  }
  const ended = once(proxy, 'exit').then(([code]) => {
    throw new Error(`${command[0]} ended with ${code}:\n${box.output}`)
  })
  ended.catch(() => {})
  await Promise.race([ended, until('the proxy has a certificate', () => existsSync(ca))])
  agent = new Agent({ keepAlive: true, maxSockets: 1, ca: readFileSync(ca) })
  const isUp = () =>
    ask('/healthz', { method: 'GET' }).then(
      ({ status }) => status === 200,
      () => false,
    )
  await Promise.race([ended, until('the proxy answers', isUp, 6000)])
}

interface Answer {
  readonly status: number | undefined
  readonly location: string | undefined
  readonly body: string
  readonly reused: boolean
}

interface Question {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: readonly (string | Buffer)[]
  readonly plain?: true
}

/** From an address of its own on this machine. */
function ask(path: string, { method = 'POST', headers = {}, body = [], plain }: Question): Promise<Answer> {
  return new Promise((done, failed) => {
    const options = {
      host: '127.0.0.1',
      servername: 'localhost',
      localAddress: '127.0.0.9',
      path,
      method,
      auth: `${USER}:${PASSWORD}`,
      headers: { host: `localhost:${plain ? ports.http : ports.https}`, ...headers },
    }
    const req = plain
      ? requestPlain({ ...options, port: ports.http })
      : request({ ...options, port: ports.https, agent })
    req.on('response', (res) => {
      let text = ''
      res.on('data', (part) => {
        text += part
      })
      res.on('end', () =>
        done({ status: res.statusCode, location: res.headers.location, body: text, reused: req.reusedSocket }),
      )
    })
    req.on('error', failed)
    for (const part of body) req.write(part)
    req.end()
  })
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const REGISTERED = { status: 200, body: '{"message":"Signal Registered"}' }

describe.each([caddy, nginx])('$name', (kind) => {
  test.skipIf(!kind.installed)('hands on signals of every shape, with the address that they came from', async () => {
    await startProxy(kind)
    const paths = dataPaths(box.data)

    const forged = { ...FORM, 'x-forwarded-for': '203.0.113.66', 'x-forwarded-proto': 'http' }
    expect(await ask('/signal', { headers: forged, body: ['host=nas'] })).toMatchObject(REGISTERED)
    expect(readReport(paths, 'nas').address).toBe('127.0.0.9')
    expect(await ask('/signal', { headers: FORM, body: ['host=nas'] })).toMatchObject({ ...REGISTERED, reused: true })

    const chunked = { headers: { ...FORM, 'transfer-encoding': 'chunked' }, body: ['ho', 'st=in-', 'parts&version=2'] }
    expect(await ask('/signal', chunked)).toMatchObject(REGISTERED)
    expect(readReport(paths, 'in-parts').version).toBe('2')

    const lines = Array.from({ length: 2000 }, (_, line) => `line+${line}`).join('%0A')
    const packed = gzipSync(`host=job&event=success&output=${lines}`)
    const gzip = { headers: { ...FORM, 'content-encoding': 'gzip' }, body: [packed] }
    expect(await ask('/signal', gzip)).toMatchObject(REGISTERED)
    expect(readReport(paths, 'job').output).toMatch(/line 1999$/)

    // The limit that answers is ours, in our words.
    const large = Buffer.alloc(3_000_000, 'x')
    const tooLarge = { headers: { ...FORM, 'content-length': String(large.length) }, body: [large] }
    expect(await ask('/signal', tooLarge)).toMatchObject({ status: 413, body: '{"message":"Too large"}' })
    expect(await ask('/signal', { headers: { ...FORM, authorization: 'Basic eA==' } })).toMatchObject({ status: 401 })
    expect(box.output).not.toContain('unencrypted')
  })

  test.skipIf(!kind.installed)('leads from http to https, once', async () => {
    await startProxy(kind)
    const redirected = await ask('/healthz', { method: 'GET', plain: true })
    expect([301, 308]).toContain(redirected.status)
    const { protocol, port, pathname } = new URL(redirected.location ?? '')
    expect([protocol, pathname]).toEqual(['https:', '/healthz'])
    // Caddy takes the port that it was told for one that a router leads 443 to.
    expect(['', String(ports.https)]).toContain(port)
    expect(await ask(pathname, { method: 'GET' })).toMatchObject({ status: 200, location: undefined })
  })
})
