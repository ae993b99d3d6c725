/**
 * Slows down who tries passwords: by address, and only the wrong attempts. A right password is never delayed, for
 * neighbours behind one address share it. Must not grow with the number of attackers.
 */
import type { Log } from '../shared/log.ts'

const FREE = 5
const WINDOW_MS = 60_000
const DELAY_MS = 1000
const MOST_WAITING = 20
const MOST_ADDRESSES = 10_000
const SAY_EVERY_MS = 3_600_000

interface Record {
  /** When the log last heard of it. */
  saidAt: number
  /** The last few wrong attempts, oldest first. */
  readonly wrongAt: number[]
  waiting: number
}

export interface Penalty {
  /** Calls `answer` at once or after a delay: 'unauthorized', or 'slow-down' when too many of this address wait already. */
  wrong(address: string, answer: (outcome: 'unauthorized' | 'slow-down') => void): void
}

/** @param monotonic milliseconds that never jump */
export function createPenalty(monotonic: () => number, log: Pick<Log, 'warn'>): Penalty {
  const records = new Map<string, Record>()

  function recordOf(address: string): Record {
    const record = records.get(address) ?? { wrongAt: [], waiting: 0, saidAt: Number.NEGATIVE_INFINITY }
    // Put in anew, so that the first of the map is the one that has been quiet for longest.
    records.delete(address)
    if (records.size >= MOST_ADDRESSES) records.delete(records.keys().next().value!)
    records.set(address, record)
    return record
  }

  return {
    wrong(address, answer) {
      const record = recordOf(address)
      const now = monotonic()
      record.wrongAt.push(now)
      if (now - record.saidAt >= SAY_EVERY_MS) {
        record.saidAt = now
        log.warn(`wrong credentials from ${address} (said once an hour)`)
      }
      if (record.wrongAt.length > FREE + 1) record.wrongAt.shift()
      const slowed = record.wrongAt.length > FREE && now - record.wrongAt[0]! < WINDOW_MS
      if (!slowed) answer('unauthorized')
      else if (record.waiting >= MOST_WAITING) answer('slow-down')
      else {
        record.waiting++
        setTimeout(() => {
          record.waiting--
          answer('unauthorized')
        }, DELAY_MS).unref()
      }
    },
  }
}
