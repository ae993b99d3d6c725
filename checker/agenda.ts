/** When each host is to be looked at again, by whole seconds: many hosts share one, so taking what is due is cheap. */

export class Agenda {
  readonly #seconds = new Map<number, Set<string>>()
  readonly #planned = new Map<string, number>()

  /** @param at epoch milliseconds; Infinity: not until something rings */
  plan(name: string, at: number): void {
    this.drop(name)
    if (at === Number.POSITIVE_INFINITY) return
    const second = Math.ceil(at / 1000)
    this.#planned.set(name, second)
    const names = this.#seconds.get(second)
    if (names) names.add(name)
    else this.#seconds.set(second, new Set([name]))
  }

  drop(name: string): void {
    const second = this.#planned.get(name)
    if (second === undefined) return
    this.#planned.delete(name)
    const names = this.#seconds.get(second)
    names?.delete(name)
    if (names?.size === 0) this.#seconds.delete(second)
  }

  /** @returns epoch milliseconds; Infinity: not until something rings */
  plannedAt(name: string): number {
    return (this.#planned.get(name) ?? Number.POSITIVE_INFINITY) * 1000
  }

  /** Everything planned until then; it must be planned again. */
  takeUntil(at: number): string[] {
    const due: string[] = []
    for (const [second, names] of this.#seconds) {
      if (second * 1000 > at) continue
      due.push(...names)
      for (const name of names) this.#planned.delete(name)
      this.#seconds.delete(second)
    }
    return due
  }
}
