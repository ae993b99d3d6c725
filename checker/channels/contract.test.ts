/**
 * What every channel over a network keeps to, each against a real server on loopback that behaves in every way there
 * is: who takes the message, who refuses it for good, who wants to be asked later, and who says nothing.
 */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Channel, DeliveryError, type Message } from './channel.ts'
import { createEmail } from './email.ts'
import { createNtfy } from './ntfy.ts'
import { createSlack } from './slack.ts'
import { createTelegram } from './telegram.ts'
import { createWebhook } from './webhook.ts'

const SECRET = 'hunter2hunter2'
const RETRY_AFTER = 17
const ALL_OF_IT = 100
const here = { language: 'en', timezone: 'UTC' } as const

type Answer = readonly [status: number, body: string, headers?: Readonly<Record<string, string>>]
type Behaviour = 'accepts' | 'refuses' | 'denies' | 'is busy' | 'is broken' | 'hangs' | 'resets' | 'floods'
interface Subject {
  readonly create: (port: number) => Channel
  readonly serve: (behaviour: Behaviour) => Server
  /** Whether an answer of any size is a yes: the status came before it. */
  readonly takesFloods: boolean
  readonly saysWhen: boolean
}

const closing: (() => Promise<unknown>)[] = []
afterEach(() => Promise.all(closing.splice(0).map((close) => close())))
let written = 0
let cutOff = false

const busy: Answer = [429, SECRET, { 'Retry-After': String(RETRY_AFTER) }]
const SUBJECTS: Readonly<Record<string, Subject>> = {
  telegram: {
    create: (port) =>
      createTelegram({ type: 'telegram', chat: -100, token: SECRET, apiRoot: `http://127.0.0.1:${port}`, ...here }),
    serve: http({
      accepts: telegramAnswer(200, { ok: true, result: { message_id: 7 } }),
      refuses: telegramAnswer(403, { ok: false, error_code: 403, description: 'Forbidden: bot was kicked' }),
      denies: telegramAnswer(401, { ok: false, error_code: 401, description: 'Unauthorized' }),
      'is busy': telegramAnswer(429, {
        ok: false,
        error_code: 429,
        description: 'Too Many Requests',
        parameters: { retry_after: RETRY_AFTER },
      }),
      'is broken': [502, SECRET],
    }),
    takesFloods: false,
    saysWhen: true,
  },
  slack: {
    create: (port) => createSlack({ type: 'slack', url: `http://127.0.0.1:${port}/services/${SECRET}`, ...here }),
    serve: http({
      accepts: [200, 'ok'],
      refuses: [404, 'no_service'],
      denies: [401, SECRET],
      'is busy': busy,
      'is broken': [500, 'rollup_error'],
    }),
    takesFloods: true,
    saysWhen: true,
  },
  ntfy: {
    create: (port) =>
      createNtfy({ type: 'ntfy', server: `http://127.0.0.1:${port}`, topic: SECRET, token: `tk_${SECRET}`, ...here }),
    serve: http({
      accepts: [200, `{"topic":"${SECRET}"}`],
      refuses: [400, `{"error":"${SECRET}"}`],
      denies: [403, SECRET],
      'is busy': busy,
      'is broken': [507, SECRET],
    }),
    takesFloods: true,
    saysWhen: true,
  },
  webhook: {
    create: (port) =>
      createWebhook({
        type: 'webhook',
        url: `http://me:${SECRET}@127.0.0.1:${port}/${SECRET}?key=${SECRET}`,
        headers: { 'X-Key': SECRET },
        secret: SECRET,
        ...here,
      }),
    serve: http({
      accepts: [204, ''],
      refuses: [410, SECRET],
      denies: [401, SECRET],
      'is busy': busy,
      'is broken': [503, SECRET],
    }),
    takesFloods: true,
    saysWhen: true,
  },
  email: {
    create: (port) =>
      createEmail({
        type: 'email',
        smtp: { host: '127.0.0.1', port, user: 'box', password: SECRET },
        from: 'box@example.com',
        to: ['maria@example.com', 'joao@example.com'],
        ...here,
      }),
    serve: smtp,
    takesFloods: false,
    saysWhen: false,
  },
}

