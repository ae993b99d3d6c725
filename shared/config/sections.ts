/** `server:`, `bot:` and what stands at the top of monitora.yml; hosts and channels have files of their own. */
import { z } from 'zod'
import { defaultsSection } from './hosts.ts'
import { chat, httpUrl, language, place, secret, span, text, timezone, token } from './values.ts'

const LISTEN_EXPECTED = 'an address and a port such as 0.0.0.0:1234'
const listen = z
  .union([z.string(), z.number()], { error: LISTEN_EXPECTED })
  .refine((value) => parseListen(value) !== undefined, { error: LISTEN_EXPECTED })
  .transform((value) => parseListen(value)!)

/** What a shared password can create, so that whoever has it cannot fill the disk. */
export const DEFAULT_MAX_HOSTS = 10_000
const MAX_HOSTS_EXPECTED = 'a whole number from 1 to 1000000'

const PASSWORDS_EXPECTED = 'a password, or a list of one or two'

const serverSection = z.strictObject(
  {
    listen: listen.default({ address: '0.0.0.0', port: 1234 }),
    user: text,
    /** Two while one is being replaced; one in a list is what remains when the old one is taken out. */
    password: z
      .union([secret, z.array(secret).min(1, { error: PASSWORDS_EXPECTED }).max(2, { error: PASSWORDS_EXPECTED })], {
        error: PASSWORDS_EXPECTED,
      })
      .transform((value): readonly string[] => [value].flat()),
    /** For what writes or lists projects, and for reading from elsewhere. */
    adminToken: token.optional(),
    /** Who may become a host by reporting with the shared password: anyone, or those that are registered only. */
    register: z.enum(['open', 'known'], { error: 'open or known' }).default('open'),
    maxHosts: z
      .number({ error: MAX_HOSTS_EXPECTED })
      .int({ error: MAX_HOSTS_EXPECTED })
      .min(1, { error: MAX_HOSTS_EXPECTED })
      .max(1_000_000, { error: MAX_HOSTS_EXPECTED })
      .default(DEFAULT_MAX_HOSTS),
    /** Who may read the state of everything: whoever is on this box or has the admin token, or everybody. */
    read: z.enum(['local', 'open'], { error: 'local or open' }).default('local'),
    tls: z.strictObject({ cert: text, key: text }, { error: 'the files of a certificate: { cert, key }' }).optional(),
    trustProxy: z.boolean({ error: 'true or false' }).default(false),
  },
  { error: 'the settings of the server: listen, user, password' },
)

const botSection = z.strictObject(
  {
    token: secret.optional(),
    admins: z.array(chat, { error: 'a list of chat numbers' }).default([]),
    chats: z.array(chat, { error: 'a list of chat numbers' }).default([]),
    apiRoot: httpUrl.optional(),
  },
  { error: 'the settings of the bot: token, chats, admins' },
)

const MEGABYTES_EXPECTED = 'a whole number of megabytes, from 1 to 100000'

export const errorsSection = z.strictObject(
  {
    /** Groups that were not seen for longer are deleted. */
    keepFor: span.default(90 * 86_400_000),
    /** And the oldest of them, while all together are larger. */
    maxMegabytes: z
      .number({ error: MEGABYTES_EXPECTED })
      .int({ error: MEGABYTES_EXPECTED })
      .min(1, { error: MEGABYTES_EXPECTED })
      .max(100_000, { error: MEGABYTES_EXPECTED })
      .default(200),
    /** Names of fields whose values are never kept, beside passwords, tokens and the like. */
    scrub: z.array(text, { error: 'a list of names of fields' }).default([]),
  },
  { error: 'settings such as { keepFor: 90d, scrub: [iban] }' },
)

/** `hosts`, `sites` and `channels` are maps of named entries, read one by one (load.ts): a host may be called `__proto__`. */
export const topSection = z.strictObject(
  {
    data: text.default('./data'),
    name: text.optional(),
    language: language.default('en'),
    timezone: timezone.optional(),
    server: serverSection,
    defaults: defaultsSection.prefault({}),
    hosts: z.unknown().optional(),
    siteByAddress: z.boolean({ error: 'true or false' }).default(true),
    sites: z.unknown().optional(),
    channels: z.unknown().optional(),
    watchdog: z.array(httpUrl, { error: 'a list of URLs' }).default([]),
    probe: z.array(place, { error: 'a list of addresses with ports' }).optional(),
    bot: botSection.prefault({}),
    errors: errorsSection.prefault({}),
  },
  { error: 'settings such as server: { user: home, password: … }' },
)

export type ServerSettings = z.output<typeof serverSection>
export type ErrorsSettings = z.output<typeof errorsSection>
export type BotSettings = z.output<typeof botSection>
export type Place = z.output<typeof place>

function parseListen(value: string | number): { address: string; port: number } | undefined {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):)?(\d{1,5})$/.exec(String(value))
  if (!match) return undefined
  const port = Number(match[2])
  return port <= 65_535 ? { address: (match[1] ?? '0.0.0.0').replace(/^\[|\]$/g, ''), port } : undefined
}
