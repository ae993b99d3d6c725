/** https on the one port: real certificates, real sockets, and clients that mean it badly. */
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { Agent, request } from 'node:https'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, describe, expect, test } from 'vitest'
import { type CertificateFiles, hasOpenssl, makeCertificate } from '../test/fakes/certificate.ts'
import { createListening, type Listening } from './listening.ts'
import { isUnencrypted } from './signals.ts'
import { type Certificate, certificateFor, createRenewal, readCertificate, watchFiles } from './tls.ts'

const root = mkdtempSync(join(tmpdir(), 'tls-'))
const lines: string[] = []
const say = (line: string) => void lines.push(line)
const log = { debug() {}, info: say, warn: say, error: say } as unknown as Parameters<typeof createListening>[1]
const opened: Listening[] = []

afterAll(async () => {
  await Promise.all(opened.map((listening) => listening.close()))
  rmSync(root, { recursive: true, force: true })
})

const configOf = (cert: string, key: string) =>
  ({ file: join(root, 'monitora.yml'), server: { tls: { cert, key } } }) as Parameters<typeof readCertificate>[0]
const certificateOf = ({ cert, key }: CertificateFiles) => readCertificate(configOf(cert, key))!

function createEcho(): Listening {
  const listening = createListening((req, res) => {
    req.resume().on('end', () => res.end(`${req.url} ${isUnencrypted(req, false) ? 'in the clear' : 'in secret'}`))
  }, log)
  opened.push(listening)
  return listening
}

const newestPort = () => Number(/:(\d+)$/.exec(lines.filter((line) => line.startsWith('listening on')).at(-1)!)![1])

interface Answer {
  readonly body: string
  /** Of the certificate. */
  readonly name: string
  readonly reused: boolean
}

function ask(port: number, ca: Buffer | readonly Buffer[], agent?: Agent): Promise<Answer> {
  return new Promise((done, failed) => {
    const req = request({ port, host: '127.0.0.1', path: '/hello', ca: [ca].flat(), agent: agent ?? false }, (res) => {
      // Only while the connection lives is its certificate known.
      const { CN } = (res.socket as TLSSocket).getPeerCertificate().subject
      let body = ''
      res.on('data', (part) => {
        body += part
      })
      res.on('end', () => done({ body, name: String(CN), reused: req.reusedSocket }))
    })
    req.on('error', failed)
    req.end()
  })
}

/** What came back until the server closed. */
function untilClosed(socket: Socket, bytes = ''): Promise<string> {
  let text = ''
  socket.on('data', (part) => {
    text += part.toString('latin1')
  })
  // A reset is an answer too.
  socket.on('error', () => {})
  if (bytes !== '') socket.write(bytes)
  return new Promise((done) => socket.on('close', () => done(text)))
}

