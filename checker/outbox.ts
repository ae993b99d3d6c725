/**
 * The outbox: an alert for a channel stays on disk until its provider has accepted it. Each channel has a queue of its
 * own, tried one message at a time, in order: one that is down delays no other, and is not hammered.
 * A message may arrive twice (we died between the provider's yes and our note of it), always with the same id.
 */
import { join } from 'node:path'
import { ALERT_KINDS, type Alert } from '../shared/alert.ts'
import { listNames, readJsonIfThere } from '../shared/files.ts'
import { type Log, reasonOf } from '../shared/log.ts'
import type { DataPaths } from '../shared/paths.ts'
import { type Channel, DeliveryError, type Message } from './channels/channel.ts'
import type { Commit } from './journal.ts'
import { decodeTimes, encode } from './json.ts'

export interface Letter {
  readonly alert: Alert
  readonly channel: string
  readonly tries: number
  readonly nextTryAt: number
  /** Why the last try failed. */
  readonly error?: string
}

export interface OutboxDeps {
  readonly paths: DataPaths
  readonly channels: ReadonlyMap<
    string,
    { readonly channel: Channel; readonly word: (alert: Alert, now: number) => Message }
  >
  commit(commit: Commit, options: { synced: boolean }): void
  now(): number
  random(): number
  readonly log: Log
}

const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 900_000
/** Node's own limit is a little above. */
const LONGEST_TIMER_MS = 2_000_000_000
const TRY_LIMIT_MS = 30_000
/** When stopping, what is on its way gets this long to arrive. */
const STOP_LIMIT_MS = 5000

export function letterFile({ alert, channel }: Letter): string {
  return `outbox/${alert.id.replaceAll(':', '.')}.${channel}.json`
}

