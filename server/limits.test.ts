/** How much one client may say, second by second, and that the memory of it stays small. */
import { expect, test } from 'vitest'
import { createLimits, RATES } from './limits.ts'
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
  event: { project: name, group: '0123456789abcdef' },
})

/** How many of so many are let through. */
function passed(limits: ReturnType<typeof createLimits>, count: number, deed: (index: number) => Deed, from?: string) {
  let through = 0
  for (let index = 0; index < count; index++) if (limits.wait(deed(index), from) === undefined) through++
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
    const waitS = limits.wait(deed, undefined)!
    expect(Number.isInteger(waitS) && waitS >= 1).toBe(true)
    sleep(waitS * 1000)
    expect(limits.wait(deed, undefined)).toBeUndefined()
  }
})

test('one that runs wild takes nothing from others behind its address, nor from what is its own there', () => {
  const { limits } = start()
  const from = '203.0.113.7'
  expect(passed(limits, 20_000, () => heartbeat('wild'), from)).toBe(RATES.host.burst)
  expect(passed(limits, 9500, (index) => heartbeat(`h${index}`), from)).toBe(9500)
  expect(limits.wait(heartbeat('late'), from)).toBe(1)
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
    if (limits.wait(heartbeat(`h${index}`), from) === undefined) through++
  }
  expect(through).toBe(one ? RATES.address.burst : 12_000)
})

test('names without end do not fill the memory, and who speaks all the while is not forgotten', () => {
  const { limits } = start()
  let wild = 0
  for (let index = 0; index < 200_000; index++) {
    limits.wait(heartbeat(`h${index}`), `2001:db8:${(index >> 8).toString(16)}:${(index & 255).toString(16)}::1`)
    if (limits.wait(heartbeat('wild'), undefined) === undefined) wild++
  }
  expect(wild).toBe(RATES.host.burst)
})
