/** Reads a small body: a signal is one chunk of some bytes, and a general parser costs more than all the rest of its way. */
import type { IncomingMessage } from 'node:http'

/**
 * Calls `done` once, with the text or 'too-large'; never when the client goes away half-way.
 * What is over the limit is not kept; Node reads it off and cuts a client that goes on for longer than a request may take.
 * @param limit bytes
 */
export function readBody(req: IncomingMessage, limit: number, done: (body: string | { tooLarge: true }) => void): void {
  let first: Buffer | undefined
  let rest: Buffer[] | undefined
  let size = 0
  let over = false
  if (Number(req.headers['content-length']) > limit) {
    done({ tooLarge: true })
    return
  }
  req.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (over) return
    if (size > limit) {
      over = true
      first = rest = undefined
      done({ tooLarge: true })
    } else if (first === undefined) first = chunk
    else if (rest === undefined) rest = [first, chunk]
    else rest.push(chunk)
  })
  req.on('end', () => {
    if (over) return
    done(rest ? Buffer.concat(rest, size).toString() : (first?.toString() ?? ''))
  })
}
