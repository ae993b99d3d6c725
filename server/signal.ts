/** What a client said, and what became of it, whatever dialect it speaks. Dialects make the one of bytes, and bytes of the other. */
import type { Report } from '../shared/report.ts'

/** Ages and counts, never clock times: a Pi's clock lies at boot. */
export interface Signal extends Omit<Report, 'address'> {
  /** Checked: it will be part of a path. */
  readonly host: string
  /** Seconds since the machine started. */
  readonly up?: number
  /** Seconds since the agent started. */
  readonly age?: number
  /** All seconds that the machine slept while the agent ran. */
  readonly suspended?: number
  /** Posts that failed since the last one that did not. */
  readonly unsent?: number
  /** The client says that it is being stopped. */
  readonly goodbye: boolean
}

/** What only a dialect can find wrong. */
export type Refusal = 'no-host' | 'invalid-host' | 'unsupported-type'

export type Outcome =
  | 'registered'
  | Refusal
  | 'too-large'
  | 'unauthorized'
  | 'slow-down'
  /** The reason, short: a client may see it. */
  | { readonly cannotWrite: string }
