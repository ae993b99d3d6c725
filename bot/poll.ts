/**
 * Long polling that never ends by itself. The library's own loop rejects at 401, 404, 409 and at any page that is not
 * JSON; here all of them are waited out, and told once: when they begin and when they are over.
 * It hands updates on and awaits nobody: a slow answer never keeps the next question waiting.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Api, Update } from 'node-telegram-bot-api'
import type { Log } from '../shared/log.ts'
import { telegramFailure } from '../shared/telegram.ts'

export interface PollDeps {
  /** One that does not retry: the waiting is done here. */
  readonly api: Api
  readonly log: Log
  /** Prepares the ground before the first poll, and again after a conflict. */
  readonly connect: (signal: AbortSignal) => Promise<void>
  /** Must not throw. No update comes twice, in the life of one loop. */
  readonly handle: (update: Update) => void
  /** How long Telegram keeps a question open, in seconds. */
  readonly timeout: number
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 60_000
/** Telegram repeats what was not confirmed, which is the last batch at most: 100 updates. */
const REMEMBERED = 1000

/** Resolves once the signal is aborted and what was handled is confirmed, so that a successor does not see it again. */
export async function pollUpdates(
  { api, log, connect, handle, timeout }: PollDeps,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Set<number>()
  let offset: number | undefined
  let connected = false
  let waitMs = FIRST_WAIT_MS
  const told = new Set<string>()

  while (!signal.aborted) {
    try {
      if (!connected) await connect(signal)
      connected = true
      const updates = await api.getUpdates({ offset, timeout, allowed_updates: ['message', 'callback_query'] }, signal)
      if (told.size > 0) log.info('Telegram answers again')
      told.clear()
      waitMs = FIRST_WAIT_MS
      for (const update of updates) {
        offset = update.update_id + 1
        if (seen.has(update.update_id)) continue
        seen.add(update.update_id)
        handle(update)
      }
      for (const id of seen) if (seen.size > REMEMBERED) seen.delete(id)
    } catch (error) {
      if (signal.aborted) break
      const { code, text, retryAfterMs = 0 } = telegramFailure(error)
      if (!told.has(code)) log.warn(`Telegram does not let me listen: ${text} (I go on trying)`)
      told.add(code)
      if (code === '409') connected = false
      await delay(Math.max(waitMs, retryAfterMs), undefined, { signal }).catch(() => {})
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    }
  }
  if (offset !== undefined)
    await api.getUpdates({ offset, timeout: 0, limit: 1 }, AbortSignal.timeout(2000)).catch(() => {})
}
