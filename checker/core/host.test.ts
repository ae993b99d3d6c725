import { expect, test } from 'vitest'
import { type Host, newHost, waitsFrom } from './host.ts'
import type { Trouble } from './state.ts'
import { at, halfMinute, job } from './stories/story.ts'

const HOUR_MS = 3_600_000
const backup = { name: 'backup', registeredAt: 0, ...halfMinute, ...job(86_400, 3600, 600) } as unknown as Host
const told: Trouble = { id: 'a', kind: 'failed', cause: 'unfinished', sinceAt: at(3600), failures: 1, good: 0 }

test('what an earlier version told of a run that hangs is not told as silence at the first look', () => {
  const host = { ...backup, reminderMs: 6 * HOUR_MS, failuresBefore: 1, runGraceMs: HOUR_MS }
  const state = { ...newHost(host), trouble: told }
  expect(waitsFrom(host, state, at(10), at(9000))).toBe(at(3600) + 6 * HOUR_MS)
  expect(waitsFrom(host, { ...state, trouble: { ...told, hungAt: at(4000) } }, at(10), at(9000))).toBe(
    at(4000) + 6 * HOUR_MS,
  )
  expect(waitsFrom(host, { ...state, trouble: undefined }, at(10), at(9000))).toBe(at(10))
})
