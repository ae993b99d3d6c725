/**
 * Who watches the box? Someone outside, whom we tell each minute that all is well here, and who raises the alarm when
 * that stops. So nothing is requested while anything is wrong with us: to say nothing is how we say so.
 * The URLs are secrets: whoever knows one can pretend that we are well.
 */
import type { Log } from '../shared/log.ts'
import type { DataPaths } from '../shared/paths.ts'
import { type ProcessName, readPulse } from '../shared/pulse.ts'

export interface WatchdogDeps {
  readonly urls: readonly string[]
  /** @returns what is wrong with us, for the log; `undefined` when all is well */
  unwell(): string | undefined
  /** Requests a URL and resolves with the HTTP status (`getStatus`). */
  get(url: string, signal: AbortSignal): Promise<number>
  /** Milliseconds that never jump: a clock that is set must not silence us for hours. */
  monotonic(): number
  /** From 0 to 1: many boxes must not ask in the same second. */
  random(): number
  readonly log: Log
}

const EVERY_MS = 60_000
const LIMIT_MS = 10_000
/** Pulses are written each second; a box under load may be late with some. */
const PULSE_LIMIT_MS = 10_000
/** Nobody who waits for an alert would call that well. */
const WAITING_LIMIT_MS = 300_000

/** @returns `beat`, to be called each second, and `stop`; neither throws */
export function createWatchdog({ urls, unwell, get, monotonic, random, log }: WatchdogDeps) {
  const stopping = new AbortController()
  const dogs = urls.map((url) => ({ url, nextAtMs: monotonic() + random() * EVERY_MS, busy: false, failing: false }))
  let wrong: string | undefined

  async function call(dog: (typeof dogs)[number]): Promise<void> {
    const { url } = dog
    dog.busy = true
    const limit = AbortSignal.any([stopping.signal, AbortSignal.timeout(LIMIT_MS)])
    const failure = await get(url, limit).then(
      (status) => (status >= 200 && status < 300 ? undefined : `HTTP ${status}`),
      (error: unknown) => withoutUrl(error, limit),
    )
    dog.busy = false
    if (stopping.signal.aborted) return
    const { host } = new URL(url)
    if (failure !== undefined && !dog.failing)
      log.warn(`watchdog ${host}: ${failure}: not told that all is well here; tried again each minute`)
    if (failure === undefined && dog.failing) log.info(`watchdog ${host}: told again that all is well here`)
    dog.failing = failure !== undefined
  }

  return {
    beat(): void {
      const nowMs = monotonic()
      const due = dogs.filter(({ nextAtMs, busy }) => nextAtMs <= nowMs && !busy)
      if (due.length === 0 || stopping.signal.aborted) return
      const found = unwell()
      if (found !== undefined && wrong === undefined)
        log.warn(`the watchdogs are not told that all is well here: ${found}`)
      if (found === undefined && wrong !== undefined) log.info('all is well here again: the watchdogs are told')
      wrong = found
      // Those that were due stay so: told within a second once all is well.
      if (found !== undefined) return
      for (const dog of due) {
        dog.nextAtMs = nowMs + EVERY_MS
        void call(dog)
      }
    },

    stop: () => stopping.abort(),
  }
}

export interface Health {
  readonly paths: DataPaths
  /** A bot runs here, because it has a token. */
  readonly botRuns: boolean
  now(): number
  /** The last round failed: the disk would not take it. */
  inTrouble(): boolean
  /** How long the oldest alert has been waiting for its channel; 0 when none is. */
  oldestWaitingMs(): number
}

/** @returns what is wrong with the processes of this box, in words; `undefined` when all of them do their work */
export function whatIsWrong({ paths, botRuns, now, inTrouble, oldestWaitingMs }: Health): string | undefined {
  const processes: ProcessName[] = ['server', 'checker', ...(botRuns ? (['bot'] as const) : [])]
  for (const name of processes) {
    const pulseAt = readPulse(paths, name)
    if (pulseAt === undefined || Math.abs(now() - pulseAt) > PULSE_LIMIT_MS) return `no pulse of the ${name}`
  }
  if (inTrouble()) return 'rounds of the checker fail'
  const waitingMs = oldestWaitingMs()
  if (waitingMs > WAITING_LIMIT_MS) return `an alert has been waiting for ${Math.floor(waitingMs / 60_000)} min`
  return undefined
}

/**
 * The real request: follows redirects, reads nothing of the answer.
 * @returns the HTTP status
 */
export async function getStatus(url: string, signal: AbortSignal): Promise<number> {
  const { default: axios } = await import('axios')
  const { data, status } = await axios.get<NodeJS.ReadableStream & { destroy(): void }>(url, {
    headers: { 'User-Agent': 'Monitora' },
    responseType: 'stream',
    validateStatus: () => true,
    signal,
  })
  data.destroy()
  return status
}

/** Messages of errors may carry the URL; their codes do not. */
function withoutUrl(error: unknown, limit: AbortSignal): string {
  if (limit.aborted) return `no answer within ${LIMIT_MS / 1000} s`
  return (error as NodeJS.ErrnoException | undefined)?.code ?? 'no answer'
}
