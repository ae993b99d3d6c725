/**
 * What a dialect is: one wire contract, from request to signal and from outcome to reply.
 * Pure, and written against no web framework. A new one is a file here and a line in index.ts.
 */
import type { Outcome, Refusal, Signal } from '../signal.ts'

export interface WireRequest {
  readonly contentType: string | undefined
  readonly body: string
}

export interface Reply {
  readonly status: number
  /** Names and values in turn, as `writeHead` takes them fastest. */
  readonly headers: string[]
  readonly body: string
}

export interface Dialect {
  readonly name: string
  /** @param path without the query */
  matches(method: string | undefined, path: string): boolean
  read(request: WireRequest): Signal | Refusal
  reply(outcome: Outcome): Reply
}
