/** The webhook channel against a receiver that answers in every way there is: what goes there, what each answer means. */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import { DeliveryError, type Message } from './channel.ts'
import { createWebhook } from './webhook.ts'

const SECRET = 'hunter2hunter2'
const at = (time: string) => Date.parse(`2026-11-21T${time}Z`)
const silent: Alert = {
  id: 'host:nas:k3f9:17',
  outage: 'host:nas:k3f9:17',
  kind: 'silent',
  hosts: ['nas'],
  site: 'home',
  tags: ['family'],
  monitor: 'box',
  at: at('12:05:00'),
  sinceAt: at('12:03:00'),
  heardAt: at('12:03:00'),
  note: 'hall cupboard, green button',
  timeoutMs: 120_000,
}
const message = (alert: Alert = silent): Message => ({
  alert,
  title: '🔴 nas is silent since 12:03',
  reason: 'No signal for 2 min.',
  text: '🔴 nas is silent since 12:03\nNo signal for 2 min.',
  commands: [{ label: 'I have it', command: '/ack nas' }],
})

interface Received {
  readonly method?: string
  readonly url?: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
let server: Server
let place: string
let received: Received[]
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  received = []
  answer = (response) => response.end('ok')
  server = createServer(async (request, response) => {
    const { method, url, headers } = request
    received.push({ method, url, headers, body: await readText(request) })
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  place = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** The address carries credentials in every place that it can. */
const address = () => `http://me:${SECRET}@${place}/${SECRET}?key=${SECRET}`
const send = (alert?: Alert, signal = AbortSignal.timeout(5000), url = address()) =>
  createWebhook({ type: 'webhook', url, headers: { 'X-Key': SECRET }, language: 'en', timezone: 'UTC' }).send(
    message(alert),
    signal,
  )

async function failureOf(sending: Promise<unknown>) {
  const error: unknown = await sending.then(
    () => 'sent',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DeliveryError)
  expect(
    JSON.stringify({ ...(error as Error), stack: (error as Error).stack, cause: (error as Error).cause }),
  ).not.toContain(SECRET)
  const { message, permanent, retryAfterMs } = error as DeliveryError
  return { message, permanent, retryAfterMs }
}

test('an alert goes as JSON with the documented keys, times with their zone, and nothing else', async () => {
  await send()
  expect(received).toHaveLength(1)
  const [{ method, url, headers, body }] = received as [Received]
  expect([method, url]).toEqual(['POST', `/${SECRET}?key=${SECRET}`])
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Monitora', 'x-key': SECRET })
  expect(headers.authorization).toBe(`Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}`)
  expect(JSON.parse(body)).toStrictEqual({
    id: 'host:nas:k3f9:17',
    outage: 'host:nas:k3f9:17',
    kind: 'silent',
    hosts: ['nas'],
    site: 'home',
    tags: ['family'],
    monitor: 'box',
    at: '2026-11-21T12:05:00.000Z',
    since: '2026-11-21T12:03:00.000Z',
    lastSeenAt: '2026-11-21T12:03:00.000Z',
    reason: 'No signal for 2 min.',
    title: '🔴 nas is silent since 12:03',
    text: '🔴 nas is silent since 12:03\nNo signal for 2 min.',
    note: 'hall cupboard, green button',
    timeoutMs: 120_000,
  })
})

test('what an end tells of its cause is there too, and what is not known is left out', async () => {
  await send({
    ...silent,
    kind: 'recovered',
    site: undefined,
    note: undefined,
    timeoutMs: undefined,
    downMs: 5000,
    cause: { kind: 'rebooted', at: at('12:04:00'), goodbye: false },
  })
  const body = JSON.parse(received[0]!.body) as Record<string, unknown>
  expect(body).toMatchObject({
    kind: 'recovered',
    downMs: 5000,
    cause: { kind: 'rebooted', at: '2026-11-21T12:04:00.000Z', goodbye: false },
  })
  expect(Object.keys(body).sort()).toEqual([
    'at',
    'cause',
    'downMs',
    'hosts',
    'id',
    'kind',
    'lastSeenAt',
    'monitor',
    'outage',
    'reason',
    'since',
    'tags',
    'text',
    'title',
  ])
})

test.each([200, 201, 202, 204, 299])('HTTP %i is a yes', async (status) => {
  answer = (response) => response.writeHead(status).end()
  await send()
})

test.each<[status: number, permanent: boolean, headers: Record<string, string>, retryAfterMs?: number]>([
  [400, true, {}],
  [410, true, {}],
  [413, true, {}],
  [414, true, {}],
  [415, true, {}],
  [422, true, {}],
  [301, false, { Location: '/elsewhere' }],
  [307, false, { Location: '/elsewhere' }],
  [401, false, {}],
  [403, false, {}],
  [404, false, {}],
  [408, false, {}],
  [429, false, {}],
  [429, false, { 'Retry-After': '17' }, 17_000],
  [429, false, { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' }],
  [429, false, { 'Retry-After': '-5' }],
  [429, false, { 'Retry-After': '1e999' }],
  [500, false, {}],
  [502, false, {}],
  [503, false, { 'Retry-After': '120' }, 120_000],
])('HTTP %i is a no, for good: %s (%j)', async (status, permanent, headers, retryAfterMs) => {
  answer = (response) => response.writeHead(status, headers).end(SECRET)
  expect(await failureOf(send())).toEqual({ message: `${place}: refused: HTTP ${status}`, permanent, retryAfterMs })
  expect(received).toHaveLength(1)
})

test('of a site that is back the cause is posted under the same name', async () => {
  const siteCause = { kind: 'power', rebooted: ['pi'], stayedUp: [], rebootedAt: at('12:04:00') } as const
  await send({ ...silent, kind: 'site-recovered', siteCause })
  const body = JSON.parse(received[0]!.body) as Record<string, unknown>
  expect(body.cause).toEqual({ kind: 'power', rebooted: ['pi'], stayedUp: [], rebootedAt: '2026-11-21T12:04:00.000Z' })
  expect(body).not.toHaveProperty('siteCause')
})

test('with a secret the body is signed, together with the time of the try', async () => {
  const headers = { 'x-monitora-signature': 'mine' }
  const settings = {
    type: 'webhook',
    url: address(),
    headers,
    secret: SECRET,
    language: 'en',
    timezone: 'UTC',
  } as const
  await createWebhook(settings, () => 1_763_726_400_999).send(message(), AbortSignal.timeout(5000))
  const [{ headers: got, body }] = received as [Received]
  const expected = createHmac('sha256', SECRET).update(`1763726400.${body}`).digest('hex')
  expect(got['x-monitora-signature']).toBe(`t=1763726400,v1=${expected}`)
  await send()
  expect(received[1]?.headers).not.toHaveProperty('x-monitora-signature')
})

test('who does not answer is left when the time is over', async () => {
  answer = () => {}
  const abort = new AbortController()
  const failing = failureOf(send(silent, abort.signal))
  await vi.waitUntil(() => received.length === 1, { timeout: 5000, interval: 5 })
  abort.abort()
  expect(await failing).toEqual({
    message: `${place}: no answer: ERR_CANCELED (is it running?)`,
    permanent: false,
    retryAfterMs: undefined,
  })
})

test('who is not there, or breaks off, may be there later', async () => {
  answer = (response) => response.destroy()
  expect(await failureOf(send())).toMatchObject({
    message: `${place}: no answer: ECONNRESET (is it running?)`,
    permanent: false,
  })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await failureOf(send())).toMatchObject({
    message: `${place}: no answer: ECONNREFUSED (is it running?)`,
    permanent: false,
  })
})
