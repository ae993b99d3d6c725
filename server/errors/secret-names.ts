/**
 * Which names are those of secrets: of fields, headers, settings and options alike. Pure.
 */
const LONGEST_NAME = 200
const MOST_KNOWN = 5000

/** What is kept of what stands under it: of `secret` nothing, of `count` numbers alone (tokens of a language model), of `open` all. */
export type Kind = 'secret' | 'count' | 'open'

/** Anywhere in a name, its words run together or not. */
const TELLING = [
  ...['password', 'passwd', 'passphrase', 'passcode', 'secret', 'token', 'apikey', 'accesskey', 'privatekey'],
  ...['credential', 'authorization', 'cookie', 'session', 'sessid', 'csrf', 'xsrf', 'creditcard', 'cardnumber'],
  ...['dbpass', 'userpass', 'smtppass', 'mailpass', 'pgpass', 'amzsignature', 'googsignature', 'senha', 'пароль'],
  ...['ipaddress', 'remoteaddr', 'xforwardedfor', 'xrealip', 'clientip', 'connectingip'],
]
/** A word of their own: `auth` is not in `author`. */
const WORDS = ['auth', 'pass', 'pwd', 'pw', 'sid', 'cvv', 'cvc', 'ssn', 'jwt']

/** They begin like a secret and are none. */
const HARMLESS = /(?:tokeni[sz]|secretar[iy])\p{L}*/gu
/** What went wrong with a secret, not the secret. */
const TROUBLE = /-(?:error|exception|warning)-$/
const COUNTED = /(?:(?:tokens|sessions)(?:-(?:used|left|total))?|(?:token|session)s?-count)-$/

/** @param own names of secrets beside those that everybody means; alone or as words of a longer name */
export function createKindOf(own: readonly string[]): (name: string) => Kind {
  const ownWords = own.map(wordsOf).filter((name) => name !== '--')
  const words = WORDS.map(wordsOf)

  function find(name: string): Kind {
    const found = wordsOf(name)
    if (ownWords.some((word) => found.includes(word))) return 'secret'
    if (TROUBLE.test(found)) return 'open'
    const together = found.replace(HARMLESS, '').replaceAll('-', '')
    if (words.some((word) => found.includes(word))) return 'secret'
    if (!TELLING.some((part) => together.includes(part))) return 'open'
    return COUNTED.test(found) ? 'count' : 'secret'
  }

  /** Names are few, and come again and again. */
  const known = new Map<string, Kind>()
  return (name) => {
    let kind = known.get(name)
    if (kind === undefined) {
      kind = find(name)
      if (known.size >= MOST_KNOWN) known.clear()
      if (name.length <= LONGEST_NAME) known.set(name, kind)
    }
    return kind
  }
}

/** @param value that stands under a name of this kind, as it is or as text */
export function isSecret(kind: Kind, value: unknown): boolean {
  return kind === 'secret' || (kind === 'count' && !isCount(value))
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d{1,12}$/.test(value))
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
