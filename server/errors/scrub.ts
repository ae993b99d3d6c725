/**
 * Takes out of a reported error what is nobody's business: passwords and tokens by the names of their fields and by
 * their looks, card numbers, and of a user all but the id. Pure, and in linear time, for anybody may send anything.
 * Nothing of an error reaches the disk before it went through here (inbox.ts).
 */
import { isIP } from 'node:net'
import type { ErrorSample } from '../../shared/error-event.ts'
import { type Fields, isFields } from './sample.ts'

export interface Scrub {
  text(value: string): string
  value(value: unknown): unknown
  sample(sample: ErrorSample): ErrorSample
}

const REMOVED = '[removed]'
const DEEPEST = 10
const LONGEST_NAME = 200
const MOST_KNOWN = 5000

/** Anywhere in a name, its words run together or not. */
const TELLING = [
  ...[
    'password',
    'passwd',
    'passphrase',
    'passcode',
    'secret',
    'token',
    'apikey',
    'accesskey',
    'privatekey',
    'credential',
  ],
  ...['authorization', 'cookie', 'session', 'sessid', 'csrf', 'xsrf', 'creditcard', 'cardnumber', 'senha', 'пароль'],
  ...['ipaddress', 'remoteaddr', 'xforwardedfor', 'xrealip', 'clientip', 'connectingip'],
]
/** A word of their own: `auth` is not in `author`. */
const WORDS = ['auth', 'pass', 'pwd', 'sid', 'cvv', 'cvc', 'ssn', 'jwt']

