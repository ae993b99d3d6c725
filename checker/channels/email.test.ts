/** The mail channel against a real SMTP server: what arrives, that an outage is one thread, and what refusals mean. */
import { type AddressInfo, createServer } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Alert, AlertKind } from '../../shared/alert.ts'
import { channelSection, type EmailSettings, type SmtpSettings } from '../../shared/config/channels.ts'
import { type ReadMail, readMail } from '../../test/fakes/mail-reader.ts'
import { DeliveryError, type Message } from './channel.ts'
import { createEmail } from './email.ts'

const PASSWORD = 'hunter2hunter2'
const LOGIN = { user: 'box-login', password: PASSWORD }
interface Mail extends ReadMail {
  readonly to: readonly string[]
  readonly user: unknown
}

let mails: Mail[]
let script: SMTPServerOptions
let server: SMTPServer
let port: number

const refusal = (responseCode: number, message = 'no') => Object.assign(new Error(message), { responseCode })

beforeEach(async () => {
  mails = []
  script = {}
  server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    logger: false,
    onConnect: (...all) => (script.onConnect ? script.onConnect(...all) : all[1](null)),
    onAuth: (auth, session, done) => {
      if (script.onAuth) return script.onAuth(auth, session, done)
      const known = auth.username === LOGIN.user && auth.password === LOGIN.password
      return done(known ? null : refusal(535, `wrong password ${auth.password} of ${auth.username}`), {
        user: auth.username,
      })
    },
    onMailFrom: (...all) => (script.onMailFrom ? script.onMailFrom(...all) : all[2](null)),
    onRcptTo: (...all) => (script.onRcptTo ? script.onRcptTo(...all) : all[2](null)),
    onData: (stream, session, done) => {
      if (script.onData) return void stream.resume().once('end', () => script.onData!(stream, session, done))
      void readText(stream).then((raw) => {
        const { user, envelope } = session
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), user, ...readMail(raw) })
        done(null)
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.server.address() as AddressInfo).port
})
afterEach(() => new Promise<void>((resolve) => server.close(resolve)))

const settings = (more: Partial<EmailSettings> = {}, smtp: Partial<SmtpSettings> = {}): EmailSettings => ({
  type: 'email',
  smtp: { host: '127.0.0.1', port, ...smtp },
  from: 'Monitora <box@example.com>',
  to: ['maria@example.com', 'joao@example.com'],
  language: 'en',
  timezone: 'UTC',
  ...more,
})
const alertOf = (kind: AlertKind, id = 'host:nas:k3f9:1', outage = id): Alert => ({
  id,
  outage,
  kind,
  hosts: ['nas'],
  tags: [],
  monitor: 'box',
  at: 0,
})
const message = (alert = alertOf('silent'), more: Partial<Message> = {}): Message => ({
  alert,
  title: '🔴 nas is silent since 12:03',
  reason: 'No signal for 2 min.',
  text: '🔴 nas is silent since 12:03\nNo signal for 2 min.',
  commands: [],
  ...more,
})
const send = (sent = message(), to = settings(), thread?: string) =>
  createEmail(to).send(sent, AbortSignal.timeout(10_000), thread)
const failureOf = async (sending: Promise<unknown>) => {
  const error: unknown = await sending.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DeliveryError)
  expect(String((error as Error).stack)).not.toContain(PASSWORD)
  expect(String((error as Error).stack)).not.toContain(LOGIN.user)
  return { permanent: (error as DeliveryError).permanent, message: (error as DeliveryError).message }
}

test('a mail says the same as text and as HTML, in which nothing of an alert is markup', async () => {
  const text = '🔴 nas: "<b>"\nСигнала нет & <script>'
  const commands = [{ label: 'I have it', command: '/ack nas' }]
  await send(message(alertOf('silent'), { title: '🔴 nas: "<b>"', text, commands }))
  const [{ to, headers, parts }] = mails as [Mail]
  expect(to).toEqual(['maria@example.com', 'joao@example.com'])
  expect(headers.get('subject')).toBe('🔴 nas: "<b>"')
  expect(headers.get('from')).toBe('Monitora <box@example.com>')
  expect(headers.get('auto-submitted')).toBe('auto-generated')
  expect(headers.get('x-monitora-id')).toBe('host:nas:k3f9:1')
  expect(headers.get('content-type')).toMatch(/^multipart\/alternative;/)
  expect(parts.get('text/plain')).toBe(`${text}\nI have it: /ack nas`)
  expect(parts.get('text/html')).toContain(
    '<p><b>🔴 nas: "&lt;b&gt;"</b><br>\nСигнала нет &amp; &lt;script&gt;<br>\nI have it: /ack nas</p>',
  )
})

test('the mails of an outage are one thread, also when what was sent before is forgotten', async () => {
  const reference = await send(message(alertOf('silent', 'host:nas:k3f9:1')))
  await send(message(alertOf('still-silent', 'host:nas:k3f9:2', 'host:nas:k3f9:1')), settings(), reference)
  await send(message(alertOf('recovered', 'host:nas:k3f9:3', 'host:nas:k3f9:1')))
  await send(message(alertOf('silent', 'host:nas:k3f9:4')))
  const threads = mails.map(({ headers }) =>
    ['message-id', 'in-reply-to', 'references'].map((name) => headers.get(name)),
  )
  const [first, again, end, next] = threads.map(([id]) => id)
  expect(threads).toEqual([
    [reference, undefined, undefined],
    [again, first, first],
    [end, first, first],
    [next, undefined, undefined],
  ])
  expect(new Set([first, again, end, next]).size).toBe(4)
  for (const id of [first, again, end, next]) expect(id).toMatch(/^<[0-9a-f]{32}@example\.com>$/)
})

