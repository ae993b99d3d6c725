/** How much one client may say, second by second, and that the memory of it stays small. */
import { expect, test } from 'vitest'
import { createLimits, type Limits, RATES, type Rate } from './limits.ts'
import type { Deed, Signal } from './signal.ts'

const said: string[] = []

function start() {
  said.splice(0)
  let now = 0
  const limits = createLimits(() => now, { warn: (text: string) => void said.push(text) })
  const sleep = (ms: number) => {
    now += ms
  }
  return { limits, sleep }
}

const heartbeat = (host: string, more: Partial<Signal> = {}): Deed => ({
  kind: 'signal',
  signal: { host, ...more },
  subject: { name: host, hasToken: false, everyHeartbeat: false, scheduled: false },
})
const firstOf = (host: string, project?: string): Deed => ({
  kind: 'signal',
  signal: { host },
  subject: undefined,
  project,
})
const failure = (name: string): Deed => ({
  kind: 'error',
  subject: { name, hasToken: true, everyHeartbeat: false, scheduled: false },
  group: '0123456789abcdef',
  sample: () => ({ id: 'a'.repeat(32), type: 'Error', message: 'boom', level: 'error' }),
  size: 100,
})

/** @returns seconds */
const waitFor = (limits: Limits, deed: Deed, from?: string) => limits.wait([deed], from)?.retryAfterS

/** How many of so many are let through. */
function passed(limits: Limits, count: number, deed: (index: number) => Deed, from?: string) {
  let through = 0
  for (let index = 0; index < count; index++) if (waitFor(limits, deed(index), from) === undefined) through++
  return through
}

test.each([
  ['a host', () => heartbeat('nas'), undefined, RATES.host, 1],
  ['a project’s errors', () => failure('shop'), undefined, RATES.project, 1],
  ['an address', (index: number) => heartbeat(`h${index}`), '203.0.113.7', RATES.address, 1],
  ['an address’ errors', (index: number) => failure(`p${index}`), '203.0.113.7', RATES.errorAddress, 1],
  ['new hosts of an address', (index: number) => firstOf(`h${index}`), '203.0.113.7', RATES.address, 10],
  ['new jobs of a project', (index: number) => firstOf(`h${index}`, 'shop'), undefined, RATES.maker, 10],
  ['what must be synced', () => heartbeat('job', { event: 'start' }), undefined, RATES.host, 10],
] as const)('%s: a burst, then so many a second', (_, deed, from, { perSecond, burst }, cost) => {
  const { limits, sleep } = start()
  expect(passed(limits, burst + 100, deed, from)).toBe(burst / cost)
  let later = 0
  for (let second = 0; second < 10; second++) {
    sleep(1000)
    later += passed(limits, perSecond + 100, deed, from)
  }
  expect(later).toBe((10 * perSecond) / cost)
  sleep((burst * 1000) / perSecond)
  expect(passed(limits, burst + 100, deed, from)).toBe(burst / cost)
  expect(said).toHaveLength(1)
})

test('it says how long to wait, and whoever waits so long is let through', () => {
  const { limits, sleep } = start()
  for (const deed of [failure('shop'), heartbeat('nas'), heartbeat('job', { exitStatus: 1 })]) {
    passed(limits, 1000, () => deed)
    const waitS = waitFor(limits, deed)!
    expect(Number.isInteger(waitS) && waitS >= 1).toBe(true)
    sleep(waitS * 1000)
    expect(waitFor(limits, deed)).toBeUndefined()
  }
})

test('one that runs wild takes nothing from others behind its address, nor from what is its own there', () => {
  const { limits } = start()
  const from = '203.0.113.7'
  expect(passed(limits, 20_000, () => heartbeat('wild'), from)).toBe(RATES.host.burst)
  expect(passed(limits, 9500, (index) => heartbeat(`h${index}`), from)).toBe(9500)
  expect(waitFor(limits, heartbeat('late'), from)).toBe(1)
  // Refused for its address: it was not counted against the host itself.
  expect(passed(limits, 20_000, () => heartbeat('other'), from)).toBe(0)
  expect(passed(limits, 20_000, () => heartbeat('other'), '198.51.100.1')).toBe(RATES.host.burst)
})

