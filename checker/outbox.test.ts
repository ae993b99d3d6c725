/** The queues of the outbox: order, tries, what survives. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type DataPaths, dataPaths } from '../shared/paths.ts'
import {
  alertOf,
  down,
  FakeChannel,
  letterOf,
  openPostOffice,
  PeopleChannel,
  START,
  wording,
} from '../test/fakes/post-office.ts'
import { DeliveryError, type Limit } from './channels/channel.ts'
import { encode } from './json.ts'
import { letterFile } from './outbox.ts'

let paths: DataPaths
let office: ReturnType<typeof openPostOffice>
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'outbox-')))
  office = openPostOffice(paths)
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(paths.root, { recursive: true, force: true })
})

const begin: (typeof office)['begin'] = (...args) => office.begin(...args)
const letter = (number: number, channel: string) => letterOf(alertOf(number), channel)
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)
const waiting = () => office.waiting()
const failed = () => office.failed()

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
  const dead = new FakeChannel(...down(100))
  const hanging = new FakeChannel('hang')
  const well = new FakeChannel()
  const { post } = begin({ down: dead, hanging, well })
  post(...[1, 2, 3].flatMap((number) => ['down', 'hanging', 'well'].map((channel) => letter(number, channel))))
  await pass(30)
  expect(well.taken).toEqual([1, 2, 3])
  expect(hanging.tried).toEqual([[0, 1]])
  expect(new Set(dead.tried.map(([, number]) => number))).toEqual(new Set([1]))
  // A hanging one is given up after its time, and tried again.
  await pass(10)
  expect(hanging.taken).toEqual([1, 2, 3])
})

test('tries lie 1, 2, 4 … seconds apart, 15 minutes at most, and are counted on disk', async () => {
  const dead = new FakeChannel(...down(13))
  const { post } = begin({ down: dead })
  post(letter(1, 'down'))
  await pass(511)
  const onDisk = JSON.parse(readFileSync(join(paths.outbox, waiting()[0]!), 'utf8')) as Record<string, unknown>
  expect(onDisk).toMatchObject({ tries: 10, error: 'no answer', nextTryAt: new Date(START + 1023_000).toISOString() })
  await pass(10_000)
  const times = dead.tried.map(([second]) => second)
  expect(times.slice(1).map((second, index) => second - times[index]!)).toEqual([
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900,
  ])
  expect(dead.taken).toEqual([1])
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

test('what nobody takes is given up after its time, after a last try, with its error', async () => {
  const dead = new FakeChannel(...down(1000))
  const { post } = begin({ ops: dead }, { giveUpAfterMs: 3_600_000 })
  post(letter(1, 'ops'))
  await pass(3599)
  expect(waiting()).toHaveLength(1)
  await pass(1)
  expect(dead.tried.at(-1)).toEqual([3600, 1])
  expect(waiting()).toEqual([])
  expect(failed()).toEqual([['host.nas.k3f9.1.ops.json', 'no answer']])
  expect(office.deliveries()).toEqual([[1, 'ops', dead.tried.length, 'given-up', 'no answer']])
})

test('what expired while it waited behind others is tried before it is given up, a second after them', async () => {
  const dead = new FakeChannel(...down(1000))
  const { post } = begin({ ops: dead }, { giveUpAfterMs: 3_600_000 })
  post(...[1, 2, 3, 4].map((number) => letter(number, 'ops')))
  await pass(3600)
  const tries = dead.tried.length
  dead.fates.splice(2)
  await pass(10)
  expect(dead.tried.slice(tries)).toEqual([
    [3601, 2],
    [3602, 3],
    [3603, 4],
  ])
  expect(dead.taken).toEqual([4])
  expect(failed().map(([name]) => name)).toEqual([1, 2, 3].map((number) => `host.nas.k3f9.${number}.ops.json`))
})

test.each([
  ['for longer than we ever try', 30 * 86_400_000],
  ['for ever', Number.POSITIVE_INFINITY],
])('a provider that asks for time %s is asked once more before it is given up', async (_, retryAfterMs) => {
  const busy = new FakeChannel(...[1, 2].map(() => new DeliveryError('busy', { retryAfterMs })))
  const { post } = begin({ busy })
  post(letter(1, 'busy'), letter(2, 'busy'))
  await pass(3 * 86_400 + 1)
  expect(busy.tried).toEqual([
    [0, 1],
    [3 * 86_400, 1],
    [3 * 86_400 + 1, 2],
  ])
  expect(failed()).toHaveLength(1)
  expect(busy.taken).toEqual([2])
})

test('what cannot be worded is kept as failed, and what follows is sent once, however long it takes', async () => {
  const ops = new FakeChannel('hang')
  const { post } = begin({ ops }, { wording: wording([1]) })
  post(letter(1, 'ops'), letter(2, 'ops'), letter(3, 'ops'))
  await pass(29)
  expect(ops.tried).toEqual([[0, 2]])
  expect(failed()).toEqual([['host.nas.k3f9.1.ops.json', 'it cannot be worded: no words']])
  await pass(10)
  expect(ops.taken).toEqual([2, 3])
})

test('what became of each alert is written down', async () => {
  const ops = new FakeChannel(...down(2), 'ok', new DeliveryError('HTTP 400', { permanent: true }))
  const { post } = begin({ ops })
  post(letter(1, 'ops'), letter(2, 'ops'), letter(3, 'gone'))
  await pass(10)
  expect(office.deliveries()).toEqual([
    [3, 'gone', 0, 'given-up', 'the channel is no longer configured'],
    [1, 'ops', 3, 'delivered'],
    [2, 'ops', 1, 'refused', 'HTTP 400'],
  ])
  const [line] = readFileSync(join(paths.history, 'deliveries.log.jsonl'), 'utf8').split('\n')
  expect(JSON.parse(line!)).toMatchObject({ at: new Date(START).toISOString(), alert: 'host:nas:k3f9:3' })
})

test('how long the oldest has waited is known', async () => {
  const { outbox, post } = begin({ ops: new FakeChannel(...down(5)), well: new FakeChannel() })
  expect(outbox.oldestWaitingMs()).toBe(0)
  post(letter(1, 'ops'), letter(1, 'well'))
  await pass(20)
  expect(outbox.oldestWaitingMs()).toBe(20_000)
  await pass(20)
  expect(outbox.oldestWaitingMs()).toBe(0)
})

class LimitedChannel extends FakeChannel {
  override readonly limits: readonly Limit[] = [
    { count: 1, withinMs: 1000 },
    { count: 20, withinMs: 60_000 },
  ]
}

test('what a provider takes in a span of time is not exceeded, refusals included, and nobody else waits for it', async () => {
  const group = new LimitedChannel('ok', new DeliveryError('busy', { retryAfterMs: 100 }))
  const well = new FakeChannel()
  const { post } = begin({ group, well })
  const numbers = Array.from({ length: 50 }, (_, i) => i + 1)
  post(...numbers.flatMap((number) => [letter(number, 'group'), letter(number, 'well')]))
  await pass(0)
  expect(well.taken).toEqual(numbers)
  await pass(19)
  expect(group.tried).toHaveLength(20)
  await pass(40.9)
  expect(group.tried).toHaveLength(20)
  await pass(120)
  expect(group.taken).toEqual(numbers)
  const seconds = group.tried.map(([second]) => second)
  seconds.forEach((second, index) => {
    expect(seconds.filter((other) => other >= second && other < second + 60).length).toBeLessThanOrEqual(20)
    if (index > 0) expect(second - seconds[index - 1]!).toBeGreaterThanOrEqual(1)
  })
})

test('two ways to the same place share its limits, and do not block each other for ever', async () => {
  const one = new LimitedChannel('ok', 'hang')
  const two = new LimitedChannel()
  const { post } = begin({ one, two }, { place: 'the same' })
  post(...[1, 2].flatMap((number) => [letter(number, 'one'), letter(number, 'two')]))
  await pass(40)
  expect([...one.tried, ...two.tried].map(([second]) => second).sort((a, b) => a - b)).toHaveLength(5)
  expect([one.taken, two.taken]).toEqual([
    [1, 2],
    [1, 2],
  ])
})

test('a try that is on its way when the process is killed is counted on disk, for people', async () => {
  const { post } = begin({ people: new PeopleChannel('hang'), program: new FakeChannel('hang') })
  post(letter(1, 'people'), letter(1, 'program'))
  await pass(1)
  const tries = waiting().map((name) => JSON.parse(readFileSync(join(paths.outbox, name), 'utf8')) as { tries: number })
  expect(tries.map((found) => found.tries)).toEqual([1, 0])
})
