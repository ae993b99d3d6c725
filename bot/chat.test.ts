/** The bot in conversation, with a Bot API server on loopback and a real data folder. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { prepareDataFolder } from '../shared/paths.ts'
import { register } from '../shared/registry.ts'
import { readSilences } from '../shared/silences.ts'
import { type FakeTelegram, startFakeTelegram } from '../test/fakes/telegram.ts'
import { type Chat, startChat } from './chat.ts'
import { commands } from './commands/index.ts'
import type { RestartOutcome } from './restart.ts'

const TOKEN = '123:TEST'
const HOME = -1001
const ANNA = 7
const STRANGER = 99
const NOW = Date.parse('2026-11-21T12:14:20Z')

let telegram: FakeTelegram
let folder: string
let config: Config
let chat: Chat | undefined
let logged: string[]

beforeEach(async () => {
  telegram = await startFakeTelegram({ token: TOKEN })
  folder = mkdtempSync(join(tmpdir(), 'bot-'))
  config = configured('hosts: { nas: { site: home } }\n')
  logged = []
  chat = undefined
})
afterEach(async () => {
  await chat?.stop()
  await telegram.close()
  rmSync(folder, { recursive: true, force: true })
  expect(logged.join('\n')).not.toContain(TOKEN)
})

function configured(more: string): Config {
  const file = join(folder, 'monitora.yml')
  const bot = `bot: { token: "${TOKEN}", apiRoot: "${telegram.url}", chats: [${HOME}], admins: [${ANNA}] }\n`
  writeFileSync(file, `timezone: UTC\nserver: { user: home, password: p }\n${bot}${more}`)
  const found = loadConfig({ file, process: 'bot', env: {} })
  prepareDataFolder(found.paths)
  return found
}

function start(restartServer = async (): Promise<RestartOutcome> => ({ kind: 'runs' })): void {
  const note = (line: unknown) => void logged.push(String(line))
  const log = { debug: note, info: note, warn: note, error: note }
  const timing = { pollSeconds: 1, timeoutMs: 1000 }
  chat = startChat({ config, token: TOKEN, commands, log, now: () => NOW, restartServer, ...timing })
}

/** Says something, and returns the first answer that comes to that chat from then on. */
async function ask(text: string, to = HOME, from = ANNA): Promise<string> {
  const before = telegram.messages.length
  telegram.say(to, text, from)
  const answer = await telegram.waitForMessage(
    (sent) => telegram.messages.indexOf(sent) >= before && sent.chat_id === to,
  )
  return answer.text
}

/** Whatever was said before this is settled has been heard: messages are taken in order. */
const settled = () => ask('/start')

