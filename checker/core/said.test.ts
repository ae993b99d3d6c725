/** What a host says of itself. The stories show it over time; here are the odd ones. */
import { expect, test } from 'vitest'
import type { InboxEvent } from '../../shared/inbox.ts'
import { PLAIN_HOST } from '../../test/plain.ts'
import { Draft } from './draft.ts'
import type { Host } from './host.ts'
import { absorb, countGood, tellTrouble } from './said.ts'
import type { HostState } from './state.ts'

const at = (second: number) => 1_800_000_000_000 + second * 1000
const iso = (second: number) => new Date(at(second)).toISOString()
const nas: Host = { ...PLAIN_HOST, name: 'nas', registeredAt: 0, rhythm: { timeoutMs: 1000 } }
const state: HostState = { name: 'nas', registeredAt: 0, verdict: 'up', reason: 'signal', sinceAt: 0, alerts: 0 }
const draftOf = (part: Partial<HostState> = {}) =>
  new Draft<HostState>('host', nas, { ...state, ...part }, { monitor: 'box', now: at(100) })
const status = (second: number, said: 'ok' | 'warning' | 'error', message?: string): InboxEvent => ({
  kind: 'status',
  host: 'nas',
  at: iso(second),
  status: said,
  message,
})
const start = (boot: string, bootBefore: string | undefined, address = boot): InboxEvent => ({
  kind: 'account',
  host: 'nas',
  at: iso(0),
  account: { rebooted: true, agentRestarted: true, boot, bootBefore, address, addressBefore: bootBefore },
})
const kinds = (draft: Draft<HostState>) => draft.alerts.map(({ kind }) => kind)

test('good news of a host that was never in trouble is no news', () => {
  const draft = draftOf()
  absorb(draft, nas, status(1, 'ok'), false)
  countGood(draft, nas, at(2), at(2))
  expect([kinds(draft), draft.state]).toEqual([[], state])
})

test('trouble that was never told ends without a word', () => {
  const draft = draftOf()
  const patient = { ...nas, failuresBefore: 3 }
  for (const event of [status(1, 'error'), status(2, 'error'), status(3, 'ok')]) absorb(draft, patient, event, false)
  expect(kinds(draft)).toEqual([])
  expect(draft.state.trouble).toBeUndefined()
})

test('trouble in a silence is kept, and told once when asked for', () => {
  const draft = draftOf()
  absorb(draft, nas, status(1, 'warning', 'hot'), true)
  expect(kinds(draft)).toEqual([])
  tellTrouble(draft, nas)
  expect(draft.alerts).toMatchObject([{ kind: 'warning', message: 'hot', failures: 1, sinceAt: at(1) }])
  absorb(draft, nas, status(2, 'ok'), true)
  expect(kinds(draft)).toEqual(['warning', 'cleared'])
  expect(draft.alerts[1]?.outage).toBe(draft.alerts[0]?.id)
})

test('the same signal is not counted twice as a good one', () => {
  const draft = draftOf()
  const wary = { ...nas, recoverAfter: 3 }
  absorb(draft, wary, status(1, 'error'), false)
  absorb(draft, wary, status(2, 'ok'), false)
  for (const second of [2, 2, 3, 3]) countGood(draft, wary, at(second), at(second))
  expect(kinds(draft)).toEqual(['error'])
  countGood(draft, wary, at(4), at(4))
  expect(kinds(draft)).toEqual(['error', 'cleared'])
})

test('what it says of its outage is kept only while it lasts', () => {
  const account = { rebooted: false, agentRestarted: false, unsent: 3 }
  const event: InboxEvent = { kind: 'account', host: 'nas', at: iso(5), account }
  const up = draftOf()
  absorb(up, nas, event, false)
  expect(up.state.account).toBeUndefined()
  const down = draftOf({ verdict: 'down' })
  absorb(down, nas, event, false)
  expect(down.state.account).toEqual({ ...account, at: at(5) })
})

test('a machine that comes back to an earlier start is another one: told once', () => {
  const draft = draftOf()
  for (const event of [start('b', 'a'), start('a', 'b'), start('b', 'a'), start('a', 'b')])
    absorb(draft, nas, event, false)
  expect(draft.alerts).toMatchObject([{ kind: 'two-machines', addresses: ['b', 'a'] }])
})

test('new starts one after another, the same one again, and one that says nothing are one machine', () => {
  const draft = draftOf()
  for (const event of [start('b', 'a'), start('b', 'a'), start('c', 'b'), start('d', 'c')])
    absorb(draft, nas, event, false)
  absorb(draft, nas, start('e', undefined), false)
  expect(kinds(draft)).toEqual([])
})

test('two machines at one address are named with it once', () => {
  const draft = draftOf()
  absorb(draft, nas, start('b', 'a', '203.0.113.7'), false)
  absorb(draft, nas, start('a', 'b', '203.0.113.7'), false)
  expect(draft.alerts[0]?.addresses).toEqual(['203.0.113.7'])
})

test('in a silence two machines are not told, and are told when they take turns after it', () => {
  const draft = draftOf()
  absorb(draft, nas, start('b', 'a'), true)
  absorb(draft, nas, start('a', 'b'), true)
  expect(kinds(draft)).toEqual([])
  absorb(draft, nas, start('b', 'a'), false)
  expect(kinds(draft)).toEqual(['two-machines'])
})

test('of what a run wrote its line keeps the end', () => {
  const draft = draftOf()
  const output = `${'x'.repeat(5000)}the end`
  absorb(draft, nas, { kind: 'run-ended', host: 'nas', at: iso(1), failed: false, ends: true, output }, false)
  absorb(draft, nas, { kind: 'log', host: 'nas', at: iso(2), output }, false)
  expect(draft.runs.map((run) => [run.what, run.output])).toEqual([
    ['succeeded', output.slice(-1000)],
    ['log', output.slice(-1000)],
  ])
})
