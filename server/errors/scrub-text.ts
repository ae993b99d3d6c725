/**
 * Takes the secrets out of a text: what stands under a telling name, and what looks like what it is. Pure, and in linear
 * time; what went through it once stays as it is the second time.
 */
import { isSecret, type Kind } from './secret-names.ts'
import { endOfValue, REMOVED } from './secret-values.ts'

type KindOf = (name: string) => Kind

const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g
const URL_LOGIN = /(?<=:\/\/)[^\s/:]{0,200}:[^\s/]{1,200}@/g
/** Who logs in without a password has a key for a name, when it is that long. */
const URL_KEY = /(?<=:\/\/)[\w.~-]{20,200}@/g
const URL_SIGNATURE = /(?<=[?&](?:sig|signature)=)[^\s"'&]+/gi
/** In the addresses that signals and errors are reported to, ours and those of others that are read here. */
const URL_TOKEN =
  /(?<=\/(?:ping|api\/push|api\/heartbeat|cron\/[\w-]{1,100})\/)(?=[\w-]{0,35}\d)(?:[\w-]{32,36}|[\w-]{22})(?![\w-])/g
const CHAT_HOOK =
  /(?<=hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/)[\w/-]{1,300}/g
/** To the end of the line, with what OAuth and some cookies have in quotes after `=`. */
const HEADER =
  /(?<![A-Za-z_])((?:http_)?(?:(?:set-)?cookie|(?:proxy-)?authorization))(\]?\s{0,9}(?:=>|[:=])\s{0,9})(?![\s"'\\({>]|\[(?!removed\]))(?:[^\n"']|(?<==\\{0,7})"[^"\n]*")+/gi
const BEARER = /(?<![A-Za-z_])(bearer\s{1,9})(?!bearer\s)([\w.~+/=-]{6,})/gi
/** Looked for once in a word, which may begin with something else: from each of its places it would take the square of its length. */
const JSON_WEB_TOKEN = /(?<![\w-])(?=([\w-]*?)\beyJ[\w-]{8})[\w-]+\.[\w-]{8,}(?:\.[\w-]*)?/g
const TELEGRAM_TOKEN = /(?<!\d)\d{6,12}:[\w-]{30,}/g
/** Tokens that say by how they begin whose they are; where names begin so too, their length tells. */
const KNOWN_TOKEN =
  /(?<![A-Za-z_])(?:[rs]k_(?:live|test)_|gh[opsur]_|github_pat_|glpat-|xox[abeprs]-|xapp-|whsec_|SG\.|sk-(?:(?:proj|ant)-|(?=[A-Za-z\d]{20}))|(?:npm|hf)_(?=[A-Za-z\d]{30})|AIza(?=[\w-]{30})|A[KS]IA(?=[A-Z\d]{12}))[\w.-]{8,250}/g
const OPTION = /(?<!\S)(--?\w[\w-]{0,60})\s{1,9}(?!-)("[^"\n]{0,1000}"|'[^'\n]{0,1000}'|\S+)/g
const ELEMENT = /(<([\w.:-]{1,100})(?:\s[^<>]{0,200})?>)((?:<!\[CDATA\[)?[^<]{1,1000})(?=<\/)/g
/** A name and a value as programs write two of one kind: `('Authorization', 'Basic …')`. */
const PAIR = /(\(\s{0,9})?[bu]?(\\{0,7}["'])([\w.-]{1,100})\2,\s{0,9}(?=[bu]?\\{0,7}["'])/g
/** In other lists names may follow each other: only what cannot be a name is a value there. */
const HEADER_NAME = /^(?:(?:set-)?cookie|(?:proxy-)?authorization)$/i
const HEADER_VALUE = /[\s=]|.{20}/
const ENDS_PAIR = /\s{0,9}\)/y
/**
 * A name and what stands between it and its value: `name=`, `"name": `, `'name' => `, `user[name][0]=`, `"name";s:9:`. Each
 * may be percent-encoded; the code of the character before a name is none of it.
 */
const NAME =
  /(?:(?<![\p{L}\p{N}_.-])(?!(?<=%)[\da-fA-F]{2})|(?<=%[\da-fA-F]{2}))([\p{L}\p{N}_.-]{1,100}(?:\[(?!removed\])\w{1,30}\])?)(?:\\{0,7}["'`]|%2[27])?(?:\]|%5[Dd])?(?:\[\d{0,9}\]|%5[Bb]\d{0,9}%5[Dd])?\s{0,9}(?:=>|[:=]|%(?:25)?3[AaDd]|;s:\d{1,9}:)\s{0,40}/gu
/** What stands under it may be the name of the next value: `{"name":"password","value":"…"}`. */
export const NAMING = /^(?:name|key|param|parameter|path|field|property|loc)$/i
export const NAMED = /^(?:values?|input)$/i
/** In quotes, or the last of a list. */
const GIVEN_NAME =
  /(?:[([]\s{0,9}(?:\\{0,7}["'][^"'\\\n]{1,100}\\{0,7}["'],\s{0,9}){0,5})?\\{0,7}["']([^"'\\\n]{1,100})\\{0,7}["']/y
const NEAR = 500
const COUNT = /(?:\\{0,7}["'])?\d{1,12}(?=[\s,;&)\]}"'\\]|\.?$|\.\s)/y
/** A telling name, and what follows it is no secret: from its beginning on. */
const HARMLESS = new RegExp(
  [
    // Places in files, and of tests: `session.rb:12`, `TokenService.cs:line 45`, `test_auth.py::test_login`.
    /[\w.-]{1,100}\.(?:[cm]?[jt]sx?|py|rb|erb|rake|go|php|phtml|java|kts?|scala|groovy|cs|fs|vb|rs|c|cc|cpp|cxx|hh?|hpp|mm?|swift|dart|exs?|erl|clj|lua|p[lm]|sh|sql|vue|svelte|twig|html|xml|ya?ml|json|toml|ini|conf):(?:\d{1,7}(?![\w=])|line \d|:)/,
    // A program and its process in a system's log: `sshd-session[812]: `.
    /(?!\w*(?:[Pp]assw|[Ss]ecret))[\w.@-]{1,100}\[\d{2,9}\]: /,
    // What systemd tells of.
    /[\w.@-]{1,100}\.(?:service|scope|slice|socket|timer|mount|target): /,
    /[A-Z]\w{0,100}::[A-Z]/,
    // What passed a test.
    /PASS: /,
    // The topic of a sentence.
    /(?:[Aa]uth|AUTH|[Ss]ession|[Cc]srf|CSRF|[Jj]wt|JWT): [a-z]{2,20}(?: [a-z]{2,20}){2}/,
    // What a parser met.
    /(?<=xpected )token ?: ?[^\s\d]{1,20}(?=[\s,]|$)/,
    // MySQL tells whether it had one.
    /(?<=using )password: (?:YES|NO)\)/,
    // The working directory.
    /(?:OLD)?PWD=\//,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
)
/** Whatever is taken out has one of these in it, and most texts have none. One after the other, they are the quickest. */
const SUSPECT = [/[:=%<_/-]/, /["'],|(?:[Bb]earer|BEARER)\s|eyJ|SG\.|A[KS]IA|AIza/, /\d(?: ?\d){12}/]
const MOST_ROUNDS = 3
/** A card's first digits, which tell who issued it: what begins otherwise is a time or a serial number. */
const ISSUED = /2[2-7]|[3-6]/y
const DIGITS = /\d(?:[ -]?\d){12,}/g

export function scrubText(text: string, kindOf: KindOf): string {
  let [before, after] = ['', text]
  // What is taken out may leave what was no secret's name before, and is one now.
  for (let round = 0; round < MOST_ROUNDS && after !== before && isSuspect(after); round++) {
    before = after
    after = scrubbed(before, kindOf)
  }
  return after
}

function isSuspect(text: string): boolean {
  return SUSPECT.some((pattern) => pattern.test(text))
}

function scrubbed(text: string, kindOf: KindOf): string {
  const plain = text
    .replace(PRIVATE_KEY, REMOVED)
    .replace(URL_LOGIN, `${REMOVED}@`)
    .replace(URL_KEY, `${REMOVED}@`)
    .replace(URL_SIGNATURE, REMOVED)
    .replace(URL_TOKEN, REMOVED)
    .replace(CHAT_HOOK, REMOVED)
    .replace(HEADER, `$1$2${REMOVED}`)
    .replace(BEARER, (found, before: string, word: string) => (isToken(word) ? before + REMOVED : found))
    .replace(JSON_WEB_TOKEN, `$1${REMOVED}`)
    .replace(TELEGRAM_TOKEN, REMOVED)
    .replace(KNOWN_TOKEN, REMOVED)
    .replace(OPTION, (found, name: string, value: string) =>
      isSecret(kindOf(name), value) ? `${name} ${REMOVED}` : found,
    )
    .replace(ELEMENT, (found, tag: string, name: string, value: string) =>
      isSecret(kindOf(name), value) ? tag + REMOVED : found,
    )
  return withoutValues(withoutPairs(plain, kindOf), kindOf).replace(DIGITS, withoutCards)
}

/** Sentences have words after `bearer` too. */
function isToken(word: string): boolean {
  return word.length >= 20 || /\d|\w\.\w|[a-z][A-Z]/.test(word)
}

function withoutPairs(text: string, kindOf: KindOf): string {
  return withoutRanges(text, PAIR, ({ 1: opening, 3: name }, from) => {
    if (kindOf(name!) === 'open') return from
    const end = endOfValue(text, from)
    ENDS_PAIR.lastIndex = end
    if (opening !== undefined && ENDS_PAIR.test(text)) return end
    return HEADER_NAME.test(name!) && HEADER_VALUE.test(text.slice(from, end)) ? end : from
  })
}

function withoutValues(text: string, kindOf: KindOf): string {
  /** The last name that was itself a value, and where it stood. */
  let [given, givenAt]: [Kind, number] = ['open', 0]
  return withoutRanges(text, NAME, ({ index, 1: name }, from) => {
    const own = kindOf(name!)
    if (own === 'open' && NAMING.test(name!)) [given, givenAt] = [kindOf(givenName(text, from)), from]
    const isGiven = own === 'open' && given !== 'open' && NAMED.test(name!) && isNear(text, givenAt, index)
    const kind = isGiven ? given : own
    if (kind === 'open' || (kind === 'count' && isAt(COUNT, text, from)) || isAt(HARMLESS, text, index)) return from
    return endOfValue(text, from)
  })
}

function givenName(text: string, from: number): string {
  GIVEN_NAME.lastIndex = from
  return GIVEN_NAME.exec(text)?.[1] ?? ''
}

/** Within the same braces. */
function isNear(text: string, from: number, to: number): boolean {
  return to - from < NEAR && !text.slice(from, to).includes('}')
}

/** @param endOf where what is to be taken out ends, which begins where the match ends; there too when it is nothing */
function withoutRanges(text: string, pattern: RegExp, endOf: (found: RegExpExecArray, from: number) => number): string {
  let plain = ''
  let done = 0
  for (const found of text.matchAll(pattern)) {
    if (found.index < done) continue
    const from = found.index + found[0].length
    const end = endOf(found, from)
    if (end === from) continue
    plain += text.slice(done, from) + REMOVED
    done = end
  }
  return plain + text.slice(done)
}

function isAt(pattern: RegExp, text: string, index: number): boolean {
  pattern.lastIndex = index
  return pattern.test(text)
}

/** @param run digits, in groups or not; a card may stand among other groups, never inside one */
function withoutCards(run: string): string {
  const groups = [...run.matchAll(/\d+/g)]
  let plain = ''
  let done = 0
  for (let first = 0; first < groups.length; first++) {
    const from = groups[first]!.index
    if (!isAt(ISSUED, run, from)) continue
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
