/**
 * The main job, end to end: four real processes under a real PM2, a Bot API server and a webhook receiver that stand
 * in for the world. Stop an endpoint, and the group is told; start it again, and the group is told; then ask the bot.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts'
import { Box, freePort, PASSWORD, PROJECT, type Receiver, startReceiver, USER, until } from './box.ts'

const GROUP = -1001234567890
const box = new Box()
let telegram: FakeTelegram
let receiver: Receiver

const pm2 = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(PROJECT, 'node_modules/pm2/bin/pm2'), ...args], {
    cwd: box.folder,
    env: {
      ...process.env,
      PM2_HOME: join(box.folder, 'pm2'),
      PM2_DISCRETE_MODE: 'true',
      PM2_DISABLE_VERSION_CHECK: 'true',
      MONITORA_CONFIG: box.config,
      MONITORA_ENDPOINT_CONFIG: box.endpointConfig,
    },
  })

beforeAll(async () => {
  telegram = await startFakeTelegram({ token: '123:TEST' })
  receiver = await startReceiver()
  const port = await freePort()
  box.configure(
    `server: { listen: "127.0.0.1:${port}", user: ${USER}, password: "${PASSWORD}" }
timezone: Europe/Lisbon
defaults: { timeout: 3s, reminder: 4s }
hosts:
  nas: { site: home, note: "hall cupboard, green button" }
  never: { site: home }
channels:
  family: { type: telegram, chat: ${GROUP} }
  familia: { type: telegram, chat: 42, language: pt }
  hook: { type: webhook, url: "${receiver.url}" }
bot: { token: "123:TEST", chats: [${GROUP}], apiRoot: "${telegram.url}" }
`,
    `{ server: "http://127.0.0.1:${port}", host: nas, user: ${USER}, password: "${PASSWORD}", interval: 1s }`,
  )
  await pm2('start', join(PROJECT, 'ecosystem.config.js'))
}, 60_000)

afterAll(async () => {
  await pm2('kill')
  await box.remove()
  receiver.close()
  await telegram.close()
}, 60_000)

const told = (start: string, chat = GROUP) =>
  telegram.waitForMessage(({ chat_id, text }) => chat_id === chat && text.startsWith(start), 30_000)

test('silent → reminder → recovered, on the phone and by webhook; then /status', async () => {
  expect((await told('👋 nas reports for the first time')).text).toContain('every 1 s')

  const stoppedAt = Date.now()
  await pm2('stop', 'endpoint')
  const silent = await told('🔴 nas is silent since')
  expect(silent.text.split('\n').slice(1)).toEqual([
    'No signal for 3 s; it normally reports every 1 s.',
    expect.stringMatching(/^It said goodbye at \d\d:\d\d: its agent was stopped\.$/),
    'Note: hall cupboard, green button.',
    expect.stringMatching(/^Next reminder \d\d:\d\d\.$/),
  ])
  await told('🔴 nas sem comunicação desde', 42)
  await told('🔴 nas still silent')

  telegram.say(GROUP, '/status')
  expect((await told('0 of 2 fine, 2 need you')).text).toContain('🔴 nas, home: silent')

  await pm2('start', 'endpoint')
  const back = await told('🟢 nas is back')
  expect(back.text).toContain('Why: the agent had stopped; the machine stayed up.')
  await told('🟢 nas voltou ao normal', 42)

  telegram.say(GROUP, '/status')
  const status = await told('1 of 2 fine, 1 needs you').catch(() => told('1 of 2 fine'))
  expect(status.text).toContain('🟢 home: nas')
  expect(status.text).toContain('never')
  expect(status.text).toContain('server, checker, bot run')

  const kinds = ['silent', 'still-silent', 'recovered']
  const posted = await until('all of it posted', () => {
    const ofNas = receiver.posted.filter(({ hosts, arrivedAt }) => hosts[0] === 'nas' && arrivedAt >= stoppedAt)
    return ofNas.some(({ kind }) => kind === 'recovered') && ofNas
  })
  expect([...new Set(posted.map(({ kind }) => kind))]).toEqual(kinds)
  expect(new Set(posted.map(({ outage }) => outage))).toEqual(new Set([posted[0]!.id]))
  expect(new Set(posted.map(({ id }) => id)).size).toBe(posted.length)
}, 120_000)

test('/restart restarts the server through PM2, and nobody is accused for it', async () => {
  const before = receiver.posted.length
  telegram.say(GROUP, '/restart')
  await told('server was restarted').catch(() =>
    until('an answer', () => telegram.messages.find(({ text }) => /restarted/.test(text))),
  )
  const pulse = box.read('alive/server.host')
  await until('a new pulse', () => box.read('alive/server.host') !== pulse)
  expect(receiver.posted.slice(before).filter(({ kind }) => kind === 'silent')).toEqual([])
}, 60_000)
