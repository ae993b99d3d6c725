/**
 * `monitora run`: a job, and what is told of it. `start` while it begins, `success` or `fail` with its last words when it
 * has ended. Whatever becomes of these reports, the job runs, and its end is ours.
 */
import { randomUUID } from 'node:crypto'
import { type ChildDeps, type Ended, startChild } from './child.ts'
import type { EndpointConfig } from './config.ts'
import type { Outcome, Send } from './send.ts'

export interface JobDeps extends ChildDeps {
  readonly send: Send
  /** A line for whoever started the job. */
  readonly complain: (text: string) => void
}

export interface Job {
  readonly name: string
  readonly command: readonly string[]
  /** `undefined`: it runs, and nobody is told. */
  readonly config: EndpointConfig | undefined
}

const START_MS = 5000
const END_MS = 10_000
const TRY_FOR_MS = 60_000
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 10_000
/** Once the job has ended, these end the reporting. */
const STOPPING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

/** @returns the exit code of the job */
export async function runJob(deps: JobDeps, { name, command, config }: Job): Promise<number> {
  const { send, complain, signals } = deps
  const about = { host: name, site: config?.site, run: randomUUID() }
  const child = startChild(command, deps)
  const stop = new AbortController()
  const beginning = formOf({ ...about, event: 'start' })
  const started = config && send(config, beginning, { timeoutMs: START_MS, signal: stop.signal })

  const ended = await child.ended
  if (ended.message !== undefined) complain(`monitora: ${ended.message}`)
  const abort = () => {
    stop.abort()
    child.letGo()
  }
  for (const signal of STOPPING) signals.once(signal, abort)
  if (config && started) {
    // The end must not arrive before the beginning.
    const outcomes = [await started, await postEnd(deps, config, formOf({ ...about, ...endOf(ended) }), stop.signal)]
    const lost = outcomes.findLast((outcome) => outcome.sent === false)
    if (lost) complain(`monitora: ${name} could not report to ${config.url}: ${lost.reason}. ${lost.advice}`)
  }
  await child.drained
  for (const signal of STOPPING) signals.off(signal, abort)
  return ended.exitStatus
}

function endOf({ exitStatus, message, durationMs, output }: Ended): Readonly<Record<string, string | undefined>> {
  const event = exitStatus === 0 ? 'success' : 'fail'
  return { event, exit: String(exitStatus), duration: (durationMs / 1000).toFixed(3), message, output }
}

/** More than once, for a job that ran each night would else be missed for a server that was just restarted. */
async function postEnd(
  { send, wait, monotonic }: JobDeps,
  config: EndpointConfig,
  form: URLSearchParams,
  signal: AbortSignal,
): Promise<Outcome> {
  const untilMs = monotonic() + TRY_FOR_MS
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const outcome = await send(config, form, { timeoutMs: END_MS, signal })
    if (outcome.sent || outcome.final || signal.aborted || monotonic() + pauseMs > untilMs) return outcome
    await wait(pauseMs, signal)
    if (signal.aborted) return outcome
  }
}

function formOf(fields: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const said = Object.entries(fields).filter((field): field is [string, string] => !!field[1])
  return new URLSearchParams(said)
}