describe('the commands', () => {
  beforeEach(() => {
    start()
  })

  test('/help and the menu hold every command, and every file in commands/ is one', async () => {
    const help = await ask('/help')
    const files = readdirSync(join(import.meta.dirname, 'commands')).filter((file) => !/^index\.|\.test\./.test(file))
    expect(files.map((file) => file.replace('.ts', '').replace('-', '_')).sort()).toEqual(
      commands.map(({ name }) => name).sort(),
    )
    for (const { name } of commands) expect(help).toContain(`/${name}: `)
    expect(telegram.commands.map(({ command }) => command)).toEqual(commands.map(({ name }) => name))
  })

  test('/status tells the state, as plain text', async () => {
    writeFileSync(join(config.paths.hosts, 'pi.host'), `${NOW / 1000 - 12}\n`)
    expect(await ask('/status')).toMatch(/^1 of 2 fine, 1 needs you \(12:14\)\n🟠 nas, home: never\n🟢 pi 12 s ago\n/)
    expect(telegram.messages[0]?.fields).not.toHaveProperty('parse_mode')
  })

  test('/status of five hundred silent hosts comes in parts, in order', async () => {
    const since = new Date(NOW - 3_600_000).toISOString()
    for (let index = 0; index < 500; index++) {
      const name = `a-host-with-quite-a-long-name-${index}`
      register(config.paths, { name, registeredAt: NOW, origin: 'signal' })
      writeFileSync(join(config.paths.stateHosts, `${name}.json`), JSON.stringify({ verdict: 'down', since }))
    }
    telegram.say(HOME, '/status')
    const last = await telegram.waitForMessage(({ text }) => text.includes('Monitora: '))
    expect(telegram.messages.indexOf(last)).toBeGreaterThan(0)
    expect(telegram.messages[0]?.text).toMatch(/^0 of 501 fine, 501 need you/)
    expect(last.text).toContain('🟠 and 401 more')
  })

  test('/restart tells how it went, and the next question need not wait for it', async () => {
    expect(await ask('/restart')).toBe('server was restarted, it runs again')
    await chat?.stop()
    let finish = (_: RestartOutcome): void => {}
    start(() => new Promise((resolve) => (finish = resolve)))
    telegram.say(HOME, '/restart')
    expect(await ask('/start')).toContain('it may ask')
    finish({ kind: 'refused', program: 'pm2', why: 'server not found' })
    await telegram.waitForMessage(({ text }) => text === 'server was not restarted: pm2 says server not found')
  })

  test.each<[string, string]>([
    ['/remove_host', 'Which host? /remove_host NAME'],
    ['/remove_host ../nas', '"../nas" cannot be the name of a host'],
    [`/remove_host ${'x'.repeat(500)}`, `"${'x'.repeat(63)}…" cannot be the name of a host`],
    ['/remove_host nsa', 'I know no host nsa.'],
    ['/remove_host nas', 'nas stays: it stands in monitora.yml, take it out there.'],
    ['/Remove_host@Monitora_Bot  pi ', 'pi is removed.'],
    ['/frobnicate@monitora_bot', 'I don\'t know "/frobnicate".'],
  ])('%s', async (question, answer) => {
    register(config.paths, { name: 'pi', registeredAt: NOW, origin: 'signal' })
    writeFileSync(join(config.paths.hosts, 'pi.host'), `${NOW / 1000}\n`)
    expect(await ask(question)).toContain(answer)
    expect(existsSync(join(config.paths.hosts, 'pi.host'))).toBe(!answer.startsWith('pi'))
    expect(existsSync(join(config.paths.registry, 'pi.json'))).toBe(!answer.startsWith('pi'))
  })
})

test('what keeps hosts from being changed is told', async () => {
  register(config.paths, { name: 'pi', registeredAt: NOW, origin: 'signal' })
  mkdirSync(join(config.paths.root, '.change'))
  start()
  expect(await ask('/remove_host pi')).toMatch(/\.change is in the way of every change, .*: remove it$/)
  expect(existsSync(join(config.paths.registry, 'pi.json'))).toBe(true)
})

test("a host of an original's HOSTS stays, and the answer says where it stands, in Portuguese", async () => {
  const file = join(folder, 'bot.yml')
  writeFileSync(file, `PATH: hosts\nTOKEN: "${TOKEN}"\nCHATID: ${HOME}\nHOSTS: nas\n`)
  const original = loadConfig({ file, process: 'bot', env: {} })
  config = { ...original, bot: { ...original.bot, apiRoot: telegram.url } }
  prepareDataFolder(config.paths)
  start()
  expect(await ask('/remove_host nas')).toBe('nas fica: está em bot.yml, em HOSTS, tire de lá.')
})

test('a data folder that cannot be read is told, and logged', async () => {
  rmSync(config.paths.registry, { recursive: true })
  writeFileSync(config.paths.registry, 'no folder')
  start()
  expect(await ask('/status')).toBe('That went wrong: my log says why.')
  expect(logged.join('\n')).toContain('/status failed: ENOTDIR')
})

