import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DataFolderError, dataPaths, prepareDataFolder } from './paths.ts'

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'paths-'))
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const modeOf = (path: string) => statSync(path).mode & 0o777

test('a new folder is made whole, for its owner and group only, and again without harm', () => {
  const paths = dataPaths(join(parent, 'deep', 'data'))
  for (let twice = 0; twice < 2; twice++) prepareDataFolder(paths)
  expect(readdirSync(paths.root).sort()).toEqual([
    'alive',
    'errors',
    'format',
    'history',
    'hosts',
    'inbox',
    'outbox',
    'registry',
    'reports',
    'silences',
    'state',
    'tokens',
  ])
  const { hosts, reports, registry, tokens, inbox, inboxErrors, errors, state, stateHosts, stateSites, stateThreads } =
    paths
  const { history, outbox, failed, silences, alive, absences } = paths
  const folders = [
    paths.root,
    hosts,
    reports,
    registry,
    tokens,
    inbox,
    inboxErrors,
    errors,
    state,
    stateHosts,
    stateSites,
    stateThreads,
    history,
    outbox,
    failed,
    silences,
    alive,
    absences,
  ]
  expect(folders.map(modeOf)).toEqual(folders.map(() => 0o750))
  expect(modeOf(paths.format)).toBe(0o640)
  expect(readFileSync(paths.format, 'utf8')).toBe('1\n')
})

test('a folder that was open to all is closed', () => {
  const paths = dataPaths(join(parent, 'data'))
  mkdirSync(paths.root)
  chmodSync(paths.root, 0o777)
  prepareDataFolder(paths)
  expect(modeOf(paths.root)).toBe(0o750)
})

test('an original installation keeps its folder, and everything else lies inside it', () => {
  const paths = dataPaths(join(parent, '.monitora'), parent)
  writeFileSync(join(parent, 'nas.host'), '1763700000.5')
  const { mode } = statSync(parent)
  prepareDataFolder(paths)
  expect(readdirSync(parent).sort()).toEqual(['.monitora', 'nas.host'])
  expect(readFileSync(join(parent, 'nas.host'), 'utf8')).toBe('1763700000.5')
  expect(statSync(parent).mode).toBe(mode)
})

test.each([
  ['2', 'its format is 2, this version knows 1'],
  ['new', 'its format is NaN'],
])('a folder of format %s is refused in words, and stays as it is', (format, words) => {
  writeFileSync(join(parent, 'format'), format)
  const prepare = () => prepareDataFolder(dataPaths(parent, join(parent, 'hosts')))
  expect(prepare).toThrow(DataFolderError)
  expect(prepare).toThrow(words)
  expect(prepare).toThrow('another version of Monitora')
  expect(readFileSync(join(parent, 'format'), 'utf8')).toBe(format)
  expect(readdirSync(parent).sort()).toEqual(['format', 'hosts'])
})

test.each([
  ['the folder is a file', () => writeFileSync(join(parent, 'data'), '')],
  [
    'a folder within is a file',
    () => {
      mkdirSync(join(parent, 'data'))
      writeFileSync(join(parent, 'data', 'inbox'), '')
    },
  ],
])('when %s, the person who starts it is told where and why', (_, spoil) => {
  spoil()
  const prepare = () => prepareDataFolder(dataPaths(join(parent, 'data')))
  expect(prepare).toThrow(DataFolderError)
  expect(prepare).toThrow(/^\/.*data.*: cannot be written: E[A-Z]+ \(give this user the folder, or change data:\)$/)
})

test('a read-only disk is called that, also where the folder itself is still to be made', ({ skip }) => {
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', parent], { stdio: 'pipe' })
  } catch {
    return skip('this user may not mount a small disk here')
  }
  try {
    expect(() => prepareDataFolder(dataPaths(join(parent, 'box', 'data')))).toThrow(': cannot be written: EROFS (')
  } finally {
    execFileSync('/bin/umount', [parent])
  }
})
