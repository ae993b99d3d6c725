/** What the server has done since it started, in plain numbers: /metrics shows them. */
export interface Tally {
  /** By dialect: what was asked for, and whether it was kept. */
  readonly answered: ReadonlyMap<string, Readonly<Answered>>
  /** It is shown from now on, at 0: a series that begins at 1 hides its first from every rate. */
  begin(dialect: string): void
  /** @param dialect one that has begun */
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
    begin(dialect) {
      answered.set(dialect, { signals: 0, errors: 0, refused: 0 })
    },
    count(dialect, what, accepted) {
      const numbers = answered.get(dialect)!
      if (!accepted) numbers.refused++
      else if (what === 'signal') numbers.signals++
      else if (what === 'error') numbers.errors++
    },
  }
}
