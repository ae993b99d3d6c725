import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type Absence,
  absenceReader,
  absencesFile,
  appendAbsence,
  disjoint,
  forgetOldAbsences,
  readAbsences,
} from './absences.ts'
import { type DataPaths, dataPaths, prepareDataFolder } from './paths.ts'

let paths: DataPaths
let file: string
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'absences-')))
  prepareDataFolder(paths)
  file = absencesFile(paths, 'server')
})
afterEach(() => rmSync(paths.root, { recursive: true, force: true }))

const span = (from: number, to: number, deaf = true): Absence => ({
  fromAt: from * 1000,
  toAt: to * 1000,
  deaf,
  why: deaf ? 'not-running' : 'clock-set',
})

test('what is appended is read again, in whole seconds that hold the span', () => {
  expect(readAbsences(paths, 'server')).toEqual([])
  appendAbsence(paths, 'server', { fromAt: 100_400, toAt: 160_600, deaf: true, why: 'asleep' })
  appendAbsence(paths, 'server', span(300, 400, false))
  expect(readAbsences(paths, 'server')).toEqual([
    { fromAt: 100_000, toAt: 161_000, deaf: true, why: 'asleep' },
    span(300, 400, false),
  ])
  expect(readFileSync(file, 'utf8').split('\n').filter(Boolean)).toEqual([
    '{"from":100,"to":161,"deaf":true,"why":"asleep"}',
    '{"from":300,"to":400,"deaf":false,"why":"clock-set"}',
  ])
  expect(readAbsences(paths, 'ssh-trading')).toEqual([])
  expect(statSync(file).mode & 0o777).toBe(0o640)
})

test('a line torn by a power cut costs itself alone', () => {
  appendAbsence(paths, 'server', span(100, 200))
  appendFileSync(file, '{"from":300,"to":4')
  appendAbsence(paths, 'server', span(500, 600))
  expect(readAbsences(paths, 'server')).toEqual([span(100, 200), span(500, 600)])
})

test.each([
  'null',
  '[]',
  '5',
  '"x"',
  '{}',
  '{"from":1}',
  '{"from":"1","to":2}',
  '{"from":3,"to":2}',
  '{"to":2}',
  '\u0000\u0000\u0000',
])('a line %j makes no sense and is passed over', (line) => {
  writeFileSync(file, `${line}\n{"from":5,"to":6,"deaf":true,"why":"not-running"}\n${line}`)
  expect(readAbsences(paths, 'server')).toEqual([span(5, 6)])
})

test('an absence is forgotten when no schedule reaches back to it', () => {
  const day = 86_400
  for (const at of [1, 401, 799]) appendAbsence(paths, 'server', span(at * day, at * day + 60))
  forgetOldAbsences(paths, 'server', 800 * day * 1000)
  expect(readAbsences(paths, 'server')).toEqual([span(401 * day, 401 * day + 60), span(799 * day, 799 * day + 60)])
  forgetOldAbsences(paths, 'server', 5000 * day * 1000)
  expect(readAbsences(paths, 'server')).toEqual([])
  appendAbsence(paths, 'server', span(1, 2))
  expect(readAbsences(paths, 'server')).toEqual([span(1, 2)])
})

test.each([
  ['one within another', [span(0, 100), span(20, 50)], [span(0, 100)]],
  ['overlapping, of one kind', [span(50, 150), span(0, 100)], [span(0, 150)]],
  ['overlapping, of two kinds', [span(0, 100), span(50, 150, false)], [span(0, 100), span(100, 150, false)]],
  ['touching', [span(0, 100), span(100, 150)], [span(0, 100), span(100, 150)]],
] as const)('%s', (_, spans, expected) => {
  expect(disjoint(spans)).toEqual(expected)
})

test('whatever is written: disjoint, in order, and the same seconds are covered', () => {
  const spans = fc.array(
    fc
      .tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.boolean())
      .map(([from, length, deaf]) => span(from, from + length, deaf)),
    { maxLength: 12 },
  )
  const seconds = (list: readonly Absence[]) =>
    new Set(
      list.flatMap(({ fromAt, toAt }) => Array.from({ length: (toAt - fromAt) / 1000 }, (_, i) => fromAt / 1000 + i)),
    )
  fc.assert(
    fc.property(spans, (list) => {
      const result = disjoint(list)
      for (const [index, { fromAt, toAt }] of result.entries()) {
        expect(toAt).toBeGreaterThan(fromAt)
        if (index > 0) expect(fromAt).toBeGreaterThanOrEqual(result[index - 1]!.toAt)
      }
      expect([...seconds(result)].sort()).toEqual([...seconds(list)].sort())
    }),
  )
})

test('what ends in the future has lasted until now; what begins there has not happened', () => {
  let now = 2_000_000_000_000
  appendAbsence(paths, 'server', { fromAt: now - 20_000, toAt: now - 10_000, deaf: true, why: 'stuck' })
  appendAbsence(paths, 'server', { fromAt: now - 9000, toAt: now - 5000, deaf: true, why: 'stuck' })
  const read = absenceReader(paths, 'server', () => now)
  expect(read()).toHaveLength(2)
  now -= 8500
  expect(read().map(({ toAt }) => toAt)).toEqual([now - 1500, now])
  now -= 3_600_000
  expect(read()).toHaveLength(0)
})