test.each(['127.0.0.1', '127.8.0.1', '::1', undefined])('from %s any number of hosts may speak', (from) => {
  const { limits } = start()
  expect(passed(limits, 30_000, (index) => heartbeat(`h${index}`), from)).toBe(30_000)
})

test.each([
  ['2001:db8:0:1::', true],
  ['2001:db8::', true],
  ['2001:db8:0:', false],
])('of IPv6 a network of addresses %s… counts as one: %s', (network, one) => {
  const { limits } = start()
  let through = 0
  for (let index = 0; index < 12_000; index++) {
    const from = one ? `${network}${index.toString(16)}` : `${network}${index.toString(16)}::1`
    if (waitFor(limits, heartbeat(`h${index}`), from) === undefined) through++
  }
  expect(through).toBe(one ? RATES.address.burst : 12_000)
})

test('names without end do not fill the memory, and who speaks all the while is not forgotten', () => {
  const { limits } = start()
  let wild = 0
  for (let index = 0; index < 200_000; index++) {
    waitFor(limits, heartbeat(`h${index}`), `2001:db8:${(index >> 8).toString(16)}:${(index & 255).toString(16)}::1`)
    if (waitFor(limits, heartbeat('wild')) === undefined) wild++
  }
  expect(wild).toBe(RATES.host.burst)
})

const many = (count: number, deed: (index: number) => Deed) => Array.from({ length: count }, (_, index) => deed(index))
const batch = many(100, () => failure('shop'))

test('of a request that says many things all are let through, or none, which then counts for nothing', () => {
  const { limits, sleep } = start()
  for (let index = 0; index < 10; index++) expect(limits.wait(batch, undefined)).toBeUndefined()
  // However often it is tried.
  for (let index = 0; index < 99; index++) {
    sleep(10)
    expect(limits.wait(batch, undefined)).toEqual({ retryAfterS: 1, of: 'error' })
  }
  sleep(10)
  expect(limits.wait(batch, undefined)).toBeUndefined()
  expect(limits.wait([], undefined)).toBeUndefined()
})

test('it waits for whichever of a batch has to wait for longest', () => {
  const { limits } = start()
  passed(limits, 2000, () => failure('shop'))
  passed(limits, 2000, () => heartbeat('job', { event: 'start' }))
  const starts = many(40, () => heartbeat('job', { event: 'start' }))
  expect(limits.wait([...batch, ...starts], undefined)).toEqual({ retryAfterS: 8, of: 'signal' })
  expect(limits.wait([...many(900, () => failure('shop')), ...starts], undefined)).toEqual({
    retryAfterS: 9,
    of: 'error',
  })
  // What is not there yet would have to wait for nothing.
  expect(
    limits.wait(
      many(100, () => failure('other')),
      undefined,
    ),
  ).toBeUndefined()
})

test.each<[string, Deed[], string | undefined, Rate, number]>([
  ['errors of a project', batch, undefined, RATES.project, 100],
  ['of two projects', [...batch, ...many(300, () => failure('app'))], undefined, RATES.project, 300],
  ['of many at one address', many(1000, (index) => failure(`p${index}`)), '203.0.113.7', RATES.errorAddress, 1000],
  ['more than a burst', many(100, () => heartbeat('job', { event: 'start' })), undefined, RATES.host, 1000],
])('who sends batches and waits as it is told has its rate: %s', (_, deeds, from, { perSecond, burst }, cost) => {
  const { limits, sleep } = start()
  const lastS = 600
  let through = 0
  for (let at = 0; at < lastS; ) {
    const wait = limits.wait(deeds, from)
    if (!wait) through++
    at += wait?.retryAfterS ?? 0
    sleep((wait?.retryAfterS ?? 0) * 1000)
  }
  expect(through * cost).toBeGreaterThan(0.9 * lastS * perSecond)
  expect(through * cost).toBeLessThanOrEqual(lastS * perSecond + Math.max(burst, cost) + perSecond)
})
