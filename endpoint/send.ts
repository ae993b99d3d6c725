/**
 * One post of a signal, bounded in time and size, that never throws: whatever the server does becomes an outcome in
 * words. Where a heartbeat's way begins; the server reads it in server/dialects. Of an error only its code is used:
 * the rest carries the Authorization header.
 */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import type { AxiosStatic } from 'axios'
import type { EndpointConfig } from './config.ts'
import type { Resolver } from './resolver.ts'

interface Failure {
  readonly sent: false
  /** What failed, without a full stop. */
  readonly reason: string
  /** What to look at: questions or sentences, each with its mark at the end. */
  readonly advice: string
  /** The same once more would be refused once more. */
  readonly final?: true
  /** Somebody answered: the network was not gone. */
  readonly answered?: true
}
export type Outcome = { readonly sent: true } | Failure

export interface Limits {
  /** For the whole exchange, from the look-up of the name to the last byte. */
  readonly timeoutMs: number
  /** Ends it early. */
  readonly signal?: AbortSignal
}

export type Send = (config: EndpointConfig, form: URLSearchParams, limits: Limits) => Promise<Outcome>

/** By `import` its many CommonJS parts would cost 6 MB more: each is then read twice, once by a lexer of its own. */
const axios: AxiosStatic = createRequire(import.meta.url)('axios')

/** An answer of Monitora's has some 30 bytes. */
const LONGEST_ANSWER = 4096
/** Idle connections are closed before a router on the way forgets them, silently. */
const IDLE_MS = 60_000

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_|EPROTO)/
const FOREIGN = "the answer is not Monitora's"
const LOOK_AT_URL = 'Are the address and the port right? A login page of the network answers like this, too.'

export function createSend(resolver: Resolver): Send {
  const options = { keepAlive: true, maxFreeSockets: 1, timeout: IDLE_MS, lookup: resolver.lookup }
  const agents = { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) }

  return async (config, form, { timeoutMs, signal }) => {
    // One timer of our own: those of a library begin anew with each phase or each byte, and outlive the request.
    const attempt = new AbortController()
    const abort = () => attempt.abort()
    const timer = setTimeout(abort, timeoutMs)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    const post = () => exchange(config, form, { ...agents, timeout: timeoutMs, signal: attempt.signal })
    try {
      return await post().catch((error) => {
        // The server closed the kept connection in the moment of its use: that says nothing about the server.
        if (isStale(error) && !attempt.signal.aborted) return post()
        throw error
      })
    } catch (error) {
      if (!attempt.signal.aborted) return failureOf(codeOf(error), config)
      return resolver.busy() ? failureOf('EAI_AGAIN', config) : tooLate(config, timeoutMs)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }
}

interface Exchange {
  readonly httpAgent: HttpAgent
  readonly httpsAgent: HttpsAgent
  readonly timeout: number
  readonly signal: AbortSignal
}

async function exchange(config: EndpointConfig, form: URLSearchParams, options: Exchange): Promise<Outcome> {
  const { url, user, password, token } = config
  const response = await axios.post<Readable>(url, form.toString(), {
    ...options,
    ...(token === undefined && { auth: { username: user, password } }),
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Accept-Encoding': 'identity',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    // A redirect would turn the POST into a GET, which the other end may well answer with 200.
    maxRedirects: 0,
    validateStatus: () => true,
    responseType: 'stream',
    decompress: false,
  })
  const answer = await readStart(response.data, options.signal)
  const { status } = response
  if (status === 200 && isMonitora(answer)) return { sent: true }
  const refused = status === 200 ? failure(FOREIGN, LOOK_AT_URL) : refusal(status, config, response.headers.location)
  return { ...refused, answered: true }
}

