/**
 * Who is at fault when somebody is silent: it alone, or what it shares with others? The same question on two levels:
 * hosts that share the network of a site, and sites that share the network of this box. Pure.
 *
 *   1. Who is past due is held: nothing is told yet.
 *   2. Another one reports without a break, since before the last signal of the held one until after it missed one: the
 *      held one is at fault.
 *   3. Another one was heard after the held one missed a signal, but with a break before: the network may just be
 *      coming back. Once, the held one gets time to appear; who is heard after that proves it at fault.
 *   4. Else those are waited for who will be late soon.
 *   5. Nobody left to wait for: two or more are silent since the last signal from anyone: all fell together.
 */
import type { Moments } from './due.ts'

/** What was seen of somebody's signals. */
export interface Sight {
  /** The last one but one, when nothing was amiss between the two. */
  readonly beforeAt?: number
  /** The newest one that came after more than an everyday gap, or after one that is not known. */
  readonly returnedAt?: number
}

/** Somebody whose signals prove that the network works. */
export interface Eye extends Sight {
  readonly heardAt: number
  /** No gap between its signals is longer while nothing is amiss. */
  readonly everydayGapMs: number
}

export interface Member extends Moments {
  readonly name: string
  readonly heardAt: number
  /** Nobody waits for its signals: they only prove that the network works. */
  readonly witness?: boolean
  /** Known to be silent before, by an earlier verdict. */
  readonly silent?: boolean
}

export interface Suspect {
  readonly name: string
  readonly heardAt: number
  /** From when on it has missed a signal. */
  readonly firstMissAt: number
  readonly dueAt: number
  /** From when on a return of others is no reason to wait any more. */
  readonly boundAt: number
  /** How long after its due others are waited for. */
  readonly patienceMs: number
  /** How long it may take to appear after the network came back. */
  readonly reappearanceMs: number
  /** The first signal of another one that was seen since it missed one. */
  readonly returnAt?: number
}

export type Judgement =
  | { readonly kind: 'hold'; readonly returnAt?: number }
  | { readonly kind: 'fault'; readonly proven: boolean }
  | { readonly kind: 'together' }

export interface Group {
  /** @param suspect past due, and not silent by an earlier verdict */
  judge(suspect: Suspect): Judgement
  /** When the last signal from anyone came; 0: never. */
  readonly lastSignalAt: number
  /** Those who are silent since then. */
  readonly fallen: readonly string[]
}

/**
 * @param at until when everybody could be heard, epoch milliseconds
 * @param eyes all whose signals prove something: the members themselves, or, of sites, their hosts
 */
export function groupOf(members: readonly Member[], eyes: readonly Eye[], at: number): Group {
  const proof = unbroken(eyes)
  let lastSignalAt = 0
  let nextLateAt = Number.POSITIVE_INFINITY
  for (const { heardAt, witness, silent, lateAt } of members) {
    lastSignalAt = Math.max(lastSignalAt, heardAt)
    if (!witness && !silent && lateAt > at) nextLateAt = Math.min(nextLateAt, lateAt)
  }
  const fallen = members
    .filter(({ witness, silent, lateAt, shouldAt }) => !witness && (silent || lateAt <= at) && shouldAt > lastSignalAt)
    .map(({ name }) => name)

  return {
    lastSignalAt,
    fallen,
    judge({ name, heardAt, firstMissAt, boundAt, dueAt, patienceMs, reappearanceMs, returnAt: seenAt }) {
      if (proof(heardAt) >= firstMissAt) return { kind: 'fault', proven: true }
      const returnAt = seenAt ?? (lastSignalAt >= firstMissAt ? firstSignalSince(eyes, firstMissAt) : undefined)
      if (returnAt !== undefined) {
        if (lastSignalAt >= returnAt + reappearanceMs) return { kind: 'fault', proven: true }
        // After a restart what was seen is forgotten: who restarts again and again must not hide anybody for ever.
        if (at >= boundAt) return { kind: 'fault', proven: true }
        if (at < returnAt + reappearanceMs) return { kind: 'hold', returnAt }
      }
      if (nextLateAt <= dueAt + patienceMs) return { kind: 'hold', returnAt }
      const together = fallen.length >= 2 && fallen.includes(name)
      return together ? { kind: 'together' } : { kind: 'fault', proven: false }
    },
  }
}

/** When the first signal came since a moment, as far as it can be told; `undefined`: none did. */
function firstSignalSince(eyes: readonly Eye[], sinceAt: number): number | undefined {
  let firstAt: number | undefined
  for (const { heardAt, returnedAt = 0, everydayGapMs } of eyes) {
    if (heardAt < sinceAt) continue
    // Without a break since before that moment, one must have come soon after it.
    const at = returnedAt > sinceAt ? returnedAt : Math.min(heardAt, sinceAt + everydayGapMs)
    firstAt = Math.min(firstAt ?? at, at)
  }
  return firstAt
}

/**
 * @returns of those who report without a break since before a moment: when the newest of the signals came that another
 *   one followed; 0: there is none
 */
export function unbroken(sights: readonly Sight[]): (sinceAt: number) => number {
  const sorted = sights
    .flatMap(({ beforeAt, returnedAt = 0 }) => (beforeAt === undefined ? [] : [{ returnedAt, beforeAt }]))
    .sort((a, b) => a.returnedAt - b.returnedAt)
  let newest = 0
  const newestUpTo = sorted.map(({ beforeAt }) => {
    newest = Math.max(newest, beforeAt)
    return newest
  })
  return (sinceAt) => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle]!.returnedAt <= sinceAt) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : newestUpTo[low - 1]!
  }
}
