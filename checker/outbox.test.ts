/** The outbox with a real folder and journal, and channels that fail in every way. Only time is pretended. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Alert } from '../shared/alert.ts'
import type { Log } from '../shared/log.ts'
import { type DataPaths, dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { type Channel, DeliveryError, type Message } from './channels/channel.ts'
import { realDisk } from './disk.ts'
import { Journal } from './journal.ts'
import { encode } from './json.ts'
import { createOutbox, type Letter, letterFile, postponed } from './outbox.ts'

const START = Date.parse('2026-11-21T12:00:00Z')
const silence: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const word = (alert: Alert): Message => ({ alert, title: alert.id, reason: '', text: alert.id })

let paths: DataPaths
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'outbox-')))
  prepareDataFolder(paths)
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(paths.root, { recursive: true, force: true })
})

/** What becomes of a message: taken; refused with this error; or this. Without a plan, taken. */
type Fate = 'ok' | Error | Promise<void> | 'hang'

class FakeChannel implements Channel {
  /** [seconds since the start, number of the alert] */
  readonly tried: [number, number][] = []
  readonly taken: number[] = []
  readonly fates: Fate[]

  constructor(...fates: Fate[]) {
    this.fates = fates
  }

  async send({ alert }: Message, signal: AbortSignal): Promise<void> {
    const number = Number(alert.id.split(':').at(-1))
    this.tried.push([(Date.now() - START) / 1000, number])
    const fate = this.fates.shift() ?? 'ok'
    if (fate instanceof Error) throw fate
    if (fate === 'hang')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
    await fate
    this.taken.push(number)
  }
}

const letter = (number: number, channel: string): Letter => {
  const id = `host:nas:k3f9:${number}`
  const alert: Alert = {
    id,
    outage: id,
    kind: 'silent',
    hosts: ['nas'],
    tags: [],
    monitor: 'box',
    at: START,
    sinceAt: START,
  }
  return { alert, channel, tries: 0, nextTryAt: START }
}

function begin(channels: Record<string, Channel>) {
  const journal = Journal.open(realDisk, paths.root, START)
  let refusing = false
  const refused: unknown[] = []
  const outbox = createOutbox({
    paths,
    channels: new Map(Object.entries(channels).map(([name, channel]) => [name, { channel, word }])),
    commit: (commit, options) => {
      if (refusing) {
        refused.push(commit)
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      }
      journal.commit(commit, options)
    },
    now: Date.now,
    random: () => 0.5,
    log: silence,
  })
  return {
    outbox,
    refused,
    fill: (full: boolean) => {
      refusing = full
    },
    /** As a round of the checker does it: on disk first. */
    post: (...letters: Letter[]) => {
      journal.commit({ write: new Map(letters.map((one) => [letterFile(one), encode(one)])) }, { synced: true })
      outbox.enqueue(letters)
    },
  }
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)
const waiting = () =>
  readdirSync(paths.outbox)
    .filter((name) => name.endsWith('.json'))
    .sort()
const failed = () =>
  readdirSync(paths.failed).map((name) => [
    name,
    (JSON.parse(readFileSync(join(paths.failed, name), 'utf8')) as Letter).error,
  ])

test('what is accepted is gone from the disk, in order for each channel', async () => {
  const family = new FakeChannel()
  const ops = new FakeChannel()
  const { post } = begin({ family, ops })
  post(letter(1, 'family'), letter(1, 'ops'), letter(2, 'family'), letter(3, 'family'))
  expect(waiting()).toHaveLength(4)
  await pass(0)
  expect([family.taken, ops.taken]).toEqual([[1, 2, 3], [1]])
  expect(waiting()).toEqual([])
})

