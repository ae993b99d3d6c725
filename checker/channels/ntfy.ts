/**
 * ntfy as a channel: a notification on every phone that is subscribed to the topic. Whoever knows the topic reads along,
 * so it is a secret like a password.
 */
import { type Alert, type AlertKind, isEnd } from '../../shared/alert.ts'
import type { NtfySettings } from '../../shared/config/channels.ts'
import { type Channel, DeliveryError, isRefusal, type Message } from './channel.ts'
import { bodyOf, commandLine, cutTo } from './lines.ts'
import { isAccepted, post } from './post.ts'

/** Of the message, in bytes; what is longer would become an attachment. */
const MESSAGE_LIMIT = 4000
const PERMANENT = new Set([400, 413])
/** What a person can do about a refusal. */
const WHAT_NOW: Readonly<Record<number, string>> = {
  401: 'see that token: is right; it is tried again',
  403: 'see that topic: and token: are right; it is tried again',
  404: 'see that server: is right; it is tried again',
}

/** 5 rings on through the night, 4 rings, 3 is as any message, 2 makes no sound. */
const PRIORITY: Readonly<Record<AlertKind, number>> = {
  'first-signal': 2,
  heartbeat: 2,
  silent: 4,
  'still-silent': 3,
  recovered: 3,
  'site-silent': 5,
  'site-recovered': 3,
  error: 4,
  failed: 4,
  warning: 3,
  cleared: 2,
  'never-heard': 3,
  'two-machines': 3,
  unstable: 3,
  stable: 2,
  'process-down': 4,
  'process-up': 2,
  'monitor-was-down': 3,
  'nothing-reaches-me': 5,
  'reachable-again': 3,
  test: 3,
}
/** ntfy puts the sign of such a tag before the title: the mark goes there, and not twice. */
const TAGS: Readonly<Record<string, string>> = {
  '🔴': 'red_circle',
  '🟠': 'orange_circle',
  '🟢': 'green_circle',
  '⚪': 'white_circle',
  '👋': 'wave',
  '✅': 'white_check_mark',
  '🚨': 'rotating_light',
}

export function createNtfy({ server, topic, token }: NtfySettings): Channel {
  const url = new URL(server)
  return {
    forPeople: true,
    // Sixty at once, then one each five seconds.
    limits: [{ count: 60, withinMs: 300_000 }],
    async send(message, signal) {
      const { status, retryAfterMs } = await post({
        url: server,
        body: JSON.stringify({ topic, ...notificationOf(message) }),
        headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
        place: url.host,
        signal,
      })
      if (isAccepted(status)) return undefined
      throw new DeliveryError(
        `ntfy at ${url.host}: refused: HTTP ${status} (${WHAT_NOW[status] ?? (PERMANENT.has(status) ? 'it does not take this message' : 'it is tried again')})`,
        { permanent: PERMANENT.has(status), refused: isRefusal(status), retryAfterMs },
      )
    },
  }
}

function notificationOf(message: Message): object {
  const { alert, folded = [alert], title, commands } = message
  const [mark = '', ...words] = title.split(' ')
  const tag = TAGS[mark]
  const body = [bodyOf(message), ...commands.map(commandLine)].filter((part) => part !== '').join('\n')
  return {
    title: tag === undefined ? title : words.join(' '),
    // Without a message ntfy writes one of its own.
    message: cutTo(body === '' ? title : body, MESSAGE_LIMIT, (character) => Buffer.byteLength(character)),
    priority: priorityOf(folded),
    ...(tag !== undefined && { tags: [tag] }),
  }
}

/** Of several alerts the most urgent counts that is not over already. */
function priorityOf(alerts: readonly Alert[]): number {
  const over = new Set(alerts.filter(({ kind }) => isEnd(kind)).map(({ outage }) => outage))
  const standing = alerts.filter(({ kind, outage }) => isEnd(kind) || !over.has(outage))
  return Math.max(...standing.map(({ kind }) => PRIORITY[kind]))
}
