/**
 * Says in the log what clients cannot see of their replies: that something was left out, and why. Strangers may cause
 * it, so each remark is said once an hour, and of very many only the first.
 */
import type { Log } from '../shared/log.ts'

const AGAIN_MS = 3_600_000
/** In an hour. */
const MOST = 100

/** @param monotonic milliseconds that never jump */
export function createRemarks(log: Pick<Log, 'warn'>, monotonic: () => number): (text: string) => void {
  /** When each was said last, the oldest first. */
  const said = new Map<string, number>()

  return (text) => {
    const at = monotonic()
    for (const [old, saidAt] of said) {
      if (at - saidAt < AGAIN_MS) break
      said.delete(old)
    }
    if (said.has(text) || said.size >= MOST) return
    said.set(text, at)
    log.warn(`${text} (said once an hour)`)
  }
}
