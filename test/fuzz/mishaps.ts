/**
 * What befalls a request on its way to bytes: its path, headers, packing and framing are bent. Says of each whether the
 * connection can be used after it, for whoever sends it must know where an answer ends.
 */
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import type { Random } from '../random/randomness.ts'
import type { Draft } from './draft.ts'
import { hostileText, TRAVERSALS } from './hostile.ts'

export interface Sent {
  readonly bytes: Buffer
  readonly method: string
  /** It breaks the protocol, or ends the connection. */
  readonly last: boolean
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'TRACE']
const BAD_METHODS = ['BREW', 'get', '', 'CONNECT', 'PRI', 'G\u00cbT', 'POST POST']
const VERSIONS = ['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'HTTQ/1.1', '']
const PLAIN_TARGET = /^\/[\x21-\x22\x24-\x7e]{0,6000}$/
const PLAIN_NAME = /^[A-Za-z0-9-]+$/
const PLAIN_VALUE = /^[\x20-\x7e\x80-\xff]*$/
/** What the bytes on the line depend on: it is said once, by `framed`. */
const FRAMING = /^(?:content-length|transfer-encoding|connection|host|upgrade|expect)$/i
/** Node takes 16 KB. */
const MOST_HEAD = 14_000

const MEGABYTES_10 = Buffer.alloc(10 * 1024 * 1024)
const GZIP_10 = gzipSync(MEGABYTES_10)
/** A gzip may have many members. */
const BOMBS: readonly (readonly [encoding: string, body: Buffer])[] = [
  ['gzip', GZIP_10],
  ['gzip', Buffer.concat(Array.from({ length: 40 }, () => GZIP_10))],
  ['deflate', deflateSync(MEGABYTES_10)],
  ['br', brotliCompressSync(MEGABYTES_10, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
]

export function sentOf(draft: Draft, random: Random): Sent {
  // Else all who guess would come from one address, and the server makes such wait.
  if (random.chance(0.99)) draft.headers.push(['X-Forwarded-For', addressOf(random)])
  if (random.chance(0.15)) bendTarget(draft, random)
  if (random.chance(0.15)) bendHeaders(draft, random)
  if (random.chance(0.1)) bendBody(draft, random)
  if (random.chance(0.1)) pack(draft, random)
  if (random.chance(0.03)) draft.method = random.pick(METHODS)
  return framed(draft, random)
}

function addressOf(random: Random): string {
  if (random.chance(0.02)) return hostileText(random).slice(0, 200)
  const part = () => random.whole(1, 254)
  const hex = () => random.whole(0, 0xffff).toString(16)
  return random.chance(0.7) ? `203.${part()}.${part()}.${part()}` : `2001:db8:${hex()}:${hex()}::${hex()}`
}

function bendTarget(draft: Draft, random: Random): void {
  const parts = draft.path.split('/')
  const at = random.whole(1, Math.max(1, parts.length - 1))
  const bend: readonly (() => void)[] = [
    () => parts.splice(at, 1, random.pick(TRAVERSALS)),
    () => parts.splice(at, 0, random.pick(TRAVERSALS)),
    () => parts.splice(at, 0, '', ''),
    () => parts.splice(at, 1),
    () => parts.push(random.pick(TRAVERSALS)),
    () => parts.splice(at, 1, encodeURIComponent(Buffer.from(hostileText(random)).toString()).slice(0, 9000)),
    () => parts.splice(at, 1, Buffer.from(hostileText(random)).toString('latin1').slice(0, 9000)),
    () => parts.splice(at, 1, [...(parts[at] ?? '')].map(percent).join('')),
    () => parts.splice(at, 1, [...(parts[at] ?? '')].map(percent).map(encodeURIComponent).join('')),
    () => parts.splice(at, 1, (parts[at] ?? '').toUpperCase()),
    () => parts.splice(at, 1, 'a'.repeat(random.whole(60, 17_000))),
    () => parts.splice(at, 1, `${parts[at]};x=1`),
    () => parts.splice(0, 1, 'http://other.example.com'),
    () => parts.splice(0, parts.length, random.pick(['*', '', '//', '/', '?', '/%', 'signal'])),
  ]
  random.pick(bend)()
  draft.path = parts.join('/')
  if (random.chance(0.3)) {
    draft.query = random.pick([
      '?',
      '??',
      `?${'a=&'.repeat(random.whole(1, 4000))}`,
      `?${Buffer.from(hostileText(random)).toString('latin1')}`,
      '?__proto__=1&__proto__[x]=2&constructor=3',
      '?project[]=a&project[b]=c&project=d',
      '?from[toString]=1&to=%00',
      '?sentry_key=%ff&sentry_key=../../x',
    ])
  }
}

function percent(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).padStart(2, '0').slice(-2)}`
}

function bendHeaders(draft: Draft, random: Random): void {
  const { headers } = draft
  const text = () => hostileText(random).slice(0, 3000)
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
  const bend: readonly (() => void)[] = [
    () => set(draft, 'Authorization', random.pick(['', 'Basic', 'Bearer', 'Bearer ', 'Basic ====', 'Digest x'])),
    () => set(draft, 'Authorization', `${random.pick(['Bearer', 'bearer  ', 'Basic', 'Token'])} ${text()}`),
    () => set(draft, 'Authorization', basic(text())),
    () => set(draft, 'Authorization', `Basic ${'A'.repeat(random.whole(1, 13_000))}`),
    () => set(draft, 'X-Sentry-Auth', `Sentry ${text()}, sentry_key=${text()}`),
    () => set(draft, 'X-Sentry-Auth', ', ='.repeat(random.whole(1, 3000))),
    () => set(draft, 'Content-Type', text()),
    () => set(draft, 'Content-Type', random.pick(['application/json', 'multipart/form-data; boundary=x', 'a', ''])),
    () =>
      set(draft, 'Content-Encoding', random.pick(['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', '__proto__', 'x'])),
    () => set(draft, 'Content-Encoding', random.pick(['constructor', 'toString', 'GZIP ', 'identity', ''])),
    () => void headers.push(...headers.map(([name, value]): [string, string] => [name, value])),
    () => void headers.push([text().slice(0, 60), text()]),
    () => void headers.push(...many(random.whole(1, 1900), (): [string, string] => ['X', '1'])),
    () => void headers.push(['X-Long', 'a'.repeat(random.whole(1000, 17_000))]),
    () => void headers.push(['X-Forwarded-For', '1.2.3.4, '.repeat(random.whole(1, 800))]),
    () => void headers.push(['X-Forwarded-Proto', text()]),
    () => void headers.push(['__proto__', '1'], ['constructor', '1'], ['toString', '1']),
    () => void headers.push(['Expect', random.pick(['100-continue', 'something else'])]),
    () => void headers.push(['Upgrade', 'websocket'], ['Connection', 'Upgrade']),
    () => void headers.push(['Origin', 'null'], ['Range', 'bytes=0-1'], ['If-None-Match', '*']),
  ]
  random.pick(bend)()
}

function set(draft: Draft, name: string, value: string): void {
  draft.headers = [...draft.headers.filter(([known]) => known !== name), [name, value]]
}

function many<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make)
}

function bendBody(draft: Draft, random: Random): void {
  const body = Buffer.from(draft.body)
  const flipped = () => {
    for (let times = random.whole(1, 8); times > 0 && body.length > 0; times--) {
      body[random.whole(0, body.length - 1)] = random.whole(0, 255)
    }
    return body
  }
  const bend: readonly (() => Buffer)[] = [
    () => body.subarray(0, random.whole(0, body.length)),
    () => body.subarray(random.whole(0, body.length)),
    flipped,
    flipped,
    () => Buffer.concat([body, body]),
    () => Buffer.concat([Buffer.from('\ufeff'), body]),
    () => Buffer.from(many(random.whole(1, 400), () => random.whole(0, 255))),
    () => Buffer.from(hostileText(random)),
    () => Buffer.alloc(random.pick([10_001, 32_769, 65_537, 1_048_577]), 'a'),
    () => Buffer.from('[{"a":'.repeat(random.whole(1, 50_000))),
    () => Buffer.from('\n{}'.repeat(random.whole(1, 3000))),
  ]
  draft.body = random.pick(bend)()
}

function pack(draft: Draft, random: Random): void {
  if (random.chance(0.01)) {
    const [encoding, body] = random.pick(BOMBS)
    set(draft, 'Content-Encoding', encoding)
    draft.body = body
    return
  }
  const [encoding, packed] = random.pick([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ] as const)
  const body = packed(draft.body)
  set(draft, 'Content-Encoding', random.chance(0.9) ? encoding : random.pick(['gzip', 'deflate', 'br']))
  draft.body = random.chance(0.7) ? body : body.subarray(0, random.whole(0, body.length))
}

function framed(draft: Draft, random: Random): Sent {
  const { body } = draft
  const chunked = random.chance(0.15) && body.length > 0
  const honest: [string, string][] = chunked
    ? [['Transfer-Encoding', 'chunked']]
    : body.length > 0 || random.chance(0.5)
      ? [['Content-Length', String(body.length)]]
      : []
  const payload = chunked ? chunks(body, random) : body
  const headers: [string, string][] = [['Host', 'box'], ...draft.headers, ...honest]
  if (random.chance(0.04)) return broken(draft, payload, headers, random)

  const target = `${draft.path}${draft.query}`
  const head = headOf(`${draft.method} ${target} HTTP/1.1`, headers)
  const plain =
    METHODS.includes(draft.method) &&
    PLAIN_TARGET.test(target) &&
    head.length < MOST_HEAD &&
    headers.length < 900 &&
    draft.headers.every(([name, value]) => PLAIN_NAME.test(name) && PLAIN_VALUE.test(value) && !FRAMING.test(name))
  return { bytes: Buffer.concat([head, payload]), method: draft.method, last: !plain }
}

/** What no honest client does with the lines between itself and the server. */
function broken(
  { method, path, query, body }: Draft,
  payload: Buffer,
  headers: [string, string][],
  random: Random,
): Sent {
  const line = `${method} ${path}${query} HTTP/1.1`
  const rest = headers.filter(([name]) => name !== 'Content-Length' && name !== 'Transfer-Encoding')
  const saying = (...more: [string, string][]) => Buffer.concat([headOf(line, [...rest, ...more]), body])
  const whole = (first: string, all = headers) => Buffer.concat([headOf(first, all), payload])
  const make: readonly (() => Buffer)[] = [
    () => saying(['Content-Length', String(Math.max(0, body.length - 1))]),
    () => saying(['Content-Length', String(body.length + random.whole(1, 1e6))]),
    () => saying(['Content-Length', random.pick(['-1', '1e3', '0x10', '99999999999999999999', '', '5, 5', ' 5 '])]),
    () => saying(['Content-Length', String(body.length)], ['Content-Length', String(body.length + 1)]),
    () => saying(['Content-Length', String(body.length)], ['Transfer-Encoding', 'chunked']),
    () => saying(['Transfer-Encoding', random.pick(['chunked', 'gzip, chunked', 'xchunked', 'chunked, chunked'])]),
    () => saying(),
    () => whole(line, [...headers, ['Connection', random.pick(['close', 'keep-alive, close', ''])]]),
    () => whole(`${method} ${path}${query} ${random.pick(VERSIONS)}`),
    () => whole(`${random.pick(BAD_METHODS)} ${path}${query} HTTP/1.1`),
    () => whole(line, headers.slice(1)),
    () => whole(line, [['Host', 'a'], ...headers]),
    () => whole(line).subarray(0, random.whole(1, line.length + 60)),
    () => Buffer.from(many(random.whole(1, 300), () => random.whole(0, 255))),
    () => Buffer.from(whole(line).toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    () => Buffer.concat([whole(line), Buffer.from('\r\n\r\n garbage')]),
    () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    () => Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
  ]
  return { bytes: random.pick(make)(), method, last: true }
}

function headOf(line: string, headers: readonly (readonly [string, string])[]): Buffer {
  return Buffer.from(`${line}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1')
}

function chunks(body: Buffer, random: Random): Buffer {
  const parts: Buffer[] = []
  for (let from = 0; from < body.length; ) {
    const size = random.whole(1, Math.max(1, body.length - from))
    parts.push(Buffer.from(`${size.toString(16)}\r\n`), body.subarray(from, from + size), Buffer.from('\r\n'))
    from += size
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}
