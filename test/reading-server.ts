/** The server with its read API on a data folder of its own: real files, a real socket; only main.ts is missing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccept } from '../server/accept.ts'
import { createApp } from '../server/app.ts'
import { dialects } from '../server/dialects/index.ts'
import { createErrorInbox } from '../server/errors/inbox.ts'
import { createScrub } from '../server/errors/scrub.ts'
import { createKeys } from '../server/keys.ts'
import { createMetrics } from '../server/metrics.ts'
import { createPenalty } from '../server/penalty.ts'
import { createSignals } from '../server/signals.ts'
import { createTally } from '../server/tally.ts'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { createInboxWriter } from '../shared/inbox.ts'
import type { Log } from '../shared/log.ts'
import { prepareDataFolder } from '../shared/paths.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface ReadingServer {
  readonly config: Config
  /** Changes what a person could change in the configuration while it runs. */
  configure(server: Partial<Config['server']>): void
  canWrite: boolean
  ask(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  end(): Promise<void>
}

/** @param yaml all of monitora.yml but for `data:` */
export async function beginReadingServer(yaml: string): Promise<ReadingServer> {
  const root = mkdtempSync(join(tmpdir(), 'reading-'))
  const file = join(root, 'monitora.yml')
  writeFileSync(file, yaml)
  let config = loadConfig({ file, process: 'server', env: {} })
  const { paths } = config
  prepareDataFolder(paths)
  const monotonic = () => performance.now()
  const log = { debug() {}, info() {}, warn() {}, error() {} } as unknown as Log
  const penalty = createPenalty(monotonic, log)
  const tally = createTally()
  const canWrite = () => self.canWrite
  const metrics = createMetrics({ tally, monotonic, canWrite })
  let keys = createKeys(config, monotonic)
  const app = createApp({
    unencrypted() {},
    config: () => config,
    keys: () => keys,
    dialects,
    penalty,
    metrics,
    now: Date.now,
    monotonic,
    canWrite,
    log,
  })
  const signals = createSignals({
    dialects,
    doors: () => keys,
    trustProxy: () => config.server.trustProxy,
    penalty,
    limits: { wait: () => undefined },
    tally,
    log,
    unencrypted() {},
    accept: metrics.timed(
      createAccept({
        paths,
        now: Date.now,
        inbox: createInboxWriter(paths.inbox, Date.now),
        errors: createErrorInbox(paths.inboxErrors, Date.now, () => createScrub([])),
        hearing: { holdFor() {}, writeFailed() {} },
        keys: () => keys,
        log,
        shared: false,
        intervalDeclared() {},
        endPauses() {},
        scrub: () => createScrub([]),
      }),
    ),
  })
  const listening = createServer((req, res) => signals(req, res, () => app(req, res)))
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done))
  const { port } = listening.address() as AddressInfo

  const self: ReadingServer = {
    get config() {
      return config
    },
    configure(server) {
      config = { ...config, server: { ...config.server, ...server } }
      keys = createKeys(config, monotonic)
    },
    canWrite: true,
    ask: (method, path, headers = {}, body) =>
      new Promise((done, failed) => {
        const req = request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (res) => {
          let text = ''
          res.setEncoding('utf8')
          res.on('data', (part: string) => {
            text += part
          })
          res.on('end', () => done({ status: res.statusCode!, headers: res.headers, body: text }))
        })
        req.on('error', failed)
        req.end(body)
      }),
    get: (path, headers) => self.ask('GET', path, headers),
    async end() {
      listening.closeAllConnections()
      await new Promise((done) => listening.close(done))
      rmSync(root, { recursive: true, force: true })
    },
  }
  return self
}
