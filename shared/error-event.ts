/**
 * An error that an application reports of itself, as it lies in `inbox/errors/` between server and checker: bounded, and
 * without what is nobody's business (server/errors/scrub.ts). The server has found its group already.
 */
export const ERROR_LEVELS = ['fatal', 'error', 'warning', 'info', 'debug'] as const
export type ErrorLevel = (typeof ERROR_LEVELS)[number]

export interface Frame {
  readonly file?: string
  readonly line?: number
  readonly function?: string
  /** Of the application itself, not of a library. */
  readonly inApp?: boolean
}

export interface ErrorEvent {
  /** The host or project that reported it. */
  readonly project: string
  /** When it reached us, ISO 8601. */
  readonly at: string
  /** 16 hex digits: the same for errors that are the same to people. */
  readonly group: string
  readonly sample?: ErrorSample
}

/** What is known of one of them. In a flood only the first of each second keep it. */
export interface ErrorSample {
  /** 32 hex digits. */
  readonly id: string
  readonly type: string
  readonly message: string
  readonly level: ErrorLevel
  /** Nothing caught it. */
  readonly crash?: true
  /** Where it was raised first; then who called that, and so on. */
  readonly frames?: readonly Frame[]
  /** The stack as text, where it came so. */
  readonly stack?: string
  readonly release?: string
  readonly environment?: string
  /** The machine that it happened on. */
  readonly server?: string
  readonly platform?: string
  readonly url?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly context?: Readonly<Record<string, unknown>>
  /** What happened before, the newest last. */
  readonly breadcrumbs?: readonly { readonly at?: string; readonly category?: string; readonly message?: string }[]
}
