/** When each host is to be looked at again, by whole seconds: many hosts share one, so taking what is due is cheap. */

export class Agenda {
  readonly #seconds = new Map<number, Set<string>>()
  readonly #planned = new Map<string, number>()

  /** @param at epoch milliseconds; Infinity: not until something rings */
  plan(name: string, at: number): void {
    if (at === Number.POSITIVE_INFINITY) {
      this.drop(name)
      return
    }
    const second = Math.ceil(at / 1000)
    this.#leave(name)
    this.#planned.set(name, second)
    const names = this.#seconds.get(second)
    if (names) names.add(name)
    else this.#seconds.set(second, new Set([name]))
  }

  drop(name: string): void {
    this.#leave(name)
    this.#planned.delete(name)
  }

  #leave(name: string): void {
    const second = this.#planned.get(name)
    if (second === undefined) return
    const names = this.#seconds.get(second)
    names?.delete(name)
    if (names?.size === 0) this.#seconds.delete(second)
  }

  /** @returns epoch milliseconds, of the last plan if it was taken since; Infinity: not until something rings */
  plannedAt(name: string): number {
    return (this.#planned.get(name) ?? Number.POSITIVE_INFINITY) * 1000
  }

  /** Everything planned until then; it must be planned again. */
  takeUntil(at: number): string[] {
    const due: string[] = []
    for (const [second, names] of this.#seconds) {
      if (second * 1000 > at) continue
      for (const name of names) due.push(name)
      this.#seconds.delete(second)
    }
    return due
  }
}
