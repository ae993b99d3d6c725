/**
 * The bot: answers questions in Telegram from what lies in the data folder. It writes nothing there but its own pulse,
 * and removes hosts when told to. Alerts are the checker's: this process may be down without one getting lost.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { ConfigError } from '../shared/config/problems.ts'
import { watchConfig } from '../shared/config/watch.ts'
import { formatFor } from '../shared/i18n/format.ts'
import { textsFor } from '../shared/i18n/index.ts'
import { createLog, reasonOf } from '../shared/log.ts'
import { DataFolderError, prepareDataFolder } from '../shared/paths.ts'
import { everySecond, writePulse } from '../shared/pulse.ts'
import { type Chat, startChat } from './chat.ts'
import { createCheckerWatch } from './checker-watch.ts'
import { commands } from './commands/index.ts'
import { createRestart } from './restart.ts'

/** PM2 and supervisor kill after ten seconds. */
const LAST_ANSWERS_MS = 5000

const now = () => Date.now()
// From dist/bot/ and from bot/ alike.
const ownPm2 = ['..', '../..'].map((up) => join(import.meta.dirname, up, 'node_modules/.bin/pm2'))
const restartServer = createRestart({ env: process.env, ownPm2, now })

let config = startOrExplain()
const log = await createLog('bot')
let watchChecker = async () => {}
/** The disk does not take the pulse. */
let failing = false
let chat = listen()

const beat = () => {
  writePulseOrSay()
  watchChecker().catch((error: unknown) => log.error(`the checker cannot be watched: ${reasonOf(error)}`))
}
beat()
const stopPulse = everySecond(now, beat)
const stopWatching = watchConfig(config, () => loadConfig({ file: config.file, process: 'bot' }), use, log)
let busy: Promise<void> = Promise.resolve()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
process.send?.('ready')

function startOrExplain(): Config {
  try {
    const { values } = parseArgs({ options: { config: { type: 'string' } } })
    const found = loadConfig({ file: values.config, process: 'bot' })
    prepareDataFolder(found.paths)
    return found
  } catch (error) {
    const badArguments = error instanceof TypeError && 'code' in error
    if (!(error instanceof ConfigError || error instanceof DataFolderError || badArguments)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

function listen(): Chat | undefined {
  const { token, chats, admins } = config.bot
  if (token === undefined) log.info('no bot.token: the bot stays silent')
  else if (chats.length + admins.length === 0) log.warn('no bot.chats and no bot.admins: nobody may ask anything yet')
  if (token === undefined) return undefined
  const chat = startChat({ config, token, commands, log, now, restartServer })
  watchChecker = createCheckerWatch({
    paths: config.paths,
    texts: textsFor(config.language).bot,
    format: formatFor(config.language, config.timezone),
    now,
    canWrite: () => !failing,
    announce: chat.announce,
  })
  return chat
}

/** Settings reach into everything the bot does, so it starts anew with them: the old one stops listening first. */
function use(next: Config): void {
  busy = busy.then(async () => {
    await chat?.stop()
    watchChecker = async () => {}
    config = next
    try {
      prepareDataFolder(config.paths)
    } catch (error) {
      log.error(reasonOf(error))
    }
    chat = listen()
  })
}

/** Failing is told once, until it works again. */
function writePulseOrSay(): void {
  try {
    writePulse(config.paths, 'bot', now())
    failing = false
  } catch (error) {
    if (!failing) log.error(`my pulse cannot be written: ${reasonOf(error)}`)
    failing = true
  }
}

async function stop(): Promise<void> {
  stopWatching()
  stopPulse()
  await busy
  await chat?.stop({ answersMs: LAST_ANSWERS_MS })
  log.info('stopped')
  process.exit(0)
}
