/** The Telegram channel against a Bot API server that fails in every way the real one does. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Failure, type FakeTelegram, startFakeTelegram } from '../../test/fakes/telegram.ts'
import type { DeliveryError, Message } from './channel.ts'
import { createTelegram } from './telegram.ts'

const TOKEN = '123:TEST'
let telegram: FakeTelegram
beforeEach(async () => {
  telegram = await startFakeTelegram({ token: TOKEN })
})
afterEach(() => telegram.close())

const settings = (apiRoot: string, token = TOKEN) =>
  ({ type: 'telegram', chat: -100, token, apiRoot, language: 'en', timezone: 'UTC' }) as const
const message = (text: string): Message => ({
  reason: text,
  title: text,
  text,
  alert: {
    id: 'host:nas:k3f9:1',
    outage: 'host:nas:k3f9:1',
    kind: 'silent',
    hosts: ['nas'],
    tags: [],
    monitor: 'box',
    at: 0,
  },
})
const send = (apiRoot: string, token?: string, signal = AbortSignal.timeout(5000)) =>
  createTelegram(settings(apiRoot, token), 200).send(message('🔴 nas is silent'), signal)
const failureOf = async (sending: Promise<void>) => {
  const error = (await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as DeliveryError
  const { name, message, permanent, retryAfterMs } = error
  expect(`${name} ${message}`).not.toContain(TOKEN)
  return { message, permanent, retryAfterMs }
}

test('a message goes as plain text, without link previews, cut where Telegram would refuse it', async () => {
  const channel = createTelegram(settings(telegram.url))
  await channel.send(message('<b>_nas_</b> https://example.com'), AbortSignal.timeout(5000))
  await channel.send(message('x'.repeat(5000)), AbortSignal.timeout(5000))
  const [first, second] = telegram.messages
  expect(first?.fields).toEqual({
    chat_id: '-100',
    text: '<b>_nas_</b> https://example.com',
    link_preview_options: '{"is_disabled":true}',
  })
  expect(second?.text).toBe(`${'x'.repeat(4095)}…`)
})

const tried = 'it is tried again'
const table: [Failure, boolean, number | undefined, string][] = [
  [{ retryAfter: 17 }, false, 17_000, `429 retry after 17 (${tried})`],
  ['chat-not-found', true, undefined, '400 chat not found (see that chat: is right and that the bot is in it)'],
  ['blocked', true, undefined, '403 bot was blocked by the user (let the bot into the chat again)'],
  ['unauthorized', false, undefined, `401 Unauthorized (see that token: is right; ${tried})`],
  ['not-found', false, undefined, `404 Not Found (see that token: and apiRoot: are right; ${tried})`],
  ['html', false, undefined, `Server error 502 on sendMessage (${tried})`],
  ['html-404', false, undefined, `Invalid JSON in response to sendMessage (${tried})`],
  ['hang', false, undefined, `Request timed out: sendMessage (${tried})`],
  ['reset', false, undefined, `Network request failed: sendMessage (ECONNRESET) (${tried})`],
]
test.each(table)('%j: permanent %s, retried after %s ms', async (failure, permanent, retryAfterMs, text) => {
  telegram.fail('sendMessage', failure)
  expect(await failureOf(send(telegram.url))).toEqual({
    permanent,
    retryAfterMs,
    message: `Telegram chat -100: ${text}`,
  })
  expect(telegram.calls).toEqual(['sendMessage'])
})

test('a group that became a supergroup gets its message there, and all later ones', async () => {
  telegram.fail('sendMessage', { migrateTo: -100200 })
  const channel = createTelegram(settings(telegram.url))
  await channel.send(message('one'), AbortSignal.timeout(5000))
  await channel.send(message('two'), AbortSignal.timeout(5000))
  expect(telegram.messages.map(({ chat_id, text }) => [chat_id, text])).toEqual([
    [-100200, 'one'],
    [-100200, 'two'],
  ])
})

test('a move that leads nowhere ends as any other failure', async () => {
  telegram.fail('sendMessage', { migrateTo: -100200 }, 'blocked')
  expect(await failureOf(send(telegram.url))).toMatchObject({
    permanent: true,
    message: expect.stringMatching(/^Telegram chat -100200: 403/) as string,
  })
})

test('nobody at home, and a caller who gives up, are tried again', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  const refused = await failureOf(send(`http://127.0.0.1:${port}`))
  expect(refused).toMatchObject({ permanent: false, message: expect.stringContaining('ECONNREFUSED') as string })
  telegram.fail('sendMessage', 'hang')
  const aborted = await failureOf(send(telegram.url, TOKEN, AbortSignal.timeout(50)))
  expect(aborted).toMatchObject({ permanent: false, message: expect.stringContaining('no answer in time') as string })
})
