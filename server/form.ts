/** Reads what small clients send as names and values. Nothing that a client can send makes it throw. */
import { type JsonObject, parseObject } from '../shared/files.ts'

type Fields = [name: string, value: string][]

const MULTIPART = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i
const NAME_OF_PART = /^content-disposition:[^\n]*?[;\s]name=(?:"([^"\r\n]*)"|([^\s;"]+))/im
const HEAD_ENDS = /\r?\n\r?\n/
/** Neither the name of a host nor a status; in a message it says what was there. */
const TOO_DEEP = '[…]'

/**
 * What is said in a form, in JSON, in the parts of a multipart form or, where there is no body, in the query. What a
 * body looks like says more than its declared type: curl calls everything a form.
 * @param text the body, without space around it
 * @returns names and values in their order, repetitions included; `undefined` for JSON that is broken or no object
 */
export function readFields(contentType: string | undefined, text: string, query: string): Fields | undefined {
  if (text === '') return parseForm(query)
  if (/^[[{"]/.test(text)) return ofObject(parseObject(text))
  const [, quoted, boundary = quoted] = MULTIPART.exec(contentType ?? '') ?? []
  return boundary === undefined ? parseForm(text) : partsOf(text, boundary)
}

function ofObject(found: JsonObject | undefined): Fields | undefined {
  if (!found) return undefined
  const fields: Fields = []
  for (const name in found) {
    const value = wordsOf(found[name])
    if (value !== undefined) fields.push([name, value])
  }
  return fields
}

/** What a number looks like, its digits; who sends a list as a message means its words. A mere yes or no is none. */
function wordsOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (value === null || typeof value === 'boolean') return undefined
  try {
    return JSON.stringify(value)
  } catch {
    // It can be parsed, but is nested deeper than a program may call itself.
    return TOO_DEEP
  }
}

function partsOf(text: string, boundary: string): Fields {
  const fields: Fields = []
  for (const part of text.split(`--${boundary}`).slice(1)) {
    const ends = HEAD_ENDS.exec(part)
    const [, quoted, name = quoted] = NAME_OF_PART.exec(part.slice(0, ends?.index)) ?? []
    if (ends && name !== undefined) fields.push([name, part.slice(ends.index + ends[0].length).replace(/\r?\n$/, '')])
  }
  return fields
}

/** Reads `application/x-www-form-urlencoded`. */
export function parseForm(body: string): Fields {
  const fields: Fields = []
  for (let from = 0; from < body.length; ) {
    let to = body.indexOf('&', from)
    if (to === -1) to = body.length
    const equals = body.indexOf('=', from)
    if (equals === -1 || equals > to) fields.push([decode(body.slice(from, to)), ''])
    else fields.push([decode(body.slice(from, equals)), decode(body.slice(equals + 1, to))])
    from = to + 1
  }
  return fields
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    // Written by hand, as in `curl -d "message=disk 91% full"`: what it looks like is what was meant.
    return spaced
  }
}
