/** The bot as a process of its own (`npm test` builds it first). */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dataPaths } from '../shared/paths.ts'
import { everySecond, readPulse } from '../shared/pulse.ts'
import { type FakeTelegram, startFakeTelegram } from '../test/fakes/telegram.ts'

const MAIN = join(import.meta.dirname, '../dist/bot/main.js')
const TOKEN = '123:TEST'
const SERVER = 'timezone: UTC\nserver: { user: home, password: p }\n'

let folder: string
let telegram: FakeTelegram
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bot-'))
  telegram = await startFakeTelegram({ token: TOKEN })
})
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  await telegram.close()
  rmSync(folder, { recursive: true, force: true })
})

function run(yaml: string) {
  const file = join(folder, 'monitora.yml')
  writeFileSync(file, yaml)
  const child = spawn(process.execPath, [MAIN, '--config', file], {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  children.push(child)
  let said = ''
  const more = (text: string) => {
    said += text
  }
  child.stdout?.setEncoding('utf8').on('data', more)
  child.stderr?.setEncoding('utf8').on('data', more)
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  const ready = once(child, 'message')
  const stop = async (signal: 'SIGINT' | 'SIGTERM') => {
    child.kill(signal)
    const [code] = await closed
    return code
  }
  return { file, ready, closed, stop, said: () => said }
}

const withBot = (more = '') => `${SERVER}bot: { token: "${TOKEN}", apiRoot: "${telegram.url}", chats: [-5] }\n${more}`

test('it listens, answers, follows an edit of its settings, and stops cleanly', async () => {
  const bot = run(withBot())
  await bot.ready
  telegram.say(-5, '/status')
  await telegram.waitForMessage(({ text }) => text.startsWith('No host yet'))
  telegram.say(-5, '/restart')
  await telegram.waitForMessage(({ text }) => text.startsWith('I cannot restart the server: neither PM2'))

  const calls = telegram.calls.filter((method) => method === 'getMe').length
  writeFileSync(bot.file, withBot('language: ru\n'))
  await telegram.waitForCalls('getMe', calls + 1)
  telegram.say(-5, '/status')
  await telegram.waitForMessage(({ text }) => text.startsWith('Хостов пока нет'))

  expect(await bot.stop('SIGINT')).toBe(0)
  expect(bot.said()).not.toContain(TOKEN)
  expect(readPulse(dataPaths(join(folder, 'data')), 'bot')).toBeGreaterThan(Date.now() - 10_000)
})

test('without a token it says so once, and lives', async () => {
  const bot = run(SERVER)
  await bot.ready
  expect(await bot.stop('SIGTERM')).toBe(0)
  expect(bot.said().match(/no bot\.token: the bot stays silent/g)).toHaveLength(1)
})

test.each([
  ['a mistake in the settings', `${SERVER}bot: { chats: home }\n`, /monitora\.yml: bot\.chats: found "home", expected/],
  ['a data folder that is a file', `${SERVER}data: ./taken\n`, /taken\/hosts: cannot be written: ENOTDIR/],
])('%s is told in a line, exit code 1', async (_, yaml, line) => {
  writeFileSync(join(folder, 'taken'), '')
  const bot = run(yaml)
  expect((await bot.closed)[0]).toBe(1)
  expect(bot.said()).toMatch(line)
  expect(bot.said()).not.toMatch(/^ +at /m)
})

test('a pulse that cannot be written is logged once, and the bot goes on answering', async () => {
  mkdirSync(join(folder, 'data/alive/bot.host'), { recursive: true })
  const bot = run(withBot())
  await bot.ready
  await beats(3)
  telegram.say(-5, '/start')
  await telegram.waitForMessage(() => true)
  expect(await bot.stop('SIGTERM')).toBe(0)
  expect(bot.said().match(/my pulse cannot be written: EISDIR/g)).toHaveLength(1)
})

/** As many whole seconds begin, and with each one the bot's pulse is due. */
async function beats(count: number): Promise<void> {
  await new Promise<void>((done) => {
    const stop = everySecond(
      () => Date.now(),
      () => {
        if (--count > 0) return
        stop()
        done()
      },
    )
  })
}
