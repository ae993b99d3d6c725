/** The kinds of values that several sections share. Each says what it expects, for the person who mistyped it. */
import { z } from 'zod'
import { cronOf } from '../cron.ts'
import { isHostName } from '../names.ts'
import { parseSpan, SPAN_EXPECTED } from '../spans.ts'
import { TOKEN, TOKEN_EXPECTED } from '../tokens.ts'

/** A span, read as milliseconds. */
export const span = z
  .union([z.string(), z.number()], { error: SPAN_EXPECTED })
  .refine((value) => parseSpan(value) !== undefined, { error: SPAN_EXPECTED })
  .transform((value) => parseSpan(value)!)

export const text = z.string({ error: 'text' }).min(1, { error: 'text that is not empty' })

/** YAML reads an unquoted 1234 as a number; as a password it is the same thing. */
export const secret = z
  .union([text, z.number()], { error: 'text that is not empty' })
  .transform((value) => String(value))

export const token = z.string({ error: TOKEN_EXPECTED }).regex(TOKEN, { error: TOKEN_EXPECTED })

const COUNT_EXPECTED = 'a whole number from 1 to 1000'
export const count = z
  .number({ error: COUNT_EXPECTED })
  .int({ error: COUNT_EXPECTED })
  .min(1, { error: COUNT_EXPECTED })
  .max(1000, { error: COUNT_EXPECTED })

const NAME_EXPECTED = 'a name of letters, digits, _ and - (64 at most)'
export const name = z.string({ error: NAME_EXPECTED }).refine(isHostName, { error: NAME_EXPECTED })
export const names = z.array(name, { error: 'a list of names' })

const ZONE_EXPECTED = 'a time zone such as Europe/Lisbon'
export const timezone = z.string({ error: ZONE_EXPECTED }).refine(isTimezone, { error: ZONE_EXPECTED })

const SCHEDULE_EXPECTED = 'a cron schedule such as "0 3 * * *" or "@daily"'
export const schedule = z.string({ error: SCHEDULE_EXPECTED }).refine(isSchedule, { error: SCHEDULE_EXPECTED })

const LANGUAGES = ['en', 'pt', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]
export const language = z.enum(LANGUAGES, { error: 'en, pt or ru' })

const URL_EXPECTED = 'a URL that begins with http:// or https://'
export const httpUrl = z.string({ error: URL_EXPECTED }).refine(isHttpUrl, { error: URL_EXPECTED })

const PLACE_EXPECTED = 'an address and a port such as 1.1.1.1:53'
/** Where a connection can be tried. */
export const place = z
  .string({ error: PLACE_EXPECTED })
  .refine((value) => parsePlace(value) !== undefined, { error: PLACE_EXPECTED })
  .transform((value) => parsePlace(value)!)

const CHAT_EXPECTED = 'the number of a chat, as /start tells it'
export const chat = z
  .union([z.number(), z.string()], { error: CHAT_EXPECTED })
  .refine((value) => /^-?\d{1,15}$/.test(String(value)), { error: CHAT_EXPECTED })
  .transform(Number)

function isTimezone(value: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: value }))
  } catch {
    return false
  }
}

/** Five fields, or a nickname such as `@daily`. */
function isSchedule(value: string): boolean {
  if (!/^(?:@\w+|\S+(?:\s+\S+){4})$/.test(value.trim())) return false
  try {
    return cronOf(value).nextRun() !== null
  } catch {
    return false
  }
}

function isHttpUrl(value: string): boolean {
  try {
    return /^https?:$/.test(new URL(value).protocol)
  } catch {
    return false
  }
}

function parsePlace(value: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(value)
  const port = Number(match?.[2])
  return match && port >= 1 && port <= 65_535 ? { host: match[1]!.replace(/^\[|\]$/g, ''), port } : undefined
}
