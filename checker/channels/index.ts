/** The channels there are, each loaded only when it is configured. A new one is a file here and a line below. */
import type { ChannelSettings } from '../../shared/config/channels.ts'
import type { Channel } from './channel.ts'

export interface ChannelDeps {
  /** Standard output. */
  write(text: string): void
}

const CHANNELS: {
  readonly [T in ChannelSettings['type']]: (
    settings: Extract<ChannelSettings, { type: T }>,
    deps: ChannelDeps,
  ) => Promise<Channel>
} = {
  console: async (_, { write }) => (await import('./console.ts')).createConsole(write),
  email: async (settings) => (await import('./email.ts')).createEmail(settings),
  ntfy: async (settings) => (await import('./ntfy.ts')).createNtfy(settings),
  slack: async (settings) => (await import('./slack.ts')).createSlack(settings),
  telegram: async (settings) => (await import('./telegram.ts')).createTelegram(settings),
  webhook: async (settings) => (await import('./webhook.ts')).createWebhook(settings),
}

export function createChannel(settings: ChannelSettings, deps: ChannelDeps): Promise<Channel> {
  const create = CHANNELS[settings.type] as (settings: ChannelSettings, deps: ChannelDeps) => Promise<Channel>
  return create(settings, deps)
}
