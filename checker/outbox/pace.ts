/**
 * What a provider takes in a span of time. Each try counts until its span after it *ended* is over: nearer than that
 * the provider cannot have seen two, however long each was on its way.
 */
import type { Limit } from '../channels/channel.ts'

/** `undefined`: it is still on its way. */
interface Try {
  endedMs?: number
}

/** @param monotonic milliseconds that never jump */
export function createPace(monotonic: () => number) {
  const tries = new Map<string, Try[]>()

  return {
    /** @returns how long a try must wait, milliseconds; Infinity: until one that is on its way has ended */
    waitMs(place: string, limits: readonly Limit[] = []): number {
      const longestMs = Math.max(0, ...limits.map(({ withinMs }) => withinMs))
      const now = monotonic()
      const recent = (tries.get(place) ?? []).filter(({ endedMs = now }) => now - endedMs < longestMs)
      tries.set(place, recent)
      const ends = recent.map(({ endedMs = Number.POSITIVE_INFINITY }) => endedMs).sort((a, b) => a - b)
      const waits = limits.map(({ count, withinMs }) => {
        const last = ends[ends.length - count]
        return last === undefined ? 0 : last + withinMs - now
      })
      // Rounded up, for timers know whole milliseconds only.
      return Math.ceil(Math.max(0, ...waits))
    },

    /** Counts a try that begins now. @returns what to call when it has ended */
    begin(place: string): () => void {
      const one: Try = {}
      tries.set(place, [...(tries.get(place) ?? []), one])
      return () => {
        one.endedMs = monotonic()
      }
    },
  }
}
