import { expect, test } from 'vitest'
import type { Cause } from '../../shared/alert.ts'
import { causeOf } from './cause.ts'
import type { HostState } from './state.ts'

const AT = 1_800_000_000_000
const MIN = 60_000
const state: HostState = { name: 'nas', registeredAt: 0, verdict: 'down', reason: 'no-signal', sinceAt: 0, alerts: 1 }
const said = { rebooted: false, agentRestarted: false, at: AT }

test.each<[string, Partial<HostState>, Cause]>([
  ['nothing', {}, { kind: 'unknown' }],
  ['nothing, but goodbye before', { goodbyeAt: AT - 38 * MIN }, { kind: 'unknown' }],
  ['nothing that explains it', { account: said }, { kind: 'unknown' }],
  [
    'another boot, 2 min ago',
    { account: { ...said, rebooted: true, agentRestarted: true, up: 120 } },
    { kind: 'rebooted', at: AT - 2 * MIN, goodbye: false },
  ],
  [
    'another boot, after a goodbye',
    { goodbyeAt: AT - 38 * MIN, account: { ...said, rebooted: true, up: 0 } },
    { kind: 'rebooted', at: AT, goodbye: true },
  ],
  ['another boot, not when', { account: { ...said, rebooted: true } }, { kind: 'rebooted', at: AT, goodbye: false }],
  [
    'another boot, though it slept too',
    { account: { ...said, rebooted: true, slept: 9999, up: 60 } },
    { kind: 'rebooted', at: AT - MIN, goodbye: false },
  ],
  ['asleep for half of it', { account: { ...said, slept: 19 * 60, unsent: 3 } }, { kind: 'slept' }],
  [
    'asleep for less than half of it',
    { account: { ...said, slept: 18 * 60, unsent: 3 } },
    { kind: 'network', unsent: 3 },
  ],
  ['signals unsent', { account: { ...said, unsent: 76 } }, { kind: 'network', unsent: 76 }],
  ['a new agent', { account: { ...said, agentRestarted: true, age: 5 } }, { kind: 'agent' }],
  [
    'a new agent, whose first posts failed',
    { account: { ...said, agentRestarted: true, unsent: 2 } },
    { kind: 'agent' },
  ],
])('away for 38 min, and it says: %s', (_, part, cause) => {
  expect(causeOf({ ...state, ...part }, 38 * MIN)).toEqual(cause)
})
