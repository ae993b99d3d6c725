/**
 * Where a channel leads. A chat gets an alert once, however many ways lead to it, and channels that lead to the same
 * place share the limits of its provider.
 */
import { createHash } from 'node:crypto'
import type { ChannelSettings } from '../../shared/config/channels.ts'

const TELEGRAM = 'https://api.telegram.org'

/**
 * Two channels with the same one lead to the same people. Of webhooks, topics and the like the address is a secret:
 * it is hashed, so this can be logged.
 */
export function destinationOf(settings: ChannelSettings): string {
  const thread = settings.type === 'telegram' ? settings.thread : undefined
  return thread === undefined ? placeOf(settings) : `${placeOf(settings)}:${thread}`
}

/** As above, but for what a provider counts together: the topics of a Telegram group are one place. */
export function placeOf(settings: ChannelSettings): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(addressOf(settings)))
    .digest('hex')
  return `${settings.type}:${hash.slice(0, 16)}`
}

/**
 * Of channels that lead to the same people the first.
 * @param names of channels that all want the alert
 */
export function onceEach(names: readonly string[], channels: ReadonlyMap<string, ChannelSettings>): string[] {
  const reached = new Set<string>()
  return names.filter((name) => {
    const settings = channels.get(name)
    const destination = settings ? destinationOf(settings) : name
    if (reached.has(destination)) return false
    reached.add(destination)
    return true
  })
}

function addressOf(settings: ChannelSettings): readonly unknown[] {
  switch (settings.type) {
    case 'console':
      return []
    case 'telegram':
      return [plain(settings.apiRoot ?? TELEGRAM), settings.chat]
    case 'webhook':
    case 'slack':
      return [new URL(settings.url).href]
    case 'ntfy':
      return [plain(settings.server), settings.topic]
    case 'email':
      return [...new Set(settings.to.map((address) => address.trim().toLowerCase()))].sort()
    default:
      // A kind of channel that says nothing here: only the very same settings lead to the same place.
      return [settings]
  }
}

/** However it was typed. */
function plain(url: string): string {
  return new URL(url).href.replace(/\/+$/, '')
}
