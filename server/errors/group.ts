/**
 * Which errors are the same to people: those of one type that were raised at the same place of the application, or,
 * where no place is known or none has a name, whose messages differ only in numbers, names and the like. Line numbers,
 * folders of a release and the hashes of built files change with every release and play no part; nor does anything
 * secret.
 */
import { hash } from 'node:crypto'
import type { ErrorSample, Frame } from '../../shared/error-event.ts'
import { createScrub } from './scrub.ts'

const MOST_PLACES = 5
const STACK_LINES = 3
const MOST_LINES = 20
const SHAPE_LENGTH = 300
const DEFAULT = /^\{\{\s*default\s*\}\}$/

const scrub = createScrub([])

/** In this order: what is quoted may be anything, and a date is made of numbers. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/"[^"\n]*"|`[^`\n]*`|«[^«»\n]*»|“[^“”\n]*”|(?<!\w)'[^'\n]*'(?!\w)/g, '""'],
  [/\b[a-z][a-z\d+.-]{1,20}:\/\/\S+/gi, '<url>'],
  [/[\w.+-]{1,64}@[\w.-]+/g, '<email>'],
  [/\b[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, '<time>'],
  [/(?<![\w<])(?:[a-z]:)?(?:[\\/][\w.@~+-]+){2,}[\\/]?/gi, '<path>'],
  [/\b0x[\da-f]+\b|\b(?=[a-f]*\d)[\da-f]{6,}\b/gi, '#'],
  [/\d+(?:[.,:]\d+)*/g, '#'],
  [/\s+/g, ' '],
]

/**
 * @param sample before or after it was scrubbed
 * @param fingerprint what the application itself goes by; `{{ default }}` in it stands for the group found here
 * @returns 16 hex digits
 */
export function groupOf(
  sample: Pick<ErrorSample, 'type' | 'message' | 'frames' | 'stack'>,
  fingerprint: readonly string[] = [],
): string {
  const own = () => {
    const places = placesOf(sample)
    return JSON.stringify([sample.type, ...(places.length > 0 ? places : [shapeOf(sample.message)])])
  }
  if (fingerprint.length === 0) return keyOf(own())
  if (fingerprint.length === 1 && DEFAULT.test(fingerprint[0]!)) return keyOf(own())
  return keyOf(JSON.stringify(fingerprint.map((part) => (DEFAULT.test(part) ? own() : part))))
}

/** What remains of a message when all that varies is taken out. */
export function shapeOf(message: string): string {
  let shape = scrub.text(message.slice(0, SHAPE_LENGTH))
  for (const [pattern, mark] of VARYING) shape = shape.replace(pattern, mark)
  return shape.trim()
}

function placesOf({ frames, stack, message }: Pick<ErrorSample, 'frames' | 'stack' | 'message'>): string[] {
  const places: string[] = []
  if (!frames || frames.length === 0) {
    for (const line of stack?.split('\n', MOST_LINES) ?? []) {
      const shape = shapeOf(line)
      if (isPlace(shape)) places.push(shape)
      if (places.length === STACK_LINES) break
    }
    return places
  }
  const told = frames.some(({ inApp }) => inApp !== undefined)
  for (const frame of told ? frames.filter(({ inApp }) => inApp) : frames) {
    const place = placeOf(frame)
    // How deep it went into itself is chance.
    if (place !== '' && place !== places.at(-1)) places.push(place)
    if (places.length === MOST_PLACES) break
  }
  // Of a whole application built into one file, the file alone tells nothing.
  const isNamed = places.some((place) => !place.endsWith(':'))
  return isNamed || !frames.some(isBuilt) ? places : [...places, withoutShortNames(shapeOf(message))]
}

function isBuilt({ file = '' }: Frame): boolean {
  const name = fileName(file)
  return withoutHash(name) !== name
}

/** What a minifier calls things changes with each build. */
function withoutShortNames(message: string): string {
  return message.replace(/(?<![\w$])[A-Za-z_$]{1,2}(?![\w$])/g, '#')
}

function fileName(file: string): string {
  return file.replace(/[?#].*$/s, '').replace(/^.*[\\/]/s, '')
}

/** A line of a stack in no format that is known, but one that names a place. */
function isPlace(line: string): boolean {
  return /^(?:#|(?:at|in|from|File)\b)|<path>/.test(line)
}

function placeOf({ file = '', function: name = '' }: Frame): string {
  const folders = file.replace(/[?#].*$/s, '').split(/[\\/]+/)
  const last = folders.pop()!
  const plain = withoutHash(last)
  // What a minifier called it says nothing.
  const called = plain !== last && name.length <= 2 ? '' : functionOf(name)
  const where = [folders.pop() ?? '', plain].join('/').replace(/\d+/g, '#')
  return where === '/' && called === '' ? '' : `${where}:${called}`
}

/** `main.3f9a2b1c.js` and `index-BxK3d9aQ.js` are `main.js` and `index.js`. */
function withoutHash(name: string): string {
  return name.replace(/[.-](\w{8,40})(?=[.-]|$)/g, (part, word: string) => {
    const varied = /\d/.test(word) && /[a-z]/i.test(word)
    const mixed = /[a-z]/.test(word) && /[A-Z]\w*[A-Z]/.test(word)
    return varied || mixed || /^\d+$/.test(word) ? '' : part
  })
}

function functionOf(name: string): string {
  const plain = name.replace(/^(?:async|new) /, '').replace(/^\{closure.*$/s, '{closure}')
  return /^(?:\?|<anonymous>|anonymous)$/.test(plain) ? '' : plain.replace(/\d+/g, '#')
}

function keyOf(text: string): string {
  return hash('sha256', text).slice(0, 16)
}
