/**
 * Reads bodies: a signal is one chunk of some bytes, and a general parser costs more than all the rest of its way. Large
 * ones, and what becomes large when it is unpacked, are few at a time, so that many clients together cannot take the
 * memory that one may.
 */
import type { IncomingMessage } from 'node:http'
import { brotliDecompress, gunzip, type InputType, inflate } from 'node:zlib'

const NOTHING = Buffer.alloc(0)
/** Bytes. What is smaller is not counted: Node's own limit of open connections bounds it. */
const LARGE = 64 * 1024
/** Of all large bodies that are under way. */
const MOST_HELD = 64 * 1024 * 1024
const UNPACKED_AT_ONCE = 1

type Unpack = (
  packed: InputType,
  options: { maxOutputLength: number },
  done: (error: Error | null, body: Buffer) => void,
) => void
const UNPACK: ReadonlyMap<string, Unpack> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', brotliDecompress],
])

export interface BodyLimits {
  /** Bytes, as they come. */
  readonly limit: number
  /** Bytes, so that a small body cannot become a huge one. */
  readonly unpackedLimit?: number
  /** Bytes: no more than so many at its end are wanted. What is not packed may then be of any length. */
  readonly keep?: number
}

type Done = (body: Buffer | 'too-large' | 'bad-encoding' | 'too-busy') => void

/**
 * @returns reads one body and calls `done` once, with it or with what is wrong; never when the client goes away half-way.
 *   What is over the limit is not kept; Node reads it off and cuts a client that goes on for longer than a request may take
 */
export function createBodyReader(): (req: IncomingMessage, limits: BodyLimits, done: Done) => void {
  let held = 0
  let unpacking = 0
  const waiting: (() => void)[] = []

  function collect(
    req: IncomingMessage,
    limit: number,
    done: (body: Buffer | string, release: () => void) => void,
  ): void {
    let first: Buffer | undefined
    let rest: Buffer[] | undefined
    let size = 0
    let counted = 0
    let over = false
    const release = () => {
      held -= counted
      counted = 0
    }
    const giveUp = (why: 'too-large' | 'too-busy') => {
      over = true
      first = rest = undefined
      release()
      done(why, release)
    }
    if (Number(req.headers['content-length']) > limit) {
      giveUp('too-large')
      return
    }
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (over) return
      if (size > LARGE) {
        if (counted === 0) req.on('close', () => req.complete || release())
        held += size - counted
        counted = size
      }
      if (size > limit) giveUp('too-large')
      else if (counted > 0 && held > MOST_HELD) giveUp('too-busy')
      else if (first === undefined) first = chunk
      else if (rest === undefined) rest = [first, chunk]
      else rest.push(chunk)
    })
    req.on('end', () => {
      if (over) return
      const body = rest ? Buffer.concat(rest, size) : (first ?? NOTHING)
      first = rest = undefined
      done(body, release)
    })
  }

  function unpackNext(): void {
    if (unpacking >= UNPACKED_AT_ONCE) return
    const next = waiting.shift()
    if (!next) return
    unpacking++
    next()
  }

  return (req, { limit, unpackedLimit = limit, keep }, done) => {
    const encoding = req.headers['content-encoding']?.trim().toLowerCase() ?? ''
    if (encoding === '' || encoding === 'identity') {
      if (keep !== undefined) {
        collectEnd(req, keep, done)
        return
      }
      collect(req, limit, (body, release) => {
        release()
        done(body as Buffer)
      })
      return
    }
    const unpack = UNPACK.get(encoding)
    if (!unpack) {
      done('bad-encoding')
      return
    }
    collect(req, limit, (packed, release) => {
      if (typeof packed === 'string' || packed.length === 0) {
        release()
        done(packed as Buffer)
        return
      }
      waiting.push(() => {
        unpack(packed, { maxOutputLength: unpackedLimit }, (error, body) => {
          unpacking--
          release()
          done(error ? whyNot(error) : body)
          unpackNext()
        })
      })
      unpackNext()
    })
  }
}

/** Holds up to twice as much as is wanted, so that no more is moved than comes. */
function collectEnd(req: IncomingMessage, keep: number, done: (body: Buffer) => void): void {
  let end: Buffer = NOTHING
  let length = 0
  req.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(-keep)
    if (length === 0) {
      end = part
      length = part.length
      return
    }
    if (length + part.length > end.length) {
      const kept = end.subarray(Math.max(0, length - keep), length)
      // What came first is Node's: it is not written to.
      if (end.length < 2 * keep) end = Buffer.allocUnsafe(2 * keep)
      length = kept.copy(end)
    }
    length += part.copy(end, length)
  })
  req.on('end', () => done(end.subarray(Math.max(0, length - keep), length)))
}

function whyNot(error: NodeJS.ErrnoException): 'too-large' | 'bad-encoding' {
  return error.code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'bad-encoding'
}
