/** `monitora connect ntfy`: makes a topic that nobody guesses, and prints what to paste and what to open on a phone. */
import { randomBytes } from 'node:crypto'
import { Argument } from 'commander'
import { textsFor } from '../../shared/i18n/index.ts'
import { isHostName } from '../../shared/names.ts'
import { type AddCommand, CliError } from '../command.ts'
import { hasConfig, loadConfigs } from '../configs.ts'

/** 160 bits: whoever knows a topic reads along, so it is a password. */
const TOPIC_BYTES = 20
const PUBLIC_SERVER = 'https://ntfy.sh'

export const connect: AddCommand = (program, cli) => {
  program
    .command('connect')
    .description('make a channel to a phone: prints what to add to monitora.yml, and the link to subscribe with')
    .addArgument(new Argument('<service>').choices(['ntfy']))
    .option('--name <name>', 'what to call the channel', 'phone')
    .option('--server <url>', 'an ntfy server of your own', PUBLIC_SERVER)
    .action((_: string, { name, server }: { name: string; server: string }) => {
      if (!isHostName(name)) throw new CliError(`--name: found "${name}", expected letters, digits, _ and -`)
      const { origin, host, protocol } = serverOf(server)
      const topic = `monitora-${randomBytes(TOPIC_BYTES).toString('base64url')}`
      const own = origin === PUBLIC_SERVER ? [] : [`    server: ${origin}`]
      const lines = ['channels:', `  ${name}:`, '    type: ntfy', ...own, `    topic: ${topic}`]
      const app = `ntfy://${host}/${topic}${protocol === 'http:' ? '?secure=false' : ''}`
      // Before there is a configuration, the language of its owner is not known.
      const texts = textsFor(hasConfig(cli) ? loadConfigs(cli)[0].language : 'en').cli.connect
      cli.print(
        [
          texts.paste('monitora.yml'),
          ['', ...lines, ''].join('\n'),
          texts.subscribe(`${origin}/${topic}`, app),
          texts.secret,
          texts.tryIt(name),
        ].join('\n'),
      )
    })
}

/** @throws CliError when it is no address of a server, at its root */
function serverOf(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const bare = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.username + url.password === ''
  if (!bare || url.search + url.hash !== '') {
    throw new CliError('--server: expected an address such as https://ntfy.example.com, without a path or a password')
  }
  return url
}
