/**
 * The clocks of this machine. Passed in everywhere, so that tests own time.
 * Three are needed to tell sleep from a clock that was set: only `uptime` counts the time asleep.
 */
import { readFileSync } from 'node:fs'

export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number
  /** Milliseconds that never jump; stands still while the machine sleeps. */
  monotonic(): number
  /** Milliseconds since boot, sleep included; `undefined` where the system does not tell (not Linux). */
  uptime(): number | undefined
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  uptime: () => {
    try {
      return Number(readFileSync('/proc/uptime', 'latin1').split(' ', 1)[0]) * 1000
    } catch {
      return undefined
    }
  },
}
