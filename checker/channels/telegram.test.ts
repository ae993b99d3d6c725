/** The Telegram channel against a Bot API server that fails in every way the real one does. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Api } from 'node-telegram-bot-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
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
const message = (text: string, commands: Message['commands'] = []): Message => ({
  reason: text,
  title: text.split('\n')[0]!,
  text,
  commands,
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
  createTelegram(settings(apiRoot, token), { timeoutMs: 1500 }).send(message('🔴 nas is silent'), signal)
const failureOf = async (sending: Promise<unknown>) => {
  const error = (await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as DeliveryError
  const { name, message, permanent, retryAfterMs } = error
  expect(`${name} ${message}`).not.toContain(TOKEN)
  return { message, permanent, retryAfterMs }
}

const limit = () => AbortSignal.timeout(5000)
const ACK = { label: 'I have it', command: '/ack nas' }
const HUSH = { label: 'Quiet 8 h', command: '/silence nas 8h' }

test('a message goes with its title in bold, nothing else in it taken for HTML, without link previews', async () => {
  const channel = createTelegram(settings(telegram.url))
  const reference = await channel.send(message('<b>_nas_</b> & pi\nhttps://example.com "1 < 2"'), limit())
  const [first] = telegram.messages
  expect(first?.fields).toEqual({
    chat_id: '-100',
    text: '<b>&lt;b&gt;_nas_&lt;/b&gt; &amp; pi</b>\nhttps://example.com "1 &lt; 2"',
    parse_mode: 'HTML',
    link_preview_options: '{"is_disabled":true}',
  })
  expect(first?.text).toBe('<b>_nas_</b> & pi\nhttps://example.com "1 < 2"')
  expect(reference).toBe(String(first?.message_id))
})

test.each([
  ['x'.repeat(9000), 4096],
  [`${'x'.repeat(4000)}\n${'<&>'.repeat(3000)}`, 4096],
  ['🔴'.repeat(3000), 4096],
  [`title\n${'🔴'.repeat(5000)}`, 4096],
  [`title\n${'<'.repeat(5000)}`, 4096],
])('what is too long is cut between characters, and what can be answered stays: %#', async (text, most) => {
  await createTelegram(settings(telegram.url)).send(message(text, [ACK]), limit())
  const sent = telegram.messages[0]!.fields.text!
  expect(sent.length).toBeLessThanOrEqual(most)
  expect(sent).toMatch(/…(?:<\/b>)?\nI have it: \/ack nas$/)
  // Throws at half a character.
  expect(encodeURIComponent(sent)).not.toBe('')
})

test('what can be answered is a button where somebody listens, else a line', async () => {
  const long = { label: 'Quiet', command: `/silence ${'n'.repeat(64)} 8h` }
  const text = message('🔴 nas is silent', [ACK, HUSH, long])
  await createTelegram({ ...settings(telegram.url), buttons: true }).send(text, limit())
  await createTelegram(settings(telegram.url)).send(text, limit())
  const [pressed, lines] = telegram.messages
  expect(JSON.parse(pressed!.fields.reply_markup!)).toEqual({
    inline_keyboard: [
      [
        { text: 'I have it', callback_data: '/ack nas' },
        { text: 'Quiet 8 h', callback_data: '/silence nas 8h' },
      ],
    ],
  })
  expect(pressed!.text).toBe(`🔴 nas is silent\nQuiet: ${long.command}`)
  expect(lines!.fields).not.toHaveProperty('reply_markup')
  expect(lines!.text).toBe(`🔴 nas is silent\nI have it: /ack nas\nQuiet 8 h: /silence nas 8h\nQuiet: ${long.command}`)
})

test('the end of an outage answers its beginning, in the topic, and goes also where that was deleted', async () => {
  const channel = createTelegram({ ...settings(telegram.url), thread: 5 })
  const reference = await channel.send(message('🔴'), limit())
  await channel.send(message('🟢'), limit(), reference)
  await channel.send(message('🟢'), limit(), '<a@mail>')
  const [, answer, stranger] = telegram.messages
  expect(answer!.fields.message_thread_id).toBe('5')
  expect(JSON.parse(answer!.fields.reply_parameters!)).toEqual({ message_id: 1, allow_sending_without_reply: true })
  expect(stranger!.fields).not.toHaveProperty('reply_parameters')
})

test.each<[string, { from: number; to: number }, Record<string, boolean>]>([
  ['23:00-07:00', { from: 1380, to: 420 }, { '22:59': false, '23:00': true, '03:00': true, '07:00': false }],
  ['00:00-06:30', { from: 0, to: 390 }, { '23:59': false, '00:00': true, '06:29': true, '06:30': false }],
])('in the nights %s, in its own time zone, it makes no sound', async (_, nights, silent) => {
  for (const time of Object.keys(silent)) {
    const now = () => Date.parse(`2026-11-21T${time}:00+09:00`)
    const channel = createTelegram({ ...settings(telegram.url), nights, timezone: 'Asia/Tokyo' }, { now })
    await channel.send(message(time), limit())
  }
  const sent = telegram.messages.map(({ text, fields }) => [text, fields.disable_notification === 'true'])
  expect(Object.fromEntries(sent)).toEqual(silent)
})

test('it demands what Telegram does: one a second for each chat, twenty a minute for a group', () => {
  const limits = (chat: number) => createTelegram({ ...settings(telegram.url), chat }).limits
  expect(limits(5)).toEqual([{ count: 1, withinMs: 1100 }])
  expect(limits(-100)).toEqual([
    { count: 1, withinMs: 1100 },
    { count: 20, withinMs: 61_000 },
  ])
})

test('a topic that is gone is said to be that', async () => {
  telegram.fail('sendMessage', 'thread-not-found')
  expect(await failureOf(send(telegram.url))).toMatchObject({
    permanent: true,
    message: expect.stringContaining('(see that thread: is the number of a topic of this group)') as string,
  })
})

describe('the stand-in for Telegram', () => {
  const api = (root: string) => new Api(TOKEN, { apiRoot: root, maxRetries: 0 })

  test.each(['<b>a', 'a</b>', '<b><i>a</b></i>', '1 < 2', '<blink>a</blink>', '<', '<b'])(
    'refuses HTML that Telegram would refuse: %s',
    async (text) => {
      const sending = api(telegram.url).sendMessage({ chat_id: 1, text, parse_mode: 'HTML' })
      await expect(sending).rejects.toThrow("can't parse entities")
      await api(telegram.url).sendMessage({ chat_id: 1, text })
    },
  )

  test('keeps to the limits, if it is to', async () => {
    let now = 0
    const limiting = await startFakeTelegram({ token: TOKEN, limits: true, now: () => now })
    const to = (chat_id: number) => api(limiting.url).sendMessage({ chat_id, text: 'x' })
    await to(-1)
    await expect(to(-1)).rejects.toMatchObject({ errorCode: 429, retryAfter: 1 })
    await to(-2)
    for (let sent = 1; sent < 20; sent++) {
      now += 1000
      await to(-1)
      await to(5)
    }
    now += 1000
    await expect(to(-1)).rejects.toMatchObject({ errorCode: 429, retryAfter: 40 })
    await to(5)
    now = 60_000
    await to(-1)
    expect(limiting.limited).toBe(2)
    await limiting.close()
  })
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
