/** `channels:`, where alerts go. A channel says what it wants to hear; by default everything. */
import { z } from 'zod'
import { ALERT_KINDS } from '../alert.ts'
import { chat, httpUrl, language, secret, span, text, timezone } from './values.ts'

const common = {
  language: language.optional(),
  timezone: timezone.optional(),
  kinds: z
    .array(z.enum(ALERT_KINDS, { error: `some of ${ALERT_KINDS.join(', ')}` }), { error: 'a list of kinds' })
    .optional(),
  tags: z.array(text, { error: 'a list of words' }).optional(),
  /** How long an alert is tried: three days, where nothing is said. */
  giveUpAfter: span.optional(),
}

const NIGHTS_EXPECTED = 'two times of day such as "23:00-07:00"'
/** Read as minutes since midnight; `to` lies on the next day when it is before `from`. */
const nights = z
  .string({ error: NIGHTS_EXPECTED })
  .refine((value) => parseNights(value) !== undefined, { error: NIGHTS_EXPECTED })
  .transform((value) => parseNights(value)!)

const THREAD_EXPECTED = 'the number of a topic of the group'
const thread = z.number({ error: THREAD_EXPECTED }).int({ error: THREAD_EXPECTED }).min(1, { error: THREAD_EXPECTED })

const PORT_EXPECTED = 'a port'
const port = z
  .number({ error: PORT_EXPECTED })
  .int({ error: PORT_EXPECTED })
  .min(1, { error: PORT_EXPECTED })
  .max(65_535, { error: PORT_EXPECTED })

const SMTP_EXPECTED = 'smtps://user:password@host:465, smtp://…, or { host, port, user, password }'
const smtpUrl = z
  .string({ error: SMTP_EXPECTED })
  .refine((value) => parseSmtpUrl(value) !== undefined, { error: SMTP_EXPECTED })
  .transform((value) => parseSmtpUrl(value)!)
const smtpParts = z
  .strictObject(
    {
      host: z.string({ error: SMTP_EXPECTED }).regex(/^[A-Za-z0-9.:-]+$/, { error: 'the name of a mail server' }),
      port: port.optional(),
      user: text.optional(),
      password: secret.optional(),
      secure: z.boolean({ error: 'true or false' }).optional(),
    },
    { error: SMTP_EXPECTED },
  )
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    error: 'both a user and a password, or neither',
    path: ['password'],
  })

const ADDRESS_EXPECTED = 'a mail address'
const address = z
  .string({ error: ADDRESS_EXPECTED })
  .regex(/^[^\s@<>(),;:"]{1,64}@[^\s@<>(),;:"]{1,255}$/, { error: ADDRESS_EXPECTED })
const SENDER_EXPECTED = 'a mail address, or Name <address>'
const sender = z
  .string({ error: SENDER_EXPECTED })
  .regex(
    /^(?:[^\s@<>(),;:"]{1,64}@[^\s@<>(),;:"]{1,255}|[^<>@,;:"\r\n]+ <[^\s@<>(),;:"]{1,64}@[^\s@<>(),;:"]{1,255}>)$/,
    {
      error: SENDER_EXPECTED,
    },
  )

const TOPIC_EXPECTED = 'a topic of letters, digits, _ and - (64 at most), as monitora connect ntfy makes one'
const topic = z.string({ error: TOPIC_EXPECTED }).regex(/^[A-Za-z0-9_-]{1,64}$/, { error: TOPIC_EXPECTED })

export const channelSection = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('console'), ...common }),
    z.strictObject({
      type: z.literal('telegram'),
      chat,
      token: secret.optional(),
      apiRoot: httpUrl.optional(),
      thread: thread.optional(),
      nights: nights.optional(),
      ...common,
    }),
    z.strictObject({
      type: z.literal('email'),
      smtp: z.union([smtpUrl, smtpParts], { error: SMTP_EXPECTED }),
      from: sender,
      to: z
        .array(address, { error: 'a list of mail addresses' })
        .min(1, { error: 'at least one mail address' })
        .max(50, { error: 'at most 50 mail addresses' }),
      ...common,
    }),
    z.strictObject({ type: z.literal('slack'), url: httpUrl, ...common }),
    z.strictObject({
      type: z.literal('ntfy'),
      server: httpUrl.default('https://ntfy.sh'),
      topic,
      token: secret.optional(),
      ...common,
    }),
    z.strictObject({
      type: z.literal('webhook'),
      url: httpUrl,
      headers: z.record(z.string(), secret, { error: 'headers such as { X-Key: abc }' }).optional(),
      secret: secret.optional(),
      ...common,
    }),
  ],
  { error: 'a channel with type: console, telegram, email, slack, ntfy or webhook' },
)

/**
 * `language`, `timezone` and a telegram `token` are filled in from the whole configuration when it is read; so is
 * `buttons`: the bot listens with the same token, so that what is pressed is heard.
 */
export type ChannelSettings = z.output<typeof channelSection> & {
  readonly language: z.output<typeof language>
  readonly timezone: string
  readonly buttons?: boolean
}
export type TelegramSettings = Extract<ChannelSettings, { type: 'telegram' }>
export type EmailSettings = Extract<ChannelSettings, { type: 'email' }>
export type SlackSettings = Extract<ChannelSettings, { type: 'slack' }>
export type NtfySettings = Extract<ChannelSettings, { type: 'ntfy' }>
export type WebhookSettings = Extract<ChannelSettings, { type: 'webhook' }>
export type SmtpSettings = z.output<typeof smtpParts>

function parseNights(value: string): { readonly from: number; readonly to: number } | undefined {
  const match = /^([01]?\d|2[0-3]):([0-5]\d) ?[-–] ?([01]?\d|2[0-3]):([0-5]\d)$/.exec(value)
  if (!match) return undefined
  const from = Number(match[1]) * 60 + Number(match[2])
  const to = Number(match[3]) * 60 + Number(match[4])
  return from === to ? undefined : { from, to }
}

function parseSmtpUrl(value: string): SmtpSettings | undefined {
  try {
    const { protocol, hostname, port, username, password, pathname, search } = new URL(value)
    const known = protocol === 'smtp:' || protocol === 'smtps:'
    const bare = hostname !== '' && /^\/?$/.test(pathname) && search === '' && port !== '0'
    if (!known || !bare || (username === '') !== (password === '')) return undefined
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      ...(port !== '' && { port: Number(port) }),
      ...(username !== '' && { user: decodeURIComponent(username), password: decodeURIComponent(password) }),
      ...(protocol === 'smtps:' && { secure: true }),
    }
  } catch {
    return undefined
  }
}
