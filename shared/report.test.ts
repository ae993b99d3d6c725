/** What a host last said of itself, as it stands on disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DataPaths, dataPaths, prepareDataFolder } from './paths.ts'
import { type Report, readReport, reportFile } from './report.ts'

let paths: DataPaths
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'report-')))
  prepareDataFolder(paths)
})
afterEach(() => rmSync(paths.root, { recursive: true, force: true }))

const ISO = '2026-11-21T12:00:00.000Z'

test.each<[string, string, Report]>([
  [
    'all of it',
    JSON.stringify({ status: 'error', message: 'full', lastWords: 'hot', lastWordsAt: ISO, boot: 'b', agent: 'a' }),
    {
      status: 'error',
      message: 'full',
      lastWords: 'hot',
      lastWordsAt: Date.parse(ISO),
      boot: 'b',
      agent: 'a',
    },
  ],
  ['last words of no time', JSON.stringify({ lastWords: 'hot', lastWordsAt: 'soon' }), { lastWords: 'hot' }],
  ['last words that are none', JSON.stringify({ lastWords: 5, lastWordsAt: {} }), {}],
  ['a status of its own', JSON.stringify({ status: 'party', site: 'home' }), { site: 'home' }],
  ['an interval that is none', JSON.stringify({ intervalMs: 0, version: '1' }), { version: '1' }],
  ['torn', '{"status":"ok"', {}],
  ['a list', '[]', {}],
])('%s', (_, content, expected) => {
  writeFileSync(reportFile(paths, 'nas'), content)
  expect(readReport(paths, 'nas')).toEqual(expected)
})

test('nothing was ever said', () => {
  expect(readReport(paths, 'nas')).toEqual({})
})
