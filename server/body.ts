/** Reads a small body: a signal is one chunk of some bytes, and a general parser costs more than all the rest of its way. */
import type { IncomingMessage } from 'node:http'
import { brotliDecompress, gunzip, type InputType, inflate } from 'node:zlib'

const NOTHING = Buffer.alloc(0)

type Unpack = (
  packed: InputType,
  options: { maxOutputLength: number },
  done: (error: Error | null, body: Buffer) => void,
) => void
const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress,
}

/**
 * Calls `done` once, with the body or what is wrong with it; never when the client goes away half-way.
 * What is over the limit is not kept; Node reads it off and cuts a client that goes on for longer than a request may take.
 * @param limit bytes, as they come
 * @param unpackedLimit bytes, so that a small body cannot become a huge one
 */
export function readBody(
  req: IncomingMessage,
  { limit, unpackedLimit = limit }: { readonly limit: number; readonly unpackedLimit?: number },
  done: (body: Buffer | 'too-large' | 'bad-encoding') => void,
): void {
  const encoding = req.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') collect(req, limit, done)
  else {
    const unpack = UNPACK[encoding.trim().toLowerCase()]
    if (!unpack) done('bad-encoding')
    else {
      collect(req, limit, (packed) => {
        if (packed === 'too-large') done(packed)
        else if (packed.length === 0) done(packed)
        else unpack(packed, { maxOutputLength: unpackedLimit }, (error, body) => done(error ? whyNot(error) : body))
      })
    }
  }
}

function collect(req: IncomingMessage, limit: number, done: (body: Buffer | 'too-large') => void): void {
  let first: Buffer | undefined
  let rest: Buffer[] | undefined
  let size = 0
  let over = false
  if (Number(req.headers['content-length']) > limit) {
    done('too-large')
    return
  }
  req.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (over) return
    if (size > limit) {
      over = true
      first = rest = undefined
      done('too-large')
    } else if (first === undefined) first = chunk
    else if (rest === undefined) rest = [first, chunk]
    else rest.push(chunk)
  })
  req.on('end', () => {
    if (over) return
    done(rest ? Buffer.concat(rest, size) : (first ?? NOTHING))
  })
}

function whyNot(error: NodeJS.ErrnoException): 'too-large' | 'bad-encoding' {
  return error.code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'bad-encoding'
}
