/** What waits for people becomes few messages, whatever happens meanwhile: nothing is lost, nothing told in two. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { dataPaths } from '../../shared/paths.ts'
import {
  alertOf,
  down,
  endOf,
  FakeChannel,
  letterOf,
  openPostOffice,
  PeopleChannel,
  START,
  wording,
} from '../../test/fakes/post-office.ts'
import { DeliveryError, type Limit } from '../channels/channel.ts'

let root: string
let office: ReturnType<typeof openPostOffice>
beforeEach(open)
afterEach(close)

function open() {
  root = mkdtempSync(join(tmpdir(), 'backlog-'))
  office = openPostOffice(dataPaths(root))
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
}

function close() {
  vi.useRealTimers()
  rmSync(root, { recursive: true, force: true })
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const silent = (number: number) => letterOf(alertOf(number, { at: Date.now() }), 'family')
const end = (opened: number, number: number) => letterOf(endOf(opened, number, { at: Date.now() }), 'family')
const busyFor = (seconds: number) => new DeliveryError('busy', { retryAfterMs: seconds * 1000 })
const threads = () => readFileSync(join(root, 'state/threads/family.json'), 'utf8')

describe('what waits', () => {
  test('one alone goes at once, and what comes while it is on its way becomes one message', async () => {
    let arrive = () => {}
    const arriving = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const family = new PeopleChannel(arriving)
    const { post } = office.begin({ family })
    for (const number of range(1, 9)) post(silent(number))
    await pass(1)
    expect(family.tried).toEqual([[0, 1]])
    arrive()
    await pass(0)
    expect(family.taken).toEqual([1, range(2, 9)])
    expect(office.waiting()).toEqual([])
    expect(office.deliveries()).toEqual([
      [1, 'family', 1, 'delivered'],
      ...range(2, 8).map((number) => [number, 'family', 0, 'folded', 'host:nas:k3f9:9']),
      ...range(2, 9).map((number) => [number, 'family', 1, 'delivered']),
    ])
  })

  test('a hundred at once are a few messages, and programs get each by itself', async () => {
    const family = new PeopleChannel()
    const hook = new FakeChannel()
    const { post } = office.begin({ family, hook })
    post(...range(1, 100).flatMap((number) => [silent(number), { ...silent(number), channel: 'hook' }]))
    await pass(0)
    expect(family.taken).toEqual([range(1, 24), range(25, 48), range(49, 72), range(73, 96), 97, 98, 99, 100])
    expect(hook.taken).toEqual(range(1, 100))
  })

  test('what gathers while the provider asks for patience goes together', async () => {
    class Slow extends PeopleChannel {
      override readonly limits: readonly Limit[] = [{ count: 1, withinMs: 10_000 }]
    }
    const family = new Slow()
    const { post } = office.begin({ family })
    for (const number of range(1, 9)) {
      post(silent(number))
      await pass(1)
    }
    await pass(2)
    expect(family.tried).toEqual([
      [0, 1],
      [10, range(2, 9)],
    ])
  })

  test('what was tried goes again as it was; an outage that is over before it was told is one message', async () => {
    const family = new PeopleChannel(busyFor(60))
    const { post } = office.begin({ family })
    post(silent(1))
    await pass(1)
    post(silent(2), end(1, 3), silent(4), end(2, 5))
    await pass(60)
    expect(family.taken).toEqual([1, [2, 5], 3, 4])
  })

  test('a folded message that is refused for the moment comes again whole, without what came since', async () => {
    const family = new PeopleChannel(...down(2))
    const { post, outbox } = office.begin({ family })
    post(silent(1), end(1, 2))
    await pass(0)
    post(silent(3))
    expect(office.waiting()).toEqual(['host.nas.k3f9.2+2.family.json', 'host.nas.k3f9.3.family.json'])
    expect(outbox.oldestWaitingMs()).toBe(0)
    await pass(10)
    expect(family.tried.map(([, numbers]) => numbers)).toEqual([[1, 2], [1, 2], [1, 2], 3])
  })

  test('a folded message that is refused for good is kept whole', async () => {
    const family = new PeopleChannel(new DeliveryError('HTTP 400', { permanent: true }))
    const { post } = office.begin({ family })
    post(silent(1), end(1, 2), silent(3))
    await pass(0)
    expect(family.taken).toEqual([3])
    expect(office.failed()).toEqual([['host.nas.k3f9.2+2.family.json', 'HTTP 400']])
    expect(office.deliveries().slice(1, 3)).toEqual([
      [1, 'family', 1, 'refused', 'HTTP 400'],
      [2, 'family', 1, 'refused', 'HTTP 400'],
    ])
  })

  test('one for which there are no words does not take the others with it', async () => {
    const family = new PeopleChannel()
    const { post } = office.begin({ family }, { wording: wording([4]) })
    post(...range(1, 9).map(silent))
    await pass(0)
    expect(family.taken).toEqual([1, 2, 3, range(5, 9)].flat(1))
    expect(office.failed()).toEqual([['host.nas.k3f9.4.family.json', 'it cannot be worded: no words']])
  })

  test('a full disk: nothing folded is tried that is not on disk before, and all goes when there is room', async () => {
    const family = new PeopleChannel()
    const { post, fill, outbox, refused } = office.begin({ family })
    fill(true)
    post(silent(1), end(1, 2))
    for (let second = 0; second < 10; second++) {
      await pass(1)
      outbox.retry()
    }
    expect(family.tried).toEqual([])
    expect(refused.length).toBeGreaterThan(5)
    expect(office.waiting()).toHaveLength(2)
    fill(false)
    outbox.retry()
    await pass(0)
    expect(family.taken).toEqual([[1, 2]])
    expect(office.waiting()).toEqual([])
  })
})

describe('what answers to what', () => {
  test('an end answers to its beginning, also after a restart, and then it is forgotten', async () => {
    const family = new PeopleChannel({ reference: '77' }, { reference: '78' })
    const first = office.begin({ family })
    first.post(silent(1), silent(2))
    await pass(0)
    await first.outbox.stop()
    const second = office.begin({ family })
    second.outbox.load()
    second.post(end(1, 3))
    await pass(0)
    expect(family.threads).toEqual([undefined, undefined, '77'])
    expect(threads()).toBe('{"host:nas:k3f9:2":"78"}\n')
  })

  test('the reference stands on disk when the letter is gone, never later', async () => {
    for (let diesIn = 1; ; diesIn++) {
      const family = new PeopleChannel({ reference: '77' }, { reference: '77' })
      const { post, isDead } = office.begin({ family }, {}, diesIn)
      post(silent(1))
      await pass(0)
      if (office.waiting().length === 0) expect(threads()).toBe('{"host:nas:k3f9:1":"77"}\n')
      if (!isDead()) break
      close()
      open()
    }
  })

  test('a broken file costs the replies, not the alerts', async () => {
    const family = new PeopleChannel({ reference: '77' })
    const { post, outbox } = office.begin({ family })
    writeFileSync(join(root, 'state/threads/family.json'), '{"host:nas:k3f9:1":')
    outbox.load()
    post(silent(1), silent(2))
    await pass(0)
    expect(family.taken).toEqual([1, 2])
    expect(threads()).toBe('{"host:nas:k3f9:1":"77"}\n')
  })
})

/** Each alert was told or is kept as failed, in one message only, and what became of it was written down once. */
function expectAllTold(channels: Readonly<Record<string, FakeChannel>>, numbers: readonly number[]): void {
  expect(office.waiting()).toEqual([])
  const finals = office.deliveries().filter(([, , , outcome]) => outcome !== 'folded')
  for (const [name, { tried, taken }] of Object.entries(channels)) {
    const mine = finals.filter(([, channel]) => channel === name)
    expect(mine.map(([number]) => number).sort((a, b) => Number(a) - Number(b))).toEqual(numbers)
    const untold = mine.filter(([, , , outcome]) => outcome !== 'delivered').map(([number]) => number)
    for (const number of numbers) {
      const messages = tried.filter(([, told]) => [told].flat().includes(number)).map(([, told]) => String(told))
      expect(new Set(messages).size).toBeLessThanOrEqual(1)
      expect(taken.flat().includes(number) || untold.includes(number)).toBe(true)
    }
    expect(office.failed().filter(([file]) => file!.endsWith(`.${name}.json`)).length > 0).toBe(untold.length > 0)
  }
}

