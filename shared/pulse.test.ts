import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { dataPaths, prepareDataFolder } from './paths.ts'
import { everySecond, pulseFile, readPulse, writePulse } from './pulse.ts'

afterEach(() => vi.useRealTimers())

test('a pulse is a host file of whole seconds', () => {
  const paths = dataPaths(mkdtempSync(join(tmpdir(), 'pulse-')))
  prepareDataFolder(paths)
  expect(readPulse(paths, 'server')).toBeUndefined()
  writePulse(paths, 'server', 1_763_700_000_999)
  expect(readFileSync(pulseFile(paths, 'server'), 'latin1')).toBe('1763700000\n')
  expect(readPulse(paths, 'server')).toBe(1_763_700_000_000)
  expect(readPulse(paths, 'checker')).toBeUndefined()
  writeFileSync(pulseFile(paths, 'checker'), 'torn')
  expect(readPulse(paths, 'checker')).toBeUndefined()
  rmSync(paths.root, { recursive: true })
})

test.each([0, 1, 500, 999])('begun %i ms into a second, it beats just after each whole one, until stopped', (phase) => {
  vi.useFakeTimers({ now: 1_763_700_000_000 + phase })
  const beats: number[] = []
  const stop = everySecond(Date.now, () => beats.push(Date.now() - 1_763_700_000_000))
  vi.advanceTimersByTime(3500 - phase)
  expect(beats).toEqual([1001, 2001, 3001])
  stop()
  vi.advanceTimersByTime(5000)
  expect(beats).toHaveLength(3)
})

test('a beat that fails or takes long loses no later one, nor its place after the whole second', () => {
  vi.useFakeTimers({ now: 1_763_700_000_000 })
  const beats: number[] = []
  const stop = everySecond(Date.now, () => {
    beats.push(Date.now() % 1000)
    // As if the clock ran on while the beat worked.
    if (beats.length === 2) vi.setSystemTime(Date.now() + 300)
    if (beats.length === 1) throw new Error('a disk is full')
  })
  expect(() => vi.advanceTimersByTime(1500)).toThrow('a disk is full')
  vi.advanceTimersByTime(4000)
  expect(beats.length).toBeGreaterThanOrEqual(4)
  expect(beats.filter((phase) => phase === 1).length).toBeGreaterThanOrEqual(beats.length - 1)
  stop()
})
