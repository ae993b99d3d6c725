/**
 * Telegram as a channel: one plain text message to one chat. It tries once and says what became of it; trying again is
 * the outbox's business, and long polling the bot's.
 */
import { Api, TelegramApiError } from 'node-telegram-bot-api'
import type { TelegramSettings } from '../../shared/config/channels.ts'
import { cutMessage, telegramFailure } from '../../shared/telegram.ts'
import { type Channel, DeliveryError } from './channel.ts'

const TIMEOUT_MS = 30_000

/** What a person can do about a refusal, by Telegram's error code. */
const WHAT_NOW: Readonly<Record<number, string>> = {
  400: 'see that chat: is right and that the bot is in it',
  401: 'see that token: is right; it is tried again',
  403: 'let the bot into the chat again',
  404: 'see that token: and apiRoot: are right; it is tried again',
}

export function createTelegram(settings: TelegramSettings, timeoutMs = TIMEOUT_MS): Channel {
  const { token = '', apiRoot } = settings
  const api = new Api(token, { apiRoot, timeoutMs, maxRetries: 0 })
  // A group that becomes a supergroup gets another number, which lasts as long as this channel does.
  let chat = settings.chat

  const post = (text: string, signal: AbortSignal) =>
    api.sendMessage({ chat_id: chat, text: cutMessage(text), link_preview_options: { is_disabled: true } }, signal)

  return {
    async send({ text }, signal) {
      try {
        await post(text, signal)
      } catch (error) {
        const movedTo = error instanceof TelegramApiError ? error.migrateToChatId : undefined
        if (movedTo === undefined) throw deliveryError(error, chat)
        chat = movedTo
        await post(text, signal).catch((second: unknown) => {
          throw deliveryError(second, chat)
        })
      }
    },
  }
}

function deliveryError(error: unknown, chat: number): DeliveryError {
  const { text, retryAfterMs } = telegramFailure(error)
  const code = error instanceof TelegramApiError ? error.errorCode : undefined
  const advice = (code !== undefined && WHAT_NOW[code]) || 'it is tried again'
  return new DeliveryError(`Telegram chat ${chat}: ${text} (${advice})`, {
    permanent: code === 400 || code === 403,
    retryAfterMs,
  })
}