test('one message is on its way at a time, and one channel that fails or hangs delays no other', async () => {
  const down = new FakeChannel(...Array.from({ length: 100 }, () => new DeliveryError('no answer')))
  const hanging = new FakeChannel('hang')
  const well = new FakeChannel()
  const { post } = begin({ down, hanging, well })
  post(...[1, 2, 3].flatMap((number) => ['down', 'hanging', 'well'].map((channel) => letter(number, channel))))
  await pass(30)
  expect(well.taken).toEqual([1, 2, 3])
  expect(hanging.tried).toEqual([[0, 1]])
  expect(new Set(down.tried.map(([, number]) => number))).toEqual(new Set([1]))
  // A hanging one is given up after its time, and tried again.
  await pass(10)
  expect(hanging.taken).toEqual([1, 2, 3])
})

test('tries lie 1, 2, 4 … seconds apart, 15 minutes at most, and are counted on disk', async () => {
  const down = new FakeChannel(...Array.from({ length: 13 }, () => new DeliveryError('no answer')))
  const { post } = begin({ down })
  post(letter(1, 'down'))
  await pass(511)
  const onDisk = JSON.parse(readFileSync(join(paths.outbox, waiting()[0]!), 'utf8')) as Record<string, unknown>
  expect(onDisk).toMatchObject({ tries: 10, error: 'no answer', nextTryAt: new Date(START + 1023_000).toISOString() })
  await pass(10_000)
  const times = down.tried.map(([second]) => second)
  expect(times.slice(1).map((second, index) => second - times[index]!)).toEqual([
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900,
  ])
  expect(down.taken).toEqual([1])
})

test.each([
  ['the first of few', 0, undefined, 0.5, 1000],
  ['a fifth less', 0, undefined, 0, 800],
  ['almost a fifth more', 3, undefined, 0.9999, 9600],
  ['the longest', 500, undefined, 0.5, 900_000],
  ['what the provider asks for', 0, 17_000, 0.1, 17_000],
  ['less than ours, if it asks so', 12, 1, 0.1, 1],
])('%s', (_, tries, retryAfterMs, random, delay) => {
  const again = postponed(
    { ...letter(1, 'a'), tries },
    new DeliveryError('busy', { retryAfterMs }),
    START,
    () => random,
  )
  expect(again).toEqual({ ...letter(1, 'a'), tries: tries + 1, nextTryAt: START + delay, error: 'busy' })
})

test('a provider that asks for time gets it, and the messages behind keep their order', async () => {
  const busy = new FakeChannel(new DeliveryError('busy', { retryAfterMs: 40_000 }))
  const { post } = begin({ busy })
  post(letter(1, 'busy'), letter(2, 'busy'))
  await pass(20)
  post(letter(3, 'busy'))
  await pass(30)
  expect(busy.tried).toEqual([
    [0, 1],
    [40, 1],
    [40, 2],
    [40, 3],
  ])
})

test('also when it asks for longer than we would ever wait by ourselves', async () => {
  const flooded = new FakeChannel(new DeliveryError('flood', { retryAfterMs: 3_600_000 }))
  const { post } = begin({ flooded })
  post(letter(1, 'flooded'))
  await pass(3599)
  expect(flooded.tried).toEqual([[0, 1]])
  await pass(1)
  expect(flooded.taken).toEqual([1])
})

test('what is refused for good is kept with the reason, and the next goes on', async () => {
  const strict = new FakeChannel(new DeliveryError('HTTP 400', { permanent: true }))
  const { post } = begin({ strict })
  post(letter(1, 'strict'), letter(2, 'strict'))
  await pass(0)
  expect(strict.taken).toEqual([2])
  expect(waiting()).toEqual([])
  expect(failed()).toEqual([['host.nas.k3f9.1.strict.json', 'HTTP 400']])
})

test('what waits for a channel that is gone is kept as failed', async () => {
  const { post } = begin({})
  post(letter(1, 'gone'))
  await pass(0)
  expect(waiting()).toEqual([])
  expect(failed()).toEqual([['host.nas.k3f9.1.gone.json', 'the channel is no longer configured']])
})

