/**
 * A monitor for other people's clients: a server and a checker as they were built, a webhook that keeps what it is told,
 * and hosts that the real command line makes. What it prints is all that a client is given.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, vi } from 'vitest'
import { Box, freePort, PASSWORD, PROJECT, type Receiver, startReceiver, USER } from '../box.ts'

export const MONITORA = join(PROJECT, 'dist/cli/main.js')
const HEADING = /^# (.+)\n([^#]+)/gm
/** Milliseconds. */
const SOON = { timeout: 20_000, interval: 50 }

type Row = Readonly<Record<string, unknown>>

/** What `monitora host add` printed: its lines to paste by their headings, and what is in them. */
export interface Added {
  readonly lines: ReadonlyMap<string, string>
  readonly token: string
  readonly ping: string
  readonly dsn: string
}

export class Monitor {
  readonly box = new Box()
  at = ''
  private receiver!: Receiver

  async start(): Promise<void> {
    this.receiver = await startReceiver()
    this.at = `http://127.0.0.1:${await freePort()}`
    const server = `{ listen: "${this.at.slice('http://'.length)}", user: ${USER}, password: "${PASSWORD}" }`
    this.box.configure(`server: ${server}\nchannels: { hook: { type: webhook, url: "${this.receiver.url}" } }\n`)
    await Promise.all([this.box.start('server'), this.box.start('checker')])
  }

  async close(): Promise<void> {
    await this.box.remove()
    this.receiver?.close()
  }

  async add(name: string, ...settings: string[]): Promise<Added> {
    const args = [MONITORA, 'host', 'add', name, ...settings, '--config', this.box.config]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const lines = new Map([...stdout.matchAll(HEADING)].map(([, title = '', text = '']) => [title, text.trim()]))
    const found = (title: string, what: RegExp) => what.exec(lines.get(title) ?? '')?.[0] ?? `no ${title} in ${stdout}`
    return {
      lines,
      token: found('endpoint.yml', /(?<=^token: )\S+/m),
      ping: found('Healthchecks', /http\S+/),
      dsn: found('Sentry', /http\S+/),
    }
  }

  /** Waits until `/api/status` says that of a host. */
  async shows(name: string, row: Row): Promise<void> {
    await soon(async () => {
      const found = (await this.list('/api/status')).find((shown) => shown.name === name)
      expect(found).toMatchObject(row)
    })
  }

  async host(name: string): Promise<Row> {
    return (await this.read(`/api/hosts/${name}`)) as Row
  }

  /** Waits until `/api/errors` lists exactly these groups of a project, by their types. */
  async showsErrors(project: string, groups: readonly Row[]): Promise<void> {
    await soon(async () => {
      const found = await this.list(`/api/errors?project=${project}`)
      expect(found.toSorted((a, b) => String(a.type).localeCompare(String(b.type)))).toMatchObject(groups)
    })
  }

  /** What is kept of the errors with that message. */
  async samples(project: string, message: string): Promise<readonly Row[]> {
    const row = (await this.list(`/api/errors?project=${project}`)).find((shown) => shown.message === message)
    const { samples } = (await this.read(`/api/errors/${project}/${row?.group}`)) as { samples: readonly Row[] }
    return samples
  }

  /** Waits for an alert of a host with these facts. */
  async tells(kind: string, name: string, facts: Row = {}): Promise<void> {
    const wanted = expect.objectContaining({ ...facts, kind, hosts: [name] })
    await soon(() => expect(this.receiver.posted).toContainEqual(wanted))
  }

  /** Waits until exactly this was told of a host, in this order. */
  async tellsAll(name: string, kinds: readonly string[]): Promise<void> {
    await soon(() => {
      const told = this.receiver.posted.filter(({ hosts }) => hosts.includes(name)).map(({ kind }) => kind)
      expect(told).toEqual(kinds)
    })
  }

  private async list(path: string): Promise<readonly Row[]> {
    return (await this.read(path)) as readonly Row[]
  }

  private async read(path: string): Promise<unknown> {
    return (await fetch(`${this.at}${path}`)).json()
  }
}

/** Looks again until it holds. Unlike `expect.poll`, in tests that run beside each other too. */
async function soon(holds: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(holds, SOON)
}
