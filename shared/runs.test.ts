import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DataPaths, dataPaths, prepareDataFolder } from './paths.ts'
import { readEnd, readRuns } from './runs.ts'

let paths: DataPaths
let file: string
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'runs-')))
  prepareDataFolder(paths)
  file = join(paths.history, 'backup.runs.jsonl')
})
afterEach(() => rmSync(paths.root, { recursive: true, force: true }))

const line = (second: number, more: object = {}) =>
  `${JSON.stringify({ at: new Date(second * 1000).toISOString(), what: 'succeeded', ...more })}\n`

test('the last runs, without what is torn or none', () => {
  expect(readRuns(paths, 'backup', 10)).toEqual([])
  writeFileSync(file, `${line(1)}nonsense\n${line(2, { what: 'party' })}${line(3, { exitStatus: 2 })}{"at":`)
  expect(readRuns(paths, 'backup', 10)).toMatchObject([{ at: 1000 }, { at: 3000, exitStatus: 2 }])
  expect(readRuns(paths, 'backup', 2)).toMatchObject([{ at: 3000 }])
  rmSync(file)
  mkdirSync(file)
  expect(readRuns(paths, 'backup', 10)).toEqual([])
})

test('of a file as large as a disk only the end is read', () => {
  writeFileSync(file, '')
  // A hole: it takes no place, but no text could hold it.
  truncateSync(file, 3_000_000_000)
  writeFileSync(file, `\n${line(1)}${line(2)}`, { flag: 'a' })
  expect(readRuns(paths, 'backup', 10)).toMatchObject([{ at: 1000 }, { at: 2000 }])
})

test.each([
  [100, 'one\ntwo\nthree\n'],
  [14, 'one\ntwo\nthree\n'],
  [13, 'two\nthree\n'],
  [10, 'two\nthree\n'],
  [9, 'three\n'],
  [6, 'three\n'],
  [5, ''],
  [0, ''],
])('of its last %i bytes the whole lines', (most, expected) => {
  writeFileSync(file, 'one\ntwo\nthree\n')
  expect(readEnd(file, most)).toBe(expected)
})
