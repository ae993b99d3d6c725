/**
 * Answers that cost much to make: made in small slices, so that signals are heard in between, and kept for a moment,
 * so that many readers cost as much as one. Nothing is kept when nobody asks.
 */

/** The longest that signals wait for a reader. */
const SLICE_MS = 5
const SHORTEST_MS = 1000
/** However many hosts there are, making answers takes no more than this part of the time. */
const PART_OF_TIME = 0.1

/** @param monotonic milliseconds that never jump */
export function kept<T>(make: () => Promise<T>, monotonic: () => number): () => Promise<T> {
  let known: Promise<T> | undefined
  return () => {
    if (known) return known
    const begunAt = monotonic()
    const made = make()
    known = made
    const forget = () => {
      known = undefined
    }
    made.then(() => setTimeout(forget, Math.max(SHORTEST_MS, (monotonic() - begunAt) / PART_OF_TIME)).unref(), forget)
    return made
  }
}

/** Goes through the steps, and lets others have their turn again and again. */
export async function unhurried<T>(steps: Generator<undefined, T>, monotonic: () => number): Promise<T> {
  let until = monotonic() + SLICE_MS
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (monotonic() < until) continue
    await new Promise((done) => setImmediate(done))
    until = monotonic() + SLICE_MS
  }
}
