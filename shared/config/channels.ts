/** `channels:`, where alerts go. A channel says what it wants to hear; by default everything. */
import { z } from 'zod'
import { ALERT_KINDS } from '../alert.ts'
import { chat, httpUrl, language, secret, text, timezone } from './values.ts'

const common = {
  language: language.optional(),
  timezone: timezone.optional(),
  kinds: z
    .array(z.enum(ALERT_KINDS, { error: `some of ${ALERT_KINDS.join(', ')}` }), { error: 'a list of kinds' })
    .optional(),
  tags: z.array(text, { error: 'a list of words' }).optional(),
}

export const channelSection = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('console'), ...common }),
    z.strictObject({
      type: z.literal('telegram'),
      chat,
      token: secret.optional(),
      apiRoot: httpUrl.optional(),
      ...common,
    }),
    z.strictObject({
      type: z.literal('webhook'),
      url: httpUrl,
      headers: z.record(z.string(), secret, { error: 'headers such as { X-Key: abc }' }).optional(),
      ...common,
    }),
  ],
  { error: 'a channel with type: console, telegram or webhook' },
)

/** `language`, `timezone` and a telegram `token` are filled in from the whole configuration when it is read. */
export type ChannelSettings = z.output<typeof channelSection> & {
  readonly language: z.output<typeof language>
  readonly timezone: string
}
export type TelegramSettings = Extract<ChannelSettings, { type: 'telegram' }>
export type WebhookSettings = Extract<ChannelSettings, { type: 'webhook' }>
