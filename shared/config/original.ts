/**
 * The flat upper-case keys of an original installation (`/etc/monitora/{server,checker,bot,monitora}.yml`), as they are.
 * Each process has a file of its own there, so only the keys that this process needs are demanded.
 * PATH is the folder of the `.host` files itself; everything else lies in `.monitora/` inside it.
 */
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { dataPaths } from '../paths.ts'
import type { ProcessName } from '../pulse.ts'
import type { ChannelSettings } from './channels.ts'
import { defaultsSection, type HostSettings } from './hosts.ts'
import { beyond, type Config, localTimezone, type Origin } from './load.ts'
import { ConfigError, type Problem, problemsOf } from './problems.ts'
import { DEFAULT_MAX_HOSTS, errorsSection } from './sections.ts'
import { chat, name, secret, span, text } from './values.ts'

/** The original's endpoint has keys of its own: endpoint/config.ts. */
const KEYS = z.strictObject({
  USER: text.optional(),
  PWD: secret.optional(),
  PATH: text,
  PORT: z
    .union([z.number(), z.string()], { error: 'a port' })
    .refine((value) => /^\d{1,5}$/.test(String(value)) && Number(value) <= 65_535, { error: 'a port' })
    .transform(Number)
    .optional(),
  TOKEN: secret.optional(),
  CHATID: chat.optional(),
  HOSTS: z.preprocess(listOf, z.array(name, { error: 'a list of host names' })).optional(),
  INTERVAL_CHECKER: span.optional(),
  INTERVAL_PROBLEM: span.default(300_000),
  INTERVAL_RETRY_MESSAGE: span.default(21_600_000),
})

const NEEDED: Readonly<Record<ProcessName, { [K in keyof z.output<typeof KEYS>]?: true }>> = {
  server: { USER: true, PWD: true },
  checker: { TOKEN: true, CHATID: true },
  bot: { TOKEN: true, CHATID: true },
}

export function isOriginal(raw: unknown): raw is Record<string, unknown> {
  const keys = typeof raw === 'object' && raw !== null ? Object.keys(raw) : []
  return keys.length > 0 && keys.every((key) => /^[A-Z_]+$/.test(key))
}

/**
 * @param problems what was found before the keys were looked at
 * @throws ConfigError with every problem found
 */
export function fromOriginal(
  { file, version }: Origin,
  process: ProcessName,
  raw: Record<string, unknown>,
  problems: readonly Problem[],
): Config {
  const parsed = KEYS.required(NEEDED[process]).safeParse(raw)
  const found = parsed.success ? problems : [...problems, ...beyond(problems, problemsOf(parsed.error, raw))]
  if (!parsed.success || found.length > 0) throw new ConfigError(file, found)
  const keys: z.output<typeof KEYS> = parsed.data

  // The words of the original's messages were Portuguese: its users keep their language.
  const language = 'pt'
  const timezone = localTimezone()
  const channels = new Map<string, ChannelSettings>()
  if (keys.TOKEN !== undefined && keys.CHATID !== undefined) {
    channels.set('telegram', { type: 'telegram', token: keys.TOKEN, chat: keys.CHATID, language, timezone })
  }
  const folder = resolve(dirname(file), keys.PATH)
  return {
    file,
    version,
    paths: dataPaths(join(folder, '.monitora'), folder),
    name: hostname(),
    language,
    timezone,
    server: {
      listen: { address: '0.0.0.0', port: keys.PORT ?? 1234 },
      user: keys.USER ?? '',
      password: [keys.PWD ?? ''],
      register: 'open',
      maxHosts: DEFAULT_MAX_HOSTS,
      read: 'local',
      trustProxy: false,
    },
    errors: errorsSection.parse({}),
    // Everything else is as it is without a word in the file.
    defaults: { ...defaultsSection.parse({}), timeout: keys.INTERVAL_PROBLEM, reminder: keys.INTERVAL_RETRY_MESSAGE },
    hosts: new Map<string, HostSettings>((keys.HOSTS ?? []).map((host) => [host, {}])),
    alertedHosts: keys.HOSTS && new Set(keys.HOSTS),
    siteByAddress: true,
    sites: new Map(),
    channels,
    watchdog: [],
    bot: { token: keys.TOKEN, admins: [], chats: keys.CHATID === undefined ? [] : [keys.CHATID] },
  }
}

/** A YAML list, the keys of a mapping, or names with commas or spaces between them. */
function listOf(value: unknown): unknown {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((part) => part !== '')
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.keys(value)
  return Array.isArray(value) ? value.map(String) : value
}
