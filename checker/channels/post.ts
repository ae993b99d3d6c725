/** How channels post JSON: once, without redirects; of the answer only the status counts, and at most its beginning. */
import axios, { AxiosError } from 'axios'
import { DeliveryError, isUnreached } from './channel.ts'

/** So much of an answer is read where a provider says there what is wrong. */
const ANSWER_LIMIT = 512

export interface Post {
  readonly url: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** What an error calls the receiver: no part of the URL that may be a secret. */
  readonly place: string
  readonly signal: AbortSignal
  /** Whether the beginning of a refusal is read. */
  readonly reads?: boolean
}

export interface Answer {
  readonly status: number
  /** What the receiver asked for, if it did. */
  readonly retryAfterMs?: number
  /** The beginning of a refusal, if it was to be read. It may quote us: it is no text to pass on as it is. */
  readonly refusal: string
}

/** @throws DeliveryError when there was no answer */
export async function post({ url, body, headers, place, signal, reads = false }: Post): Promise<Answer> {
  try {
    const response = await axios.post<NodeJS.ReadableStream & AsyncIterable<Buffer> & { destroy(): void }>(url, body, {
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'Monitora', ...headers },
      // An answer of any size costs nothing.
      responseType: 'stream',
      maxRedirects: 0,
      validateStatus: () => true,
      signal,
      transformRequest: [(text: string) => text],
    })
    const { status, data } = response
    const refusal = reads && !isAccepted(status) ? await beginningOf(data) : ''
    data.destroy()
    return { status, retryAfterMs: retryAfter(response.headers['retry-after']), refusal }
  } catch (error) {
    const code = error instanceof AxiosError ? error.code : undefined
    throw new DeliveryError(`${place}: no answer: ${code ?? 'it broke off'} (is it running?)`, {
      refused: isUnreached(code),
    })
  }
}

export function isAccepted(status: number): boolean {
  return status >= 200 && status < 300
}

async function beginningOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk.subarray(0, ANSWER_LIMIT - size))
    size += chunk.length
    if (size >= ANSWER_LIMIT) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Seconds; a date is not looked at, for clocks differ. */
function retryAfter(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : 0
  return seconds > 0 ? seconds * 1000 : undefined
}
