/**
 * Looks names up for the sender, one question at a time. A resolver that hangs holds a thread for up to half a minute,
 * longer than a post may take: were each post to ask anew, the questions would pile up, and an exit waits for them.
 */
import type { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

export interface Resolver {
  readonly lookup: LookupFunction
  /** A question is still open. */
  busy(): boolean
}

export function createResolver(ask: typeof systemLookup): Resolver {
  let open: { readonly name: string; tell: Parameters<LookupFunction>[2] } | undefined
  return {
    lookup: (name, options, tell) => {
      if (open?.name === name) {
        // Posts follow one another: whoever asked before has given up.
        open.tell = tell
        return
      }
      const question = { name, tell }
      open = question
      ask(name, options, (error, address, family) => {
        if (open === question) open = undefined
        question.tell(error, address, family)
      })
    },
    busy: () => open !== undefined,
  }
}
