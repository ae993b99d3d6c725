/**
 * What nobody should send and somebody will: texts, JSON and forms with wrong types, odd characters, forbidden names,
 * bottomless nesting and whatever makes a careless regular expression slow. `rate` is how often a part is replaced.
 */
import type { Random } from '../random/randomness.ts'

export type Pairs = readonly (readonly [name: string, value: string])[]

const DEEPEST = 50_000

export const TRAVERSALS = [
  '..',
  '../../../../etc/passwd',
  '..%2f..%2f..%2fregistry',
  '%2e%2e%2f%2e%2e%2fescaped',
  '%252e%252e%252fescaped',
  '%c0%ae%c0%ae%c0%af',
  '..%5c..%5cescaped',
  '.%00',
  '%00',
  'nas%00.json',
  'nas%0d%0aX-Injected:%201',
  '%',
  '%zz',
  '%ff%fe',
  '%F0%9F%92%A9',
  '.',
  '.hidden',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '-rf',
  '~root',
  'CON',
  'nas.host',
  '*',
  '',
] as const

const ODD_TEXTS = [
  ...TRAVERSALS,
  '\u0000',
  '\r\n\r\nGET / HTTP/1.1\r\n',
  '\u202egnp.exe',
  '\ud800',
  'x\udfff',
  '\ufeff',
  '\u2028\u2029',
  '💩'.repeat(300),
  'é'.repeat(64),
  '0',
  '-1',
  '1e999',
  '-0',
  'NaN',
  'Infinity',
  '9'.repeat(400),
  '0x10',
  '10d',
  '99999999999y',
  '-5m',
  'true',
  'null',
  '[object Object]',
  '$& $1 $`',
  '{{ default }}',
  '@daily',
  '* * * * *',
  '*/0 99 31 2 *',
  '0 0 30 2 *',
  '* * * * * * *',
  'Mars/Olympus',
  '9999-12-31T23:59:59.999Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  'https://user:password@example.com/?token=abc',
  '4111 1111 1111 1111',
]

/** Repeated, each leads some pattern into trying again and again. */
const TRAPS = [
  'a',
  ' ',
  '\n',
  '"',
  '\\',
  '\\"',
  "'",
  'password=',
  'password: "',
  'token=\\',
  '--token ',
  '-----BEGIN A PRIVATE KEY-----',
  'eyJaaaaaaaa.',
  'eyJaaaaaaaa.aaaaaaaa',
  'cookie: ',
  'bearer ',
  '://a:',
  'a@',
  '4 ',
  '4-',
  '0',
  '12:',
  'at (',
  'at a (b:1',
  'File "a", line 1\n',
  'Traceback (most recent call last):\n',
  '#0 a(1): b\n',
  'a@b:1:1\n',
  '/a',
  '\\a',
  'f0',
  'deadbeef-',
  'aA0',
  '.a-',
  '%s',
  '%25',
  '+',
  '&',
  '=',
  '[',
  '{"a":',
  '\u0301',
  '1h',
]

export function hostileText(random: Random): string {
  const kind = random()
  if (kind < 0.6) return random.pick(ODD_TEXTS)
  if (kind < 0.8) return random.pick(TRAPS).repeat(random.whole(1, 100))
  if (kind < 0.95) return Array.from({ length: random.whole(1, 40) }, () => random.pick(TRAPS)).join('')
  if (kind < 0.997) return String.fromCharCode(...Array.from({ length: 60 }, () => random.whole(0, 0xffff)))
  return random.pick(TRAPS).repeat(random.whole(400, 10_000))
}

const ODD_JSON = [
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '""',
  '0',
  '-1',
  '-0',
  '0.1e-400',
  '1e999',
  '-1e999',
  '1e308',
  '9007199254740993',
  '9'.repeat(400),
  '"\\ud800"',
  '"\\u0000\\u001b[2J"',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toJSON":1,"then":1}',
  '{"length":4294967295,"0":1}',
  '[null]',
  '[[[]],{},"",0]',
]

/** No text and no number can be made of them. */
const SHAPELESS = ['{"toString":1,"valueOf":1}', '[{"toString":null,"valueOf":null}]', '{"toString":{},"length":"x"}']

const NO_JSON = ['', 'NaN', 'undefined', '{', '"', '[1,', "{'a':1}", '{"a":1}}', '\u0000']

function hostileJson(random: Random): string {
  const kind = random()
  if (kind < 0.4) return random.pick(ODD_JSON)
  if (kind < 0.6) return random.pick(SHAPELESS)
  if (kind < 0.97) return JSON.stringify(hostileText(random))
  if (kind < 0.98) return random.pick(NO_JSON)
  if (kind < 0.998) return nested(random, random.whole(2, 300))
  return nested(random, random.whole(1000, DEEPEST))
}

function nested(random: Random, depth: number): string {
  return random.chance(0.5)
    ? `${'['.repeat(depth)}${']'.repeat(depth)}`
    : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
}

/** Written by hand: much of what matters here JSON.stringify cannot write. */
export function jsonText(value: unknown, random: Random, rate: number): string {
  if (random.chance(rate)) return hostileJson(random)
  if (Array.isArray(value)) {
    const items = value.map((item) => jsonText(item, random, rate))
    return `[${(random.chance(rate) ? Array.from({ length: random.whole(2, 30) }, () => items).flat() : items).join(',')}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const said = Object.entries(value).filter(([, item]) => item !== undefined)
  const fields = bent(said, random, rate).map(
    ([name, item]) => `${JSON.stringify(name)}:${jsonText(item, random, rate)}`,
  )
  if (random.chance(rate)) fields.push(`${JSON.stringify(hostileText(random))}:${hostileJson(random)}`)
  return `{${fields.join(',')}}`
}

export function formText(fields: Pairs, random: Random, rate: number): string {
  const said = bent(fields, random, rate).map(([name, value]) => {
    const sent = random.chance(rate) ? hostileText(random) : value
    return `${encoded(name, random, rate)}=${encoded(sent, random, rate)}`
  })
  if (random.chance(rate)) said.push(encoded(hostileText(random), random, rate))
  return said.join(random.chance(rate) ? ';&&' : '&')
}

/** Some left out, some said twice. */
function bent<T>(entries: readonly T[], random: Random, rate: number): T[] {
  return entries.flatMap((entry) => (random.chance(rate) ? [] : random.chance(rate) ? [entry, entry] : [entry]))
}

function encoded(text: string, random: Random, rate: number): string {
  return random.chance(rate) ? text : encodeURIComponent(Buffer.from(text).toString())
}
