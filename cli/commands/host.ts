/** `monitora host …`: hosts by hand, one by one; what changes them stands in cli/host. */
import type { Command } from 'commander'
import type { Config } from '../../shared/config/load.ts'
import { textsFor } from '../../shared/i18n/index.ts'
import { type Answer, askForQuiet } from '../../shared/quiet.ts'
import { printAnswer, whoAsks } from '../answer.ts'
import { type AddCommand, type Cli, CliError, CONFIG_OPTION } from '../command.ts'
import { badgeLinks } from '../host/badges.ts'
import { addHost, editHost, removeHost, rotatePingKey, rotateToken } from '../host/change.ts'
import { isNearby, parseAddress, serverAddress } from '../host/paste.ts'
import type { HostOptions } from '../host/settings.ts'
import { hostDetails, hostList } from '../host/view.ts'

interface Common {
  readonly config?: string
  readonly server?: string
}

const SERVER_OPTION = ['--server <url>', 'the address to print, if clients reach the server by another'] as const

export const host: AddCommand = (program, cli) => {
  const hosts = program.command('host').description('hosts by hand: add them, give them tokens, look at them')
  const command = (name: string, description: string) =>
    hosts
      .command(name)
      .description(description)
      .option(...CONFIG_OPTION)

  withSettings(command('add <name> [notify]', 'register a host, and print its token and what to paste'))
    .option(...SERVER_OPTION)
    .action((first: string, second: string | undefined, { config: file, server, ...options }: Common & HostOptions) => {
      const name = nameOf(first, second, options)
      changeAt(cli, { file, server }, (config, at, now) => addHost(config, name, options, at, now))
    })
  command('list', 'every host, in columns').action(({ config: file }: Common) => {
    look(cli, file, (config, now) => ({ done: true, text: hostList(config, now) }))
  })
  command('show <name>', 'everything that is registered and in force of a host').action(
    (name: string, { config: file }: Common) => {
      look(cli, file, (config, now) => hostDetails(config, name, now))
    },
  )
  withSettings(command('edit <name> [notify]', 'replace what is given; "" takes a setting away')).action(
    (first: string, second: string | undefined, { config: file, ...options }: Common & HostOptions) => {
      const name = nameOf(first, second, options)
      change(cli, file, (config, now) => editHost(config, name, options, now))
    },
  )
  command('rotate [name]', 'give a host another token; the old one opens nothing any more')
    .option('--ping-key', 'the ping key of the whole installation instead')
    .option(...SERVER_OPTION)
    .action((name: string | undefined, { config: file, server, pingKey }: Common & { pingKey?: true }) => {
      if ((name === undefined) !== (pingKey === true))
        throw new CliError('rotate: expected the name of a host, or --ping-key')
      changeAt(cli, { file, server }, (config, at, now) =>
        name === undefined ? rotatePingKey(config, at) : rotateToken(config, name, at, now),
      )
    })
  command('pause <name>', 'do not expect it to report; host resume NAME ends that').action(
    (name: string, { config: file }: Common) => {
      change(cli, file, (config, now) => askForQuiet(config, { verb: 'pause', target: name, by: whoAsks(cli) }, now))
    },
  )
  command('resume <name>', 'end its pause, silence and ack').action((name: string, { config: file }: Common) => {
    change(cli, file, (config, now) => askForQuiet(config, { verb: 'resume', target: name, by: whoAsks(cli) }, now))
  })
  command('remove <name>', 'forget a host and its token').action((name: string, { config: file }: Common) => {
    change(cli, file, (config) => removeHost(config, name))
  })
  command('badges', 'the links of the badges: of all hosts, and of each tag')
    .option(...SERVER_OPTION)
    .action(({ config: file, server }: Common) => {
      changeAt(cli, { file, server }, (config, at) => ({ done: true, text: badgeLinks(config, at) }))
    })
  // The nearest word to a mistyped one could be `remove`.
  hosts.showSuggestionAfterError(false).showHelpAfterError('(monitora host --help lists the commands)')
}

function withSettings(command: Command): Command {
  return command
    .option('--type <type>', 'bot, website or other')
    .option('--url <url>', 'where people find it')
    .option('--site <site>', 'the network that it lives in')
    .option('--timeout <span>', 'silent after so long, such as 5m')
    .option('--schedule <cron>', 'a job: when it should run, such as "0 3 * * *"')
    .option('--timezone <zone>', 'of the schedule, such as Europe/Lisbon')
    .option('--grace <span>', 'how late the job may end')
    .option('--every <what>', 'heartbeat: each one is told (`heartbeat notify` says the same)')
}

/** `--every heartbeat notify`: the second word stands where a name could. @throws CliError for one too many */
function nameOf(first: string, second: string | undefined, { every }: HostOptions): string {
  if (second === undefined) return first
  const words = [first, second]
  const name = words.find((word) => word !== 'notify')
  if (every === undefined || !words.includes('notify')) throw new CliError(`${second}: expected one name`)
  return name ?? 'notify'
}

type Ask = (config: Config, now: number) => Answer

function change(cli: Cli, file: string | undefined, ask: Ask): void {
  printAnswer(cli, file, { writes: true }, ask)
}

function look(cli: Cli, file: string | undefined, ask: Ask): void {
  printAnswer(cli, file, { writes: false }, ask)
}

/** Where the answer holds an address that nobody named, and that may lead nowhere from elsewhere, it says so. */
function changeAt(
  cli: Cli,
  { file, server }: { readonly file: string | undefined; readonly server: string | undefined },
  ask: (config: Config, at: string, now: number) => Answer,
): void {
  change(cli, file, (config, now) => {
    const at = addressOf(config, server)
    const answer = ask(config, at, now)
    if (server !== undefined || !isNearby(at) || !answer.text.includes(at)) return answer
    return { ...answer, text: `${answer.text}\n\n${textsFor(config.language).cli.host.nearby(at)}` }
  })
}

/** @throws CliError when what was given is no address */
function addressOf(config: Config, given: string | undefined): string {
  const address = given === undefined ? serverAddress(config) : parseAddress(given)
  if (address === undefined)
    throw new CliError('--server: expected an address such as https://box.example.com, without a password')
  return address
}
