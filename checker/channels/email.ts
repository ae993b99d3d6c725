/**
 * Mail as a channel, over SMTP: one message to all recipients, on a connection of its own. All mails of an outage form
 * one thread: the id of each is derived from its alert's, so that its end finds its beginning whatever was forgotten.
 */
import { hash } from 'node:crypto'
import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { EmailSettings, SmtpSettings } from '../../shared/config/channels.ts'
import { type Channel, DeliveryError, isUnreached, type Message } from './channel.ts'
import { bodyOf, commandLine, escapeHtml, linesOf } from './lines.ts'

/** Where the signal of the outbox does not end it before. */
const PATIENCE_MS = 30_000
const MAX_REFERENCES = 20
/** Of what a server says of a refusal. */
const REPLY_LIMIT = 200

/** What the mail library's errors say: its code, the system's, the server's answer and to which command it was. */
interface SmtpError extends Error {
  readonly code?: string
  readonly originalCode?: string
  readonly responseCode?: number
  readonly response?: string
  readonly command?: string
}

export function createEmail({ smtp, from, to }: EmailSettings): Channel {
  const transport = createTransport(transportOf(smtp))
  const domain = /@([^\s@<>]+)>?$/.exec(from)?.[1] ?? 'localhost'
  const idOf = (alertId: string) => `<${hash('sha256', alertId).slice(0, 32)}@${domain}>`
  return {
    forPeople: true,
    // No provider asks for this: whoever finds two hundred mails reads none of them. What waits becomes one.
    limits: [{ count: 4, withinMs: 10_000 }],
    async send(message, signal, thread) {
      const { alert, folded = [] } = message
      const messageId = idOf(alert.id)
      const roots = [alert, ...folded].map(({ outage }) => idOf(outage))
      const references = [...new Set([...roots, ...(thread === undefined ? [] : [thread])])]
        .filter((id) => id !== messageId)
        .slice(0, MAX_REFERENCES)
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: message.title,
          messageId,
          ...(references.length > 0 && { inReplyTo: references.at(-1)!, references }),
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Monitora-Id': alert.id },
          text: linesOf(message),
          html: htmlOf(message),
          // What a message says is text: a file or an address in it is never fetched.
          disableFileAccess: true,
          disableUrlAccess: true,
          signal,
        })
      } catch (error) {
        throw deliveryError(error as SmtpError, smtp)
      }
      return messageId
    },
  }
}

function transportOf({ host, user, password, secure, port = secure ? 465 : 587 }: SmtpSettings) {
  return {
    host,
    port,
    secure: secure ?? port === 465,
    // A password goes over an open line only to this machine, or where secure: false says so.
    requireTLS: secure === undefined && user !== undefined && !isLoopback(host),
    ...(user !== undefined && { auth: { user, pass: password } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function htmlOf(message: Message): string {
  const rest = [...bodyOf(message).split('\n'), ...message.commands.map(commandLine)].filter((line) => line !== '')
  const lines = [`<b>${escapeHtml(message.title)}</b>`, ...rest.map(escapeHtml)]
  return `<!doctype html><html><body><p>${lines.join('<br>\n')}</p></body></html>`
}

function deliveryError(error: SmtpError, smtp: SmtpSettings): DeliveryError {
  const { code = 'it broke off', originalCode, responseCode, command = '' } = error
  const place = `mail server ${smtp.host}`
  if (code === 'EAUTH') {
    return new DeliveryError(
      `${place}: refused the login${reply(error, smtp)} (see that user and password are right)`,
      {
        refused: true,
      },
    )
  }
  if (code === 'ETLS') {
    return new DeliveryError(
      `${place}: no TLS (smtps:// is for port 465; secure: false is for a network of your own)`,
      {
        refused: true,
      },
    )
  }
  if (responseCode === undefined) {
    return new DeliveryError(`${place}: no answer: ${originalCode ?? code} (is it running, and the port right?)`, {
      refused: isUnreached(originalCode ?? code),
    })
  }
  // The message or all its recipients are refused; who refuses the sender or the login may be told better.
  const aboutLogin = [503, 530, 534, 535, 538].includes(responseCode)
  const permanent = responseCode >= 500 && !aboutLogin && (command === 'RCPT TO' || command === 'DATA')
  const advice = permanent ? 'see that to: is right' : 'it is tried again'
  return new DeliveryError(`${place}: refused${reply(error, smtp)} (${advice})`, { permanent, refused: true })
}

/** The server's words, unless they quote a secret of ours. */
function reply({ response = '', responseCode }: SmtpError, { user, password }: SmtpSettings): string {
  const said = response.replace(/\s+/g, ' ').trim().slice(0, REPLY_LIMIT)
  const encoded = (secret: string) => Buffer.from(secret).toString('base64').replace(/=+$/, '')
  const secrets = [user, password].flatMap((secret) => (secret === undefined ? [] : [secret, encoded(secret)]))
  if (said !== '' && !secrets.some((secret) => said.includes(secret))) return `: ${said}`
  return responseCode === undefined ? '' : `: ${responseCode}`
}
