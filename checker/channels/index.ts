/** The channels there are, each loaded only when it is configured. A new one is a file here and a line below. */
import type { ChannelSettings } from '../../shared/config/channels.ts'
import type { Channel } from './channel.ts'

export interface ChannelDeps {
  /** Standard output. */
  write(text: string): void
  /** A bot runs, so there is a chat in which commands are heard. */
  readonly botListens: boolean
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

export async function createChannel(settings: ChannelSettings, deps: ChannelDeps): Promise<Channel> {
  const create = CHANNELS[settings.type] as (settings: ChannelSettings, deps: ChannelDeps) => Promise<Channel>
  const channel = await create(settings, deps)
  // The console's are for the command line, which is always there.
  if (deps.botListens || settings.type === 'console') return channel
  return { ...channel, send: (message, signal, thread) => channel.send({ ...message, commands: [] }, signal, thread) }
}