/** @returns what fits; the rest is never read, and the connection is given up with it */
async function readStart(body: Readable, signal: AbortSignal): Promise<string> {
  const give = () => body.destroy(new Error('too late'))
  signal.addEventListener('abort', give)
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      parts.push(part)
      size += part.length
      if (size > LONGEST_ANSWER) break
    }
  } finally {
    signal.removeEventListener('abort', give)
  }
  return Buffer.concat(parts).toString('utf8', 0, LONGEST_ANSWER)
}

/** `{"message":"Signal Registered"}` of this server or the original's; a login page answers 200 with HTML. */
function isMonitora(answer: string): boolean {
  try {
    const found = JSON.parse(answer) as { message?: unknown } | null
    return typeof found?.message === 'string'
  } catch {
    return false
  }
}

function refusal(status: number, config: EndpointConfig, location: unknown): Failure {
  const { host, hostIsImplied, token } = config
  if (status >= 300 && status < 400) {
    return final(`it redirects to ${target(location, config)} (${status})`, 'If that is yours, put it under server:.')
  }
  if (status === 401 && hostIsImplied)
    return final('the token is unknown (401)', '`./monitora host list` on the box shows the hosts.')
  if (status === 401 && token !== undefined)
    return final(
      `the token is wrong, or not that of ${host} (401)`,
      `\`./monitora host rotate ${host}\` on the box makes another.`,
    )
  if (status === 401)
    return final(
      'the user or the password is wrong (401)',
      'They stand in monitora.yml on the box; a host with a token of its own takes that alone (token: in endpoint.yml).',
    )
  if (status === 400) return final(`the name ${host} is refused (400)`, 'Give this machine another name: host:.')
  if (status === 403)
    return final(`${host} is not let in (403)`, `\`./monitora host add ${host}\` on the box lets it in.`)
  if (status === 429) return failure('the server has had too many requests (429)', 'Are user and password right?')
  if (status >= 502 && status <= 504)
    return failure(`the server cannot take signals now (${status})`, 'Its log says why.')
  return failure(`${FOREIGN} (${status})`, LOOK_AT_URL)
}

/** Where a redirect points, without what it may carry; never followed, so that no other host sees the password. */
function target(location: unknown, { url }: EndpointConfig): string {
  if (typeof location !== 'string' || !URL.canParse(location, url)) return 'nowhere'
  const { origin, pathname } = new URL(location, url)
  return `${origin}${pathname}`.slice(0, 200)
}

function failureOf(code: string, { url }: EndpointConfig): Failure {
  const { hostname, host } = new URL(url)
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure(`the name ${hostname} cannot be resolved (${code})`, 'Is it right, and is this machine online?')
    case 'ECONNREFUSED':
      return failure(`nothing listens at ${host} (${code})`, 'Does the server run, and is the port right?')
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return failure(`there is no way to ${host} (${code})`, 'Is this machine online?')
    case 'ECONNRESET':
    case 'EPIPE':
      return failure(`${host} broke off (${code})`, 'Does the server run, and does it want http or https?')
  }
  if (TLS_CODE.test(code)) {
    return failure(`TLS failed (${code})`, 'Does the server speak https, is its certificate valid, is the clock right?')
  }
  if (code.startsWith('HPE_')) return failure(`${FOREIGN} (${code})`, LOOK_AT_URL)
  return failure(`it failed (${code})`, LOOK_AT_URL)
}

function tooLate({ url }: EndpointConfig, timeoutMs: number): Failure {
  const reason = `no whole answer from ${new URL(url).host} within ${timeoutMs / 1000} s`
  return failure(reason, 'Is the server on, the port right, and open in its firewall?')
}

function failure(reason: string, advice: string): Failure {
  return { sent: false, reason, advice }
}

function final(reason: string, advice: string): Failure {
  return { ...failure(reason, advice), final: true }
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  return String(code ?? name)
}

function isStale(error: unknown): boolean {
  const { request } = error as { request?: { reusedSocket?: boolean } }
  return request?.reusedSocket === true && ['ECONNRESET', 'EPIPE'].includes(codeOf(error))
}