export function createOutbox(deps: OutboxDeps) {
  const { channels, now, log } = deps
  const queues = new Map<string, Letter[]>()
  const timers = new Map<string, NodeJS.Timeout>()
  const busy = new Map<string, Promise<void>>()
  /** What the full disk would not take: told already, so it must be noted before anything else is tried. */
  const owed: { commit: Commit; synced: boolean }[] = []
  const stopping = new AbortController()
  let stopped = false

  function wake(name: string): void {
    const head = queues.get(name)?.[0]
    if (!head || stopped || busy.has(name) || timers.has(name) || owed.length > 0) return
    const waitMs = head.nextTryAt - now()
    // A timer does not mind when the clock is set.
    if (waitMs <= 0) attempt(name)
    else timers.set(name, setTimeout(attempt, Math.min(waitMs, LONGEST_TIMER_MS), name))
  }

  function attempt(name: string): void {
    timers.delete(name)
    const head = queues.get(name)![0]!
    const done = tryNext(name, head).finally(() => busy.delete(name))
    busy.set(name, done)
    void done.then(() => wake(name))
  }

  async function tryNext(name: string, letter: Letter): Promise<void> {
    const { alert } = letter
    const about = { channel: name, alert: alert.id, kind: alert.kind }
    const { channel, word } = channels.get(name)!
    try {
      const message = worded(word, alert)
      await within(channel.send(message, AbortSignal.any([stopping.signal, AbortSignal.timeout(TRY_LIMIT_MS)])))
      log.info(about, `told ${name}: ${alert.kind} ${alert.hosts.join(', ')}`.trimEnd())
      settle(name, letter, { remove: [letterFile(letter)] })
    } catch (error) {
      if (stopping.signal.aborted) return
      if (error instanceof DeliveryError && error.permanent) {
        log.error(
          { ...about, error: error.message },
          `${name} refused this alert for good: it is kept in outbox/failed`,
        )
        giveUp(letter, error.message)
        return
      }
      const again = postponed(letter, error, now(), deps.random)
      const inMs = again.nextTryAt - now()
      log.warn(
        { ...about, error: again.error },
        `could not tell ${name}, try ${again.tries}; again in ${Math.round(inMs / 1000)} s`,
      )
      const queue = queues.get(name)!
      queue[0] = again
      note({ write: new Map([[letterFile(again), encode(again)]]) }, false)
    }
  }

  /** What cannot be worded today cannot be worded tomorrow, and others wait behind it. */
  function worded(word: (alert: Alert, now: number) => Message, alert: Alert): Message {
    try {
      return word(alert, now())
    } catch (error) {
      throw new DeliveryError(`it cannot be worded: ${reasonOf(error)}`, { permanent: true })
    }
  }

  /** A send that ignores its signal must not hold the queue for ever. */
  async function within(sending: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DeliveryError('no answer in time')), TRY_LIMIT_MS + 1000)
    })
    try {
      await Promise.race([sending, limit])
    } finally {
      clearTimeout(timer)
    }
  }

  function giveUp(letter: Letter, error: string): void {
    const file = letterFile(letter)
    const kept = encode({ ...letter, tries: letter.tries + 1, error })
    settle(letter.channel, letter, {
      write: new Map([[file.replace('outbox/', 'outbox/failed/'), kept]]),
      remove: [file],
    })
  }

  function settle(name: string, letter: Letter, commit: Commit): void {
    const queue = queues.get(name)
    if (queue?.[0] === letter) queue.shift()
    note(commit, commit.write !== undefined)
  }

  function note(commit: Commit, synced: boolean): void {
    owed.push({ commit, synced })
    retry()
  }

  /** Writes down what could not be written yet, and lets the queues go on. Called each second. */
  function retry(): void {
    try {
      while (owed.length > 0) {
        const { commit, synced } = owed[0]!
        deps.commit(commit, { synced })
        owed.shift()
      }
    } catch (error) {
      log.error(`the outbox cannot be written: ${reasonOf(error)}`)
      return
    }
    for (const name of queues.keys()) wake(name)
  }

  return {
    /** Takes up what an earlier run left. */
    load(): void {
      const letters = listNames(deps.paths.outbox, '.json')
        .map((name) => {
          const letter = decodeLetter(readJsonIfThere(join(deps.paths.outbox, `${name}.json`)))
          if (letter && letterFile(letter) === `outbox/${name}.json`) return hurried(letter, now())
          log.warn(`outbox/${name}.json is no alert of ours: it is left alone`)
          return undefined
        })
        .filter((letter): letter is Letter => letter !== undefined)
      this.enqueue(letters.sort((a, b) => a.alert.at - b.alert.at || numberOf(a) - numberOf(b)))
    },

    /** What is on disk, committed with the round, is to be sent now. */
    enqueue(letters: readonly Letter[]): void {
      for (const letter of letters) {
        if (!channels.has(letter.channel)) {
          log.error({ channel: letter.channel, alert: letter.alert.id }, 'an alert waits for a channel that is gone')
          giveUp(letter, 'the channel is no longer configured')
          continue
        }
        const queue = queues.get(letter.channel)
        if (queue) queue.push(letter)
        else queues.set(letter.channel, [letter])
      }
      for (const name of queues.keys()) wake(name)
    },

    retry,

    async stop(): Promise<void> {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      const arrived = Promise.allSettled(busy.values())
      let timer: NodeJS.Timeout | undefined
      const patience = new Promise((resolve) => {
        timer = setTimeout(resolve, STOP_LIMIT_MS)
      })
      await Promise.race([arrived, patience])
      clearTimeout(timer)
      stopping.abort()
      await arrived
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>

/** 1 s, 2 s, 4 s … 15 min, a fifth more or less; what the provider asks for comes first. */
export function postponed(letter: Letter, error: unknown, now: number, random: () => number): Letter {
  const tries = letter.tries + 1
  const asked = error instanceof DeliveryError ? error.retryAfterMs : undefined
  const backoff = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(tries - 1, 20))
  const delay = asked ?? Math.round(backoff * (0.8 + 0.4 * random()))
  return { ...letter, tries, nextTryAt: now + delay, error: reasonOf(error) }
}

/** The clock may have been set since: what another run planned is not waited for longer than we would by ourselves. */
function hurried(letter: Letter, now: number): Letter {
  return { ...letter, nextTryAt: Math.min(letter.nextTryAt, now + LONGEST_DELAY_MS) }
}

function decodeLetter(found: Record<string, unknown> | undefined): Letter | undefined {
  if (!found) return undefined
  const letter = decodeTimes(found) as unknown as Letter
  const { alert, channel, tries, nextTryAt } = letter
  const known = (ALERT_KINDS as readonly unknown[]).includes(alert?.kind)
  const listed = Array.isArray(alert?.hosts) && Array.isArray(alert?.tags) && Number.isFinite(alert?.at)
  const sound = known && listed && typeof alert.id === 'string' && typeof channel === 'string' && Number.isFinite(tries)
  return sound ? { ...letter, nextTryAt: nextTryAt ?? 0 } : undefined
}

function numberOf({ alert }: Letter): number {
  return Number(alert.id.slice(alert.id.lastIndexOf(':') + 1))
}
