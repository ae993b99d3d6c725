/**
 * A box to try things on: a temporary folder with its configuration, and the real processes as they were built. Ends
 * what it started, by process id, and leaves nothing behind.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export type Program = 'server' | 'checker' | 'bot' | 'endpoint'

export const PROJECT = resolve(import.meta.dirname, '../..')
export const USER = 'home'
export const PASSWORD = 'a password of the test'
const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address() as AddressInfo
  socket.close()
  await once(socket, 'close')
  return port
}

/** Waits for something to become true, looking often; never longer than the limit. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 20_000,
): Promise<T> {
  const end = Date.now() + limitMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs / 1000} s`)
    await new Promise((done) => setTimeout(done, 25))
  }
}

export class Box {
  readonly folder = mkdtempSync(join(tmpdir(), 'monitora-flow-'))
  readonly data = join(this.folder, 'data')
  readonly config = join(this.folder, 'monitora.yml')
  readonly endpointConfig = join(this.folder, 'endpoint.yml')
  readonly running = new Map<Program, ChildProcess>()
  /** Added to what the processes find in their environment. */
  env: NodeJS.ProcessEnv = {}
  /** Everything that the processes printed. */
  output = ''

  configure(settings: string, endpoint = ''): void {
    writeFileSync(this.config, `data: ./data\nname: box\n${settings}`)
    writeFileSync(this.endpointConfig, endpoint)
  }

  /** Starts a program and waits until it says that it is ready. */
  async start(program: Program): Promise<void> {
    const child = this.launch(program)
    const ready = new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) => reject(new Error(`${program} ended with ${code}:\n${this.output}`)))
    })
    await ready
  }

  launch(program: Program): ChildProcess {
    const config = program === 'endpoint' ? this.endpointConfig : this.config
    const main = join(PROJECT, 'dist', program, 'main.js')
    const child = spawn(process.execPath, [main, '--config', config], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, MONITORA_CONFIG: undefined, MONITORA_ENDPOINT_CONFIG: undefined, ...this.env },
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text) => {
        this.output += text
      })
    }
    this.running.set(program, child)
    return child
  }

  async kill(program: Program, signal: NodeJS.Signals): Promise<number | null> {
    const child = this.running.get(program)
    if (!child) return null
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
    }
    if (this.running.get(program) === child) this.running.delete(program)
    return child.exitCode
  }

  read(file: string): string | undefined {
    try {
      return readFileSync(join(this.data, file), 'utf8')
    } catch {
      return undefined
    }
  }

  async remove(): Promise<void> {
    await Promise.all([...this.running.keys()].map((program) => this.kill(program, 'SIGKILL')))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** An alert as the webhook channel posts it. */
export interface Posted {
  readonly id: string
  readonly outage: string
  readonly kind: string
  readonly hosts: readonly string[]
  readonly since?: string
  readonly at: string
  readonly title: string
  readonly text: string
  /** When it arrived here, epoch milliseconds. */
  readonly arrivedAt: number
}

export interface Receiver {
  readonly url: string
  readonly posted: Posted[]
  waitFor(kind: string, host: string | undefined, after: number, limitMs?: number): Promise<Posted>
  close(): void
}

/** Takes what the webhook channel posts. */
export async function startReceiver(onPost: (posted: Posted) => void = () => {}): Promise<Receiver> {
  const posted: Posted[] = []
  const server: Server = createServer((req, res) => {
    let body = ''
    req.on('data', (part) => {
      body += part
    })
    req.on('end', () => {
      const alert = { ...(JSON.parse(body) as Posted), arrivedAt: Date.now() }
      posted.push(alert)
      onPost(alert)
      res.end('ok')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    posted,
    waitFor: (kind, host, after, limitMs = 60_000) =>
      until(
        `${kind} ${host ?? ''}`,
        () =>
          posted.find(
            (alert) =>
              alert.kind === kind && alert.arrivedAt >= after && (host === undefined || alert.hosts.includes(host)),
          ),
        limitMs,
      ),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Posts a signal as any client would. @returns the status, 0 when there was no answer */
export async function postSignal(port: number, fields: Readonly<Record<string, string>>): Promise<number> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/signal`, {
      method: 'POST',
      headers: { Authorization: AUTHORIZATION },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(3000),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}
