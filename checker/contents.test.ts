/** The gathered contents, on a real disk: whatever became of them or of the files, a start finds what the files hold. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readJsonIfThere, replaceFile, stampOf } from '../shared/files.ts'
import { readGathered } from './contents.ts'

/** As many as it takes. */
const COUNT = 1200
const LATER_MS = 10_000

let root: string
let cache: string
let opened: string[]
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'contents-'))
  cache = join(root, 'cache')
  for (const folder of ['a', 'b']) mkdirSync(join(root, folder))
  for (let index = 0; index < COUNT; index++) writeFileSync(fileOf('a', `h${index}`), `{"é":${index}}\n`)
})
beforeEach(() => {
  rmSync(cache, { recursive: true, force: true })
  writeFileSync(fileOf('a', 'h7'), '{"é":7}\n')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const fileOf = (folder: string, name: string) => join(root, folder, name)
const names = () => new Set(readdirSync(join(root, 'a')))
const filesOf = (name: string) => [fileOf('a', name), fileOf('b', name)]

/** As a start does it, when everything is old enough to be gathered. */
function start(now = Date.now() + LATER_MS, asked = names(), folder?: string): Map<string, unknown> {
  const found = new Map<string, unknown>()
  opened = []
  const read = (file: string) => {
    opened.push(file.slice(root.length + 1))
    return readJsonIfThere(file)
  }
  readGathered(
    cache,
    {
      names: asked,
      filesOf,
      folder,
      read,
      take: (name, contents, stamps) => found.set(name, [...contents, ...stamps]),
    },
    now,
  )
  return found
}

/** What the files hold. */
function truth(): Map<string, unknown> {
  return new Map(
    [...names()].map((name) => [
      name,
      [...filesOf(name).map((file) => readJsonIfThere(file)), ...filesOf(name).map(stampOf)],
    ]),
  )
}

test('what has not changed since the last start is not opened', () => {
  expect(start()).toEqual(truth())
  expect(opened).toHaveLength(2 * COUNT)
  expect(start()).toEqual(truth())
  expect(opened).toEqual([])
})

test.each<[string, (file: string) => void]>([
  ['replaced by another of its size', (file) => replaceFile(file, '{"é":8}\n')],
  ['overwritten in place', (file) => writeFileSync(file, '{"é":8}\n')],
  ['given a part that it had not', () => writeFileSync(fileOf('b', 'h7'), '{"new":[1e20,null]}')],
  ['made longer than is gathered', (file) => writeFileSync(file, JSON.stringify({ x: 'x'.repeat(2000) }))],
])('what was %s is read, and nothing else', (_, change) => {
  start()
  change(fileOf('a', 'h7'))
  expect(start()).toEqual(truth())
  expect(opened).toEqual(['a/h7', 'b/h7'])
})

test('who went is forgotten, and who came is read', () => {
  start()
  rmSync(fileOf('a', 'h3'))
  writeFileSync(fileOf('a', 'new'), '{}')
  expect(start()).toEqual(truth())
  expect(opened).toEqual(['a/new', 'b/new'])
  start()
  expect(opened).toEqual([])
  expect(readFileSync(cache, 'utf8')).not.toContain('"h3"')
})

test('what was changed in this very moment may change again unseen: it is read the next time, too', () => {
  start(Date.now() - 3_600_000)
  start()
  expect(opened).toHaveLength(2 * names().size)
  start(Date.now() - 3_600_000)
  expect(opened).toEqual([])
})

const size = () => readFileSync(cache).length
test.each<[string, () => void]>([
  ['was deleted', () => rmSync(cache)],
  ['is empty', () => truncateSync(cache, 0)],
  [
    'is of another version',
    () => writeFileSync(cache, readFileSync(cache, 'utf8').replace('contents 2', 'contents 1')),
  ],
  ['was torn', () => truncateSync(cache, size() - 100)],
  ['was torn in a head', () => truncateSync(cache, 25)],
  ['holds nothing but zeros', () => writeFileSync(cache, Buffer.alloc(size()))],
  [
    'names a size that nothing has',
    () => writeFileSync(cache, `monitora contents 2 ${'0'.repeat(16)}\n99999999 00000000 []\n`),
  ],
  ['was garbled', () => writeFileSync(cache, readFileSync(cache, 'utf8').replace('"h900"', '"h901"'))],
  [
    'is a folder',
    () => {
      rmSync(cache)
      mkdirSync(cache)
    },
  ],
])('a file that %s only costs time', (_, spoil) => {
  start()
  spoil()
  expect(start()).toEqual(truth())
  expect(opened.length).toBeGreaterThan(0)
  expect(start()).toEqual(truth())
  expect(readdirSync(root).sort()).toEqual(['a', 'b', 'cache'])
})

test('a few files are not worth it', () => {
  start()
  expect([...start(undefined, new Set(['h1', 'h2'])).keys()]).toEqual(['h1', 'h2'])
  expect(existsSync(cache)).toBe(false)
})

test('a disk that fails is no missing file, and leaves the last file as it was', () => {
  start()
  const before = readFileSync(cache)
  writeFileSync(fileOf('a', 'h5'), 'other')
  const read = () => {
    throw new Error('EIO')
  }
  const take = () => {}
  expect(() => readGathered(cache, { names: names(), filesOf, read, take }, 0)).toThrow('EIO')
  expect(readFileSync(cache)).toEqual(before)
  expect(readdirSync(root).sort()).toEqual(['a', 'b', 'cache'])
})

const startInFolder = (now?: number) => start(now, undefined, join(root, 'a'))

test('of a folder that is still the same no file is asked for; what was overwritten shows by its stamp', () => {
  startInFolder()
  expect(startInFolder()).toEqual(truth())
  const { h7, h8 } = Object.fromEntries(startInFolder()) as Record<string, unknown[]>
  writeFileSync(fileOf('a', 'h7'), '{"overwritten":1}')
  writeFileSync(fileOf('b', 'h8'), '{"new":1}')
  const found = startInFolder()
  expect(found.get('h7')).toEqual(h7)
  expect(h7!.at(-2)).not.toBe((truth().get('h7') as unknown[]).at(-2))
  expect(found.get('h8')).toEqual([h8![0], { new: 1 }, h8![2], expect.any(Number)])
  replaceFile(fileOf('a', 'h9'), '{"replaced":1}')
  expect(startInFolder()).toEqual(truth())
  expect(startInFolder()).toEqual(truth())
  rmSync(fileOf('b', 'h8'))
})

test('a folder that was changed in this very moment is no proof the next time', () => {
  startInFolder()
  replaceFile(fileOf('a', 'h9'), '{"replaced":2}')
  startInFolder(Date.now())
  writeFileSync(fileOf('a', 'h9'), '{"replaced":3}')
  expect(startInFolder()).toEqual(truth())
})

test.each([
  ['', start],
  [', also where a folder vouches for its files', startInFolder],
])('whatever happens between starts, each finds what the files hold%s', (_, start) => {
  const overwrite = start === startInFolder ? replaceFile : writeFileSync
  const name = fc.integer({ min: 0, max: COUNT + 50 }).map((index) => `h${index}`)
  const folder = fc.constantFrom('a', 'b')
  const content = fc.oneof(
    fc.string(),
    fc.dictionary(fc.string(), fc.jsonValue()).map((held) => JSON.stringify(held)),
  )
  const happening = fc.oneof(
    fc.tuple(folder, name, content).map(
      ([at, who, what]) =>
        () =>
          overwrite(fileOf(at, who), what),
    ),
    fc.tuple(folder, name, content).map(
      ([at, who, what]) =>
        () =>
          replaceFile(fileOf(at, who), what),
    ),
    fc.tuple(folder, name).map(
      ([at, who]) =>
        () =>
          rmSync(fileOf(at, who), { force: true }),
    ),
    fc.integer({ min: 0, max: 60_000 }).map((end) => () => existsSync(cache) && truncateSync(cache, end)),
    fc.constant(() => start()),
  )
  const run = fc.property(fc.array(happening, { maxLength: 12 }), (happenings) => {
    for (const happen of happenings) happen()
    expect(start()).toEqual(truth())
  })
  fc.assert(run, { numRuns: 20 })
})
