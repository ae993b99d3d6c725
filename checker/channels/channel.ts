/** What a channel is: one way to tell people (or a program) one alert. A new one is a file here and a line in index.ts. */
import type { Alert } from '../../shared/alert.ts'

export interface Message {
  readonly alert: Alert
  /** The first line: mark, name, what, since when; fits a lock screen. */
  readonly title: string
  /** Why, in one line, without a mark. */
  readonly reason: string
  /** The whole of it, the title included, as lines. */
  readonly text: string
}

export interface Channel {
  /**
   * Resolves when the provider accepted the message.
   * @param signal aborts when it takes too long
   * @throws DeliveryError
   */
  send(message: Message, signal: AbortSignal): Promise<void>
}

/** Tells the outbox what it can do: try again (when?), or never. */
export class DeliveryError extends Error {
  readonly permanent: boolean
  readonly retryAfterMs?: number

  /** @param message "what: why (what now)", without a secret */
  constructor(
    message: string,
    { permanent = false, retryAfterMs }: { permanent?: boolean; retryAfterMs?: number } = {},
  ) {
    super(message)
    this.permanent = permanent
    this.retryAfterMs = retryAfterMs
  }
}