test('any other failure, of the channel or of the wording, is tried again', async () => {
  const strange = new FakeChannel(new TypeError('x is not a function'))
  const { post } = begin({ strange })
  post(letter(1, 'strange'))
  await pass(1)
  expect(strange.tried).toHaveLength(2)
  expect(strange.taken).toEqual([1])
})

test('a restart takes up what is left: the same ids, in the order in which they were made', async () => {
  const first = begin({ ops: new FakeChannel(new DeliveryError('no answer', { retryAfterMs: 600_000 })) })
  first.post(...[9, 10, 11, 100].map((number) => letter(number, 'ops')))
  await pass(1)
  await first.outbox.stop()
  expect(waiting()).toHaveLength(4)
  writeFileSync(join(paths.outbox, 'torn.json'), '{"alert":')
  writeFileSync(join(paths.outbox, 'other.json'), '{"channel":"ops"}')

  const ops = new FakeChannel()
  begin({ ops }).outbox.load()
  await pass(590)
  expect(ops.taken).toEqual([])
  await pass(10)
  expect(ops.taken).toEqual([9, 10, 11, 100])
  expect(waiting()).toEqual(['other.json', 'torn.json'])
})

test('what an earlier run planned for weeks later, by a wrong clock, is not waited for', async () => {
  const ops = new FakeChannel()
  const late = { ...letter(1, 'ops'), nextTryAt: START + 20 * 86_400_000 }
  writeFileSync(join(paths.root, letterFile(late)), encode(late))
  begin({ ops }).outbox.load()
  await pass(901)
  expect(ops.taken).toEqual([1])
})

test('when the disk does not take the note of a success, nothing is sent again, and nothing else until it is noted', async () => {
  const ops = new FakeChannel()
  const { outbox, post, fill, refused } = begin({ ops })
  let arrive = () => {}
  ops.fates.push(
    new Promise<void>((resolve) => {
      arrive = resolve
    }),
  )
  post(letter(1, 'ops'), letter(2, 'ops'))
  fill(true)
  arrive()
  for (let second = 0; second < 120; second++) {
    await pass(1)
    outbox.retry()
  }
  expect(ops.tried).toEqual([[0, 1]])
  expect(refused.length).toBeGreaterThan(100)
  expect(waiting()).toHaveLength(2)
  fill(false)
  outbox.retry()
  await pass(0)
  expect(ops.taken).toEqual([1, 2])
  expect(waiting()).toEqual([])
})

test('when the disk does not take the note of a failure, the message waits for its turn all the same', async () => {
  const ops = new FakeChannel(new DeliveryError('no answer'))
  const { outbox, post, fill } = begin({ ops })
  post(letter(1, 'ops'))
  fill(true)
  await pass(10)
  expect(ops.tried).toHaveLength(1)
  fill(false)
  outbox.retry()
  await pass(0)
  expect(ops.taken).toEqual([1])
})

test('stopping waits for what is on its way, and begins nothing new', async () => {
  let arrive = () => {}
  const arriving = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const ops = new FakeChannel(arriving)
  const { outbox, post } = begin({ ops })
  post(letter(1, 'ops'), letter(2, 'ops'))
  let stopped = false
  const stopping = outbox.stop().then(() => {
    stopped = true
  })
  await pass(2)
  expect(stopped).toBe(false)
  arrive()
  await stopping
  await pass(100)
  expect(ops.taken).toEqual([1])
  expect(waiting()).toEqual(['host.nas.k3f9.2.ops.json'])
})

test('stopping does not wait for ever: what hangs is broken off and stays for the next run, as it was', async () => {
  const ops = new FakeChannel('hang')
  const { outbox, post } = begin({ ops })
  post(letter(1, 'ops'))
  const before = readFileSync(join(paths.outbox, waiting()[0]!), 'utf8')
  const stopping = outbox.stop()
  await pass(5)
  await stopping
  expect(readFileSync(join(paths.outbox, waiting()[0]!), 'utf8')).toBe(before)
})
