/** A request while it is still words: what the fuzzer makes, bends and at last turns into bytes. */
import type { Random } from '../random/randomness.ts'

export interface Draft {
  method: string
  path: string
  /** With its `?`; '' when there is none. */
  query: string
  headers: [name: string, value: string][]
  body: Buffer
}

/** Whom the server knows, as the fuzzer does. */
export interface World {
  /** 32 hex digits each. */
  readonly clients: readonly { readonly name: string; readonly token: string }[]
  readonly authorization: string
  readonly admin: string
  readonly pingKey: string
  /** Without their endings. */
  readonly badges: readonly string[]
  /** `project/group` */
  readonly groups: readonly string[]
}

/** @param rate how often a part of it is hostile from the beginning (hostile.ts) */
export type Maker = (random: Random, world: World, rate: number) => Draft

export const JSON_TYPE: [name: string, value: string] = ['Content-Type', 'application/json']
