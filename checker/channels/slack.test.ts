/** What goes to Slack, and what its answers mean. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeliveryError, Message } from './channel.ts'
import { createSlack } from './slack.ts'

let server: Server
let url: string
let received: { text: string; blocks: { type: string; text: { type: string; text: string; verbatim: boolean } }[] }[]
let answer: readonly [status: number, body: string]

beforeEach(async () => {
  received = []
  answer = [200, 'ok']
  server = createServer(async (request, response) => {
    received.push((await json(request)) as (typeof received)[number])
    response.writeHead(answer[0]).end(answer[1])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/abc`
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

const alert = { id: 'a', outage: 'a', kind: 'silent', hosts: ['nas'], tags: [], monitor: 'box', at: 0 } as const
const send = (title: string, body = '', commands: Message['commands'] = []) => {
  const text = body === '' ? title : `${title}\n${body}`
  const channel = createSlack({ type: 'slack', url, language: 'en', timezone: 'UTC' })
  return channel.send({ alert, title, reason: '', text, commands }, AbortSignal.timeout(5000))
}

test('the title is bold, and what notifications show; nothing in a text is markup of Slack', async () => {
  await send('🔴 R&D is silent', 'Says "<!channel> 1 < 2"', [{ label: 'I have it', command: '/ack nas' }])
  expect(received).toEqual([
    {
      text: '🔴 R&amp;D is silent',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '*🔴 R&amp;D is silent*\nSays "&lt;!channel&gt; 1 &lt; 2"\nI have it: /ack nas',
            verbatim: true,
          },
        },
      ],
    },
  ])
})

test('a text is as long as Slack takes it', async () => {
  await send('🔴 nas', '<🔴'.repeat(3000))
  const { text } = received[0]!.blocks[0]!.text
  expect(text.length).toBeLessThanOrEqual(3000)
  expect(text.length).toBeGreaterThan(2980)
  expect(text.endsWith('…')).toBe(true)
})

test('a title with an asterisk is not bold, for that would end in the middle', async () => {
  await send('🔴 a*b is silent')
  expect(received[0]!.blocks[0]!.text.text).toBe('🔴 a*b is silent')
})

const GONE = 'see that url: is that of an incoming webhook which still exists'
test.each([
  [400, 'invalid_payload', true, ` invalid_payload (${GONE})`],
  [403, 'action_prohibited', true, ` action_prohibited (${GONE})`],
  [404, 'no_service', true, ` no_service (${GONE})`],
  [410, 'channel_is_archived', true, ` channel_is_archived (${GONE})`],
  [404, '<html>some page</html>', true, ` (${GONE})`],
  [429, 'rate_limited', false, ' rate_limited (it is tried again)'],
  [500, 'rollup_error', false, ' rollup_error (it is tried again)'],
  [302, 'no_service', false, ' no_service (it is tried again)'],
])('HTTP %i %s: for good: %s', async (status, body, permanent, said) => {
  answer = [status, body]
  const error = (await send('🔴 nas').catch((reason: unknown) => reason)) as DeliveryError
  expect({ message: error.message, permanent: error.permanent }).toEqual({
    message: `Slack: refused: HTTP ${status}${said}`,
    permanent,
  })
})
