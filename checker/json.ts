/**
 * Times in what the checker writes and posts: ISO 8601 there, epoch milliseconds in code. Code says what is a time by
 * the ending `At`; three of them have plainer names outside.
 */
import { parseTime } from '../shared/iso.ts'

const OUTSIDE: ReadonlyMap<string, string> = new Map([
  ['sinceAt', 'since'],
  ['fromAt', 'from'],
  ['toAt', 'to'],
  ['heardAt', 'lastSeenAt'],
])
const INSIDE: ReadonlyMap<string, string> = new Map([...OUTSIDE].map(([inside, outside]) => [outside, inside]))

interface Coding {
  /** @returns what stands for a time; `undefined` when it is none */
  time(key: string, item: unknown): string | number | undefined
  /** What a time is called there. */
  rename(key: string): string
}

const ENCODING: Coding = {
  time: (key, item) => (isTimeKey(key) && isTime(item) ? new Date(item).toISOString() : undefined),
  rename: (key) => OUTSIDE.get(key) ?? key,
}
const DECODING: Coding = {
  time: (key, item) => (isTimeKey(DECODING.rename(key)) ? parseTime(item) : undefined),
  rename: (key) => INSIDE.get(key) ?? key,
}

/** One line of JSON. */
export function encode(value: object): string {
  return `${JSON.stringify(encodeTimes(value))}\n`
}

export function encodeTimes(value: object): Record<string, unknown> {
  return code(value, ENCODING)
}

export function decodeTimes(value: object): Record<string, unknown> {
  return code(value, DECODING)
}

/** What a date can hold: a wrong value must not stop everything else from being written. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15
}

function isTimeKey(key: string): boolean {
  return key === 'at' || /[a-z]At$/.test(key)
}

/** Without lists of entries on the way: a start decodes the state of every host. */
function code(value: object, coding: Coding): Record<string, unknown> {
  const coded: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const item: unknown = value[key as keyof typeof value]
    if (item === undefined) continue
    // A list of times is called as one of them is.
    if (Array.isArray(item)) {
      put(
        coded,
        key,
        item.map((each: unknown) => coding.time(key, each) ?? codeItem(each, coding)),
      )
      continue
    }
    const time = coding.time(key, item)
    if (time === undefined) put(coded, key, codeItem(item, coding))
    else put(coded, coding.rename(key), time)
  }
  return coded
}

function codeItem(item: unknown, coding: Coding): unknown {
  return typeof item === 'object' && item !== null && !Array.isArray(item) ? code(item, coding) : item
}

/** Names are data: assigned, this one would be no entry but the prototype. */
function put(into: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true })
  else into[key] = value
}