// Only openssl can make the certificates.
describe.skipIf(!hasOpenssl)('with the openssl command', () => {
  const first = hasOpenssl ? makeCertificate(root, 'first') : undefined!
  const second = hasOpenssl ? makeCertificate(root, 'second') : undefined!

  test('it speaks https, of today’s versions only', async () => {
    await createEcho().open({ address: '127.0.0.1', port: 0 }, certificateOf(first))
    const port = newestPort()
    expect(await ask(port, first.ca)).toMatchObject({ body: '/hello in secret', name: 'first' })
    await expect(ask(port, second.ca)).rejects.toThrow(/certificate/)
    const old = { port, ca: first.ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const
    await expect(once(connectTls(old), 'secureConnect')).rejects.toThrow()
    for (let i = 0; i < 2; i++) await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
    expect(lines.filter((line) => line.startsWith('127.0.0.1 speaks http'))).toHaveLength(1)
  })

  test('on, off and on again, on one port', async () => {
    const listening = createEcho()
    await listening.open({ address: '127.0.0.1', port: 0 })
    const port = newestPort()
    expect(await (await fetch(`http://127.0.0.1:${port}/plain`)).text()).toBe('/plain in the clear')
    await listening.open({ address: '127.0.0.1', port }, certificateOf(first))
    expect(await ask(port, first.ca)).toMatchObject({ body: '/hello in secret' })
    await listening.open({ address: '127.0.0.1', port })
    expect(await (await fetch(`http://127.0.0.1:${port}/plain`)).text()).toBe('/plain in the clear')
    await listening.open({ address: '127.0.0.1', port }, certificateOf(second))
    // Where it cannot go, it stays, and as it was.
    await expect(listening.open({ address: '192.0.2.1', port })).rejects.toThrow('does not have that address')
    expect(await ask(port, second.ca)).toMatchObject({ body: '/hello in secret' })
  })

  test('a new certificate is for new connections; those that stand are kept', async () => {
    const listening = createEcho()
    await listening.open({ address: '127.0.0.1', port: 0 }, certificateOf(first))
    const port = newestPort()
    const agent = new Agent({ keepAlive: true })
    await ask(port, first.ca, agent)
    listening.renew(certificateOf(second))
    expect(await ask(port, first.ca, agent)).toMatchObject({ body: '/hello in secret', name: 'first', reused: true })
    expect(await ask(port, second.ca)).toMatchObject({ body: '/hello in secret', name: 'second' })
    agent.destroy()
  })

  test('who is slow, silent or too long is cut, in the handshake and after it', async () => {
    await createEcho().open({ address: '127.0.0.1', port: 0 }, certificateOf(first))
    const port = newestPort()
    const began = performance.now()
    const greeted = async () => {
      const socket = connectTls({ port, ca: first.ca })
      await once(socket, 'secureConnect')
      return socket
    }
    const slow = await Promise.all([
      untilClosed(connect(port, '127.0.0.1')),
      untilClosed(connect(port, '127.0.0.1'), '\x16\x03\x01'),
      greeted().then((socket) => untilClosed(socket)),
      greeted().then((socket) => untilClosed(socket, 'POST /sig')),
      greeted().then((socket) => untilClosed(socket, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhost')),
      greeted().then(async (socket) => {
        const flood = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`
        expect(await untilClosed(socket, flood)).toMatch(/^HTTP\/1\.1 431 /)
        expect(performance.now() - began).toBeLessThan(5000)
        return ''
      }),
    ])
    for (const answer of slow) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/)
    expect(performance.now() - began).toBeGreaterThan(9000)
    expect(performance.now() - began).toBeLessThan(15_000)
  })

  test('a handshake that never ends does not keep the server', async () => {
    const listening = createEcho()
    await listening.open({ address: '127.0.0.1', port: 0 }, certificateOf(first))
    const hanging = connect(newestPort(), '127.0.0.1')
    await once(hanging, 'connect')
    // One that was accepted after it: by now the server knows the other, too.
    await ask(newestPort(), first.ca)
    const closed = untilClosed(hanging)
    const began = performance.now()
    expect(await listening.close()).toBe(true)
    await closed
    expect(performance.now() - began).toBeLessThan(3000)
  })

  test('what cannot be used is refused with its reason, and never with what a file holds', () => {
    const garbled = join(root, 'garbled.pem')
    writeFileSync(garbled, readFileSync(first.key, 'latin1').replace('PRIVATE', 'SECRET'))
    const [cert, key] = [first.cert, first.key]
    const reasons: [string, string, string][] = [
      ['nowhere.pem', key, `tls.cert: ${join(root, 'nowhere.pem')}: no such file (a path that does not begin with /`],
      [cert, root, `tls.key: ${root}: is a folder`],
      [garbled, key, `tls.cert: ${garbled}: expected a certificate in PEM`],
      [cert, garbled, `tls.key: ${garbled}: expected a private key in PEM, without a passphrase`],
      [cert, second.key, `tls.key: ${second.key}: is not the key of ${cert}`],
    ]
    for (const [cert, key, reason] of reasons) {
      const refused = () => readCertificate(configOf(cert, key))
      expect(refused).toThrow(`monitora.yml: server.${reason}`)
      expect(refused).not.toThrow(/\n|[A-Za-z0-9+]{30}/)
    }
    expect(readCertificate({ ...configOf(cert, key), server: {} } as Parameters<typeof readCertificate>[0])).toBe(
      undefined,
    )
    // From the folder of the configuration.
    expect(readCertificate(configOf('first.cert.pem', 'first.key.pem'))?.cert).toEqual(first.ca)
  })

  test('an edit that names the same files keeps what is in use, whatever became of them; other files must be right', () => {
    const inUse = { config: configOf(first.cert, first.key), certificate: certificateOf(first) }
    const without = { ...inUse.config, server: {} } as typeof inUse.config
    const gone = configOf(join(root, 'gone.pem'), first.key)
    const broken = { ...inUse, config: gone }
    expect(certificateFor(configOf('first.cert.pem', first.key), inUse)).toBe(inUse.certificate)
    expect(certificateFor(gone, broken)).toBe(inUse.certificate)
    expect(certificateFor(configOf(second.cert, second.key), inUse)?.cert).toEqual(second.ca)
    expect(certificateFor(without, inUse)).toBe(undefined)
    expect(certificateFor(inUse.config, { config: without, certificate: undefined })?.cert).toEqual(first.ca)
    expect(() => certificateFor(gone, inUse)).toThrow('no such file')
    expect(() => certificateFor(gone, { config: gone, certificate: undefined })).toThrow('no such file')
  })

  test('files have changed once they stand still, and none have where none are named', () => {
    const [cert, key] = [join(root, 'watched.cert'), join(root, 'watched.key')]
    const look = watchFiles(configOf(cert, key))
    const without = watchFiles({ ...configOf(cert, key), server: {} } as Parameters<typeof watchFiles>[0])
    expect([look(), look()]).toEqual([false, false])
    copyFileSync(first.cert, cert)
    expect(look()).toBe(false)
    copyFileSync(first.key, key)
    expect([look(), look(), look(), without()]).toEqual([false, true, true, false])
  })

  describe('a renewal', () => {
    /** As certbot lays them out: links, which lead to other files after each renewal. */
    function install(name: string) {
      const live = join(root, name)
      mkdirSync(live)
      const point = (file: 'cert' | 'key', at: string) => {
        symlinkSync(at, join(live, 'new'))
        renameSync(join(live, 'new'), join(live, file))
      }
      point('cert', first.cert)
      point('key', first.key)
      const config = configOf(join(live, 'cert'), join(live, 'key'))
      let certificate = readCertificate(config)!
      let at = Date.now()
      const used: Certificate[] = []
      lines.splice(0)
      const look = createRenewal({
        current: () => ({ config, certificate }),
        renew: (next) => {
          certificate = next
          used.push(next)
        },
        now: () => at,
        log,
      })
      const sleep = (ms: number) => {
        at += ms
      }
      return { live, point, look, used, sleep }
    }

    test('is used once both files stand still', () => {
      const { point, look, used } = install('renewed')
      look()
      point('cert', second.cert)
      look()
      point('key', second.key)
      look()
      expect(used).toEqual([])
      look()
      look()
      expect(used.map(({ cert }) => cert)).toEqual([second.ca])
      expect(lines).toEqual([expect.stringMatching(/valid until 20/), expect.stringMatching(/valid until 20/)])
    })

    test('of one file only is refused once, the old pair stays, and a good one is used after it', () => {
      const { live, point, look, used } = install('broken')
      point('key', second.key)
      for (let i = 0; i < 5; i++) look()
      expect(used).toEqual([])
      expect(lines.slice(1)).toEqual([expect.stringMatching(/is not the key of .* the certificate from before stays/)])
      rmSync(join(live, 'cert'))
      for (let i = 0; i < 3; i++) look()
      expect(lines).toHaveLength(3)
      copyFileSync(second.cert, join(live, 'cert'))
      look()
      look()
      expect(used.map(({ cert }) => cert)).toEqual([second.ca])
    })

    test('that never comes is an error each day from a week before', () => {
      const { look, sleep } = install('late')
      const day = 86_400_000
      for (let hour = 0; hour < 31 * 24; hour++) {
        look()
        sleep(day / 24)
      }
      expect(lines.filter((line) => /is valid until .* only/.test(line))).toHaveLength(7)
      expect(lines.filter((line) => line.includes('clients refuse it'))).toHaveLength(1)
    })
  })
})
