/**
 * The agent on a machine at home: reads endpoint.yml and posts "I am here" until it is stopped; with `--once`, for
 * cron, one time. Alone here real things are built and passed on.
 */
import './lean.ts'
import { randomUUID } from 'node:crypto'
import { lookup } from 'node:dns'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock } from '../shared/clock.ts'
import { ConfigError } from '../shared/config/problems.ts'
import { watchConfig } from '../shared/config/watch.ts'
import { readJsonIfThere } from '../shared/files.ts'
import { createLog } from '../shared/log.ts'
import { createCollect, thisMachine } from './collect.ts'
import { type EndpointConfig, loadEndpointConfig, nameOf } from './config.ts'
import { Loop } from './loop.ts'
import { createResolver } from './resolver.ts'
import { createSend } from './send.ts'

const ONCE_MS = 10_000

const settings = start()
// The channel to PM2 would keep a process alive that has nothing to do.
if (settings === undefined) process.exit(1)
else if (settings.once) process.exitCode = await postOnce(settings.config)
else await keepPosting(settings.config)

function start(): { config: EndpointConfig; once: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { config: { type: 'string' }, once: { type: 'boolean', default: false } } })
    return { config: loadEndpointConfig({ file: values.config }), once: values.once }
  } catch (error) {
    const usage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true
    if (!usage && !(error instanceof ConfigError)) throw error
    const { message } = error as Error
    process.stderr.write(usage ? `${message}\nusage: main.js [--config FILE] [--once]\n` : `${message}\n`)
    return undefined
  }
}

/** @returns the exit code */
async function postOnce(config: EndpointConfig): Promise<number> {
  const outcome = await createSend(createResolver(lookup))(config, collector()(config), { timeoutMs: ONCE_MS })
  const name = nameOf(config)
  if (outcome.sent) process.stdout.write(`${name} reported to ${config.url}\n`)
  else process.stderr.write(`${name} could not report to ${config.url}: ${outcome.reason}. ${outcome.advice}\n`)
  return outcome.sent ? 0 : 1
}

async function keepPosting(config: EndpointConfig): Promise<void> {
  const log = await createLog('endpoint')
  const after = (ms: number, call: () => void) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  }
  const resolver = createResolver(lookup)
  const deps = { send: createSend(resolver), collect: collector(), clock: systemClock, after, random: Math.random, log }
  const loop = new Loop(deps, config)
  watchConfig(
    config,
    () => loadEndpointConfig({ file: config.file }),
    (changed) => loop.use(changed),
    log,
  )
  let stopping = false
  const stop = async (signal: NodeJS.Signals) => {
    // Whoever asks a second time does not want to wait.
    if (stopping) return end(signal)
    stopping = true
    await loop.stop()
    // An exit waits for the resolver's thread, a signal does not.
    if (resolver.busy()) end(signal)
    else process.exit(0)
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  const running = loop.run()
  process.send?.('ready')
  await running
}

function end(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

function collector() {
  return createCollect(thisMachine, { version: packageVersion(), agent: randomUUID() })
}

/** package.json stands beside the sources, and one folder further up from dist/. */
function packageVersion(): string {
  const places = ['../package.json', '../../package.json'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  )
  const found = places.map((place) => readJsonIfThere(place)?.version)
  return String(found.find((version) => typeof version === 'string') ?? 'unknown')
}
