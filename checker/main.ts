/**
 * The checker: notices silence and recovery, and tells people. It reads what the server writes; it never listens.
 * Here the real things are built (clock, files, network) and handed in.
 */
import { parseArgs } from 'node:util'
import type { Alert } from '../shared/alert.ts'
import { type Clock, systemClock } from '../shared/clock.ts'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { ConfigError } from '../shared/config/problems.ts'
import { watchConfig } from '../shared/config/watch.ts'
import { limitHeap } from '../shared/heap.ts'
import { createLog, type Log, reasonOf } from '../shared/log.ts'
import { DataFolderError, prepareDataFolder } from '../shared/paths.ts'
import { onceEach, placeOf } from './channels/destination.ts'
import { createChannel } from './channels/index.ts'
import { createWording } from './channels/word.ts'
import { realDisk } from './disk.ts'
import { Journal } from './journal.ts'
import { acquireLock, LockedError } from './lock.ts'
import { createOutbox, type Outlet } from './outbox.ts'
import { channelPlaces, connect, createProbe, defaultGateway } from './probe.ts'
import { startChecker } from './run.ts'
import { sendTestAlert } from './test-alert.ts'

/** For a channel that says nothing else. */
const GIVE_UP_AFTER_MS = 3 * 86_400_000

const { values, positionals } = parseArgs({
  options: { config: { type: 'string' }, 'test-alert': { type: 'boolean', default: false } },
  allowPositionals: true,
})
const load = () => loadConfig({ file: values.config, process: 'checker' })

async function main(): Promise<void> {
  const config = load()
  if (values['test-alert']) {
    process.exitCode = await sendTestAlert(config, await channelsOf(config), positionals[0], Date.now())
    return
  }
  limitHeap('loading')
  const log = await createLog('checker')
  const clock = systemClock
  prepareDataFolder(config.paths)
  const lock = await acquireLock(config.paths.root)
  const journal = Journal.open(realDisk, config.paths.root, clock.now())

  let running = await start(config, { clock, journal, log })
  limitHeap('running')
  let changing = Promise.resolve()
  const stopWatching = watchConfig(
    config,
    load,
    (changed) => {
      if (changed.paths.root !== config.paths.root || changed.paths.hosts !== config.paths.hosts) {
        log.error('data: was changed: that takes a restart; the old folder stays in use')
        return
      }
      // Everything that matters is on disk: starting anew with other settings loses nothing.
      changing = changing
        .then(async () => {
          await running.stop()
          running = await start(changed, { clock, journal, log })
        })
        .catch((error: unknown) => {
          // Whoever keeps this process alive starts it again, with the same file.
          log.error(`cannot go on with the new settings: ${reasonOf(error)}`)
          process.exit(1)
        })
    },
    log,
  )
  const stop = async () => {
    stopWatching()
    await changing
    await running.stop()
    lock.release()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
  process.send?.('ready')
}

async function start(config: Config, { clock, journal, log }: { clock: Clock; journal: Journal; log: Log }) {
  const channels = await channelsOf(config)
  const outbox = createOutbox({
    paths: config.paths,
    channels,
    commit: (commit, options) => journal.commit(commit, options),
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    random: Math.random,
    log,
  })
  const tellDirectly = async (alert: Alert) => {
    const sent = onceEach([...channels.keys()], config.channels).map((name) => {
      const { channel, wording } = channels.get(name)!
      return channel.send(wording.word(alert, alert.at), AbortSignal.timeout(30_000))
    })
    await Promise.all(sent)
  }
  const probe = createProbe({
    places: config.probe,
    gateway: defaultGateway,
    channelPlaces: channelPlaces(config.channels.values()),
    connect,
  })
  return startChecker({ config, clock, journal, outbox, log, tellDirectly, probe })
}

async function channelsOf(config: Config): Promise<Map<string, Outlet>> {
  const channels = new Map<string, Outlet>()
  for (const [name, settings] of config.channels) {
    channels.set(name, {
      channel: await createChannel(settings, {
        write: (text) => process.stdout.write(text),
        botListens: config.bot.token !== undefined,
      }),
      wording: createWording(settings.language, settings.timezone),
      place: placeOf(settings),
      giveUpAfterMs: settings.giveUpAfter ?? GIVE_UP_AFTER_MS,
    })
  }
  return channels
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || error instanceof DataFolderError || error instanceof LockedError
  process.stderr.write(`${expected ? error.message : `checker: ${reasonOf(error)}`}\n`)
  process.exit(1)
})
