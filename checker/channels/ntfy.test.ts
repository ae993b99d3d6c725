/** What goes to ntfy, and what its answers mean. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ALERT_KINDS, type Alert, type AlertKind } from '../../shared/alert.ts'
import type { DeliveryError, Message } from './channel.ts'
import { createNtfy } from './ntfy.ts'

const TOPIC = 'monitora-hunter2hunter2'
let server: Server
let place: string
let received: { url?: string; headers: IncomingHttpHeaders; body: Record<string, unknown> }[]
let status: number

beforeEach(async () => {
  received = []
  status = 200
  server = createServer(async (request, response) => {
    const { url, headers } = request
    received.push({ url, headers, body: (await json(request)) as Record<string, unknown> })
    response.writeHead(status).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  place = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

const alertOf = (kind: AlertKind, outage = 'a'): Alert => ({
  id: `${outage}:${kind}`,
  outage,
  kind,
  hosts: ['nas'],
  tags: [],
  monitor: 'box',
  at: 0,
})
const message = (title: string, body = '', more: Partial<Message> = {}): Message => ({
  alert: alertOf('silent'),
  title,
  reason: '',
  text: body === '' ? title : `${title}\n${body}`,
  commands: [],
  ...more,
})
const send = (sent: Message, token?: string) =>
  createNtfy({ type: 'ntfy', server: `http://${place}`, topic: TOPIC, token, language: 'en', timezone: 'UTC' }).send(
    sent,
    AbortSignal.timeout(5000),
  )
const last = () => received.at(-1)!.body

test('a notification is published with its mark once, and the topic not in the address', async () => {
  const commands = [{ label: 'I have it', command: '/ack nas' }]
  await send(message('🔴 nas is silent since 12:03', 'No signal for 2 min.', { commands }), 'tk_1')
  expect(received[0]!.url).toBe('/')
  expect(received[0]!.headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer tk_1' })
  expect(last()).toEqual({
    topic: TOPIC,
    title: 'nas is silent since 12:03',
    message: 'No signal for 2 min.\nI have it: /ack nas',
    priority: 4,
    tags: ['red_circle'],
  })
})

test('without a token nobody is named; a mark that ntfy has no name for stays in the title', async () => {
  await send(message('🔧 nas runs again'))
  expect(received[0]!.headers).not.toHaveProperty('authorization')
  expect(last()).toMatchObject({ title: '🔧 nas runs again', message: '🔧 nas runs again' })
  expect(last()).not.toHaveProperty('tags')
})

test('a message is never so long that it would become an attachment', async () => {
  await send(message('🔴 nas', 'ж🔴'.repeat(3000)))
  const text = String(last().message)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4000)
  expect(text.endsWith('…')).toBe(true)
})

test('the more urgent an alert, the higher its priority', async () => {
  const priorities = new Map<number, AlertKind[]>()
  for (const kind of ALERT_KINDS) {
    await send(message('x', '', { alert: alertOf(kind) }))
    const priority = last().priority as number
    priorities.set(priority, [...(priorities.get(priority) ?? []), kind])
  }
  expect(Object.fromEntries(priorities)).toEqual({
    2: ['first-signal', 'cleared', 'heartbeat', 'stable', 'process-up'],
    3: [
      'still-silent',
      'recovered',
      'site-recovered',
      'warning',
      'never-heard',
      'two-machines',
      'unstable',
      'monitor-was-down',
      'reachable-again',
      'test',
    ],
    4: ['silent', 'error', 'failed', 'process-down'],
    5: ['site-silent', 'nothing-reaches-me'],
  })
})

test('of several alerts the most urgent counts, but not what is over', async () => {
  const folded = (...alerts: Alert[]) => message('x', '', { alert: alerts.at(-1)!, folded: alerts })
  await send(folded(alertOf('silent', 'a'), alertOf('recovered', 'a')))
  expect(last().priority).toBe(3)
  await send(folded(alertOf('site-silent', 'a'), alertOf('recovered', 'b'), alertOf('first-signal', 'c')))
  expect(last().priority).toBe(5)
})

test.each([
  [400, true, 'it does not take this message'],
  [413, true, 'it does not take this message'],
  [401, false, 'see that token: is right; it is tried again'],
  [403, false, 'see that topic: and token: are right; it is tried again'],
  [404, false, 'see that server: is right; it is tried again'],
  [429, false, 'it is tried again'],
  [500, false, 'it is tried again'],
])('HTTP %i is a no, for good: %s', async (refusal, permanent, advice) => {
  status = refusal
  const error = (await send(message('x')).catch((reason: unknown) => reason)) as DeliveryError
  expect({ message: error.message, permanent: error.permanent }).toEqual({
    message: `ntfy at ${place}: refused: HTTP ${refusal} (${advice})`,
    permanent,
  })
})
