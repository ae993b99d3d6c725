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
import type { ClientStatus } from './report.ts'

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
  | { readonly kind: 'status'; readonly status: ClientStatus; readonly message?: string }
)

export interface InboxFile {
  readonly file: string
  readonly events: readonly InboxEvent[]
}

export interface InboxWriter {
  /** Resolves when the event is on disk, synced; rejects when it could not be written. */
  add(event: InboxEvent): Promise<void>
}

export function createInboxWriter(paths: DataPaths, now: () => number): InboxWriter {
  let counter = 0
  let waiting: { event: InboxEvent; done: () => void; failed: (error: unknown) => void }[] = []
  let busy = false

  async function flush() {
    busy = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        // Named by time, process and counter: the order in which they are handled.
        const name = `${String(now()).padStart(13, '0')}-${process.pid}-${String(counter++).padStart(8, '0')}${EXTENSION}`
        await writeSynced(paths.inbox, name, batch.map(({ event }) => `${JSON.stringify(event)}\n`).join(''))
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
    const { kind, host, at, account, status, message } = JSON.parse(line) as Record<string, unknown>
    if (!isHostName(host) || typeof at !== 'string' || Number.isNaN(Date.parse(at))) return []
    if (kind === 'first' || kind === 'goodbye') return [{ kind, host, at }]
    if (kind === 'status' && (status === 'ok' || status === 'warning' || status === 'error')) {
      return [{ kind, host, at, status, message: typeof message === 'string' ? message : undefined }]
    }
    return kind === 'account' ? [{ kind, host, at, account: parseAccount(account) }] : []
  } catch {
    return []
  }
}

function parseAccount(value: unknown): Account {
  const found = (value ?? {}) as Record<string, unknown>
  const number = (key: string) => {
    const item = found[key]
    return typeof item === 'number' && item >= 0 && item < LONGEST_S ? item : undefined
  }
  const text = (key: string) => (typeof found[key] === 'string' ? (found[key] as string) : undefined)
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
