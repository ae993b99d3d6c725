/**
 * The inbox: events, each of which matters, in files of their own until the checker has handled them.
 * A heartbeat is a state and overwrites its file; an event is a message and must not be lost: it is on disk, synced,
 * before it is acknowledged. What arrives while a sync is under way shares the next one.
 */
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listNames, NOT_OURS, readIfThere } from './files.ts'
import { isHostName } from './names.ts'
import type { DataPaths } from './paths.ts'
import { CLIENT_STATUSES, type ClientStatus } from './report.ts'

const EXTENSION = '.jsonl'
/** A hundred years. */
const LONGEST_S = 3_153_600_000

/** What a client says about an outage of its own; ages, never clock times, for a Pi's clock lies at boot. */
export interface Account {
  readonly rebooted: boolean
  readonly agentRestarted: boolean
  /** Seconds since the machine started. */
  readonly up?: number
  /** Seconds since the agent started. */
  readonly age?: number
  /** Seconds asleep since the previous signal. */
  readonly slept?: number
  /** Posts that failed since the last one that did not. */
  readonly unsent?: number
  /** After a restart: this start of the machine and the one before it, each with where it reported from. */
  readonly boot?: string
  readonly address?: string
  readonly bootBefore?: string
  readonly addressBefore?: string
}

export type InboxEvent = { readonly host: string; readonly at: string } & (
  | { readonly kind: 'first' }
  | { readonly kind: 'goodbye' }
  | { readonly kind: 'account'; readonly account: Account }
  /** What the client says of itself: each time that it is no good, and when it is good again. */
  | ({ readonly kind: 'status'; readonly status: ClientStatus } & Words)
  | { readonly kind: 'run-started'; readonly id?: string }
  /**
   * Also of a run whose start was not heard; without a duration then, unless the client says it. `ends`: it is the run that
   * was under way.
   */
  | ({
      readonly kind: 'run-ended'
      readonly failed: boolean
      readonly ends: boolean
      readonly durationMs?: number
    } & Words)
  /** For the record only. */
  | ({ readonly kind: 'log' } & Words)
  /** Of a host of which each heartbeat is told. */
  | {
      readonly kind: 'heartbeat'
      readonly status?: ClientStatus
      readonly message?: string
      readonly version?: string
      readonly metadata?: Readonly<Record<string, unknown>>
    }
)

/** What came with an event. */
export interface Words {
  readonly message?: string
  readonly exitStatus?: number
  /** The last lines that a job wrote. */
  readonly output?: string
}

export interface InboxFile {
  readonly file: string
  readonly events: readonly InboxEvent[]
}

export interface InboxWriter<E = InboxEvent> {
  /** Resolves when the event is on disk, synced; rejects when it could not be written. */
  add(event: E): Promise<void>
}

/** @param folder `inbox/` or `inbox/errors/` */
export function createInboxWriter<E = InboxEvent>(folder: string, now: () => number): InboxWriter<E> {
  let counter = 0
  let waiting: { event: E; done: () => void; failed: (error: unknown) => void }[] = []
  let busy = false

  async function flush() {
    busy = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        // Named by time, process and counter: the order in which they are handled.
        const name = `${String(now()).padStart(13, '0')}-${process.pid}-${String(counter++).padStart(8, '0')}${EXTENSION}`
        await writeSynced(folder, name, batch.map(({ event }) => `${JSON.stringify(event)}\n`).join(''))
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    busy = false
  }

  return {
    add: (event) =>
      new Promise((done, failed) => {
        waiting.push({ event, done, failed })
        if (!busy) void flush()
      }),
  }
}

/** All events that wait, oldest file first. Lines that make no sense are left out; their file is still listed. */
export function readInbox(paths: DataPaths): InboxFile[] {
  return listNames(paths.inbox, EXTENSION)
    .sort()
    .flatMap((name) => {
      const file = join(paths.inbox, `${name}${EXTENSION}`)
      const content = readIfThere(file, NOT_OURS)
      return content === undefined ? [] : [{ file, events: content.split('\n').flatMap(parseEvent) }]
    })
}

/** Whatever stands in the folder, what comes out of here has the shape that the checker reckons with. */
function parseEvent(line: string): InboxEvent[] {
  if (line === '') return []
  try {
    const found = JSON.parse(line) as Record<string, unknown>
    const { kind, host, at, account } = found
    if (!isHostName(host) || typeof at !== 'string' || Number.isNaN(Date.parse(at))) return []
    const status = CLIENT_STATUSES.find((known) => known === found.status)
    switch (kind) {
      case 'first':
      case 'goodbye':
        return [{ kind, host, at }]
      case 'account':
        return [{ kind, host, at, account: parseAccount(account) }]
      case 'status':
        return status === undefined ? [] : [{ kind, host, at, status, ...parseWords(found) }]
      case 'run-started':
        return [{ kind, host, at, id: textOf(found.id) }]
      case 'run-ended':
        return [
          {
            kind,
            host,
            at,
            failed: found.failed === true,
            ends: found.ends === true,
            durationMs: numberOf(found.durationMs),
            ...parseWords(found),
          },
        ]
      case 'log':
        return [{ kind, host, at, ...parseWords(found) }]
      case 'heartbeat': {
        const { metadata } = found
        const known =
          typeof metadata === 'object' && metadata !== null ? (metadata as Record<string, unknown>) : undefined
        return [
          { kind, host, at, status, message: textOf(found.message), version: textOf(found.version), metadata: known },
        ]
      }
      default:
        return []
    }
  } catch {
    return []
  }
}

function parseWords(found: Record<string, unknown>): Words {
  return { message: textOf(found.message), exitStatus: numberOf(found.exitStatus), output: textOf(found.output) }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined
}

function parseAccount(value: unknown): Account {
  const found = (value ?? {}) as Record<string, unknown>
  const number = (key: string) => {
    const item = found[key]
    return typeof item === 'number' && item >= 0 && item < LONGEST_S ? item : undefined
  }
  const text = (key: string) => textOf(found[key])
  return {
    rebooted: found.rebooted === true,
    agentRestarted: found.agentRestarted === true,
    up: number('up'),
    age: number('age'),
    slept: number('slept'),
    unsent: number('unsent'),
    boot: text('boot'),
    address: text('address'),
    bootBefore: text('bootBefore'),
    addressBefore: text('addressBefore'),
  }
}

async function writeSynced(folder: string, name: string, content: string): Promise<void> {
  const temporary = join(folder, `.${name}`)
  try {
    const file = await open(temporary, 'wx', 0o640)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, join(folder, name))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
