/**
 * Flap damping: who goes and comes too often is told as unstable, once, and then not at all until it keeps still. Pure.
 */

export interface Damping {
  readonly changes: number
  readonly withinMs: number
}

/** The changes that can still matter, with this one. */
export function changedAgain(changedAt: readonly number[] = [], { changes, withinMs }: Damping, now: number): number[] {
  // A change from the future was noted before the clock was set back.
  return [...changedAt.filter((at) => at > now - withinMs && at <= now), now].slice(-changes)
}

export function isUnstable(changedAt: readonly number[], { changes, withinMs }: Damping, now: number): boolean {
  return changedAt.length >= changes && changedAt[0]! > now - withinMs
}

/** When it will have kept still for long enough. */
export function stableAt(changedAt: readonly number[] = [], { withinMs }: Damping): number {
  return (changedAt.at(-1) ?? 0) + withinMs
}
