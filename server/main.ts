/**
 * The server: hears signals and keeps them. Builds the real things (clock, files, network), joins them, and ends them in
 * order. `node dist/server/main.js [--config FILE]`
 */
import cluster from 'node:cluster'
import { parseArgs } from 'node:util'
import { systemClock as clock } from '../shared/clock.ts'
import { type Config, type ConfigSource, loadConfig } from '../shared/config/load.ts'
import { ConfigError } from '../shared/config/problems.ts'
import { watchConfig } from '../shared/config/watch.ts'
import { limitHeap } from '../shared/heap.ts'
import { createInboxWriter } from '../shared/inbox.ts'
import { createLog, reasonOf } from '../shared/log.ts'
import { DataFolderError, prepareDataFolder } from '../shared/paths.ts'
import { everySecond, instanceOf } from '../shared/pulse.ts'
import { readClocks } from './absence.ts'
import { createAccept } from './accept.ts'
import { createApp } from './app.ts'
import { dialects } from './dialects/index.ts'
import { createErrorInbox } from './errors/inbox.ts'
import { createScrub } from './errors/scrub.ts'
import { createHearing } from './hearing.ts'
import { createKeys } from './keys.ts'
import { createLimits } from './limits.ts'
import { createListening, ListenError } from './listening.ts'
import { createMetrics } from './metrics.ts'
import { createPauses } from './pauses.ts'
import { createPenalty } from './penalty.ts'
import { createPlainNotice } from './plain-notice.ts'
import { createSignals } from './signals.ts'
import { createTally } from './tally.ts'
import { type Certificate, certificateFor, createRenewal, readCertificate, watchFiles } from './tls.ts'

interface Settings {
  readonly config: Config
  /** `undefined`: it speaks http. */
  readonly certificate: Certificate | undefined
}

try {
  await run()
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof DataFolderError || error instanceof ListenError
  process.stderr.write(`${expected ? error.message : `the server cannot start: ${reasonOf(error)}`}\n`)
  process.exit(1)
}

async function run(): Promise<void> {
  const source: ConfigSource = { process: 'server', file: configOption() }
  let config = loadConfig(source)
  let certificate = readCertificate(config)
  const { paths } = config
  limitHeap('running')
  const log = await createLog('server')
  prepareDataFolder(paths)

  const instance = instanceOf(process.env.NODE_APP_INSTANCE, cluster.worker?.id)
  const hearing = createHearing({ paths, clock, log, instance })
  let keys = createKeys(config, clock.monotonic, clock.now)
  let scrub = createScrub(config.errors.scrub)
  const { canWrite } = hearing
  const { now, monotonic } = clock
  const penalty = createPenalty(monotonic, log)
  const tally = createTally()
  const metrics = createMetrics({ tally, monotonic, canWrite })
  const unencrypted = createPlainNotice(log)
  const app = createApp({
    config: () => ({ ...config, paths }),
    keys: () => keys,
    dialects,
    penalty,
    unencrypted,
    metrics,
    now,
    monotonic,
    canWrite,
    log,
  })
  const signals = createSignals({
    dialects,
    doors: () => keys,
    trustProxy: () => config.server.trustProxy,
    penalty,
    limits: createLimits(clock.monotonic, log),
    tally,
    log,
    unencrypted,
    accept: metrics.timed(
      createAccept({
        paths,
        now: clock.now,
        inbox: createInboxWriter(paths.inbox, clock.now),
        errors: createErrorInbox(paths.inboxErrors, clock.now, () => scrub),
        hearing,
        keys: () => keys,
        log,
        // PM2's cluster mode starts several on one folder.
        shared: cluster.isWorker,
        intervalDeclared: (intervalMs) => listening.keepFor(intervalMs),
        endPauses: createPauses(paths, clock.now, clock.monotonic),
        scrub: () => scrub,
      }),
    ),
  })
  const listening = createListening((req, res) => signals(req, res, () => app(req, res)), log)

  // First the port: a second server must not touch the files of the one that runs.
  await listening.open(config.server.listen, certificate)
  hearing.start()
  const stopBeating = everySecond(clock.now, () => void hearing.beat())

  const use = (next: Settings) => {
    const before = config
    config = next.config
    keys = createKeys({ ...config, paths }, clock.monotonic, clock.now)
    scrub = createScrub(config.errors.scrub)
    if (config.paths.root !== paths.root || config.paths.hosts !== paths.hosts) {
      log.error(`data: the server goes on with ${paths.root}; another folder needs a restart`)
    }
    const { address, port } = config.server.listen
    const moved = address !== before.server.listen.address || port !== before.server.listen.port
    const turned = !certificate !== !next.certificate
    certificate = next.certificate
    if (moved || turned) {
      listening.open(config.server.listen, certificate).catch((error: unknown) => {
        log.error(`${reasonOf(error)}; it goes on where it listened before`)
      })
    } else if (certificate) listening.renew(certificate)
  }
  let mayBeMended = () => false
  const load = (): Settings => {
    mayBeMended = () => false
    const read = loadConfig(source)
    mayBeMended = watchFiles(read)
    return { config: read, certificate: certificateFor(read, { config, certificate }) }
  }
  const stopWatching = watchConfig(config, load, use, log, () => mayBeMended())
  const renewal = createRenewal({
    current: () => ({ config, certificate }),
    renew: (renewed) => {
      certificate = renewed
      listening.renew(renewed)
    },
    now: clock.now,
    log,
  })
  const stopRenewing = everySecond(clock.now, renewal)

  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info(`stopping: ${signal}`)
    stopWatching()
    stopRenewing()
    stopBeating()
    const heardUntil = readClocks(clock)
    // A disk that hangs must not keep us: the process manager kills after 10 s.
    setTimeout(() => process.exit(0), 9500).unref()
    if (await listening.close()) await hearing.lastPulse(heardUntil)
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.send?.('ready')
}

function configOption(): string | undefined {
  try {
    return parseArgs({ options: { config: { type: 'string' } } }).values.config
  } catch (error) {
    throw new ConfigError('the command line', [{ path: '', text: reasonOf(error) }])
  }
}