describe('a process that is killed', () => {
  test('at every step of a backlog loses nothing, and tells nothing in two messages', async () => {
    let lives = 0
    for (let diesIn = 1; ; diesIn++) {
      const family = new PeopleChannel(...down(1), 'ok', ...down(1))
      const first = office.begin({ family }, {}, diesIn)
      first.post(silent(1))
      await pass(0.5)
      first.post(end(1, 2), silent(3), end(3, 4))
      await pass(2)
      first.post(...range(5, 12).map(silent))
      await pass(100)
      const died = first.isDead()
      first.kill()
      const second = office.begin({ family })
      second.outbox.load()
      await pass(100)
      expectAllTold({ family }, range(1, 12))
      // Every repeat is of one whole message, and there is one at most for each death.
      expect(family.taken.flat().length - 12).toBeLessThanOrEqual(12)
      if (!died) {
        expect(family.taken).toEqual([1, 2, [3, 4], range(5, 12)])
        break
      }
      lives++
      close()
      open()
    }
    expect(lives).toBeGreaterThan(15)
  })

  test('whatever comes, fails, is refused, restarts and is killed: all is told or kept, in one message only', async () => {
    const fate = fc.constantFrom('ok', 'ok', 'fails', 'fails', 'busy', 'refused', 'hang')
    const event = fc.oneof(
      fc.record({ post: fc.array(fc.option(fc.nat(20)), { minLength: 1, maxLength: 9 }) }),
      fc.record({ pass: fc.constantFrom(0, 1, 3, 20, 700) }),
      fc.record({ fates: fc.array(fate, { maxLength: 6 }) }),
      fc.record({ diesIn: fc.integer({ min: 1, max: 12 }) }),
      fc.constant({ restart: true }),
    )
    const fateOf = (name: string) =>
      ({
        fails: new DeliveryError('no answer'),
        busy: busyFor(7),
        refused: new DeliveryError('HTTP 400', { permanent: true }),
        hang: 'hang' as const,
      })[name] ?? 'ok'

    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
        const channels = { family: new PeopleChannel(), hook: new FakeChannel() }
        const settings = { giveUpAfterMs: 600_000 }
        let life = office.begin(channels, settings)
        let last = 0
        const openedBy = new Map<number, number>()
        const alive = (diesIn?: number) => {
          life.kill()
          life = office.begin(channels, settings, diesIn)
          life.outbox.load()
        }
        for (const event of events) {
          if ('post' in event) {
            const letters = event.post.map((opened) => {
              last++
              if (opened === null || opened >= last || opened === 0) return silent(last)
              openedBy.set(last, opened)
              return end(opened, last)
            })
            if (life.isDead()) alive()
            life.post(...letters.flatMap((letter) => [letter, { ...letter, channel: 'hook' }]))
          } else if ('pass' in event) await pass(event.pass)
          else if ('fates' in event) {
            for (const { fates } of Object.values(channels)) fates.push(...event.fates.map(fateOf))
          } else if ('diesIn' in event) alive(event.diesIn)
          else {
            const stopping = life.outbox.stop()
            // Where a killed one hangs, its limit ends it.
            await pass(40)
            await stopping
            alive()
          }
        }
        await pass(5)
        for (const { fates } of Object.values(channels)) fates.length = 0
        alive()
        await pass(2000)
        if (last > 0) expectAllTold(channels, range(1, last))
        for (const { tried } of Object.values(channels)) {
          const first = (number: number) => tried.findIndex(([, told]) => [told].flat().includes(number))
          // An end is never told before its beginning.
          for (const [ending, opened] of openedBy) expect(first(opened)).toBeLessThanOrEqual(first(ending))
        }
        close()
        open()
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})
