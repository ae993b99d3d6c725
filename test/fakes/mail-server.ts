/** A real mail server on loopback that takes everything, and reads it as a person would. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { readMail } from './mail-reader.ts'

export interface Mail {
  /** Epoch milliseconds of its arrival. */
  readonly at: number
  /** As it reads without HTML. */
  readonly text: string
}

export interface MailServer {
  readonly url: string
  readonly mails: readonly Mail[]
  close(): Promise<void>
}

export async function startMailServer(): Promise<MailServer> {
  const mails: Mail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData: (stream, _, done) => {
      void readText(stream).then((raw) => {
        mails.push({ at: Date.now(), text: readMail(raw).parts.get('text/plain') ?? '' })
        done()
      }, done)
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    close: () => new Promise((done) => server.close(() => done())),
  }
}
