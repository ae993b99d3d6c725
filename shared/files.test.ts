/** How files come to be, on a real disk: whole or not at all, and nothing left behind. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createExclusive, listNames, readIfThere, readJsonIfThere, removeIfThere, replaceFile } from './files.ts'

let root: string
let file: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'files-'))
  file = join(root, 'nas.json')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test.each([false, true])(
  'replacing writes the whole content, mode 0640, and leaves nothing beside it (sync: %s)',
  (sync) => {
    for (const content of ['first, and long', 'second', '']) {
      replaceFile(file, content, { sync })
      expect(readFileSync(file, 'utf8')).toBe(content)
    }
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect(readdirSync(root)).toEqual(['nas.json'])
  },
)

test('what cannot be replaced stays, and no half-written file stays beside it', () => {
  mkdirSync(file)
  expect(() => replaceFile(file, 'x')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/)
  expect(readdirSync(root)).toEqual(['nas.json'])
  expect(() => replaceFile(join(root, 'nowhere', 'x'), 'x')).toThrow('ENOENT')
  expect(() => createExclusive(join(root, 'nowhere', 'x'), 'x')).toThrow('ENOENT')
})

test('of many that create a file, one wins, and its content stays', () => {
  const outcomes = Array.from({ length: 20 }, (_, index) => createExclusive(file, `${index}`))
  expect(outcomes).toEqual(['created', ...Array.from({ length: 19 }, () => 'exists')])
  expect(readFileSync(file, 'utf8')).toBe('0')
  expect(readdirSync(root)).toEqual(['nas.json'])
})

test('what an earlier life left half-written is no obstacle, even if it had the same pid', () => {
  for (let counter = 0; counter < 100; counter++) writeFileSync(join(root, `.nas.json.${process.pid}.${counter}`), '')
  expect(createExclusive(file, 'x')).toBe('created')
  replaceFile(file, 'y')
  expect(readFileSync(file, 'utf8')).toBe('y')
})

test('a reader sees the old content or the new, never a part', async () => {
  const contents = ['a'.repeat(20_000), 'b'.repeat(10_000)]
  replaceFile(file, contents[0]!)
  const reader = new Worker(
    `const { readFileSync } = require('node:fs')
     const { parentPort, workerData: { file, contents } } = require('node:worker_threads')
     let stop = false
     parentPort.once('message', () => (stop = true))
     const wrong = new Set()
     const look = () => {
       for (let i = 0; i < 50; i++) {
         const found = readFileSync(file, 'utf8')
         if (!contents.includes(found)) wrong.add(found.length)
       }
       if (stop) parentPort.postMessage([...wrong])
       else setImmediate(look)
     }
     parentPort.postMessage('reading')
     look()`,
    { eval: true, workerData: { file, contents } },
  )
  const said = () => new Promise<unknown>((resolve) => reader.once('message', resolve))
  await said()
  for (let i = 0; i < 100; i++) replaceFile(file, contents[i % 2]!)
  const wrong = said()
  reader.postMessage('stop')
  expect(await wrong).toEqual([])
  await reader.terminate()
})

test('what is not there reads as undefined; other troubles are told', () => {
  expect(readIfThere(file)).toBeUndefined()
  expect(readIfThere(root)).toBeUndefined()
  removeIfThere(file)
  expect(() => removeIfThere(root)).toThrow(/EISDIR|EPERM/)
})

test.each([
  ['{"a":1}', { a: 1 }],
  ['{"__proto__":1}', JSON.parse('{"__proto__":1}')],
  ['[1]', undefined],
  ['"text"', undefined],
  ['null', undefined],
  ['', undefined],
  ['{"a":', undefined],
  ['\u0000\u0000', undefined],
])('%j read as a JSON object is %j', (content, expected) => {
  writeFileSync(file, content)
  expect(readJsonIfThere(file)).toEqual(expected)
})

test('a listing holds the names of one extension, without what is half-written', () => {
  for (const name of ['a.json', 'b.json', '.c.json.1.2', '.d.json', 'e.txt', 'f']) writeFileSync(join(root, name), '')
  expect(listNames(root, '.json').sort()).toEqual(['a', 'b'])
  expect(listNames(join(root, 'nowhere'), '.json')).toEqual([])
})