test('a mail that sums up several outages belongs to the threads of them all', async () => {
  const folded = [alertOf('silent', 'a'), alertOf('silent', 'b'), alertOf('recovered', 'a2', 'a')]
  for (const alert of folded.slice(0, 2)) await send(message(alert))
  await send(message(folded[2], { folded }), settings(), '<elsewhere@example.com>')
  const [a, b] = mails.map(({ headers }) => headers.get('message-id'))
  const sum = mails[2]!.headers
  expect(sum.get('references')).toBe(`${a} ${b} <elsewhere@example.com>`)
  expect(sum.get('in-reply-to')).toBe('<elsewhere@example.com>')
})

test('the same alert is the same mail, however often it is sent', async () => {
  await send()
  await send()
  expect(new Set(mails.map(({ headers }) => headers.get('message-id'))).size).toBe(1)
})

test('it logs in where it has a name to do so, and else does not', async () => {
  await send(message(), settings({}, LOGIN))
  await send()
  expect(mails.map(({ user }) => user)).toEqual([LOGIN.user, undefined])
})

test('a wrong password may be mended, and is told by nobody', async () => {
  const failing = failureOf(send(message(), settings({}, { user: LOGIN.user, password: `${PASSWORD}-old` })))
  expect(await failing).toEqual({
    permanent: false,
    message: 'mail server 127.0.0.1: refused the login: 535 (see that user and password are right)',
  })
})

test.each<[SMTPServerOptions, boolean, string]>([
  [{ onConnect: (_, done) => done(refusal(421, 'busy')) }, false, 'refused: 421 busy (it is tried again)'],
  [{ onMailFrom: (_, __, done) => done(refusal(451, 'later')) }, false, 'refused: 451 later (it is tried again)'],
  [{ onMailFrom: (_, __, done) => done(refusal(553, 'not you')) }, false, 'refused: 553 not you (it is tried again)'],
  [{ onRcptTo: (_, __, done) => done(refusal(450, 'grey')) }, false, 'refused: 450 grey (it is tried again)'],
  [{ onRcptTo: (_, __, done) => done(refusal(550, 'who?')) }, true, 'refused: 550 who? (see that to: is right)'],
  [{ onRcptTo: (_, __, done) => done(refusal(530, 'log in')) }, false, 'refused: 530 log in (it is tried again)'],
  [{ onData: (_, __, done) => done(refusal(452, 'full')) }, false, 'refused: 452 full (it is tried again)'],
  [{ onData: (_, __, done) => done(refusal(554, 'spam')) }, true, 'refused: 554 spam (see that to: is right)'],
])('what a server refuses: %#', async (options, permanent, said) => {
  script = options
  expect(await failureOf(send())).toEqual({ permanent, message: `mail server 127.0.0.1: ${said}` })
  expect(mails).toEqual([])
})

test('one who is refused keeps it from nobody else', async () => {
  script = { onRcptTo: ({ address }, _, done) => done(address.startsWith('joao') ? refusal(550) : null) }
  await send()
  expect(mails.map(({ to }) => to)).toEqual([['maria@example.com']])
})

test('of all who are refused, one who may be reached later is enough to try again', async () => {
  script = { onRcptTo: ({ address }, _, done) => done(refusal(address.startsWith('joao') ? 550 : 450)) }
  expect(await failureOf(send())).toMatchObject({ permanent: false })
})

test('a server that quotes a secret is not quoted', async () => {
  const quoted = `no ${PASSWORD} ${Buffer.from(PASSWORD).toString('base64')}`
  script = { onRcptTo: (_, __, done) => done(refusal(550, quoted)) }
  const failing = failureOf(send(message(), settings({}, LOGIN)))
  expect((await failing).message).toBe('mail server 127.0.0.1: refused: 550 (see that to: is right)')
})

test('a password does not leave this machine over an open line, unless the settings say so', async () => {
  const listener = createServer((socket) => {
    socket.write('220 here\r\n')
    socket.on('data', (data) => {
      seen.push(String(data))
      socket.write(String(data).startsWith('EHLO') ? '250-here\r\n250 AUTH PLAIN\r\n' : '502 no\r\n')
    })
    socket.on('error', () => {})
  })
  const seen: string[] = []
  // Loopback, but no name by which it is known to be that.
  await new Promise<void>((resolve) => listener.listen(0, '0.0.0.0', resolve))
  const elsewhere = { host: '0.0.0.0', port: (listener.address() as AddressInfo).port, ...LOGIN }
  expect(await failureOf(send(message(), settings({}, elsewhere)))).toMatchObject({ permanent: false })
  expect(seen.some((line) => line.startsWith('STARTTLS'))).toBe(true)
  expect(seen.some((line) => line.startsWith('AUTH'))).toBe(false)
  await failureOf(send(message(), settings({}, { ...elsewhere, secure: false })))
  expect(seen.some((line) => line.startsWith('AUTH'))).toBe(true)
  await new Promise((resolve) => listener.close(resolve))
})

test('the settings of a server may be a URL', async () => {
  const { user, password } = LOGIN
  const read = channelSection.parse({ ...settings(), smtp: `smtp://${user}:${password}@127.0.0.1:${port}` })
  await send(message(), { ...(read as EmailSettings), language: 'en', timezone: 'UTC' })
  expect(mails.map(({ user: by }) => by)).toEqual([user])
})
