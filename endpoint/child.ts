/**
 * A job's process, run as if nobody watched: what it writes passes through byte by byte, what it is told by signal it is
 * told, and how it ended is said as a shell would say it. Only the last of its words is kept.
 */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { constants as system, tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished, type Readable, type Writable } from 'node:stream'
import { LastWords } from './last-words.ts'

export interface ChildDeps {
  readonly out: Writable
  readonly err: Writable
  /** Both of these lead to the same place: then what the job writes keeps its order, too. */
  readonly merged: boolean
  /** Tells the signals that reach us, by name. */
  readonly signals: EventEmitter
  /** A terminal tells all of its processes by itself what is typed there. */
  readonly terminal: boolean
  /** Milliseconds that never jump. */
  readonly monotonic: () => number
  /** Ends early, and does not throw, when it is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface Ended {
  /** As a shell has it: 127 for what is not there, 128 and more for a signal. */
  readonly exitStatus: number
  /** How it ended, where the number alone does not say it. */
  readonly message?: string
  readonly durationMs: number
  /** The last of what it wrote. */
  readonly output: string
}

export interface Child {
  readonly ended: Promise<Ended>
  /** All that it and those it left behind had to write is written. */
  readonly drained: Promise<unknown>
  /** Takes no more of it. */
  readonly letGo: () => void
}

const TYPED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGHUP']
const FORWARDED: readonly NodeJS.Signals[] = [...TYPED, 'SIGTERM', 'SIGUSR1', 'SIGUSR2']
const NOT_FOUND = 127
const CANNOT_RUN = 126
/** `mkfifo` takes a few milliseconds. */
const PIPES_MS = 5000
/** For what it wrote to arrive; then somebody else writes there still. */
const LAST_WORDS_MS = 1000

export function startChild([file = '', ...args]: readonly string[], deps: ChildDeps): Child {
  const { out, err, merged, signals, terminal, monotonic, wait } = deps
  const startedAt = monotonic()
  const pipes = openPipes(merged ? 1 : 2)
  const [first, second = first] = pipes
  const stdio: SpawnOptions['stdio'] = ['inherit', first?.inner ?? 'pipe', second?.inner ?? 'pipe']
  const job: ChildProcess = spawn(file, args, { stdio })
  for (const { close } of pipes) close()

  const words = new LastWords()
  const [outer, errors] = pipes.length > 0 ? pipes.map((pipe) => pipe.outer) : [job.stdout, job.stderr]
  const drained = Promise.all([outer && passOn(outer, out, words), errors && passOn(errors, err, words)])

  const forward = (signal: NodeJS.Signals) => {
    if (!(terminal && TYPED.includes(signal))) job.kill(signal)
  }
  for (const signal of FORWARDED) signals.on(signal, forward)
  const exited = new Promise<Pick<Ended, 'exitStatus' | 'message'>>((resolve) => {
    job.once('exit', (code, signal) => resolve(endOf(code, signal)))
    job.once('error', (error) => resolve(failedStart(file, error)))
  })
  const ended = exited.then(async (end) => {
    const durationMs = monotonic() - startedAt
    for (const signal of FORWARDED) signals.off(signal, forward)
    const enough = new AbortController()
    await Promise.race([drained, wait(LAST_WORDS_MS, enough.signal)])
    enough.abort()
    return { ...end, durationMs, output: words.text() }
  })
  const letGo = () => {
    for (const source of [outer, errors]) source?.destroy()
  }
  return { ended, drained, letGo }
}

interface Pipe {
  readonly outer: Readable
  /** For the job. */
  readonly inner: number
  readonly close: () => void
}

/**
 * Node would give the job sockets, and a script that writes to /dev/stderr cannot open one of those.
 * @returns none where that cannot be done: a job that runs is worth more
 */
function openPipes(count: number): Pipe[] {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'monitora-run-'))
    try {
      const names = Array.from({ length: count }, (_, index) => join(folder, String(index)))
      execFileSync('mkfifo', ['-m', '600', ...names], { stdio: 'ignore', timeout: PIPES_MS })
      return names.map(openPipe)
    } finally {
      // Open ones need no name any more.
      rmSync(folder, { recursive: true })
    }
  } catch {
    return []
  }
}

function openPipe(name: string): Pipe {
  // In this order, for whoever opens one end waits for the other.
  const fd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)
  const inner = openSync(name, constants.O_WRONLY)
  return { outer: new Socket({ fd, readable: true, writable: false }), inner, close: () => closeSync(inner) }
}

/** As fast as the target takes it. */
function passOn(source: Readable, target: Writable, words: LastWords): Promise<void> {
  source.on('data', (part: Buffer) => words.add(part))
  source.pipe(target, { end: false })
  // Whoever read us is gone: the job learns of it as it would without us.
  const give = () => source.destroy()
  target.once('error', give)
  return new Promise((resolve) =>
    finished(source, () => {
      target.off('error', give)
      resolve()
    }),
  )
}

function endOf(code: number | null, signal: NodeJS.Signals | null): Pick<Ended, 'exitStatus' | 'message'> {
  if (signal === null) return { exitStatus: code ?? 0 }
  return { exitStatus: 128 + system.signals[signal], message: `ended by ${signal}` }
}

/** The arguments may hold a password, the name of the program does not. */
function failedStart(file: string, { code }: NodeJS.ErrnoException): Pick<Ended, 'exitStatus' | 'message'> {
  return code === 'ENOENT'
    ? { exitStatus: NOT_FOUND, message: `${file}: not found` }
    : { exitStatus: CANNOT_RUN, message: `${file}: cannot be run (${code})` }
}
