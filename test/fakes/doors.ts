/** The doors of a server that knows a few hosts by heart; and a client that speaks one request of a dialect to them. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Asked, Badge, Dialect, Doors, Opened, Refused } from '../../server/dialects/dialect.ts'
import type { Deed, Outcome, Subject } from '../../server/signal.ts'
import { hashOf } from '../../shared/tokens.ts'

export interface FakeHost extends Partial<Omit<Subject, 'name'>> {
  readonly token?: string
}

export interface FakeWorld {
  readonly hosts?: Readonly<Record<string, FakeHost>>
  readonly authorization?: string
  readonly pingKey?: string
  readonly badge?: (key: string, signature: string, tag: string) => Badge | undefined
}

export function fakeDoors({ hosts = {}, authorization, pingKey, badge = () => undefined }: FakeWorld): Doors {
  const subjects = Object.entries(hosts).map(([name, { token, ...more }]) => ({
    token,
    subject: { name, hasToken: token !== undefined, everyHeartbeat: false, scheduled: false, ...more } as Subject,
  }))
  return {
    fits: (given) => given === authorization,
    byToken: (given) => subjects.find(({ token }) => token !== undefined && hashOf(token) === hashOf(given))?.subject,
    byName: (name) => subjects.find(({ subject }) => subject.name === name)?.subject,
    bySlug(slug) {
      const [found, other] = subjects.filter(({ subject }) => subject.name.toLowerCase() === slug)
      return other ? 'ambiguous' : found?.subject
    },
    isPingKey: (key) => key === pingKey,
    badge,
  }
}

export interface Spoken {
  readonly method?: string
  /** With its query. */
  readonly url: string
  readonly headers?: IncomingHttpHeaders
  readonly body?: string | Buffer
}

export interface Answered {
  readonly status: number
  readonly body: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly deeds: readonly Deed[]
  readonly remarks: readonly string[]
  readonly wrong: boolean
}

/** `undefined`: the request is none of this dialect's. @param outcome of each deed */
export function speak(
  dialect: Dialect,
  doors: Doors,
  { method = 'GET', url, headers = {}, body = '' }: Spoken,
  outcome: Outcome = 'registered',
): Answered | undefined {
  const [path = '', ...rest] = url.split('?')
  if (!dialect.matches(method, path)) return undefined
  const opened = dialect.open({ method, path, query: rest.join('?'), headers }, doors)
  const bytes = Buffer.from(body)
  const asked = 'read' in opened ? readAll(dialect, opened, bytes) : opened
  const deeds = 'deeds' in asked ? asked.deeds : []
  const reply = 'deeds' in asked ? asked.reply(deeds.map(() => outcome)) : asked.reply
  const names = reply.headers.filter((_, index) => index % 2 === 0)
  return {
    status: reply.status,
    body: reply.body.toString(),
    headers: Object.fromEntries(names.map((name, index) => [name.toLowerCase(), reply.headers[index * 2 + 1]!])),
    deeds,
    remarks: ('deeds' in asked && asked.remarks) || [],
    wrong: 'reply' in asked && 'wrong' in asked && asked.wrong === true,
  }
}

/** @throws for a deed that is no error, or none at all */
export function errorOf(deed: Deed | undefined) {
  if (deed?.kind !== 'error') throw new Error('no error')
  return { project: deed.subject.name, group: deed.group, sample: deed.sample() }
}

/** As the lane's reader of bodies hands it on. */
function readAll(dialect: Dialect, { limit, keep, read }: Opened, body: Buffer): Asked | Refused {
  if (keep !== undefined) return read(body.subarray(-keep))
  return body.length > limit ? { reply: dialect.refuse('too-large') } : read(body)
}