describe.each(Object.entries(SUBJECTS))('%s', (_, { create, serve, takesFloods, saysWhen }) => {
  const channelTo = async (behaviour: Behaviour) => create(await listening(serve(behaviour)))
  const waits = saysWhen ? RETRY_AFTER * 1000 : undefined

  test('an answer that says yes is a yes', async () => {
    await send(await channelTo('accepts'))
  })

  test.each<[Behaviour, boolean, number?]>([
    ['refuses', true],
    ['denies', false],
    ['is busy', false, waits],
    ['is broken', false],
    ['resets', false],
  ])('one that %s: for good: %s', async (behaviour, permanent, retryAfterMs) => {
    expect(await failureOf(send(await channelTo(behaviour)))).toEqual({ permanent, retryAfterMs })
  })

  test('one that says nothing is left when the time is over, and tried again', async () => {
    const abort = new AbortController()
    const server = serve('hangs')
    const connected = new Promise((resolve) => server.once('connection', resolve))
    const failing = failureOf(send(create(await listening(server)), abort.signal))
    await connected
    abort.abort()
    expect(await failing).toEqual({ permanent: false, retryAfterMs: undefined })
  })

  test('one that is not there may be there later', async () => {
    const port = await listening(serve('accepts'))
    await Promise.all(closing.splice(0).map((close) => close()))
    expect(await failureOf(send(create(port)))).toEqual({ permanent: false, retryAfterMs: undefined })
  })

  test('one that answers without an end is not listened to until the end', async () => {
    written = 0
    cutOff = false
    const sending = send(await channelTo('floods'), AbortSignal.timeout(60_000))
    if (takesFloods) await sending
    else expect(await failureOf(sending)).toMatchObject({ permanent: false })
    await vi.waitUntil(() => cutOff, { timeout: 5000, interval: 5 })
    expect(written).toBeLessThan(ALL_OF_IT / 2)
  })
})

function message(): Message {
  const alert = { id: 'host:nas:k3f9:1', outage: 'host:nas:k3f9:1', kind: 'silent', at: 0 } as const
  return {
    alert: { ...alert, hosts: ['nas'], tags: [], monitor: 'box' },
    title: '🔴 nas is silent since 12:03',
    reason: 'No signal for 2 min.',
    text: '🔴 nas is silent since 12:03\nNo signal for 2 min.',
    commands: [{ label: 'I have it', command: '/ack nas' }],
  }
}

function send(channel: Channel, signal = AbortSignal.timeout(20_000)): Promise<string | undefined> {
  return channel.send(message(), signal)
}

/** Nothing that an error carries, and whoever prints it shows, holds a secret. */
async function failureOf(sending: Promise<unknown>) {
  const error: unknown = await sending.then(
    () => 'sent',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DeliveryError)
  const { message, stack, cause, permanent, retryAfterMs } = error as DeliveryError
  const shown = JSON.stringify({ ...(error as Error), message, stack, cause: String(cause) })
  for (const secret of [SECRET, Buffer.from(SECRET).toString('base64').slice(0, 14)]) {
    expect(shown).not.toContain(secret)
  }
  expect(message).toMatch(/^[^\n]+: [^\n]+ \([^\n]+\)$|: refused: HTTP \d+$/)
  return { permanent, retryAfterMs }
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

function telegramAnswer(status: number, body: object): Answer {
  return [status, JSON.stringify(body), { 'content-type': 'application/json' }]
}

function http(answers: Readonly<Record<Exclude<Behaviour, 'hangs' | 'resets' | 'floods'>, Answer>>) {
  return (behaviour: Behaviour): Server =>
    createHttpServer((request: IncomingMessage, response: ServerResponse) => {
      request.resume().once('end', () => {
        if (behaviour === 'hangs') return
        if (behaviour === 'resets') return void request.socket.resetAndDestroy()
        if (behaviour === 'floods') return pour(response.writeHead(200), Buffer.alloc(1_000_000, ' '))
        const [status, body, headers = {}] = answers[behaviour]
        response.writeHead(status, headers).end(body)
      })
    })
}

function smtp(behaviour: Behaviour): Server {
  if (behaviour === 'hangs') return createServer(() => {})
  if (behaviour === 'resets') return createServer((socket) => void socket.once('data', () => {}).resetAndDestroy())
  if (behaviour === 'floods') return createServer((socket) => pour(socket, Buffer.alloc(1_000_000, '2')))
  const refusal = (responseCode: number) => Object.assign(new Error(`no, ${SECRET}`), { responseCode })
  return new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onConnect: (_, done) => done(behaviour === 'is busy' ? refusal(421) : null),
    onAuth: (_, __, done) => (behaviour === 'denies' ? done(refusal(535)) : done(null, { user: 'box' })),
    onRcptTo: (_, __, done) => done(behaviour === 'refuses' ? refusal(550) : null),
    onData: (stream, _, done) => {
      stream.resume().once('end', () => done(behaviour === 'is broken' ? refusal(450) : null))
    },
  }).server
}

function pour(stream: ServerResponse | Socket, chunk: Buffer): void {
  stream.once('close', () => {
    cutOff = true
  })
  stream.on('error', () => {})
  const more = () => {
    while (written < ALL_OF_IT && !stream.destroyed) {
      written++
      if (!stream.write(chunk)) return void stream.once('drain', more)
    }
  }
  more()
}
