/** What a channel is: one way to tell people (or a program) one alert. A new one is a file here and a line in index.ts. */
import type { Alert } from '../../shared/alert.ts'

export interface Message {
  readonly alert: Alert
  /** Several alerts that waited were folded into this one message: all of them; `alert` is the newest. */
  readonly folded?: readonly Alert[]
  /** The first line: mark, name, what, since when; fits a lock screen. */
  readonly title: string
  /** Why, in one line, without a mark. */
  readonly reason: string
  /** The whole of it, the title included, as lines; without the commands. */
  readonly text: string
  /** What can be answered. Buttons where the channel has them, else lines of text below it. */
  readonly commands: readonly MessageCommand[]
}

export interface MessageCommand {
  /** On a button: short. */
  readonly label: string
  /** As the bot understands it: `/ack nas`. */
  readonly command: string
}

/** No more than `count` messages in any span of `withinMs`. */
export interface Limit {
  readonly count: number
  readonly withinMs: number
}

export interface Channel {
  /** Programs get every alert by itself, however many wait; people get one message that sums them up. */
  readonly forPeople: boolean
  /** What the provider demands; the outbox keeps to it. */
  readonly limits?: readonly Limit[]
  /**
   * Resolves when the provider accepted the message, with what a later message of the same outage can answer to.
   * @param signal aborts when it takes too long
   * @param thread what the message that opened this outage resolved with, if it is still known
   * @throws DeliveryError
   */
  send(message: Message, signal: AbortSignal, thread?: string): Promise<string | undefined>
}

/** Tells the outbox what it can do: try again (when?), or never. */
export class DeliveryError extends Error {
  readonly permanent: boolean
  /** It was not taken, for certain. Else it may have arrived all the same: nobody said. */
  readonly refused: boolean
  readonly retryAfterMs?: number

  /** @param message "what: why (what now)", without a secret */
  constructor(
    message: string,
    {
      permanent = false,
      refused = permanent,
      retryAfterMs,
    }: { permanent?: boolean; refused?: boolean; retryAfterMs?: number } = {},
  ) {
    super(message)
    this.permanent = permanent
    this.refused = refused
    this.retryAfterMs = retryAfterMs
  }
}

const NEVER_REACHED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** By the system's code of a failure: there was nobody to take anything. */
export function isUnreached(code: unknown): boolean {
  return NEVER_REACHED.has(code)
}

/** By an HTTP status: the provider said no. What a proxy says on its behalf (502, 504) leaves that open. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status !== 502 && status !== 504
}
