/** How often a remark is said, and how many; and that the signal lane says those of a dialect. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { fakeDoors } from '../test/fakes/doors.ts'
import { sentry } from './dialects/sentry.ts'
import { createPenalty } from './penalty.ts'
import { createRemarks } from './remarks.ts'
import { createSignals } from './signals.ts'
import { createTally } from './tally.ts'

const HOUR_MS = 3_600_000
const said: string[] = []
const log = { warn: (text: string) => void said.push(text), error() {} }
let at = 0
beforeEach(() => {
  said.splice(0)
  at = 0
})

test('each once an hour', () => {
  const remark = createRemarks(log, () => at)
  for (const minute of [0, 1, 59, 60, 61, 119, 120]) {
    at = (minute * HOUR_MS) / 60
    remark('a')
    if (minute === 1) remark('b')
  }
  expect(said).toEqual(['a', 'b', 'a', 'a'].map((text) => `${text} (said once an hour)`))
})

describe('of very many', () => {
  const more = (sender: string) => `${sender}: more was left out, and is not named (said once an hour)`

  test('of one sender the first hundred, once that there are more, and others an hour later', () => {
    const remark = createRemarks(log, () => at)
    for (let index = 0; index < 1000; index++) remark(`stranger: job ${index}`)
    expect(said.slice(99)).toEqual(['stranger: job 99 (said once an hour)', more('stranger')])
    at = HOUR_MS - 1
    remark('stranger: late')
    expect(said).toHaveLength(101)
    at = HOUR_MS
    remark('stranger: late')
    expect(said.at(-1)).toBe('stranger: late (said once an hour)')
  })

  test('what was named is not told to be more', () => {
    const remark = createRemarks(log, () => at)
    for (let index = 0; index < 200; index++) remark(`stranger: job ${index % 100}`)
    expect(said).toHaveLength(100)
  })

  test('none drown what another sender leaves out', () => {
    const remark = createRemarks(log, () => at)
    for (let index = 0; index < 1000; index++) remark(`stranger: job ${index}`)
    remark('shop: backup')
    for (let index = 0; index < 1000; index++) remark(`stranger: job ${index}`)
    expect(said.slice(101)).toEqual(['shop: backup (said once an hour)'])
  })

  test('senders the first thousand, and others an hour later', () => {
    const remark = createRemarks(log, () => at)
    for (let index = 0; index < 2000; index++) remark(`sender ${index}: a`)
    remark('sender 0: b')
    expect(said.slice(999)).toEqual(
      ['sender 999', 'sender 0'].map((sender, index) => `${sender}: ${'ab'[index]} (said once an hour)`),
    )
    at = HOUR_MS
    remark('sender 1999: a')
    expect(said).toHaveLength(1002)
  })
})

test('those of a dialect are said, and its reply is as it would be', async () => {
  const reply = { status: 202, headers: [], body: 'kept' }
  const opened = { limit: 10, read: () => ({ deeds: [], remarks: ['Shop: a', 'Shop: b'], reply: () => reply }) }
  const signals = createSignals({
    dialects: [{ ...sentry, matches: () => true, open: () => opened }],
    doors: () => fakeDoors({}),
    trustProxy: () => false,
    penalty: createPenalty(() => at, log),
    limits: { wait: () => undefined },
    accept: () => 'registered',
    tally: createTally(),
    log,
    unencrypted() {},
  })
  const server = createServer((req, res) => signals(req, res, () => res.end()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const answers = [await fetch(url), await fetch(url)].map(async (answer) => [answer.status, await answer.text()])
  expect(await Promise.all(answers)).toEqual([
    [202, 'kept'],
    [202, 'kept'],
  ])
  expect(said).toEqual(['Shop: a (said once an hour)', 'Shop: b (said once an hour)'])
  server.closeAllConnections()
  server.close()
})
