/**
 * A connection that sends bytes as they are, several requests at once, and reads the answers strictly: whatever is no
 * well-formed HTTP is an error here, while a real client might forgive it.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Sent } from './mishaps.ts'

export interface Reply {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

const LIMIT_MS = 30_000
const HEAD_END = Buffer.from('\r\n\r\n')
const LINE_END = Buffer.from('\r\n')
const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) [\x20-\x7e]*$/
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\x20-\x7e\x80-\xff]*)$/

export class Connection {
  private readonly port: number
  private socket: Socket | undefined

  constructor(port: number) {
    this.port = port
  }

  /** All of them answered, in their order; none of them may end the connection. */
  async exchange(requests: readonly Sent[]): Promise<Reply[]> {
    const socket = await this.open()
    const replies = await this.read(socket, requests, false)
    if (replies.length !== requests.length) {
      throw new Error(`${requests.length} requests, ${replies.length} answers, and the connection was closed`)
    }
    return replies
  }

  /** Says nothing more after it. @returns whatever is answered until the server closes the connection */
  async exchangeLast(request: Sent): Promise<Reply[]> {
    const socket = await this.open()
    this.socket = undefined
    return this.read(socket, [request], true)
  }

  close(): void {
    this.socket?.destroy()
  }

  private async open(): Promise<Socket> {
    if (this.socket && !this.socket.destroyed && this.socket.writable) return this.socket
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    socket.on('error', () => {})
    this.socket = socket
    return socket
  }

  private read(socket: Socket, requests: readonly Sent[], toEnd: boolean): Promise<Reply[]> {
    return new Promise((resolve, reject) => {
      const replies: Reply[] = []
      let bytes: Buffer = Buffer.alloc(0)
      const settle = (error?: Error) => {
        clearTimeout(timer)
        socket.off('data', onData).off('close', onClose)
        if (!error) resolve(replies)
        else {
          socket.destroy()
          reject(error)
        }
      }
      const take = (closed: boolean) => {
        try {
          for (;;) {
            const found = parseReply(bytes, requests[replies.length]?.method === 'HEAD', closed)
            if (!found) break
            bytes = bytes.subarray(found.length)
            if (found.reply.status >= 200) replies.push(found.reply)
          }
          if (closed) settle(bytes.length > 0 ? new Error(`half an answer: ${show(bytes)}`) : undefined)
          else if (!toEnd && replies.length === requests.length) {
            settle(bytes.length > 0 ? new Error(`more than was asked for: ${show(bytes)}`) : undefined)
          }
        } catch (error) {
          settle(error as Error)
        }
      }
      const onData = (chunk: Buffer) => {
        bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
        take(false)
      }
      const onClose = () => take(true)
      const timer = setTimeout(() => settle(new Error(`no answer within ${LIMIT_MS / 1000} s`)), LIMIT_MS)
      socket.on('data', onData).on('close', onClose)
      for (const { bytes: sent } of requests) socket.write(sent)
      if (toEnd) socket.end()
    })
  }
}

/** @returns `undefined` while it is not whole; throws when it never will be */
function parseReply(bytes: Buffer, bodiless: boolean, closed: boolean): { reply: Reply; length: number } | undefined {
  const end = bytes.indexOf(HEAD_END)
  if (end === -1) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(STATUS_LINE.exec(first)?.[1])
  if (!status) throw new Error(`no status line: ${JSON.stringify(first.slice(0, 200))}`)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = HEADER.exec(line) ?? []
    if (name === undefined) throw new Error(`no header: ${JSON.stringify(line.slice(0, 200))}`)
    headers.set(name.toLowerCase(), value!)
  }
  const from = end + HEAD_END.length
  const found = bodyOf(bytes, from, headers, bodiless || status < 200 || status === 204 || status === 304, closed)
  return found && { reply: { status, headers, body: found.body }, length: found.end }
}

function bodyOf(
  bytes: Buffer,
  from: number,
  headers: ReadonlyMap<string, string>,
  none: boolean,
  closed: boolean,
): { body: Buffer; end: number } | undefined {
  if (none) return { body: Buffer.alloc(0), end: from }
  if (headers.get('transfer-encoding') === 'chunked') return chunksOf(bytes, from)
  const declared = headers.get('content-length')
  if (declared === undefined) {
    if (headers.get('connection') !== 'close') throw new Error('an answer without a length')
    return closed ? { body: bytes.subarray(from), end: bytes.length } : undefined
  }
  if (!/^\d+$/.test(declared)) throw new Error(`a length that is none: ${declared}`)
  const end = from + Number(declared)
  return end <= bytes.length ? { body: bytes.subarray(from, end), end } : undefined
}

function chunksOf(bytes: Buffer, from: number): { body: Buffer; end: number } | undefined {
  const parts: Buffer[] = []
  for (let at = from; ; ) {
    const end = bytes.indexOf(LINE_END, at)
    if (end === -1) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16)
    if (!(size >= 0)) throw new Error('a chunk without a size')
    const next = end + LINE_END.length + size + LINE_END.length
    if (next > bytes.length) return undefined
    parts.push(bytes.subarray(end + LINE_END.length, next - LINE_END.length))
    if (size === 0) return { body: Buffer.concat(parts), end: next }
    at = next
  }
}

function show(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1', 0, 300))
}
