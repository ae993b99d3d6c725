/**
 * Times in what the checker writes and posts: ISO 8601 there, epoch milliseconds in code. Code says what is a time by
 * the ending `At`; three of them have plainer names outside.
 */
import { parseTime } from '../shared/iso.ts'

const OUTSIDE: Readonly<Record<string, string>> = {
  sinceAt: 'since',
  fromAt: 'from',
  toAt: 'to',
  heardAt: 'lastSeenAt',
}
const INSIDE = new Map(Object.entries(OUTSIDE).map(([inside, outside]) => [outside, inside]))

/** One line of JSON. */
export function encode(value: object): string {
  return `${JSON.stringify(encodeTimes(value))}\n`
}

export function encodeTimes(value: object): Record<string, unknown> {
  return mapEntries(value, (key, item) =>
    isTimeKey(key) && isTime(item) ? [OUTSIDE[key] ?? key, new Date(item).toISOString()] : [key, item],
  )
}

export function decodeTimes(value: object): Record<string, unknown> {
  return mapEntries(value, (key, item) => {
    const inside = INSIDE.get(key) ?? key
    const at = isTimeKey(inside) ? parseTime(item) : undefined
    return at === undefined ? [key, item] : [inside, at]
  })
}

/** What a date can hold: a wrong value must not stop everything else from being written. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15
}

function isTimeKey(key: string): boolean {
  return key === 'at' || /[a-z]At$/.test(key)
}

function mapEntries(
  value: object,
  map: (key: string, item: unknown) => readonly [string, unknown],
): Record<string, unknown> {
  const entries: [string, unknown][] = []
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    // A list of times is called as one of them is.
    if (Array.isArray(item)) entries.push([key, item.map((each: unknown) => mapItem(key, each, map))])
    else {
      const [name, mapped] = map(key, item)
      entries.push([name, isPlain(mapped) ? mapEntries(mapped, map) : mapped])
    }
  }
  return Object.fromEntries(entries)
}

function mapItem(key: string, item: unknown, map: (key: string, item: unknown) => readonly [string, unknown]): unknown {
  return isPlain(item) ? mapEntries(item, map) : map(key, item)[1]
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
