/**
 * Reads what comes to the store: JSON, or JSON that was packed with zlib and written in base64, as the first SDKs
 * (raven) of PHP, Ruby and Go send it by themselves, whatever they declare.
 */
import { inflateSync } from 'node:zlib'
import { type Fields, isFields, parseJson } from '../../errors/sample.ts'

/** What zlib's first byte, 0x78, always becomes in base64. No JSON begins with it. */
const PACKED = 'e'

/**
 * @param limit bytes, unpacked: small enough that nobody else waits for it
 * @returns `undefined` for what is no JSON object
 */
export function readStored(body: Buffer, limit: number): Fields | 'too-large' | undefined {
  const text = body.toString()
  const plain = text.startsWith(PACKED) ? unpacked(text, limit) : text
  if (plain === undefined || plain === 'too-large') return plain
  const found = parseJson(plain)
  return isFields(found) ? found : undefined
}

function unpacked(text: string, limit: number): string | undefined {
  try {
    return inflateSync(Buffer.from(text, 'base64'), { maxOutputLength: limit }).toString()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : undefined
  }
}
