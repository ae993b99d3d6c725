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
import type { ErrorEvent } from '../shared/error-event.ts'
import { createInboxWriter } from '../shared/inbox.ts'
import { createLog, reasonOf } from '../shared/log.ts'
import { DataFolderError, prepareDataFolder } from '../shared/paths.ts'
import { everySecond } from '../shared/pulse.ts'
import { readClocks } from './absence.ts'
import { createAccept } from './accept.ts'
import { createApp } from './app.ts'
import { dialects } from './dialects/index.ts'
import { createHearing } from './hearing.ts'
import { createKeys } from './keys.ts'
import { createListening, ListenError } from './listening.ts'
import { createPauses } from './pauses.ts'
import { createPenalty } from './penalty.ts'
import { createSignals } from './signals.ts'
import { createTally } from './tally.ts'

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
  const { file, paths } = config
  const log = await createLog('server')
  prepareDataFolder(paths)

  const hearing = createHearing({ paths, clock, log })
  const app = createApp({ canWrite: hearing.canWrite, log })
  let keys = createKeys(config, clock.monotonic)
  const signals = createSignals({
    dialects,
    doors: () => keys,
    trustProxy: () => config.server.trustProxy,
    penalty: createPenalty(clock.monotonic, log),
    limits: { wait: () => undefined },
    tally: createTally(),
    unencrypted: () => {},
    accept: createAccept({
      paths,
      now: clock.now,
      inbox: createInboxWriter(paths.inbox, clock.now),
      errors: createInboxWriter<ErrorEvent>(paths.inboxErrors, clock.now),
      hearing,
      keys: () => keys,
      log,
      // PM2's cluster mode starts several on one folder.
      shared: cluster.isWorker,
      intervalDeclared: (intervalMs) => listening.keepFor(intervalMs),
      endPauses: createPauses(paths, clock.now),
    }),
  })
  const listening = createListening((req, res) => signals(req, res, () => app(req, res)), log)

  // First the port: a second server must not touch the files of the one that runs.
  await listening.open(config.server.listen)
  hearing.start()
  const stopBeating = everySecond(clock.now, () => void hearing.beat())

  const use = (next: Config) => {
    keys = createKeys(next, clock.monotonic)
    const { address, port } = next.server.listen
    const moved = address !== config.server.listen.address || port !== config.server.listen.port
    if (next.paths.root !== paths.root || next.paths.hosts !== paths.hosts) {
      log.error(`data: the server goes on with ${paths.root}; another folder needs a restart`)
    }
    config = next
    if (moved) {
      listening.open(next.server.listen).catch((error: unknown) => {
        log.error(`${reasonOf(error)}; it goes on where it listened before`)
      })
    }
  }
  const stopWatching = watchConfig(file, () => loadConfig(source), use, log)

  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info(`stopping: ${signal}`)
    stopWatching()
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
