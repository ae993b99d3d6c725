/** The polling loop against a Bot API server that fails: it outlives every failure, and tells of it once. */
import { Api, type Update } from 'node-telegram-bot-api'
import { describe, expect, test } from 'vitest'
import { type Failure, type FakeTelegram, startFakeTelegram } from '../test/fakes/telegram.ts'
import { pollUpdates } from './poll.ts'

const TOKEN = '123:TEST'

interface Listening {
  readonly telegram: FakeTelegram
  readonly logged: string[]
  readonly heard: number[]
  /** Resolves with the update when it was handed on. */
  next(): Promise<Update>
}

/** Listens for as long as `story` takes. The longest wait of a call that hangs is 10 s more than the poll's. */
async function listening(prepare: (telegram: FakeTelegram) => void, story: (at: Listening) => Promise<void>) {
  const telegram = await startFakeTelegram({ token: TOKEN })
  prepare(telegram)
  const api = new Api(TOKEN, { apiRoot: telegram.url, timeoutMs: 300, maxRetries: 0 })
  const logged: string[] = []
  const note = (line: unknown) => void logged.push(String(line))
  const heard: number[] = []
  let handedOn: ((update: Update) => void) | undefined
  const stop = new AbortController()
  const polling = pollUpdates(
    {
      api,
      timeout: 1,
      log: { debug: note, info: note, warn: note, error: note },
      connect: async (signal) => void (await api.getMe(signal)),
      handle: (update) => {
        heard.push(update.update_id)
        handedOn?.(update)
      },
    },
    stop.signal,
  )
  try {
    await story({ telegram, logged, heard, next: () => new Promise((resolve) => (handedOn = resolve)) })
  } finally {
    stop.abort()
    await polling
    await telegram.close()
  }
  expect(logged.join('\n')).not.toContain(TOKEN)
}

const conflict = '409 terminated by other getUpdates request; make sure that only one bot instance is running'
const failures: [string, Failure[], string[]][] = [
  ['getMe', ['unauthorized'], ['401 Unauthorized']],
  ['getMe', ['hang'], ['Request timed out: getMe']],
  ['getUpdates', ['unauthorized', 'unauthorized'], ['401 Unauthorized']],
  ['getUpdates', ['not-found'], ['404 Not Found']],
  ['getUpdates', ['conflict', 'html', 'conflict'], [conflict, 'Server error 502 on getUpdates']],
  ['getUpdates', [{ retryAfter: 2 }], ['429 retry after 2']],
  ['getUpdates', ['html-404'], ['Invalid JSON in response to getUpdates']],
  ['getUpdates', ['reset'], ['Network request failed: getUpdates (ECONNRESET)']],
  ['getUpdates', ['hang'], ['Request timed out: getUpdates']],
]

describe.concurrent('polling outlives', () => {
  test.each(failures)('%s failing with %j, and tells each kind once', async (method, kinds, told) => {
    await listening(
      (telegram) => {
        telegram.fail(method, ...kinds)
        telegram.say(5, 'hello')
      },
      async ({ next, logged }) => {
        const startedAt = performance.now()
        await next()
        expect(performance.now() - startedAt).toBeGreaterThan(typeof kinds[0] === 'object' ? 1990 : 990)
        expect(logged).toEqual([
          ...told.map((text) => `Telegram does not let me listen: ${text} (I go on trying)`),
          'Telegram answers again',
        ])
      },
    )
  })

  test('an update that comes twice, by handing it on once', async () => {
    await listening(
      (telegram) => void telegram.say(5, 'one'),
      async ({ telegram, next, heard }) => {
        await next()
        telegram.deliver({ update_id: heard[0], message: { text: 'one' } })
        const after = next()
        telegram.say(5, 'two')
        expect((await after).update_id).toBe((heard[0] ?? 0) + 1)
        expect(heard).toHaveLength(2)
      },
    )
  })

  test('another process with the same token, by connecting again', async () => {
    await listening(
      () => {},
      async ({ telegram, next, logged }) => {
        await telegram.waitForCalls('getUpdates', 1)
        const rival = new Api(TOKEN, { apiRoot: telegram.url })
        await rival.getUpdates({ timeout: 0 })
        const update = next()
        await telegram.waitForCalls('getMe', 2)
        telegram.say(5, 'still there?')
        await update
        expect(logged[0]).toContain(conflict)
      },
    )
  })
})
