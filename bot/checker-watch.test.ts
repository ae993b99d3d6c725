import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatFor } from '../shared/i18n/format.ts'
import { textsFor } from '../shared/i18n/index.ts'
import { type DataPaths, dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { writePulse } from '../shared/pulse.ts'
import { createCheckerWatch } from './checker-watch.ts'

let folder: string
let paths: DataPaths
let now: number
let told: string[]
let reachable: boolean
let writable: boolean
/** The second line of what was told last. */
let below: string | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bot-watch-'))
  paths = dataPaths(folder)
  prepareDataFolder(paths)
  now = Date.UTC(2026, 10, 21, 12, 3)
  told = []
  reachable = true
  writable = true
  below = undefined
})
afterEach(() => rmSync(folder, { recursive: true }))

const watch = () =>
  createCheckerWatch({
    paths,
    texts: textsFor('en').bot,
    format: formatFor('en', 'UTC'),
    now: () => now,
    canWrite: () => writable,
    announce: async (text) => {
      if (reachable) told.push(text.split('\n')[0]!)
      below = text.split('\n')[1]
      return reachable
    },
  })

async function pass(look: () => Promise<void>, seconds: number, checkerRuns = false): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    now += 1000
    if (checkerRuns) writePulse(paths, 'checker', now)
    await look()
  }
}

const DOWN = "⚪ Monitora's checker is down since 12:04"

test('a checker without a pulse for a minute is told once, and that it runs again', async () => {
  const look = watch()
  await pass(look, 60, true)
  await pass(look, 59)
  expect(told).toEqual([])
  await pass(look, 300)
  expect(told).toEqual([DOWN])
  await pass(look, 60, true)
  expect(told).toEqual([DOWN, "⚪ Monitora's checker runs again after 6 min"])
})

test('a restart of the bot repeats nothing, and does not forget to tell the end', async () => {
  const look = watch()
  await pass(look, 60, true)
  await pass(look, 100)
  await pass(watch(), 300)
  expect(told).toEqual([DOWN])
  await pass(watch(), 10, true)
  expect(told).toHaveLength(2)
})

test('out of reach, it is tried again until a chat has taken it', async () => {
  const look = watch()
  await pass(look, 60, true)
  reachable = false
  await pass(look, 120)
  reachable = true
  await pass(look, 31)
  expect(told).toEqual([DOWN])
})

test('a box that slept accuses nobody', async () => {
  const look = watch()
  await pass(look, 60, true)
  now += 3_600_000
  await pass(look, 30)
  await pass(look, 100, true)
  expect(told).toEqual([])
})

test('a clock that is set back hides neither the end nor the beginning', async () => {
  const look = watch()
  await pass(look, 60, true)
  now -= 3_600_000
  await pass(look, 61)
  expect(told).toHaveLength(1)
  now -= 3_600_000
  await pass(look, 5, true)
  expect(told).toHaveLength(2)
})

test.each([
  ['the server hears', true, true, DOWN, 'Signals are still heard, but no silence is noticed until it runs again.'],
  ['the server is down too', false, true, DOWN, 'So is its server: nobody is heard, and no silence is noticed.'],
  [
    'the disk takes no pulse of anybody',
    false,
    false,
    "⚪ No sign of Monitora's checker since 12:04",
    'The disk cannot be written: until it can, nobody is heard and no silence is noticed.',
  ],
])('%s: that is what is said of the rest', async (_, serverRuns, canWrite, first, second) => {
  const look = watch()
  await pass(look, 60, true)
  if (serverRuns) writePulse(paths, 'server', now + 59_000)
  writable = canWrite
  await pass(look, 61)
  expect(told).toEqual([first])
  expect(below).toBe(second)
})
