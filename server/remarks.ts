/**
 * Says in the log what clients cannot see of their replies: that something was left out, and why. Strangers may cause
 * it, so each remark is said once an hour, and of very many of one sender only the first: they must not drown another's.
 */
import type { Log } from '../shared/log.ts'

const AGAIN_MS = 3_600_000
/** In an hour, of one sender. */
const MOST = 100
/** In an hour. A sender is registered, or named in the configuration: more are not expected. */
const MOST_SENDERS = 1000

/**
 * @param monotonic milliseconds that never jump
 * @returns takes a remark, which begins with its sender: `shop: a check-in was left out: …`
 */
export function createRemarks(log: Pick<Log, 'warn'>, monotonic: () => number): (text: string) => void {
  /** When each was said last, the oldest first. */
  const said = new Map<string, number>()
  /** How many of them are whose. */
  const counts = new Map<string, number>()

  function forget(at: number): void {
    for (const [text, saidAt] of said) {
      if (at - saidAt < AGAIN_MS) break
      said.delete(text)
      const sender = senderOf(text)
      const left = counts.get(sender)! - 1
      if (left > 0) counts.set(sender, left)
      else counts.delete(sender)
    }
  }

  return (text) => {
    const at = monotonic()
    forget(at)
    if (said.has(text)) return
    const sender = senderOf(text)
    const count = counts.get(sender) ?? 0
    if (count === 0 && counts.size >= MOST_SENDERS) return
    const line = count < MOST ? text : `${sender}: more was left out, and is not named`
    if (said.has(line)) return
    said.set(line, at)
    counts.set(sender, count + 1)
    log.warn(`${line} (said once an hour)`)
  }
}

function senderOf(text: string): string {
  return text.split(':', 1)[0]!
}
