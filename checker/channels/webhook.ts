/** The webhook channel: posts each alert as JSON (docs/alerts.md). A receiver drops repeats by `id`. */
import { createHmac } from 'node:crypto'
import type { WebhookSettings } from '../../shared/config/channels.ts'
import { encodeTimes } from '../json.ts'
import { type Channel, DeliveryError, type Message } from './channel.ts'
import { isAccepted, post } from './post.ts'

/** The request itself is at fault: the same one will be refused again. Everything else may pass. */
const PERMANENT = new Set([400, 410, 413, 414, 415, 422])

/** @param now epoch milliseconds: a signature holds the time of the try, so that an old one cannot be played again */
export function createWebhook({ url, headers, secret }: WebhookSettings, now: () => number = Date.now): Channel {
  // Credentials in a URL are a secret: errors name the host only.
  const place = new URL(url).host
  return {
    forPeople: false,
    async send(message, signal) {
      const body = jsonOf(message)
      const all = {
        ...headers,
        ...(secret !== undefined && { 'X-Monitora-Signature': signature(secret, body, now()) }),
      }
      const { status, retryAfterMs } = await post({ url, body, headers: all, place, signal })
      if (isAccepted(status)) return undefined
      throw new DeliveryError(`${place}: refused: HTTP ${status}`, { permanent: PERMANENT.has(status), retryAfterMs })
    },
  }
}

function jsonOf({ alert, title, reason, text }: Message): string {
  const { siteCause, ...facts } = encodeTimes(alert)
  return JSON.stringify({ ...facts, ...(siteCause !== undefined && { cause: siteCause }), title, reason, text })
}

function signature(secret: string, body: string, now: number): string {
  const time = Math.floor(now / 1000)
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
}
