/** Asks whether we reach the world, once at a time, and keeps the last answer. */
import { type Log, reasonOf } from '../shared/log.ts'

export interface Asking {
  /** Asks, unless an answer is awaited. */
  ask(): void
  /** What the core wants to know of it. */
  known(): { readonly probed?: Answer; readonly probingSinceAt?: number }
  stop(): void
}

interface Answer {
  readonly askedAt: number
  readonly reached: boolean | undefined
}

export function createAsking(
  probe: (signal: AbortSignal) => Promise<boolean | undefined>,
  now: () => number,
  answered: () => void,
  log: Log,
): Asking {
  const stopping = new AbortController()
  let probed: Answer | undefined
  let probingSinceAt: number | undefined

  async function find(askedAt: number): Promise<void> {
    const reached = await probe(stopping.signal).catch((error: unknown) => {
      log.warn(`cannot find out whether the world is reached: ${reasonOf(error)}`)
      return undefined
    })
    if (stopping.signal.aborted) return
    probed = { askedAt, reached }
    probingSinceAt = undefined
    answered()
  }

  return {
    ask() {
      if (probingSinceAt !== undefined) return
      log.info('nobody is heard any more: finding out whether it is us')
      probingSinceAt = now()
      void find(probingSinceAt)
    },
    known: () => ({ probed, probingSinceAt }),
    stop: () => stopping.abort(),
  }
}
