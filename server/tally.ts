/** What the server has done since it started, in plain numbers: /metrics shows them. */
export interface Tally {
  /** By dialect: what was asked for, and whether it was kept. */
  readonly answered: ReadonlyMap<string, Readonly<Answered>>
  count(dialect: string, what: 'signal' | 'error' | 'none', accepted: boolean): void
}

export interface Answered {
  signals: number
  errors: number
  /** Requests, whatever they wanted. */
  refused: number
}

export function createTally(): Tally {
  const answered = new Map<string, Answered>()
  return {
    answered,
    count(dialect, what, accepted) {
      let numbers = answered.get(dialect)
      if (!numbers) {
        numbers = { signals: 0, errors: 0, refused: 0 }
        answered.set(dialect, numbers)
      }
      if (!accepted) numbers.refused++
      else if (what === 'signal') numbers.signals++
      else if (what === 'error') numbers.errors++
    },
  }
}
