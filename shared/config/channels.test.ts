/** Channels of every type, each read as it was meant. */
import { expect, test } from 'vitest'
import { configReader, ENOUGH, SECRET } from '../../test/config-reader.ts'

const { read } = configReader()
const here = { language: 'en', timezone: 'UTC' }
const channelOf = (yaml: string) => {
  const { channels } = read(`${ENOUGH}timezone: UTC\nbot: { token: "1:BOT" }\nchannels: { a: ${yaml} }\n`)
  const { buttons: _, ...settings } = channels.get('a')!
  return settings
}

test.each([
  [
    '{ type: telegram, chat: -100, thread: 7, nights: 23:00-07:30, giveUpAfter: 1d }',
    { chat: -100, token: '1:BOT', thread: 7, nights: { from: 1380, to: 450 }, giveUpAfter: 86_400_000 },
  ],
  ['{ type: telegram, chat: 5, nights: "0:00 – 6:00" }', { chat: 5, token: '1:BOT', nights: { from: 0, to: 360 } }],
  [`{ type: slack, url: "https://hooks.slack.com/${SECRET}" }`, { url: `https://hooks.slack.com/${SECRET}` }],
  [`{ type: ntfy, topic: ${SECRET} }`, { server: 'https://ntfy.sh', topic: SECRET }],
  [
    `{ type: ntfy, topic: t, server: "http://ntfy.lan", token: ${SECRET} }`,
    { server: 'http://ntfy.lan', topic: 't', token: SECRET },
  ],
  [`{ type: webhook, url: "http://h", secret: 0123 }`, { url: 'http://h', secret: '123' }],
])('%s', (yaml, expected) => {
  const [, type] = /type: (\w+)/.exec(yaml)!
  expect(channelOf(yaml)).toEqual({ type, ...here, ...expected })
})

test.each([
  ['"smtps://box%40example.com:a%2Fb@mail.example.com"', { user: 'box@example.com', password: 'a/b', secure: true }],
  ['"smtps://mail.example.com:465/"', { port: 465, secure: true }],
  ['smtp://mail.example.com', {}],
  ['{ host: mail.example.com, port: 2525, user: box, password: 123 }', { port: 2525, user: 'box', password: '123' }],
  ['{ host: mail.example.com, secure: false }', { secure: false }],
])('a mail server may be a URL or a few settings: %s', (smtp, expected) => {
  const channel = channelOf(`{ type: email, smtp: ${smtp}, from: "Box <box@example.com>", to: [a@b.c, d@e.f] }`)
  expect(channel).toEqual({
    type: 'email',
    smtp: { host: 'mail.example.com', ...expected },
    from: 'Box <box@example.com>',
    to: ['a@b.c', 'd@e.f'],
    ...here,
  })
})

test('a mail server may be known by its address alone', () => {
  const channel = channelOf('{ type: email, smtp: "smtp://[::1]:2525", from: a@b.c, to: [a@b.c] }')
  expect(channel).toMatchObject({ smtp: { host: '::1', port: 2525 } })
})
