/** A host as the others of its site see it. */
import { describe, expect, test } from 'vitest'
import type { Silence } from '../../shared/silences.ts'
import { PLAIN_HOST } from '../../test/plain.ts'
import type { Host } from './host.ts'
import type { HostState } from './state.ts'
import { memberOf, see, viewOf } from './view.ts'

const S = 1000
const nas: Host = {
  ...PLAIN_HOST,
  name: 'nas',
  registeredAt: 0,
  site: 'home',
  rhythm: { timeoutMs: 120 * S, intervalMs: 30 * S },
}
const state: HostState = {
  name: 'nas',
  registeredAt: 0,
  verdict: 'up',
  reason: 'signal',
  sinceAt: 0,
  alerts: 1,
}
const view = (host: Partial<Host> = {}, part: Partial<HostState> = {}, silences: Silence[] = [], nowS = 1010) =>
  viewOf({ ...nas, ...host }, { ...state, ...part }, 1000 * S, {}, [], silences, nowS * S)

test('it should be heard after one and a half intervals, is late after two and a half, and due after its timeout', () => {
  expect(view().moments).toEqual({ shouldAt: 1046 * S, lateAt: 1076 * S, dueAt: 1121 * S })
  const { moments } = view({ rhythm: { timeoutMs: 120 * S } })
  expect(moments).toEqual({ shouldAt: 1121 * S, lateAt: 1121 * S, dueAt: 1121 * S })
  const short = view({ rhythm: { timeoutMs: 60 * S, intervalMs: 30 * S } })
  expect(short.moments).toEqual({ shouldAt: 1046 * S, lateAt: 1061 * S, dueAt: 1061 * S })
})

describe('others wait for it, and it is listed', () => {
  const pause: Silence = { id: 'a', kind: 'pause', target: 'host:nas', fromAt: 0, by: '' }
  test.each<[string, Partial<Host>, Partial<HostState>, Silence[], boolean]>([
    ['a plain one', {}, {}, [], true],
    ['a silent one', {}, { verdict: 'down' }, [], true],
    ['a silenced one', {}, {}, [{ ...pause, kind: 'silence' }], true],
    ['a paused one: no', {}, {}, [pause], false],
    ['a job: no', { rhythm: { timeoutMs: S, schedule: { next: () => undefined, graceMs: 1 } } }, {}, [], false],
    ['who sleeps by design: no', { sleeps: true }, {}, [], false],
    ['who said goodbye, where that is nothing special', {}, { goodbyeAt: 1000 * S }, [], true],
    ['who said goodbye where an absence is expected: no', { expectedAbsenceMs: S }, { goodbyeAt: 1001 * S }, [], false],
    ['who said goodbye, and was heard since', { expectedAbsenceMs: S }, { goodbyeAt: 900 * S }, [], true],
  ])('%s', (_, host, part, silences, expected) => {
    const found = view(host, part, silences)
    expect(found.expected).toBe(expected)
    expect(memberOf(found)).toMatchObject({ name: 'nas', witness: !expected, silent: part.verdict === 'down' })
  })
})

test('a time in the future counts from when it was noticed, until it is no longer in the future', () => {
  const noticed = { heardAt: 1000 * S, at: 700 * S }
  expect(view({}, { noticed }, [], 999).heardAt).toBe(700 * S)
  expect(view({}, { noticed }, [], 1000).heardAt).toBe(1000 * S)
  expect(view({}, { noticed: { ...noticed, heardAt: 999 * S } }, [], 900).heardAt).toBe(1000 * S)
})

describe('what is seen of its signals', () => {
  const at = (second: number) => second * S
  test('one after an everyday gap goes on; one after more, or after nothing known, is a return', () => {
    const first = see(undefined, nas, undefined, at(10), [], at(60))
    expect(first).toEqual({ returnedAt: at(10) })
    const second = see(first, nas, at(10), at(40), [], 0)
    expect(second).toEqual({ returnedAt: at(10), beforeAt: at(10) })
    expect(see(second, nas, at(40), at(40), [], 0)).toBe(second)
    expect(see(second, nas, at(40), at(86), [], 0)).toEqual({ returnedAt: at(10), beforeAt: at(40) })
    expect(see(second, nas, at(40), at(87), [], 0)).toEqual({ returnedAt: at(87) })
  })

  test('after a mere restart the first one is no return: a break would have been noticed before it', () => {
    expect(see(undefined, nas, undefined, at(1000), [], at(60))).toEqual({ returnedAt: at(60) })
  })

  test('a gap that never was, for the clock was set forward, is none; one in which nobody heard is one', () => {
    const span = { fromAt: at(50), toAt: at(3650) }
    const known = { returnedAt: at(10), beforeAt: at(10) }
    const forward = see(known, nas, at(40), at(3670), [{ ...span, deaf: false }], 0)
    expect(forward).toEqual({ returnedAt: at(10), beforeAt: at(40) })
    expect(see(known, nas, at(40), at(3670), [{ ...span, deaf: true }], 0)).toEqual({ returnedAt: at(3670) })
  })

  test('a time that is earlier than the last is a return: the clock was set back', () => {
    expect(see({ returnedAt: at(10), beforeAt: at(10) }, nas, at(40), at(20), [], 0)).toEqual({ returnedAt: at(20) })
  })
})
