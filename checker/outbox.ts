/**
 * The outbox: an alert for a channel stays on disk until its provider has accepted it. Each channel has a queue of its
 * own, tried one message at a time, in order: one that is down delays no other, and is not hammered.
 * A message may arrive twice (we died between the provider's yes and our note of it), always with the same id.
 */
import { join } from 'node:path'
import type { Alert } from '../shared/alert.ts'
import { listNames, readJsonIfThere } from '../shared/files.ts'
import { type Log, reasonOf } from '../shared/log.ts'
import type { DataPaths } from '../shared/paths.ts'
import { type Channel, DeliveryError, type Message } from './channels/channel.ts'
import type { Commit } from './journal.ts'
import { type Delivery, foldedLines, settledLines } from './outbox/deliveries.ts'
import { foldHead } from './outbox/fold.ts'
import {
  alertsOf,
  decodeLetter,
  encodeLetter,
  FIRST_DELAY_MS,
  hurried,
  inOrder,
  type Letter,
  letterFile,
  placeIn,
  postponed,
} from './outbox/letter.ts'
import { createPace } from './outbox/pace.ts'
import { createThreads } from './outbox/threads.ts'
import { within } from './outbox/within.ts'

export { type Letter, letterFile } from './outbox/letter.ts'

/** A channel as the outbox knows it. */
export interface Outlet {
  readonly channel: Channel
  readonly wording: {
    word(alert: Alert, now: number): Message
    /** Several alerts, the oldest first. */
    fold(alerts: readonly Alert[], now: number): Message
  }
  /** Channels that lead to the same place share its limits. */
  readonly place: string
  readonly giveUpAfterMs: number
}

export interface OutboxDeps {
  readonly paths: DataPaths
  readonly channels: ReadonlyMap<string, Outlet>
  commit(commit: Commit, options: { synced: boolean }): void
  now(): number
  /** Milliseconds that never jump. */
  monotonic(): number
  random(): number
  readonly log: Log
}

/** Node's own limit is a little above. */
const LONGEST_TIMER_MS = 2_000_000_000
const TRY_LIMIT_MS = 30_000
/** When stopping, what is on its way gets this long to arrive. */
const STOP_LIMIT_MS = 5000

