import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ErrorEvent, ErrorSample } from '../../shared/error-event.ts'
import type { ToldError } from '../signal.ts'
import { createErrorInbox } from './inbox.ts'
import { createScrub } from './scrub.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'errors-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const AT = '2026-11-21T12:00:00.000Z'
const scrub = createScrub([])
type Told = [event: ErrorEvent, told: ToldError]
const sampleOf = (message: string): ErrorSample => ({ id: 'a'.repeat(32), type: 'Error', message, level: 'error' })
const error = (project: string, group: string, message = 'boom'): Told => [
  { project, at: AT, group: group.padStart(16, '0') },
  { sample: () => sampleOf(message), size: message.length + 100 },
]
const written = () =>
  readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ErrorEvent),
  )

test('an error is on disk when it is acknowledged, and no secret of it', async () => {
  let names: string[] = []
  const inbox = createErrorInbox(
    folder,
    () => 1000,
    () => createScrub(names),
  )
  await inbox.add(...error('shop', 'a1', 'wrong password=hunter2 for iban: PT50'))
  const sample = sampleOf('wrong password=[removed] for iban: PT50')
  expect(written()).toEqual([{ project: 'shop', at: AT, group: '00000000000000a1', sample }])
  names = ['iban']
  await inbox.add(...error('shop', 'a1', 'iban: PT50'))
  expect(written()[1]?.sample?.message).toBe('iban: [removed]')
})

test('in a flood each error counts, and the first of each second are written whole', async () => {
  let now = 10_000
  const inbox = createErrorInbox(
    folder,
    () => now,
    () => scrub,
  )
  const whole = () => written().filter(({ sample }) => sample).length
  await Promise.all(Array.from({ length: 20 }, () => inbox.add(...error('shop', 'a1'))))
  expect([written().length, whole()]).toEqual([20, 5])
  await Promise.all(Array.from({ length: 100 }, (_, index) => inbox.add(...error('shop', index.toString(16)))))
  expect([written().length, whole()]).toEqual([120, 50])
  await inbox.add(...error('site', 'a1'))
  expect(whole()).toBe(51)
  now += 1000
  await inbox.add(...error('shop', 'a1'))
  expect([written().length, whole()]).toEqual([122, 52])
})

test('of samples as large as can be only a few of a project are written whole in a second, and not many of all', async () => {
  const inbox = createErrorInbox(
    folder,
    () => 1000,
    () => scrub,
  )
  const large = 'word '.repeat(12_000)
  const flood = (project: string) =>
    Promise.all(Array.from({ length: 10 }, (_, index) => inbox.add(...error(project, String(index), large))))
  const whole = () => written().filter(({ sample }) => sample).length
  await flood('shop')
  expect([written().length, whole()]).toEqual([10, 4])
  await inbox.add(...error('site', 'a1'))
  expect(whole()).toBe(5)
  for (const project of ['p1', 'p2', 'p3']) await flood(project)
  expect([written().length, whole()]).toEqual([41, 9])
})

test('what comes in a flood is not even read, but for the first', async () => {
  const inbox = createErrorInbox(
    folder,
    () => 1000,
    () => scrub,
  )
  let read = 0
  const flood = (project: string, message: string, group: (index: number) => string) =>
    Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const [event] = error(project, group(index))
        const sample = () => {
          read++
          return sampleOf(message)
        }
        return inbox.add(event, { sample, size: 1_000_000 })
      }),
    )
  await flood('shop', 'boom', () => 'a1')
  expect([written().length, read]).toEqual([20, 5])
  // The fourth might be longer than what is left for the project in this second.
  await flood('site', 'word '.repeat(12_000), String)
  expect([written().length, read]).toEqual([40, 8])
})

test('thousands that come at once share their syncs', async () => {
  const inbox = createErrorInbox(folder, Date.now, () => scrub)
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: 3000 }, (_, index) => inbox.add(...error(`p${index % 30}`, String(index % 100)))),
  )
  expect(performance.now() - startedAt).toBeLessThan(1000)
  expect(written()).toHaveLength(3000)
  expect(readdirSync(folder).length).toBeLessThanOrEqual(3)
})

test('what could not be written is not acknowledged', async () => {
  const inbox = createErrorInbox(join(folder, 'gone'), Date.now, () => scrub)
  await expect(inbox.add(...error('shop', 'a1'))).rejects.toThrow('ENOENT')
})
