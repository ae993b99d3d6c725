/** `server:`, `bot:` and what stands at the top of monitora.yml; hosts and channels have files of their own. */
import { z } from 'zod'
import { defaultsSection } from './hosts.ts'
import { chat, httpUrl, language, place, secret, text, timezone } from './values.ts'

const LISTEN_EXPECTED = 'an address and a port such as 0.0.0.0:1234'
const listen = z
  .union([z.string(), z.number()], { error: LISTEN_EXPECTED })
  .refine((value) => parseListen(value) !== undefined, { error: LISTEN_EXPECTED })
  .transform((value) => parseListen(value)!)

const serverSection = z.strictObject(
  {
    listen: listen.default({ address: '0.0.0.0', port: 1234 }),
    user: text,
    password: secret,
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
  },
  { error: 'settings such as server: { user: home, password: … }' },
)

export type ServerSettings = z.output<typeof serverSection>
export type BotSettings = z.output<typeof botSection>
export type Place = z.output<typeof place>

function parseListen(value: string | number): { address: string; port: number } | undefined {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):)?(\d{1,5})$/.exec(String(value))
  if (!match) return undefined
  const port = Number(match[2])
  return port <= 65_535 ? { address: (match[1] ?? '0.0.0.0').replace(/^\[|\]$/g, ''), port } : undefined
}
