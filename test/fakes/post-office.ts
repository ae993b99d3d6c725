/** The outbox with a real folder and journal, and channels that fail in every way. Only time is pretended. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Channel, DeliveryError, type Limit, type Message } from '../../checker/channels/channel.ts'
import { realDisk } from '../../checker/disk.ts'
import { Journal } from '../../checker/journal.ts'
import { encode } from '../../checker/json.ts'
import { createOutbox, type Letter, letterFile, type Outlet } from '../../checker/outbox.ts'
import type { Alert } from '../../shared/alert.ts'
import type { Log } from '../../shared/log.ts'
import { type DataPaths, prepareDataFolder } from '../../shared/paths.ts'

export const START = Date.parse('2026-11-21T12:00:00Z')
const silence: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** What becomes of a message: taken, with this reference or none; refused with this error; or this. */
export type Fate = 'ok' | { readonly reference: string } | Error | Promise<void> | 'hang'

/** Without a plan, each message is taken. */
export class FakeChannel implements Channel {
  /** [seconds since the start, the numbers of the alerts in one message] */
  readonly tried: [number, number | readonly number[]][] = []
  readonly taken: (number | readonly number[])[] = []
  /** What each message that was tried answers to. */
  readonly threads: (string | undefined)[] = []
  readonly messages: Message[] = []
  readonly fates: Fate[]
  readonly forPeople: boolean = false
  readonly limits: readonly Limit[] | undefined = undefined

  constructor(...fates: Fate[]) {
    this.fates = fates
  }

  async send(message: Message, signal: AbortSignal, thread?: string): Promise<string | undefined> {
    const numbers = message.folded ? message.folded.map(numberOf) : numberOf(message.alert)
    this.tried.push([(Date.now() - START) / 1000, numbers])
    this.threads.push(thread)
    this.messages.push(message)
    const fate = this.fates.shift() ?? 'ok'
    if (fate instanceof Error) throw fate
    if (fate === 'hang')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
    if (fate instanceof Promise) await fate
    this.taken.push(numbers)
    return typeof fate === 'object' && 'reference' in fate ? fate.reference : undefined
  }
}

export class PeopleChannel extends FakeChannel {
  override readonly forPeople = true
}

export const down = (times: number): Fate[] => Array.from({ length: times }, () => new DeliveryError('no answer'))

const numberOf = ({ id }: Alert) => Number(id.split(':').at(-1))

/** The number is the last part of its id, and of that of the outage it opens. */
export function alertOf(number: number, facts: Partial<Alert> = {}): Alert {
  const id = `host:nas:k3f9:${number}`
  return {
    id,
    outage: id,
    kind: 'silent',
    hosts: ['nas'],
    tags: [],
    monitor: 'box',
    at: START,
    sinceAt: START,
    ...facts,
  }
}

/** What ends the outage that the alert with another number opened. */
export const endOf = (opened: number, number: number, facts: Partial<Alert> = {}) =>
  alertOf(number, { kind: 'recovered', outage: `host:nas:k3f9:${opened}`, ...facts })

export function letterOf(alert: Alert, channel: string): Letter {
  return { alert, channel, tries: 0, nextTryAt: alert.at }
}

export function wording(refused: readonly number[] = []): Outlet['wording'] {
  const check = (alert: Alert) => {
    if (refused.includes(numberOf(alert))) throw new Error('no words')
  }
  const message = (alert: Alert): Message => ({ alert, title: alert.id, reason: '', text: alert.id, commands: [] })
  return {
    word: (alert) => {
      check(alert)
      return message(alert)
    },
    fold: (folded) => {
      folded.forEach(check)
      return { ...message(folded.at(-1)!), folded }
    },
  }
}

export function openPostOffice(paths: DataPaths) {
  prepareDataFolder(paths)
  mkdirSync(join(paths.state, 'threads'), { recursive: true })

  const listed = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.json'))

  return {
    /**
     * One life of a checker's outbox.
     * @param diesIn how many steps it lives: before and after each commit and each sending
     */
    begin(
      channels: Readonly<Record<string, Channel>>,
      settings: Partial<Outlet> = {},
      diesIn = Number.POSITIVE_INFINITY,
    ) {
      const journal = Journal.open(realDisk, paths.root, START)
      let left = diesIn
      const lives = () => --left > 0
      const mortal = (channel: Channel): Channel => ({
        forPeople: channel.forPeople,
        limits: channel.limits,
        send: async (...args) => {
          if (!lives()) return await new Promise(() => {})
          const reference = await channel.send(...args)
          return lives() ? reference : await new Promise(() => {})
        },
      })
      let refusing = false
      const refused: unknown[] = []
      const outlets = Object.entries(channels).map(([name, channel]): [string, Outlet] => [
        name,
        { channel: mortal(channel), wording: wording(), place: name, giveUpAfterMs: 3 * 86_400_000, ...settings },
      ])
      const outbox = createOutbox({
        paths,
        channels: new Map(outlets),
        commit: (commit, options) => {
          if (refusing) {
            refused.push(commit)
            throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
          }
          if (!lives()) throw new Error('dead')
          journal.commit(commit, options)
          if (!lives()) throw new Error('dead')
        },
        now: Date.now,
        monotonic: Date.now,
        random: () => 0.5,
        log: silence,
      })
      return {
        outbox,
        refused,
        isDead: () => left <= 0,
        kill: () => {
          left = 0
        },
        fill: (full: boolean) => {
          refusing = full
        },
        /** As a round of the checker does it: on disk first. */
        post: (...letters: Letter[]) => {
          journal.commit({ write: new Map(letters.map((one) => [letterFile(one), encode(one)])) }, { synced: true })
          outbox.enqueue(letters)
        },
      }
    },

    waiting: () => listed(paths.outbox).sort(),

    failed: () =>
      listed(paths.failed).map((name) => [
        name,
        (JSON.parse(readFileSync(join(paths.failed, name), 'utf8')) as Letter).error,
      ]),

    /** The lines of the history of deliveries, without their times: [alert, channel, tries, outcome, …]. */
    deliveries: () =>
      readFileSync(join(paths.history, 'deliveries.log.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .map(({ alert, channel, tries, outcome, error, into }) =>
          [numberOf({ id: alert } as Alert), channel, tries, outcome, error, into].filter((part) => part !== undefined),
        ),
  }
}
