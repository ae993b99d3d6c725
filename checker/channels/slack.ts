/** Slack as a channel: one message to what an incoming webhook of Slack's is bound to. */
import type { SlackSettings } from '../../shared/config/channels.ts'
import { type Channel, DeliveryError, isRefusal, type Message } from './channel.ts'
import { bodyOf, commandLine, cutTo, escapeHtml } from './lines.ts'
import { isAccepted, post } from './post.ts'

/** Of the text of one block. */
const TEXT_LIMIT = 3000
/** What Slack answers to a message, or a webhook, that it will never take: bad payload, no such hook, channel archived. */
const PERMANENT = new Set([400, 403, 404, 410, 413])

export function createSlack({ url }: SlackSettings): Channel {
  return {
    forPeople: true,
    limits: [{ count: 1, withinMs: 1100 }],
    async send(message, signal) {
      const body = JSON.stringify(payloadOf(message))
      const { status, retryAfterMs, refusal } = await post({ url, body, place: 'Slack', signal, reads: true })
      if (isAccepted(status)) return undefined
      const permanent = PERMANENT.has(status)
      // Slack's own words are such as `no_service`; whatever else stands there is not passed on.
      const word = /^[a-z_]{3,40}$/.test(refusal.trim()) ? ` ${refusal.trim()}` : ''
      const advice = permanent ? 'see that url: is that of an incoming webhook which still exists' : 'it is tried again'
      throw new DeliveryError(`Slack: refused: HTTP ${status}${word} (${advice})`, {
        permanent,
        refused: isRefusal(status),
        retryAfterMs,
      })
    },
  }
}

function payloadOf(message: Message): object {
  const { title, commands } = message
  // Within bold text an asterisk would end it.
  const first = title.includes('*') ? escapeHtml(title) : `*${escapeHtml(title)}*`
  const rest = [bodyOf(message), ...commands.map(commandLine)].filter((part) => part !== '').join('\n')
  const fitting = escapeHtml(cutTo(rest, TEXT_LIMIT - first.length - 1, (character) => escapeHtml(character).length))
  const text = fitting === '' ? first : `${first}\n${fitting}`
  return {
    // What notifications show.
    text: escapeHtml(title),
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
  }
}