describe('silence, ack, pause, resume, why', () => {
  beforeEach(() => {
    start()
    writeFileSync(join(config.paths.stateHosts, 'nas.json'), JSON.stringify({ name: 'nas', verdict: 'down' }))
  })

  test.each<[string, string]>([
    ['/silence nas 8h', 'nas: silenced until 20:14.'],
    ['/silence site:home 30m', 'home: silenced until 12:44.'],
    ['/silence all 1d', 'everything: silenced until 12:14 on 22 Nov.'],
    ['/ack nas', 'nas: taken by Maria, no more reminders'],
    ['/pause nas', 'nas: paused'],
    ['/why nas', 'nas: no outage is known'],
    ['/why nas 12:03', 'nas: no outage is known at 12:03'],
  ])('%s', async (question, answer) => {
    expect(await ask(question)).toContain(answer)
    const kept = readSilences(config.paths, NOW).map(({ by }) => by)
    expect(kept).toEqual(question.startsWith('/why') ? [] : ['Maria'])
  })

  test.each<[string, string]>([
    ['/silence', 'Who, and for how long?'],
    ['/silence nas', 'Who, and for how long?'],
    ['/silence nas soon', '"soon" is no span'],
    ['/silence nsa 8h', 'Did you mean nas?'],
    ['/ack', 'Which one?'],
    ['/ack all', 'name a host, or a site'],
    ['/pause', 'Which host?'],
    ['/resume', 'Which one?'],
    ['/resume nas', 'nothing of its own keeps it quiet'],
    ['/why', 'Which host?'],
    ['/why ../nas', 'cannot be the name of a host'],
  ])('%s changes nothing', async (question, answer) => {
    expect(await ask(question)).toContain(answer)
    expect(readdirSync(config.paths.silences)).toEqual([])
  })

  test('a site whose name has spaces', async () => {
    writeFileSync(join(config.paths.reports, 'nas.json'), '{}')
    register(config.paths, { name: 'pi', registeredAt: NOW, origin: 'signal' })
    writeFileSync(join(config.paths.reports, 'pi.json'), '{"site":"the old shed"}')
    expect(await ask('/silence site:the old shed 2h')).toContain('the old shed: silenced until 14:14')
    expect(await ask('/resume site:the old shed')).toContain('the old shed: no longer silenced')
  })
})

describe('a button', () => {
  beforeEach(() => {
    writeFileSync(join(config.paths.stateHosts, 'nas.json'), JSON.stringify({ name: 'nas', verdict: 'down' }))
    start()
  })

  const press = (data: unknown, { chat = HOME, from = ANNA, more = {} } = {}) =>
    telegram.deliver({
      callback_query: {
        id: '77',
        from: { id: from, is_bot: false, first_name: 'Anna', last_name: 'K.' },
        chat_instance: '1',
        data,
        message: { message_id: 5, date: 1, chat: { id: chat, type: 'supergroup' }, from: { id: 123 }, ...more },
      },
    })

  test('says its command in its chat, in the name of who pressed it', async () => {
    press('/ack nas', { more: { is_topic_message: true, message_thread_id: 9 } })
    const { chat_id, fields } = await telegram.waitForMessage(({ text }) => text.includes('taken by Anna K.'))
    expect([chat_id, fields.message_thread_id]).toEqual([HOME, '9'])
    await telegram.waitForCalls('answerCallbackQuery', 1)
    expect(readSilences(config.paths, NOW)).toMatchObject([{ kind: 'ack', target: 'host:nas', by: 'Anna K.' }])
  })

  test('of a message that Telegram no longer shows works, too', async () => {
    press('/silence nas 8h', { more: { date: 0 } })
    await telegram.waitForMessage(({ text }) => text.includes('silenced until 20:14'))
  })

  test('is for those who may ask: others get it settled, and no answer', async () => {
    press('/ack nas', { chat: STRANGER, from: STRANGER })
    await telegram.waitForCalls('answerCallbackQuery', 1)
    press('/pause nas', { chat: -5, from: STRANGER })
    await telegram.waitForCalls('answerCallbackQuery', 2)
    await settled()
    expect(telegram.messages).toHaveLength(1)
    expect(readdirSync(config.paths.silences)).toEqual([])
  })

  test('without a command, or without a message, is settled and passed over', async () => {
    press('noop')
    press(undefined)
    telegram.deliver({ callback_query: { id: '78', from: { id: ANNA, first_name: 'A' }, data: '/ack nas' } })
    await telegram.waitForCalls('answerCallbackQuery', 3)
    await settled()
    expect(telegram.messages).toHaveLength(1)
    expect(readdirSync(config.paths.silences)).toEqual([])
  })
})

