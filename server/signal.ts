/** What a client said, and what became of it, whatever dialect it speaks. Dialects make the one of bytes, and bytes of the other. */
import type { ErrorSample } from '../shared/error-event.ts'
import type { ClientStatus, Declared } from '../shared/report.ts'

/** Without one it is a plain heartbeat: it lives, and says nothing of jobs. */
export type SignalEvent = 'start' | 'success' | 'fail' | 'log' | 'goodbye'

/** Ages and counts, never clock times: a Pi's clock lies at boot. What varies from heartbeat to heartbeat is in events only. */
export interface Signal extends Declared {
  /** Checked: it will be part of a path. */
  readonly host: string
  readonly event?: SignalEvent
  readonly status?: Exclude<ClientStatus, 'failed'>
  readonly message?: string
  readonly version?: string
  readonly site?: string
  /** Changes with every start of the machine. */
  readonly boot?: string
  /** Changes with every start of the client's program. */
  readonly agent?: string
  /** Seconds since the machine started. */
  readonly up?: number
  /** Seconds since the agent started. */
  readonly age?: number
  /** All seconds that the machine slept while the agent ran. */
  readonly suspended?: number
  /** Posts that failed since the last one that did not. */
  readonly unsent?: number
  /** Tells the runs of a job apart. */
  readonly run?: string
  /** Of a job that ended; over 0 it failed. */
  readonly exitStatus?: number
  /** How long a run took, as its client measured it. */
  readonly durationMs?: number
  /** Must change, or the client reports without getting on. */
  readonly progress?: string
  /** What a job wrote, the last of it. */
  readonly output?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** Who speaks: a host or project that is registered, or named in the configuration. */
export interface Subject {
  readonly name: string
  /** It is accepted by its own token alone. */
  readonly hasToken: boolean
  /** Each of its heartbeats is told. */
  readonly everyHeartbeat: boolean
  /** It was made by a client of this project. */
  readonly project?: string
  /** A job: named beforehand, with a schedule. */
  readonly scheduled: boolean
}

/** One thing that a request says. One request may say several, of several hosts. */
export type Deed =
  | {
      readonly kind: 'signal'
      readonly signal: Signal
      /** `undefined`: nobody has heard of it yet. */
      readonly subject: Subject | undefined
      /** Through whose token a new host comes; none: the shared password, or the ping key. */
      readonly project?: string
      /** A ping of this dialect ends a pause. */
      readonly endsPause?: true
    }
  | ({ readonly kind: 'error'; readonly subject: Subject; readonly group: string } & ToldError)

/** What is kept of an error beside that it happened. In a flood it mostly is not, so it is read only when it is. */
export interface ToldError {
  readonly sample: () => ErrorSample
  /** Bytes as it came, roughly: what was packed is larger. */
  readonly size: number
}

export type Outcome =
  | 'registered'
  /** It is no host, and must not become one: `register: known`, or there are too many. */
  | 'not-known'
  | 'too-many-hosts'
  /** The reason, short: a client may see it. */
  | { readonly cannotWrite: string }
