/**
 * Every process is killed, 200 times in all, at random moments, while hosts come and go. What must come out: each
 * silence and each recovery is told, nobody is accused who was heard, and what is told twice carries the same id.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  Box,
  freePort,
  PASSWORD,
  type Posted,
  type Program,
  postSignal,
  type Receiver,
  startReceiver,
  USER,
} from './box.ts'

const KILLS = 200
const HOSTS = Array.from({ length: 8 }, (_, i) => `host-${i}`)
const PROGRAMS: readonly Program[] = ['server', 'checker', 'bot', 'endpoint']

const box = new Box()
let receiver: Receiver
let port: number
/** What was seen to be wrong, with the moment. */
const faults: string[] = []
let ended = 0

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))
const random = (low: number, high: number) => low + Math.random() * (high - low)

beforeAll(async () => {
  port = await freePort()
  receiver = await startReceiver()
  box.configure(
    `server: { listen: "127.0.0.1:${port}", user: ${USER}, password: "${PASSWORD}" }
defaults: { timeout: 5s, reminder: 1h, unstable: { changes: 1000, within: 1h } }
channels: { hook: { type: webhook, url: "${receiver.url}", kinds: [first-signal, silent, still-silent, recovered] } }
`,
    `{ server: "http://127.0.0.1:${port}", host: agent, user: ${USER}, password: "${PASSWORD}", interval: 1s }`,
  )
})

afterAll(async () => {
  await box.remove()
  receiver.close()
})

/** A host's life: it reports each second, falls silent, is told of, comes back, is told of; and again. */
async function live(name: string, going: () => boolean): Promise<number> {
  let outages = 0
  const toldSince = (at: number, kind: string) =>
    receiver.posted.some((alert) => alert.kind === kind && alert.hosts[0] === name && alert.arrivedAt >= at)
  const report = async (forMs: number) => {
    const end = Date.now() + forMs
    while (Date.now() < end) {
      const heard = (await postSignal(port, { host: name, interval: '1' })) === 200
      await sleep(heard ? random(900, 1000) : 150)
    }
  }
  await report(3000)
  while (going()) {
    const aliveFrom = Date.now()
    await report(random(4000, 9000))
    if (toldSince(aliveFrom, 'silent')) faults.push(`${name} was accused while it reported`)
    const diedAt = Date.now()
    await receiver.waitFor('silent', name, diedAt, 120_000)
    await sleep(random(0, 3000))
    const backAt = Date.now()
    if (toldSince(diedAt, 'recovered')) faults.push(`${name} recovered while it was silent`)
    const returning = report(3000)
    await receiver.waitFor('recovered', name, backAt, 60_000)
    await returning
    outages++
  }
  // Who is done first must not fall silent before all is counted.
  ended++
  while (ended < HOSTS.length) await report(300)
  return outages
}

/** Kills one process after another and starts it again, at moments nobody planned. */
async function killAtRandom(): Promise<void> {
  for (let i = 0; i < KILLS; i++) {
    await sleep(random(100, 900))
    const program = PROGRAMS[Math.floor(Math.random() * PROGRAMS.length)]!
    await box.kill(program, 'SIGKILL')
    box.launch(program)
  }
}

test(`${KILLS} kills: every silence and recovery is told, nothing is false, repeats carry the same id`, async () => {
  for (const program of PROGRAMS) await box.start(program)
  let killing = true
  const lives = HOSTS.map((name) => live(name, () => killing))
  await Promise.all([
    killAtRandom().finally(() => {
      killing = false
    }),
    ...lives,
  ])
  const outages = await Promise.all(lives)

  expect(faults).toEqual([])
  expect(Math.min(...outages)).toBeGreaterThan(0)
  const contents = new Map<string, string>()
  for (const { arrivedAt, ...alert } of receiver.posted) {
    const content = JSON.stringify(alert)
    expect(contents.get(alert.id) ?? content, `the id ${alert.id} has two contents`).toBe(content)
    contents.set(alert.id, content)
  }
  for (const [i, name] of HOSTS.entries()) {
    const told = onceEach(receiver.posted.filter(({ hosts }) => hosts[0] === name))
    const expected = ['first-signal', ...Array.from({ length: outages[i]! }, () => ['silent', 'recovered']).flat()]
    expect(
      told.map(({ kind }) => kind),
      name,
    ).toEqual(expected)
    expect(told.map(({ id }) => Number(id.split(':').at(-1)))).toEqual(expected.map((_, number) => number + 1))
    for (let at = 1; at < told.length; at += 2) expect(told[at + 1]!.outage).toBe(told[at]!.id)
  }
  const repeats = receiver.posted.length - contents.size
  const total = outages.reduce((sum, count) => sum + count, 0)
  process.stdout.write(`chaos: ${KILLS} kills, ${total} outages told and ended, ${repeats} repeats, 0 lost, 0 false\n`)
}, 600_000)

function onceEach(alerts: readonly Posted[]): Posted[] {
  return [...new Map(alerts.map((alert) => [alert.id, alert])).values()]
}
