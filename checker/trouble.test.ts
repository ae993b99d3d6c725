import { beforeEach, expect, test } from 'vitest'
import type { Alert } from '../shared/alert.ts'
import type { Config } from '../shared/config/load.ts'
import { createTrouble } from './trouble.ts'

let second: number
let told: Alert[]
let logged: string[]
const log = {
  debug() {},
  info: (text: unknown) => void logged.push(String(text)),
  warn() {},
  error: (text: unknown) => void logged.push(String(text)),
}

beforeEach(() => {
  second = 0
  told = []
  logged = []
})

const create = () =>
  createTrouble({
    config: { name: 'box' } as Config,
    clock: { now: () => second * 1000, monotonic: () => second * 1000, uptime: () => undefined },
    log,
    tellDirectly: async (alert) => void told.push(alert),
  })
const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
const kinds = () => told.map(({ kind, why }) => [kind, why].filter(Boolean).join(' '))

test('what lasts is told, once an hour, with its end; it is logged once', () => {
  const trouble = create()
  for (second = 1; second <= 3605; second++) trouble.met(full)
  expect(kinds()).toEqual(['process-down disk'])
  for (; second <= 3700; second++) trouble.met(full)
  expect(kinds()).toEqual(['process-down disk', 'process-down disk'])
  trouble.over()
  expect(kinds().at(-1)).toBe('process-up disk')
  expect(new Set(told.map(({ outage }) => outage))).toEqual(new Set([told[0]!.id]))
  expect(new Set(told.map(({ id }) => id)).size).toBe(3)
  expect(logged).toHaveLength(2)
  trouble.over()
  expect(told).toHaveLength(3)
})

test('what passes within seconds wakes nobody', () => {
  const trouble = create()
  for (second = 1; second <= 40; second++) {
    if (second % 4 === 0) trouble.over()
    else trouble.met(full)
  }
  expect(told).toEqual([])
})

test('whatever it is that fails: told, with its own words', () => {
  const trouble = create()
  for (second = 1; second <= 10; second++) trouble.met(new TypeError('x is not a function'))
  expect(told.map(({ why, detail }) => [why, detail])).toEqual([[undefined, 'x is not a function']])
})