describe('who may ask', () => {
  test.each<[string, number, number, RegExp]>([
    ['a chat of bot.chats, whoever speaks', HOME, STRANGER, /^This chat is -1001, and it may ask/],
    ['an admin alone with the bot', ANNA, ANNA, /^This chat is 7, and it may ask/],
    ['an admin in any group', -5, ANNA, /^This chat is -5, and it may ask/],
    ['nobody else', STRANGER, STRANGER, /^This chat is 99, and it may not ask.*bot\.chats/],
    ['nobody else in a group', -5, STRANGER, /^This chat is -5, and it may not ask/],
  ])('%s', async (_, to, from, answer) => {
    start()
    expect(await ask('/start', to, from)).toMatch(answer)
  })

  test('strangers get no answer but to /start, and are logged once', async () => {
    register(config.paths, { name: 'pi', registeredAt: NOW, origin: 'signal' })
    start(async () => {
      throw new Error('a stranger restarted the server')
    })
    for (const text of ['/status', '/help', '/restart', '/remove_host pi', '/nonsense', 'hello']) {
      telegram.say(STRANGER, text)
    }
    await settled()
    expect(telegram.messages.filter(({ chat_id }) => chat_id === STRANGER)).toEqual([])
    expect(logged.filter((line) => line.includes('chat 99'))).toHaveLength(1)
    expect(existsSync(join(config.paths.registry, 'pi.json'))).toBe(true)
  })

  test('what is meant for another bot, or is no command, is passed over', async () => {
    start()
    for (const text of ['/status@other_bot', 'is it /status?', '/', '/nonsense', '/status.']) telegram.say(HOME, text)
    telegram.deliver({ edited_message: { message_id: 1, chat: { id: HOME }, text: '/status' } })
    telegram.deliver({ message: { message_id: 3, text: '/status' } })
    telegram.deliver({ message: { message_id: 2, chat: { id: HOME, type: 'supergroup' }, new_chat_title: 'x' } })
    await settled()
    expect(telegram.messages).toHaveLength(1)
  })
})

describe('when Telegram fails', () => {
  test('a menu that is refused keeps nobody from asking', async () => {
    telegram.fail('setMyCommands', 'chat-not-found')
    start()
    expect(await ask('/start')).toContain('may ask')
  })

  test('an answer that cannot be sent is logged, and the next one comes', async () => {
    telegram.fail('sendMessage', 'blocked')
    start()
    telegram.say(HOME, '/help')
    await telegram.waitForCalls('sendMessage', 1)
    expect(await ask('/start')).toContain('may ask')
    expect(logged).toContain('an answer did not reach chat -1001: 403 bot was blocked by the user')
  })

  test('an update that comes twice is answered once', async () => {
    start()
    const update_id = telegram.say(HOME, '/help')
    await telegram.waitForMessage(({ text }) => text.includes('/help: '))
    const again = { message_id: update_id, chat: { id: HOME, type: 'supergroup' }, text: '/help' }
    telegram.deliver({ update_id, message: again })
    await settled()
    expect(telegram.messages.filter(({ text }) => text.includes('/help: '))).toHaveLength(1)
  })

  test('a bot that stops confirms what it answered, so that its successor does not answer again', async () => {
    start()
    await settled()
    await chat?.stop()
    start()
    expect(await ask('/help')).toContain('/help: ')
    expect(telegram.messages).toHaveLength(2)
  })

  test('stopping waits for the answers under way, within a limit', async () => {
    let finish = (_: RestartOutcome): void => {}
    start(() => new Promise((resolve) => (finish = resolve)))
    telegram.say(HOME, '/restart')
    await settled()
    const stopped = chat?.stop({ answersMs: 10_000 })
    finish({ kind: 'unsupervised' })
    await stopped
    expect(telegram.messages.at(-1)?.text).toContain('neither PM2 nor supervisor')
  })
})
