/** The known name that somebody most likely meant. */

/** @returns the one that takes the fewest changes of a letter; of equals the first; `undefined` when all take more */
export function nearest(
  name: string,
  known: readonly string[],
  mostChanges = Number.POSITIVE_INFINITY,
): string | undefined {
  let best: { readonly name: string; readonly changes: number } | undefined
  for (const candidate of known) {
    const changes = changesBetween(name.toLowerCase(), candidate.toLowerCase())
    if (changes <= mostChanges && (!best || changes < best.changes)) best = { name: candidate, changes }
  }
  return best?.name
}

/** Letters to insert, remove or replace (Levenshtein). */
function changesBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[other.length]!
}
