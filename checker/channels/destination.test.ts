import { expect, test } from 'vitest'
import type { ChannelSettings } from '../../shared/config/channels.ts'
import { destinationOf, onceEach, placeOf } from './destination.ts'

/** As the configuration gives it, with what does not say where it leads. */
const settings = (type: string, rest: object = {}) =>
  ({ type, language: 'en', timezone: 'UTC', ...rest }) as unknown as ChannelSettings

const CHAT = settings('telegram', { chat: -5, token: 'a' })

test.each<[string, ChannelSettings, ChannelSettings, boolean]>([
  ['a chat through two bots', CHAT, settings('telegram', { chat: -5, token: 'b', language: 'ru' }), true],
  ['the usual server, named', CHAT, settings('telegram', { chat: -5, apiRoot: 'https://API.telegram.org/' }), true],
  ['another server', CHAT, settings('telegram', { chat: -5, apiRoot: 'http://127.0.0.1:8081' }), false],
  ['another chat', CHAT, settings('telegram', { chat: 5 }), false],
  ['a topic of a group, and the group', CHAT, settings('telegram', { chat: -5, thread: 3 }), false],
  ['two topics', settings('telegram', { chat: -5, thread: 4 }), settings('telegram', { chat: -5, thread: 3 }), false],
  [
    'a webhook',
    settings('webhook', { url: 'http://a' }),
    settings('webhook', { url: 'http://A/', headers: { a: 'b' } }),
    true,
  ],
  ['two webhooks', settings('webhook', { url: 'http://a/1' }), settings('webhook', { url: 'http://a/2' }), false],
  [
    'the same URL, of another kind',
    settings('webhook', { url: 'http://a/1' }),
    settings('slack', { url: 'http://a/1' }),
    false,
  ],
  [
    'a topic',
    settings('ntfy', { server: 'https://n', topic: 't' }),
    settings('ntfy', { server: 'https://n/', topic: 't', token: 'x' }),
    true,
  ],
  [
    'two topics of ntfy',
    settings('ntfy', { server: 'https://n', topic: 't' }),
    settings('ntfy', { server: 'https://n', topic: 'u' }),
    false,
  ],
  [
    'the same people',
    settings('email', { to: ['a@x.org', 'b@x.org'], from: 'm@x.org' }),
    settings('email', { to: ['B@x.org', 'a@X.org'] }),
    true,
  ],
  ['some of them', settings('email', { to: ['a@x.org', 'b@x.org'] }), settings('email', { to: ['a@x.org'] }), false],
  ['the screen', settings('console'), settings('console', { language: 'pt' }), true],
  ['what is not known here', settings('pager', { number: 1 }), settings('pager', { number: 2 }), false],
])('%s', (_, one, other, same) => {
  expect(destinationOf(one) === destinationOf(other)).toBe(same)
  const channels = new Map([
    ['one', one],
    ['other', other],
  ])
  expect(onceEach(['one', 'other'], channels)).toEqual(same ? ['one'] : ['one', 'other'])
  expect(onceEach(['other', 'one'], channels)[0]).toBe('other')
})

test('the topics of a group share what the group takes', () => {
  expect(placeOf(CHAT)).toBe(placeOf(settings('telegram', { chat: -5, thread: 3 })))
  expect(placeOf(CHAT)).not.toBe(placeOf(settings('telegram', { chat: -6, thread: 3 })))
})

test('no secret is seen in it', () => {
  const secret = 'https://hooks.example.com/T0/SECRET'
  for (const type of ['webhook', 'slack', 'pager'])
    expect(destinationOf(settings(type, { url: secret }))).toMatch(/^\w+:[0-9a-f]{16}$/)
  expect(destinationOf(settings('ntfy', { server: 'https://ntfy.sh', topic: 'SECRET' }))).not.toContain('SECRET')
})
