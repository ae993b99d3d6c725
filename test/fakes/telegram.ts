/**
 * A Bot API server on loopback that behaves as Telegram's does: one long poll a token, offsets confirm, failures come
 * in Telegram's own words, or in a proxy's. Only the methods that Monitora uses.
 */
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'

interface SentMessage {
  /** Epoch milliseconds of its arrival. */
  readonly at: number
  readonly chat_id: number
  readonly message_id: number
  /** What a reader sees, without the tags. */
  readonly text: string
  /** All fields as they came, so that a test can see what else was asked for. */
  readonly fields: Readonly<Record<string, string>>
}

export type Failure = keyof typeof WORDED | { readonly retryAfter: number } | { readonly migrateTo: number }

export interface FakeTelegram {
  readonly url: string
  readonly messages: readonly SentMessage[]
  /** The method of every call, failed ones included. */
  readonly calls: readonly string[]
  /** How many messages were refused because a limit was exceeded. */
  readonly limited: number
  readonly commands: readonly { command: string; description: string }[]
  /** The next calls of a method fail, one after another. */
  fail(method: string, ...failures: Failure[]): void
  /** Puts an update in line as it is; without an `update_id` it gets the next one. */
  deliver(update: Record<string, unknown>): number
  /** A message in a chat (a private one, unless the sender is another). */
  say(chat: number, text: string, from?: number): number
  waitForMessage(matches: (message: SentMessage) => boolean, limitMs?: number): Promise<SentMessage>
  /** Resolves when the method was called so often in all, or more. */
  waitForCalls(method: string, count: number, limitMs?: number): Promise<void>
  close(): Promise<void>
}

type Answer = { status: number; body: Record<string, unknown> } | 'hang' | 'reset' | { status: number; html: string }

const refuse = (status: number, description: string, parameters?: Record<string, unknown>): Answer => ({
  status,
  body: { ok: false, error_code: status, description, ...(parameters && { parameters }) },
})
const unixTime = () => Math.floor(Date.now() / 1000)
const ok = (result: unknown): Answer => ({ status: 200, body: { ok: true, result } })
const CONFLICT = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'
const HTML = '<html><head><title>Sorry</title></head><body>nginx</body></html>'

const WORDED = {
  unauthorized: refuse(401, 'Unauthorized'),
  'not-found': refuse(404, 'Not Found'),
  conflict: refuse(409, CONFLICT),
  'chat-not-found': refuse(400, 'Bad Request: chat not found'),
  'thread-not-found': refuse(400, 'Bad Request: message thread not found'),
  blocked: refuse(403, 'Forbidden: bot was blocked by the user'),
  html: { status: 502, html: HTML },
  'html-404': { status: 404, html: HTML },
  hang: 'hang',
  reset: 'reset',
} satisfies Record<string, Answer>

/**
 * @param options.limits whether a chat takes one message a second, and a group 20 a minute, as Telegram says
 * @param options.now what the limits go by, epoch milliseconds
 */
