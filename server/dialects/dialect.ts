/**
 * What a dialect is: one wire contract, from request to deeds and from outcomes to reply. Pure, and written against no
 * web framework; what it must know of the world, it asks of `Doors`. A new one is a file here and a line in index.ts.
 *
 * The lane (signals.ts) calls `open` when the head of a request is there, then `read` with its body, hands the deeds to
 * accept.ts, and asks for the reply. Replies are the contract's, to the byte: clients check them.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Deed, Outcome, Subject } from '../signal.ts'

export interface Head {
  readonly method: string
  /** As it was sent: not decoded, without the query. */
  readonly path: string
  /** Without its `?`; '' when there is none. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
}

export interface Reply {
  readonly status: number
  /** Names and values in turn, as `writeHead` takes them fastest. */
  readonly headers: string[]
  readonly body: string | Buffer
}

/** The request ends here. */
export interface Refused {
  readonly reply: Reply
  /** Its credentials were wrong: whoever tries many is slowed down. */
  readonly wrong?: true
}

export interface Asked {
  readonly deeds: readonly Deed[]
  /**
   * What was left out and why, which the reply cannot tell: lines for the log, safe to write there. Each begins with the
   * project and a colon, by which they are counted.
   */
  readonly remarks?: readonly string[]
  /** @param outcomes one for each deed, in their order */
  reply(outcomes: readonly Outcome[]): Reply
}

export interface Opened {
  /** Bytes, as they come and unpacked. */
  readonly limit: number
  readonly unpackedLimit?: number
  /** Bytes: no more than so many at its end are wanted. What is not packed may then be of any length. */
  readonly keep?: number
  /** @param body unpacked; of a long one that came so, the end that is wanted */
  read(body: Buffer): Asked | Refused
}

/** What the lane finds wrong, in each dialect's own words. */
export type Problem =
  | 'too-large'
  /** The body is packed in a way that cannot be read, or not as it says. */
  | 'bad-encoding'
  /** Too many wrong credentials from that address. */
  | 'too-many-wrong'
  /** Seconds until it may speak again. */
  | { readonly retryAfterS: number; readonly of: 'signal' | 'error' }

/** Whom the server knows, and by what. Comparisons take the same time whatever was guessed. */
export interface Doors {
  /** The user and password that all hosts share, as an Authorization header sends them. */
  fits(authorization: string): boolean
  byToken(token: string): Subject | undefined
  byName(name: string): Subject | undefined
  /** By the name in lower case, as Healthchecks writes it. */
  bySlug(slug: string): Subject | 'ambiguous' | undefined
  /** Healthchecks' key, one for the whole installation. */
  isPingKey(key: string): boolean
  /** The state that a badge shows; `undefined`: key or signature are wrong. `tag`: '*' for all hosts. */
  badge(key: string, signature: string, tag: string): Badge | undefined
}

export interface Badge {
  readonly status: 'up' | 'late' | 'down'
  readonly total: number
  readonly grace: number
  readonly down: number
}

/** One line of a dialect's part in docs/dialects.md. */
export interface PathDoc {
  readonly methods: string
  readonly path: string
  readonly means: string
}

export interface Dialect {
  readonly name: string
  readonly doc: {
    readonly title: string
    /** Who speaks it. */
    readonly clients: string
    readonly paths: readonly PathDoc[]
    readonly replies: readonly { readonly when: string; readonly reply: string }[]
    /** A line to paste. @param at the server's address, such as https://box.example.com */
    paste(at: string, host: Pasted): string
  }
  /** @param path without the query */
  matches(method: string, path: string): boolean
  open(head: Head, doors: Doors): Opened | Refused
  refuse(problem: Problem): Reply
}

export interface Pasted {
  readonly name: string
  /** 32 hex digits. */
  readonly token: string
}