const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g
const URL_LOGIN = /(?<=:\/\/)[^\s/@:]{0,200}:[^\s/]{1,200}@/g
const HEADER = /\b((?:set-)?cookie|(?:proxy-)?authorization)(\s{0,9}[:=]\s{0,9})(?![\s"'\\])[^\n"']+/gi
const BEARER = /\b(bearer)\s{1,9}[\w.~+/=-]{6,}/gi
/** Looked for once in a word, which may begin with something else: from each of its places it would take the square of its length. */
const JSON_WEB_TOKEN = /(?<![\w-])(?=([\w-]*?)\beyJ[\w-]{8})[\w-]+\.[\w-]{8,}(?:\.[\w-]*)?/g
/** Tokens that say by how they begin whose they are. */
const KNOWN_TOKEN =
  /\b(?:[rs]k_(?:live|test)_|gh[opsur]_|github_pat_|glpat-|xox[abeprs]-|npm_|SG\.|A[KS]IA)[\w.-]{8,250}/g
const CHAT_HOOK = /(?<=hooks\.slack\.com\/services\/)[\w/]{1,200}/g
const TELEGRAM_TOKEN = /(?<!\d)\d{6,12}:[\w-]{30,}/g
const OPTION = /(?<!\S)(--?\w[\w-]{0,60})\s{1,9}(?!-)\S+/g
/** A name and what stands between it and its value: `name=`, `"name": `, `'name' => `. */
const NAME = /(?<![\p{L}\p{N}_.-])([\p{L}\p{N}_.-]{1,100})(?:\\?["'`])?\]?\s{0,9}(?:=>|[:=])\s{0,9}/gu
/** In quotes, also those of a text within a text; from a quote that never ends, the rest of the line; else a word. */
const VALUE =
  /\[removed\]|\\"(?:(?!\\")[^\n]){0,1000}\\"|"(?:[^"\\\n]|\\.){0,1000}"|'(?:[^'\\\n]|\\.){0,1000}'|\\?["'][^\n]*|(?:[^\s"'&;,\\]|\\(?!["'nrt]))+/y
/** Whatever is taken out has one of these in it, and most texts have none. */
const SUSPECT =
  /[:=-]|\bbearer\s|\beyJ|\d(?: ?\d){12}|[rs]k_(?:live|test)_|gh[opsur]_|github_pat_|xox|npm_|SG\.|A[KS]IA|hooks\.slack/i
/** A card's first digit, which tells who issued it: what begins otherwise is a time or a serial number. */
const ISSUED = /[2-6]/
const DIGITS = /\d(?:[ -]?\d){12,}/g

/** @param names of fields whose values are never kept, beside those that everybody means; alone or as words of a longer name */
export function createScrub(names: readonly string[]): Scrub {
  const words = [...WORDS, ...names].map(wordsOf).filter((name) => name !== '--')

  function isTelling(name: string): boolean {
    const found = wordsOf(name)
    const together = found.replaceAll('-', '')
    return words.some((word) => found.includes(word)) || TELLING.some((part) => together.includes(part))
  }

  /** Names of fields are few, and come again and again. */
  const known = new Map<string, boolean>()
  function isTellingField(name: string): boolean {
    let telling = known.get(name)
    if (telling === undefined) {
      telling = isTelling(name)
      if (known.size >= MOST_KNOWN) known.clear()
      if (name.length <= LONGEST_NAME) known.set(name, telling)
    }
    return telling
  }

  function text(value: string): string {
    if (!SUSPECT.test(value)) return value
    const plain = value
      .replace(PRIVATE_KEY, REMOVED)
      .replace(URL_LOGIN, `${REMOVED}@`)
      .replace(HEADER, `$1$2${REMOVED}`)
      .replace(BEARER, `$1 ${REMOVED}`)
      .replace(JSON_WEB_TOKEN, `$1${REMOVED}`)
      .replace(KNOWN_TOKEN, REMOVED)
      .replace(CHAT_HOOK, REMOVED)
      .replace(TELEGRAM_TOKEN, REMOVED)
      .replace(OPTION, (found, name: string) => (isTelling(name) ? `${name} ${REMOVED}` : found))
    return withoutValues(plain, isTelling).replace(DIGITS, withoutCards)
  }

  function walk(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'number') return text(String(value)) === String(value) ? value : REMOVED
    if (typeof value !== 'object' || value === null) return value
    if (depth === 0) return REMOVED
    if (!Array.isArray(value)) return fields(value as Fields, depth)
    // As headers and queries are often sent: a list of names and values.
    const [name, item] = value
    if (value.length === 2 && typeof name === 'string' && isTelling(name)) return [name, item === null ? item : REMOVED]
    return value.map((element, index) => (isTellingOption(value[index - 1]) ? REMOVED : walk(element, depth - 1)))
  }

  /** Of a command line, as a list: its value is what follows. */
  function isTellingOption(element: unknown): boolean {
    return typeof element === 'string' && /^--?\w[\w-]*$/.test(element) && isTelling(element)
  }

  function fields(found: Fields, depth: number): Fields {
    const { name = found.key } = found
    const named = typeof name === 'string' && 'value' in found && isTelling(name)
    return Object.fromEntries(
      Object.entries(found).map(([key, item]) => {
        if (isTellingField(key) || (named && key === 'value')) return [text(key), item === null ? item : REMOVED]
        if (key.toLowerCase() === 'user' && isFields(item)) return [key, userOf(item, depth)]
        return [text(key), walk(item, depth - 1)]
      }),
    )
  }

  function userOf({ id }: Fields, depth: number): Fields {
    if (id === undefined) return {}
    return { id: typeof id === 'string' && isPersonal(id) ? REMOVED : walk(id, depth - 1) }
  }

  const ifThere = (value: string | undefined) => (value === undefined ? undefined : text(value))

  return {
    text,
    value: (value) => walk(value, DEEPEST),
    sample: (sample) => ({
      ...sample,
      type: text(sample.type),
      message: text(sample.message),
      stack: ifThere(sample.stack),
      url: ifThere(sample.url),
      frames: sample.frames?.map((frame) => ({
        ...frame,
        file: ifThere(frame.file),
        function: ifThere(frame.function),
      })),
      release: ifThere(sample.release),
      environment: ifThere(sample.environment),
      server: ifThere(sample.server),
      platform: ifThere(sample.platform),
      tags: sample.tags && (walk(sample.tags, DEEPEST) as ErrorSample['tags']),
      context: sample.context && fields(sample.context, DEEPEST),
      breadcrumbs: sample.breadcrumbs?.map((crumb) => ({
        ...crumb,
        category: ifThere(crumb.category),
        message: ifThere(crumb.message),
      })),
    }),
  }
}

/** `userApiKey` and `USER_API_KEY` are `-user-api-key-`. */
function wordsOf(name: string): string {
  const words = name
    .slice(0, LONGEST_NAME)
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1-$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
  return `-${words}-`.replace(/^-+|-+$/g, '-')
}

function withoutValues(text: string, isTelling: (name: string) => boolean): string {
  let plain = ''
  let done = 0
  for (const found of text.matchAll(NAME)) {
    const { index, 0: whole, 1: name } = found
    if (index < done || !isTelling(name!)) continue
    const from = index + whole.length
    VALUE.lastIndex = from
    if (!VALUE.test(text)) continue
    plain += text.slice(done, from) + REMOVED
    done = VALUE.lastIndex
  }
  return plain + text.slice(done)
}

/** @param run digits, in groups or not; a card may stand among other groups, never inside one */
function withoutCards(run: string): string {
  const groups = [...run.matchAll(/\d+/g)]
  let plain = ''
  let done = 0
  for (let first = 0; first < groups.length; first++) {
    const from = groups[first]!.index
    if (!ISSUED.test(run[from]!)) continue
    let digits = ''
    for (let last = first; last < groups.length; last++) {
      const { index, 0: group } = groups[last]!
      digits += group
      if (digits.length > 19) break
      if (!isCard(digits)) continue
      plain += run.slice(done, from) + REMOVED
      done = index + group.length
      first = last
      break
    }
  }
  return plain + run.slice(done)
}

/** Its last digit checks the others. */
function isCard(digits: string): boolean {
  if (digits.length < 13) return false
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place])
    const doubled = place % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** An e-mail address or an IP address. */
function isPersonal(id: string): boolean {
  return id.includes('@') || isIP(id) !== 0
}
