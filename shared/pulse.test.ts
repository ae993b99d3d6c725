import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { dataPaths, prepareDataFolder } from './paths.ts'
import {
  everySecond,
  forgetStoppedServers,
  instanceOf,
  isServerPulse,
  pulseFile,
  readPulse,
  serverPulses,
  writePulse,
} from './pulse.ts'

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

test.each([
  ['the one that is a little behind holds all back', [100, 99], 99],
  ['one that is stuck does so for ten seconds', [100, 90], 90],
  ['then it counts as stopped', [100, 89], 100],
  ['whichever it is', [80, 100, 97], 97],
])('of several servers, %s', (_, seconds, expected) => {
  const paths = dataPaths(mkdtempSync(join(tmpdir(), 'pulse-')))
  prepareDataFolder(paths)
  for (const [instance, second] of seconds.entries()) writePulse(paths, 'server', second * 1000, instance)
  expect(readPulse(paths, 'server')).toBe(expected * 1000)
  rmSync(paths.root, { recursive: true })
})

test('a server that is no more is forgotten, but not the one that is always there', () => {
  const paths = dataPaths(mkdtempSync(join(tmpdir(), 'pulse-')))
  prepareDataFolder(paths)
  const now = 1_763_700_000_000
  for (const [instance, days] of [2, 2, 0, -2].entries()) writePulse(paths, 'server', now - days * 86_400_000, instance)
  forgetStoppedServers(paths, now)
  expect([...serverPulses(paths).keys()].sort()).toEqual([0, 2])
  rmSync(paths.root, { recursive: true })
})

test.each([
  [undefined, undefined, 0],
  ['0', 7, 0],
  ['1', 7, 1],
  [undefined, 7, 7],
  ['all', 7, 7],
])('numbered %j by PM2 and %j by node:cluster, a server is %i', (numbered, workerId, expected) => {
  expect(instanceOf(numbered, workerId)).toBe(expected)
})

test.each([
  ['server.host', true],
  ['server-12.host', true],
  ['server-0.host', false],
  ['server-x.host', false],
  ['.server.host.1', false],
  ['bot.host', false],
])('%s is a pulse of the server: %s', (file, expected) => {
  expect(isServerPulse(file)).toBe(expected)
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