export function createOutbox(deps: OutboxDeps) {
  const { channels, now, log } = deps
  const queues = new Map<string, Letter[]>()
  const timers = new Map<string, NodeJS.Timeout>()
  const busy = new Map<string, Promise<void>>()
  const pace = createPace(deps.monotonic)
  const threads = createThreads(deps.paths)
  /** What the full disk would not take: told already, so it must be noted before anything else is tried. */
  const owed: { commit: Commit; synced: boolean }[] = []
  /** Of those under way: no earlier try can have arrived. */
  const neverArrived = new WeakSet<Letter>()
  const stopping = new AbortController()
  let stopped = false

  function wake(name: string): void {
    const head = queues.get(name)?.[0]
    if (!head || stopped || busy.has(name) || timers.has(name) || owed.length > 0) return
    const waitMs = head.nextTryAt - now()
    if (waitMs <= 0) attempt(name)
    else plan(name, waitMs)
  }

  /** A timer does not mind when the clock is set: when it rings, the time is not asked for again. */
  function plan(name: string, waitMs: number): void {
    const ring = () => {
      timers.delete(name)
      if (owed.length === 0) attempt(name)
    }
    timers.set(name, setTimeout(ring, Math.min(waitMs, LONGEST_TIMER_MS)))
  }

  function attempt(name: string): void {
    const { channel, place } = channels.get(name)!
    const waitMs = pace.waitMs(place, channel.limits)
    // For ever: another channel is just telling the same place; all are woken when it has.
    if (waitMs === Number.POSITIVE_INFINITY) return
    if (waitMs > 0) {
      plan(name, waitMs)
      return
    }
    const letter = begin(name)
    if (!letter) return
    // Before: what cannot be worded is settled at once, and that wakes every queue that is not busy.
    busy.set(name, Promise.resolve())
    const done = tryNext(letter, pace.begin(place)).finally(() => busy.delete(name))
    busy.set(name, done)
    void done.then(() => wake(name))
  }

  /** What goes now, its try counted; `undefined` when the disk would not take that several become one. */
  function begin(name: string): Letter | undefined {
    const queue = queues.get(name)!
    const { channel } = channels.get(name)!
    const fold = channel.forPeople ? foldHead(queue) : undefined
    if (fold && canBeWorded(fold.letter)) {
      const { letter, replaced } = fold
      const commit = {
        write: new Map([[letterFile(letter), encodeLetter(letter)]]),
        append: foldedLines(letter, now()),
        remove: replaced.map(letterFile),
      }
      // Before the first try: if it arrived and the old letters were still there, they would go as well.
      if (!committed(commit, true)) return undefined
      const gone = new Set(replaced)
      queues.set(name, [letter, ...queue.filter((other) => !gone.has(other))])
      log.info({ channel: name, alert: letter.alert.id }, `${replaced.length} alerts for ${name} become one message`)
      return letter
    }
    const head = queue[0]!
    const clean = head.tries === 0 || head.refused === true
    const letter = { ...head, tries: head.tries + 1, refused: undefined }
    queue[0] = letter
    if (clean) neverArrived.add(letter)
    // If we die now it may have arrived: the next run must not fold it. On a full disk telling matters more.
    if (channel.forPeople && clean) {
      committed({ write: new Map([[letterFile(letter), encodeLetter(letter)]]) }, false)
    }
    return letter
  }

  async function tryNext(letter: Letter, ended: () => void): Promise<void> {
    const { alert, channel: name } = letter
    const about = { channel: name, alert: alert.id, kind: alert.kind }
    const { channel, giveUpAfterMs } = channels.get(name)!
    try {
      const message = worded(letter)
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(TRY_LIMIT_MS)])
      // A send that ignores its signal must not hold the queue for ever.
      const reference = await within(TRY_LIMIT_MS + 1000, channel.send(message, signal, threads.threadOf(letter)))
      ended()
      log.info(about, `told ${name}: ${alert.kind} ${alert.hosts.join(', ')}`.trimEnd())
      settle(letter, 'delivered', { write: threads.arrived(letter, reference) })
    } catch (error) {
      ended()
      if (stopping.signal.aborted) return
      if (error instanceof DeliveryError && error.permanent) {
        log.error(
          { ...about, error: error.message },
          `${name} refused this alert for good: ${error.message}: it is kept in outbox/failed`,
        )
        keep(letter, 'refused', error.message)
        return
      }
      const expiresAt = alert.at + giveUpAfterMs
      if (now() >= expiresAt) {
        log.error(
          { ...about, error: reasonOf(error) },
          `gave up telling ${name}: ${reasonOf(error)}: the alert is kept in outbox/failed`,
        )
        keep(letter, 'given-up', reasonOf(error))
        return
      }
      const refused = neverArrived.has(letter) && error instanceof DeliveryError && error.refused
      const later = postponed(letter, error, { now: now(), expiresAt, random: deps.random })
      const again: Letter = refused ? { ...later, refused } : later
      const inMs = again.nextTryAt - now()
      log.warn(
        { ...about, error: again.error },
        `could not tell ${name}: ${again.error} (try ${again.tries}, again in ${Math.round(inMs / 1000)} s)`,
      )
      queues.get(name)![0] = again
      note({ write: new Map([[letterFile(again), encodeLetter(again)]]) }, false)
    }
  }

  /** What cannot be worded today cannot be worded tomorrow, and others wait behind it. */
  function worded(letter: Letter): Message {
    const { wording } = channels.get(letter.channel)!
    try {
      return letter.folded ? wording.fold(letter.folded, now()) : wording.word(letter.alert, now())
    } catch (error) {
      throw new DeliveryError(`it cannot be worded: ${reasonOf(error)}`, { permanent: true })
    }
  }

  /** One that cannot must not take the others with it. */
  function canBeWorded(letter: Letter): boolean {
    try {
      worded(letter)
      return true
    } catch (error) {
      log.error({ channel: letter.channel, alert: letter.alert.id }, `alerts go one by one: ${reasonOf(error)}`)
      return false
    }
  }

  /** It will never be told: it is kept for whoever asks what became of it. */
  function keep(letter: Letter, outcome: 'refused' | 'given-up', error: string): void {
    const file = letterFile(letter).replace('outbox/', 'outbox/failed/')
    settle(letter, outcome, { write: new Map([[file, encodeLetter({ ...letter, error })]]) }, error)
  }

  function settle(letter: Letter, outcome: Delivery['outcome'], { write }: Commit, error?: string): void {
    const queue = queues.get(letter.channel) ?? []
    if (queue[0] === letter) queue.shift()
    const [next] = queue
    // A channel that has been down for days is not hammered with all that has waited as long.
    if (next && outcome === 'given-up') {
      queue[0] = { ...next, nextTryAt: Math.max(next.nextTryAt, now() + FIRST_DELAY_MS) }
    }
    const append = settledLines(letter, { at: now(), outcome, error })
    note({ write, append, remove: [letterFile(letter)] }, outcome !== 'delivered')
  }

  function note(commit: Commit, synced: boolean): void {
    owed.push({ commit, synced })
    retry()
  }

  function committed(commit: Commit, synced: boolean): boolean {
    try {
      deps.commit(commit, { synced })
      return true
    } catch (error) {
      log.error(`the outbox cannot be written: ${reasonOf(error)}`)
      return false
    }
  }

  /** Writes down what could not be written yet, and lets the queues go on. Called each second. */
  function retry(): void {
    for (let first = owed[0]; first; first = owed[0]) {
      if (!committed(first.commit, first.synced)) return
      owed.shift()
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
      this.enqueue(letters.sort(inOrder))
    },

    /** What is on disk, committed with the round, is to be sent now. */
    enqueue(letters: readonly Letter[]): void {
      for (const letter of letters) {
        if (!channels.has(letter.channel)) {
          log.error({ channel: letter.channel, alert: letter.alert.id }, 'an alert waits for a channel that is gone')
          keep(letter, 'given-up', 'the channel is no longer configured')
          continue
        }
        const queue = queues.get(letter.channel)
        if (queue) queue.splice(placeIn(queue, letter), 0, letter)
        else queues.set(letter.channel, [letter])
      }
      for (const name of queues.keys()) wake(name)
    },

    retry,

    /** How long the oldest alert has been waiting that its channel has not taken, milliseconds; 0: none is. */
    oldestWaitingMs(): number {
      const heads = [...queues.values()].flatMap(([head]) => (head ? alertsOf(head) : []))
      return Math.max(0, ...heads.map(({ at }) => now() - at))
    },

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
