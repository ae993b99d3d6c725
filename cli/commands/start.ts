/** `monitora start`: everything in the foreground, from nothing if need be; or one process of what runs already. */
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { Argument } from 'commander'
import type { Config } from '../../shared/config/load.ts'
import { formatFor } from '../../shared/i18n/format.ts'
import { textsFor } from '../../shared/i18n/index.ts'
import { prepareDataFolder } from '../../shared/paths.ts'
import { type AddCommand, type Cli, CliError } from '../command.ts'
import { hasConfig, loadConfigs } from '../configs.ts'
import { runForeground } from '../foreground.ts'
import { FRESH_LISTEN, writeFresh } from '../fresh.ts'
import { createLinePrinter } from '../lines.ts'
import { type AppName, askPm2, findPm2, PROCESSES, prepareHome, reportsItself, runningPm2, stateOf } from '../pm2.ts'

export const start: AddCommand = (program, cli) => {
  program
    .command('start')
    .description('run everything here until Ctrl-C, or start one process of it again')
    .addArgument(new Argument('[process]').choices(PROCESSES))
    .action((name: AppName | undefined) => (name === undefined ? startAll(cli) : startOne(cli, name)))
}

async function startOne(cli: Cli, name: AppName): Promise<void> {
  const configs = loadConfigs(cli)
  const texts = textsFor(configs[0].language).cli
  const pm2 = findPm2(cli, configs)
  if (!(await runningPm2(pm2))) throw new CliError(texts.notRunning)
  if (name === 'endpoint' && !reportsItself(pm2)) throw new CliError(texts.start.noEndpoint)
  if ((await stateOf(pm2, name)) === 'online') {
    cli.print(texts.alreadyStarted(name))
    return
  }
  await askPm2(pm2, ['start', 'ecosystem.config.js', '--only', name])
  cli.print(texts.started(name))
}

async function startAll(cli: Cli): Promise<void> {
  const fresh = !hasConfig(cli)
  // Before anything is written: a first start that fails leaves nothing behind.
  if (fresh)
    await demandFree(FRESH_LISTEN, 'copy monitora.example.yml and endpoint.example.yml, with another port in both')
  const written = fresh ? writeFresh(cli.folder) : []
  const configs = loadConfigs(cli)
  const [config] = configs
  const texts = textsFor(config.language).cli
  const pm2 = findPm2(cli, configs)
  const running = await runningPm2(pm2)
  if (running) throw new CliError(texts.alreadyRuns(running))
  await demandFree(config.server.listen, 'set another port in monitora.yml (server.listen) and endpoint.yml (server)')
  prepareDataFolder(config.paths)
  prepareHome(pm2)

  const apps = PROCESSES.filter((name) => name !== 'endpoint' || reportsItself(pm2))
  cli.print(introduction(config, apps, written).join('\n'))
  const show = createLinePrinter({ texts: texts.start, colour: cli.colour, print: cli.print })
  const stopping = () => cli.print(`\n${texts.start.stopping}`)
  cli.stop.addEventListener('abort', stopping)
  const code = await runForeground(pm2, apps, (line) => cli.stop.aborted || show(line), cli.stop)
  cli.stop.removeEventListener('abort', stopping)
  if (cli.stop.aborted) cli.print(texts.start.stopped)
  else throw new CliError(texts.start.pm2Ended(code))
}

function introduction(config: Config, apps: readonly AppName[], written: readonly string[]): string[] {
  const format = formatFor(config.language, config.timezone)
  const texts = textsFor(config.language).cli.start
  const own = apps.includes('endpoint') ? [texts.thisMachine(hostname())] : []
  const watched = [...config.hosts.keys(), ...own]
  const channels = [...config.channels.keys()]
  return [
    ...(written.length > 0 ? [texts.written(format.list(written))] : []),
    watched.length > 0 ? texts.watched(format.list(watched)) : texts.nobodyYet,
    ...(own.length === 0 ? [texts.noEndpoint] : []),
    channels.length > 0 ? texts.told(format.span(config.defaults.timeout), format.list(channels)) : texts.noChannel,
    ...(own.length > 0 ? [texts.tryIt] : []),
    texts.howToStop,
    '',
  ]
}

/** @throws CliError when another program listens there */
async function demandFree({ address, port }: { address: string; port: number }, instead: string): Promise<void> {
  const probe = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject).listen({ host: address, port, exclusive: true }, resolve)
    })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CliError(
      code === 'EADDRINUSE'
        ? `Port ${port} is taken (by a Monitora under PM2 or supervisor?): stop what listens there, or ${instead}`
        : `${address}:${port} cannot be listened on: ${code} (server.listen in monitora.yml)`,
    )
  } finally {
    probe.close()
  }
}