export async function startFakeTelegram({
  token = '123:TEST',
  username = 'monitora_bot',
  limits = false,
  now = Date.now,
} = {}): Promise<FakeTelegram> {
  const messages: SentMessage[] = []
  const calls: string[] = []
  const failures = new Map<string, Failure[]>()
  const taken = new Map<string, number[]>()
  let limited = 0
  const happened = new EventEmitter()
  let updates: { update_id: number }[] = []
  let commands: { command: string; description: string }[] = []
  let nextUpdate = 1000
  let poll: ((answer?: Answer) => void) | undefined

  const methods: Record<string, (fields: Record<string, string>, gone: AbortSignal) => Answer | Promise<Answer>> = {
    getMe: () => ok({ id: 123, is_bot: true, first_name: 'Monitora', username }),
    deleteWebhook: () => ok(true),
    setMyCommands: ({ commands: list = '[]' }) => {
      commands = JSON.parse(list) as typeof commands
      return ok(true)
    },
    sendMessage: (fields) => {
      const { chat_id = '', parse_mode } = fields
      const { text, error } = parse_mode === 'HTML' ? readHtml(fields.text ?? '') : { text: fields.text ?? '' }
      if (error !== undefined) return refuse(400, `Bad Request: can't parse entities: ${error}`)
      if (text === '') return refuse(400, 'Bad Request: message text is empty')
      if (text.length > 4096) return refuse(400, 'Bad Request: message is too long')
      const waitMs = limits ? pause(taken, chat_id, now()) : 0
      if (waitMs > 0) {
        limited++
        return failed({ retryAfter: Math.ceil(waitMs / 1000) })
      }
      const message_id = messages.length + 1
      messages.push({ at: Date.now(), chat_id: Number(chat_id), message_id, text, fields })
      return ok({ message_id, date: unixTime(), chat: { id: Number(chat_id) }, text })
    },
    answerCallbackQuery: () => ok(true),
    getUpdates: async ({ offset = '0', timeout = '0', limit = '100' }, gone) => {
      poll?.(refuse(409, CONFLICT))
      updates = updates.filter(({ update_id }) => update_id >= Number(offset))
      const waiting = () => ok(updates.slice(0, Number(limit)))
      if (updates.length > 0 || Number(timeout) === 0) return waiting()
      return await new Promise<Answer>((resolve) => {
        const done = (answer: Answer = waiting()) => {
          clearTimeout(timer)
          if (poll === done) poll = undefined
          resolve(answer)
        }
        const timer = setTimeout(done, Number(timeout) * 1000)
        gone.addEventListener('abort', () => done())
        poll = done
      })
    },
  }

  const server = createServer((request, response) => {
    void (async () => {
      const [, sentToken, method = ''] = /^\/bot([^/]*)\/(\w+)/.exec(request.url ?? '') ?? []
      const fields = await readFields(request)
      const gone = new AbortController()
      response.on('close', () => gone.abort())
      calls.push(method)
      happened.emit('call')
      const failure = failures.get(method)?.shift()
      if (sentToken !== token) send(response, WORDED.unauthorized)
      else if (failure) send(response, failed(failure))
      else send(response, (await methods[method]?.(fields, gone.signal)) ?? WORDED['not-found'])
      happened.emit('call')
    })()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  async function until<T>(find: () => T | undefined, what: string, limitMs: number): Promise<T> {
    for (const limit = AbortSignal.timeout(limitMs); ; ) {
      const found = find()
      if (found !== undefined) return found
      await once(happened, 'call', { signal: limit }).catch(() => {
        throw new Error(`${what} within ${limitMs} ms; sent: ${JSON.stringify(messages.map(({ text }) => text))}`)
      })
    }
  }

  function deliver(update: Record<string, unknown>): number {
    const update_id = typeof update.update_id === 'number' ? update.update_id : nextUpdate++
    updates.push({ ...update, update_id })
    poll?.()
    return update_id
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    calls,
    get limited() {
      return limited
    },
    get commands() {
      return commands
    },
    fail: (method, ...more) => void failures.set(method, [...(failures.get(method) ?? []), ...more]),
    deliver,
    say: (chat, text, from = chat) => {
      const place = chat < 0 ? { id: chat, type: 'supergroup', title: 'Home' } : { id: chat, type: 'private' }
      const sender = { id: from, is_bot: false, first_name: 'Maria' }
      return deliver({ message: { message_id: nextUpdate, date: unixTime(), chat: place, from: sender, text } })
    },
    waitForMessage: (matches, limitMs = 10_000) => until(() => messages.find(matches), 'no such message', limitMs),
    waitForCalls: async (method, count, limitMs = 10_000) => {
      const enough = () => calls.filter((call) => call === method).length >= count || undefined
      await until(enough, `${method} was not called ${count} times`, limitMs)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/**
 * @param taken when each chat took its messages; this one is noted there when it may go
 * @returns how many milliseconds it has to wait
 */
function pause(taken: Map<string, number[]>, chat: string, now: number): number {
  const times = (taken.get(chat) ?? []).filter((at) => at > now - 60_000)
  const untilNext = (times.at(-1) ?? Number.NEGATIVE_INFINITY) + 1000 - now
  const untilRoom = chat.startsWith('-') && times.length >= 20 ? times.at(-20)! + 60_000 - now : 0
  const waitMs = Math.max(untilNext, untilRoom, 0)
  taken.set(chat, waitMs === 0 ? [...times, now] : times)
  return waitMs
}

const TAGS = /^(?:b|strong|i|em|u|ins|s|strike|del|a|code|pre|blockquote|tg-spoiler|span)$/
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' }

/** Every `<` begins a tag that Telegram knows, and each tag ends in its turn. */
function readHtml(html: string): { readonly text: string; readonly error?: string } {
  const open: string[] = []
  for (const { 0: tag, 1: slash, 2: name = '', index } of html.matchAll(/<(?:(\/?)([a-z-]+)(?: [^<>]*)?>)?/g)) {
    const offset = `at byte offset ${Buffer.byteLength(html.slice(0, index))}`
    if (!TAGS.test(name)) return { text: '', error: `Unsupported start tag "${name || tag}" ${offset}` }
    if (slash === '') open.push(name)
    else if (open.pop() !== name) return { text: '', error: `Unexpected end tag ${offset}` }
  }
  if (open.length > 0) return { text: '', error: `Can't find end tag corresponding to start tag ${open.at(-1)}` }
  return { text: html.replace(/<[^>]*>/g, '').replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity]!) }
}

function failed(failure: Failure): Answer {
  if (typeof failure === 'string') return WORDED[failure]
  if ('retryAfter' in failure) {
    return refuse(429, `Too Many Requests: retry after ${failure.retryAfter}`, { retry_after: failure.retryAfter })
  }
  const moved = { migrate_to_chat_id: failure.migrateTo }
  return refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', moved)
}

async function readFields(request: IncomingMessage): Promise<Record<string, string>> {
  const body = await readText(request)
  if (!request.headers['content-type']?.includes('json')) return Object.fromEntries(new URLSearchParams(body))
  const entries = Object.entries(JSON.parse(body || '{}') as Record<string, unknown>)
  return Object.fromEntries(entries.map(([key, v]) => [key, typeof v === 'string' ? v : JSON.stringify(v)]))
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return
  if (answer === 'reset') return void response.socket?.resetAndDestroy()
  const [type, body] = 'html' in answer ? ['text/html', answer.html] : ['application/json', JSON.stringify(answer.body)]
  response.writeHead(answer.status, { 'content-type': type }).end(body)
}
