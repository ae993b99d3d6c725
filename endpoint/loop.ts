/**
 * The agent's life: post, wait, post again, whatever the server does. It says when posting begins to fail and when it
 * is over, not each time; nothing is queued, for a heartbeat that is late is worth nothing: only counted.
 */
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import type { Collect } from './collect.ts'
import { DEFAULT_INTERVAL_MS, type EndpointConfig, nameOf } from './config.ts'
import type { Outcome, Send } from './send.ts'

export interface LoopDeps {
  readonly send: Send
  readonly collect: Collect
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  /** Calls once, after so many milliseconds; returns what prevents it. */
  readonly after: (ms: number, call: () => void) => () => void
  /** 0 to 1. */
  readonly random: () => number
  readonly log: Pick<Log, 'info' | 'warn'>
}

/** Agents that a power cut started together must not post together for ever. */
const JITTER = 0.1
const FIRST_RETRY_MS = 1000
const SHORTEST_TIMEOUT_MS = 2000
const LONGEST_TIMEOUT_MS = 10_000
const GOODBYE_MS = 2000
const REPEAT_MS = 600_000
/** Timers stand still while the machine sleeps, and tell nobody when it wakes: so the wait looks at the clocks. */
const LOOK_MS = 1000
const SLEPT_MS = 3000

export class Loop {
  readonly #deps: LoopDeps
  #config: EndpointConfig
  /** Posts that failed since the last success, and those of them that nobody answered: only these accuse the network. */
  #unsent = 0
  #unanswered = 0
  #greeted = false
  #warnedAt = Number.NEGATIVE_INFINITY
  #stopped = false
  #skipWait = false
  #endWait = () => {}
  #posting = new AbortController()

  constructor(deps: LoopDeps, config: EndpointConfig) {
    this.#deps = deps
    this.#config = config
  }

  /** Ends after `stop` only. */
  async run(): Promise<void> {
    const { clock } = this.#deps
    while (!this.#stopped) {
      const startedAt = clock.monotonic()
      const config = this.#config
      const outcome = await this.#post(config)
      if (this.#stopped) return
      this.#account(outcome, config)
      await this.#waitUntil(outcome.sent ? startedAt + this.#delayMs() : clock.monotonic() + this.#delayMs())
    }
  }

  /** New settings count from now on: the next post follows at once. */
  use(config: EndpointConfig): void {
    this.#config = config
    this.#greeted = false
    this.#skipWait = true
    this.#endWait()
  }

  /** Says goodbye, so that the server knows a stop from a power cut; over within two seconds. */
  async stop(): Promise<void> {
    const { send, collect, log } = this.#deps
    this.#stopped = true
    // A heartbeat still under way could arrive after the goodbye and undo it.
    this.#posting.abort()
    this.#endWait()
    const form = collect(this.#config, { unsent: this.#unanswered, event: 'goodbye' })
    const outcome = await send(this.#config, form, { timeoutMs: GOODBYE_MS })
    const name = nameOf(this.#config)
    if (outcome.sent) log.info(`${name} said goodbye`)
    else log.warn(`${name} could not say goodbye: ${outcome.reason}`)
  }

  #post(config: EndpointConfig): Promise<Outcome> {
    const { send, collect } = this.#deps
    const timeoutMs = Math.min(LONGEST_TIMEOUT_MS, Math.max(SHORTEST_TIMEOUT_MS, intervalOf(config)))
    const form = collect(config, { unsent: this.#unanswered })
    return send(config, form, { timeoutMs, signal: this.#posting.signal })
  }

  #account(outcome: Outcome, config: EndpointConfig): void {
    const { clock, log } = this.#deps
    const { url } = config
    const name = nameOf(config)
    if (outcome.sent) {
      const missed = this.#unsent > 0 ? `, after ${this.#unsent} unsent` : ''
      if (!this.#greeted) log.info(`${name} reports to ${url} every ${intervalOf(config) / 1000} s${missed}`)
      else if (this.#unsent > 0) log.info(`${name} reports again${missed}`)
      // An edit during the post asks for a greeting of its own.
      this.#greeted = config === this.#config
      this.#unsent = 0
      this.#unanswered = 0
      this.#warnedAt = Number.NEGATIVE_INFINITY
      return
    }
    this.#unsent++
    if (!outcome.answered) this.#unanswered++
    if (clock.monotonic() - this.#warnedAt < REPEAT_MS) return
    const what = this.#unsent === 1 ? `${name} cannot report to ${url}` : `${name} still cannot report to ${url}`
    const count = this.#unsent === 1 ? 'It keeps trying.' : `${this.#unsent} unsent; it keeps trying.`
    log.warn(`${what}: ${outcome.reason}. ${outcome.advice} ${count}`)
    this.#warnedAt = clock.monotonic()
  }

  #delayMs(): number {
    const intervalMs = intervalOf(this.#config)
    const retryMs = FIRST_RETRY_MS * 2 ** (this.#unsent - 1)
    const delayMs = this.#unsent === 0 ? intervalMs : Math.min(intervalMs, retryMs)
    return delayMs * (1 - JITTER + 2 * JITTER * this.#deps.random())
  }

  /** Ends early when the wall clock ran ahead of the monotonic one: the machine slept (or its clock was set). */
  #waitUntil(dueAt: number): Promise<void> {
    const { clock, after } = this.#deps
    return new Promise((resolve) => {
      let cancel = () => {}
      this.#endWait = () => {
        cancel()
        this.#skipWait = false
        this.#endWait = () => {}
        resolve()
      }
      const lead = () => clock.now() - clock.monotonic()
      const leadBefore = lead()
      const look = () => {
        const leftMs = dueAt - clock.monotonic()
        if (this.#skipWait || leftMs <= 0 || lead() - leadBefore > SLEPT_MS) this.#endWait()
        else cancel = after(Math.min(LOOK_MS, leftMs), look)
      }
      look()
    })
  }
}

function intervalOf({ intervalMs = DEFAULT_INTERVAL_MS }: EndpointConfig): number {
  return intervalMs
}
