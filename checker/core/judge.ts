/**
 * Who is at fault when somebody is silent: it alone, or what it shares with others? The same question on two levels:
 * hosts that share the network of a site, and sites that share the network of this box. Pure.
 *
 *   1. Who is past due is held: nothing is told yet.
 *   2. Another one gave an ordinary signal when the held one should have been heard: it is at fault.
 *   3. Another one came back after a gap: the network may just be coming back. Once, the held one gets time to appear.
 *   4. Else those are waited for who will be late soon.
 *   5. Nobody left to wait for: two or more are silent since the last signal from anyone: all fell together.
 */
import type { Moments } from './due.ts'

/** What was seen of somebody's signals. */
export interface Sight {
  /** The newest one that came after an everyday gap. */
  readonly ordinaryAt?: number
  /** The newest one that came after a longer gap, or after one that is not known. */
  readonly returningAt?: number
}

export interface Member extends Moments, Sight {
  readonly name: string
  readonly heardAt: number
  /** Nobody waits for its signals: they only prove that the network works. */
  readonly witness?: boolean
  /** Known to be silent before, by an earlier verdict. */
  readonly silent?: boolean
}

export interface Suspect {
  readonly name: string
  readonly shouldAt: number
  readonly dueAt: number
  /** How long after its due others are waited for. */
  readonly patienceMs: number
  /** How long it may take to appear after the network came back. */
  readonly reappearanceMs: number
  /** The first return of another one that was seen since it should have been heard. */
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

/** @param at until when everybody could be heard, epoch milliseconds */
export function groupOf(members: readonly Member[], at: number): Group {
  const ordinary = new Newest()
  const returning = new Newest()
  let lastSignalAt = 0
  let nextLateAt = Number.POSITIVE_INFINITY
  for (const member of members) {
    ordinary.add(member.name, member.ordinaryAt)
    returning.add(member.name, member.returningAt)
    lastSignalAt = Math.max(lastSignalAt, member.heardAt)
    if (!member.witness && !member.silent && member.lateAt > at) nextLateAt = Math.min(nextLateAt, member.lateAt)
  }
  const fallen = members
    .filter(({ witness, silent, lateAt, shouldAt }) => !witness && (silent || lateAt <= at) && shouldAt > lastSignalAt)
    .map(({ name }) => name)

  return {
    lastSignalAt,
    fallen,
    judge({ name, shouldAt, dueAt, patienceMs, reappearanceMs, returnAt: seenAt }) {
      if (ordinary.otherThan(name) >= shouldAt) return { kind: 'fault', proven: true }
      const newestReturn = returning.otherThan(name)
      const returnAt = seenAt ?? (newestReturn >= shouldAt ? newestReturn : undefined)
      if (returnAt !== undefined && at < returnAt + reappearanceMs) return { kind: 'hold', returnAt }
      if (nextLateAt <= dueAt + patienceMs) return { kind: 'hold', returnAt }
      const together = fallen.length >= 2 && fallen.includes(name)
      return together ? { kind: 'together' } : { kind: 'fault', proven: false }
    },
  }
}

/** The newest moment of anyone but one: the two newest of different names are enough for that. */
class Newest {
  #first = { name: '', at: 0 }
  #second = { name: '', at: 0 }

  add(name: string, at = 0): void {
    if (at > this.#first.at) {
      this.#second = this.#first
      this.#first = { name, at }
    } else if (at > this.#second.at) this.#second = { name, at }
  }

  otherThan(name: string): number {
    return this.#first.name === name ? this.#second.at : this.#first.at
  }
}
