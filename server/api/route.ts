/** What a route of the read API is: where, for whom, what it answers. Its schema types the code and documents it. */
import type { z } from 'zod'

/** Of a path and of a query, as it came: decoded, unchecked. A query that names a thing twice has it as a list. */
export type Asked = Readonly<Record<string, unknown>>

export type Told<A> =
  | { readonly answer: A }
  /** The status is in `refused`, the reason for people. */
  | { readonly refused: 400 | 404; readonly message: string }
  | { readonly unavailable: A }

export interface Route {
  /** As Express has it: `/api/hosts/:name`. */
  readonly path: string
  readonly who: 'anyone' | 'readers' | 'admin'
  readonly summary: string
  readonly query: Readonly<Record<string, string>>
  readonly schema: z.ZodType
  /** When the same answer comes with a 503. */
  readonly unavailable?: string
  handle(asked: Asked): Told<unknown> | Promise<Told<unknown>>
}

/** Nobody changes what was answered: it may be kept. */
type Frozen<A> = A extends (infer Item)[] ? readonly Item[] : A

/** Ties what a route answers to the schema that documents it. */
export function route<S extends z.ZodType>(described: {
  readonly path: string
  readonly who: Route['who']
  readonly summary: string
  readonly query?: Route['query']
  readonly schema: S
  readonly unavailable?: string
  handle(asked: Asked): Told<Frozen<z.output<S>>> | Promise<Told<Frozen<z.output<S>>>>
}): Route {
  return { query: {}, ...described }
}
