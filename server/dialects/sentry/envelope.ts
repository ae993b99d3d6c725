/**
 * Takes a Sentry envelope apart: a line of JSON, then items, each a line of JSON and a payload. What is not asked for is
 * skipped by its length, neither decoded nor copied. Nothing that a client can send makes it throw.
 */
import { type Fields, isFields, parseJson } from '../../errors/sample.ts'

const NEWLINE = 0x0a
const HEADER_LENGTH = 64 * 1024
/** What an SDK sends has a handful. */
const MOST_ITEMS = 1000

export interface Item {
  readonly type: string
  readonly payload: Buffer
}

export interface Envelope {
  readonly header: Fields
  readonly items: readonly Item[]
}

/** @returns `undefined` for what is none: a header is no JSON object, or a length is not what follows */
export function readEnvelope(body: Buffer, wanted: ReadonlySet<string>): Envelope | undefined {
  const header = readHeader(body, 0)
  if (!header) return undefined
  const items: Item[] = []
  let from = header.next
  for (let count = 0; from < body.length && count < MOST_ITEMS; count++) {
    // Some leave an empty line between the items, or at the end.
    if (body[from] === NEWLINE) {
      from++
      continue
    }
    const itemHeader = readHeader(body, from)
    if (!itemHeader) return undefined
    const end = endOfPayload(body, itemHeader.next, itemHeader.fields.length)
    if (end === undefined) return undefined
    const { type } = itemHeader.fields
    if (typeof type === 'string' && wanted.has(type)) items.push({ type, payload: body.subarray(itemHeader.next, end) })
    from = end + 1
  }
  return { header: header.fields, items }
}

function readHeader(body: Buffer, from: number): { fields: Fields; next: number } | undefined {
  const end = lineEnd(body, from)
  if (end - from > HEADER_LENGTH) return undefined
  const fields = parseJson(body.toString('utf8', from, end))
  return isFields(fields) ? { fields, next: end + 1 } : undefined
}

/** @param length as its header says; without one the payload is a line */
function endOfPayload(body: Buffer, from: number, length: unknown): number | undefined {
  if (length === undefined || length === null) return lineEnd(body, from)
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) return undefined
  const end = from + length
  return end === body.length || body[end] === NEWLINE || (length === 0 && from >= body.length) ? end : undefined
}

function lineEnd(body: Buffer, from: number): number {
  const end = from < body.length ? body.indexOf(NEWLINE, from) : -1
  return end === -1 ? body.length : end
}
