import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AlertKind } from '../../shared/alert.ts'
import { alertOf, endOf, letterOf } from '../../test/fakes/post-office.ts'
import { createThreads } from './threads.ts'

const FILE = 'state/threads/family.json'
const OUTAGE = 'host:nas:k3f9:1'

let root: string
let threads: ReturnType<typeof createThreads>
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'threads-'))
  mkdirSync(join(root, dirname(FILE)), { recursive: true })
  threads = createThreads({ root })
})
afterEach(() => rmSync(root, { recursive: true }))

const letter = (...args: Parameters<typeof alertOf>) => letterOf(alertOf(...args), 'family')
const later = (kind: AlertKind = 'still-silent') => letter(9, { kind, outage: OUTAGE })

test('what comes later in an outage answers to the message that opened it, not to a reminder', () => {
  expect(threads.threadOf(letter(1))).toBeUndefined()
  expect(threads.arrived(letter(1), 'a')).toEqual(new Map([[FILE, `{"${OUTAGE}":"a"}\n`]]))
  expect(threads.threadOf(later())).toBe('a')
  expect(threads.arrived(later(), 'b')).toEqual(new Map())
  expect(threads.threadOf(later('recovered'))).toBe('a')
  expect(threads.threadOf(letter(2))).toBeUndefined()
  expect(threads.threadOf({ ...letter(9, { outage: OUTAGE }), channel: 'ops' })).toBeUndefined()
})

test.each<AlertKind>([
  'recovered',
  'site-recovered',
  'cleared',
  'stable',
  'process-up',
  'reachable-again',
  'monitor-was-down',
])('%s ends it: it is forgotten', (kind) => {
  threads.arrived(letter(1), 'a')
  expect(threads.arrived(later(kind), 'b')).toEqual(new Map([[FILE, '{}\n']]))
  expect(threads.threadOf(later())).toBeUndefined()
})

test('who is still missing when the site is back goes on below the message that said so, under any outage', () => {
  threads.arrived(letter(1), 'a')
  const outages = { pi: 'host:pi:k3f9:7', nas: OUTAGE }
  threads.arrived(letter(9, { kind: 'site-recovered', outage: OUTAGE, outages }), 'b')
  expect(threads.threadOf(letter(10, { kind: 'recovered', outage: 'host:pi:k3f9:7' }))).toBe('b')
  expect(threads.threadOf(later())).toBe('b')
})

test('what nothing follows is not kept, nor what cannot be answered', () => {
  for (const kind of ['first-signal', 'never-heard', 'two-machines', 'test'] as const)
    expect(threads.arrived(letter(1, { kind }), 'a')).toEqual(new Map())
  expect(threads.arrived(letter(1), undefined)).toEqual(new Map())
})

test('of a folded letter what goes on is kept; it answers itself only when it tells of one outage', () => {
  const pair = [alertOf(1), endOf(1, 2)]
  const folded = { ...letter(3), folded: [...pair, alertOf(3), alertOf(4)] }
  expect(threads.arrived(folded, 'a')).toEqual(new Map([[FILE, '{"host:nas:k3f9:3":"a","host:nas:k3f9:4":"a"}\n']]))
  expect(threads.threadOf({ ...letter(5), folded: [endOf(3, 5), endOf(4, 6)] })).toBeUndefined()
  expect(threads.threadOf({ ...letter(5), folded: [endOf(3, 5), endOf(3, 6)] })).toBe('a')
})

test('the newest thousand are kept', () => {
  for (let number = 1; number <= 1005; number++) threads.arrived(letter(number), String(number))
  const end = (number: number) => letter(2000, { outage: `host:nas:k3f9:${number}` })
  expect([5, 6, 1005].map((number) => threads.threadOf(end(number)))).toEqual([undefined, '6', '1005'])
})

test.each([
  ['whole', `{"${OUTAGE}":"a","b":5}`, 'a'],
  ['torn', `{"${OUTAGE}":"a`, undefined],
  ['of something else', '[1]', undefined],
])('an earlier run left a file that is %s', (_, content, expected) => {
  writeFileSync(join(root, FILE), content)
  expect(threads.threadOf(later())).toBe(expected)
})

test('a file that cannot be read costs replies, nothing more', () => {
  writeFileSync(join(root, 'state', 'file'), '')
  const lost = createThreads({ root: join(root, 'state', 'file', '\0') })
  expect(lost.threadOf(later())).toBeUndefined()
})
