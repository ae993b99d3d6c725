/**
 * What is kept of a reported error, and how much of it: the bounds that every dialect shares. Texts are cut and cleaned,
 * foreign structures copied only as far as they are small. Pure; nothing here is scrubbed yet (scrub.ts).
 */
import { randomUUID } from 'node:crypto'
import type { ErrorLevel, ErrorSample } from '../../shared/error-event.ts'

export const MESSAGE_LENGTH = 2000
export const STACK_LENGTH = 10_000
export const MOST_FRAMES = 50
export const MOST_BREADCRUMBS = 30
const LABEL_LENGTH = 200
const MOST_TAGS = 50
const BREADCRUMB_LENGTH = 500
const KEY_LENGTH = 100
const TEXT_LENGTH = 1000
const CONTEXT: Bounds = { bytes: 8000, depth: 5, entries: 300 }
/** About as long as all of it can be, as JSON. */
export const SAMPLE_LENGTH = 80_000

/** Of words that are longer, the end is lost with the cut. */
const LONGEST_WORD = 100
/** Control characters but for lines and tabs, halves of characters, and marks that turn the writing around. */
const UNPRINTABLE = /[^\P{Cc}\n\t]|[\p{Cs}\u202a-\u202e\u2066-\u2069]/gu

/** What Python writes of numbers that are none, which JSON does not know. */
const NO_NUMBER = /NaN|Infinity/
/** It, and what tells whether it stands in a string. */
const MARK = /\\[\s\S]|"|NaN|-?Infinity/g

const LEVELS: ReadonlyMap<string, ErrorLevel> = new Map([
  ['fatal', 'fatal'],
  ['critical', 'fatal'],
  ['emergency', 'fatal'],
  ['alert', 'fatal'],
  ['high', 'error'],
  ['error', 'error'],
  ['warning', 'warning'],
  ['warn', 'warning'],
  ['medium', 'warning'],
  ['info', 'info'],
  ['notice', 'info'],
  ['log', 'info'],
  ['low', 'info'],
  ['debug', 'debug'],
])

/** As Python's logging numbers them, from which one on. */
const NUMBERED_LEVELS: readonly (readonly [number, ErrorLevel])[] = [
  [50, 'fatal'],
  [40, 'error'],
  [30, 'warning'],
  [20, 'info'],
  [10, 'debug'],
]

export type Fields = Readonly<Record<string, unknown>>
export type Breadcrumb = NonNullable<ErrorSample['breadcrumbs']>[number]

export interface Bounds {
  /** As JSON. */
  readonly bytes: number
  readonly depth: number
  /** Of all levels together. */
  readonly entries: number
}

export function newErrorId(): string {
  return randomUUID().replaceAll('-', '')
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object without anything in it where there is none: what is asked of it is then not there. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** JSON that a client sent, whatever it claims to be. @returns `undefined` for what is none */
export function parseJson(text: string): unknown {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text
  try {
    return JSON.parse(json)
  } catch {
    return NO_NUMBER.test(json) ? parseNoNumbers(json) : undefined
  }
}

function parseNoNumbers(json: string): unknown {
  let inString = false
  const plain = json.replace(MARK, (found) => {
    if (found === '"') inString = !inString
    return inString || found === '"' || found.startsWith('\\') ? found : 'null'
  })
  try {
    return JSON.parse(plain)
  } catch {
    return undefined
  }
}

/** A name of something, on one line. */
export function label(value: unknown, length = LABEL_LENGTH): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.slice(0, length).replace(/\s+/g, ' ').replace(UNPRINTABLE, '').trim()
  return text === '' ? undefined : text
}

/** Free text. What a cut leaves of a word or a number goes too: half a secret is one that nothing recognises. */
export function prose(value: unknown, length: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = (value.length > length ? `${beforeTorn(value.slice(0, length - 1))}…` : value)
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE, '')
    .trim()
  return text === '' ? undefined : text
}

function beforeTorn(text: string): string {
  const tail = text.slice(-LONGEST_WORD)
  return text.slice(0, text.length - tail.length + tail.search(/[\s\d-]*\S*$/))
}

/** @param fallback where it says nothing that is known */
export function levelOf(value: unknown, fallback: ErrorLevel = 'error'): ErrorLevel {
  if (typeof value === 'string' && !/^\d{1,9}$/.test(value)) return LEVELS.get(value.toLowerCase()) ?? fallback
  if (typeof value !== 'string' && typeof value !== 'number') return fallback
  return NUMBERED_LEVELS.find(([from]) => Number(value) >= from)?.[1] ?? fallback
}

/** Of an object, or of a list of pairs. */
export function tagsOf(value: unknown): ErrorSample['tags'] {
  const pairs = Array.isArray(value) ? value.filter(Array.isArray) : Object.entries(fieldsOf(value))
  const tags = pairs.slice(0, MOST_TAGS).flatMap(([key, item]): [string, string][] => {
    const name = label(key, KEY_LENGTH)
    const text = prose(scalarText(item), LABEL_LENGTH)
    return name === undefined || text === undefined ? [] : [[name, text]]
  })
  return tags.length === 0 ? undefined : Object.fromEntries(tags)
}

export function breadcrumb(at: string | undefined, category: unknown, message: unknown): Breadcrumb {
  return { at, category: label(category), message: prose(message, BREADCRUMB_LENGTH) }
}

export function contextOf(value: Fields): ErrorSample['context'] {
  return bounded(value, CONTEXT)
}

/** A copy of what is within the bounds; the rest is left out, the first come is kept. */
export function bounded(value: unknown, bounds: Bounds): Fields | undefined {
  let { bytes, entries } = bounds
  const spend = (size: number): boolean => {
    if (size > bytes) return false
    bytes -= size
    return true
  }
  const copy = (item: unknown, depth: number): unknown => {
    if (typeof item === 'object' && item !== null) {
      if (depth === 0 || !spend(2)) return undefined
      return Array.isArray(item) ? copyList(item, depth) : copyFields(item as Fields, depth)
    }
    const leaf = typeof item === 'string' ? (prose(item, TEXT_LENGTH) ?? '') : isScalar(item) ? item : null
    return spend(size(leaf)) ? leaf : undefined
  }
  const copyList = (list: readonly unknown[], depth: number): unknown[] => {
    const kept: unknown[] = []
    for (const item of list) {
      if (entries-- <= 0 || !spend(1)) break
      const copied = copy(item, depth - 1)
      if (copied !== undefined) kept.push(copied)
    }
    return kept
  }
  const copyFields = (fields: Fields, depth: number): Fields => {
    const kept: [string, unknown][] = []
    for (const key of Object.keys(fields)) {
      const name = label(key, KEY_LENGTH) ?? ''
      if (entries-- <= 0 || !spend(size(name) + 2)) break
      const copied = copy(fields[key], depth - 1)
      if (copied !== undefined) kept.push([name, copied])
    }
    return Object.fromEntries(kept)
  }
  const copied = isFields(value) ? (copy(value, bounds.depth) as Fields | undefined) : undefined
  return copied && Object.keys(copied).length > 0 ? copied : undefined
}

/** What can be written as text in one way only. An object decides itself how it is written, and may refuse. */
export function scalarText(value: unknown): string | undefined {
  return isScalar(value) ? String(value) : undefined
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function size(leaf: string | number | boolean | null): number {
  return Buffer.byteLength(JSON.stringify(leaf))
}
