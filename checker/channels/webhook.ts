/** The webhook channel: posts each alert as JSON (docs/alerts.md). A receiver drops repeats by `id`. */
import axios, { AxiosError } from 'axios'
import type { WebhookSettings } from '../../shared/config/channels.ts'
import { encodeTimes } from '../json.ts'
import { type Channel, DeliveryError, type Message } from './channel.ts'

/** The request itself is at fault: the same one will be refused again. Everything else may pass. */
const PERMANENT = new Set([400, 410, 413, 414, 415, 422])

export function createWebhook({ url, headers }: WebhookSettings): Channel {
  // Credentials in a URL are a secret: errors name the host only.
  const place = new URL(url).host
  return {
    async send(message, signal) {
      const response = await axios
        .post(url, bodyOf(message), {
          headers: { 'Content-Type': 'application/json', 'User-Agent': 'Monitora', ...headers },
          // Only the status counts: an answer of any size costs nothing.
          responseType: 'stream',
          maxRedirects: 0,
          validateStatus: () => true,
          signal,
          transformRequest: [(body: string) => body],
        })
        .catch((error: unknown) => {
          const code = error instanceof AxiosError ? error.code : undefined
          throw new DeliveryError(`${place}: no answer: ${code ?? 'it broke off'} (is it running?)`)
        })
      ;(response.data as NodeJS.ReadableStream & { destroy(): void }).destroy()
      const { status } = response
      if (status >= 200 && status < 300) return
      const retryAfter = Number(response.headers['retry-after'])
      throw new DeliveryError(`${place}: refused: HTTP ${status}`, {
        permanent: PERMANENT.has(status),
        retryAfterMs: retryAfter > 0 ? retryAfter * 1000 : undefined,
      })
    },
  }
}

function bodyOf({ alert, title, reason, text }: Message): string {
  return JSON.stringify({ ...encodeTimes(alert), title, reason, text })
}
