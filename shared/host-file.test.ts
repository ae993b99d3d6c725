/** The `.host` file as it is in life: real files, foreign content, a writer that never rests. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { afterAll, afterEach, expect, test } from 'vitest'
import { lastHeard, overwriteHostFile, readHostFile, readSettled, writeHostFile } from './host-file.ts'

const root = mkdtempSync(join(tmpdir(), 'host-file-'))
const file = join(root, 'nas.host')
afterEach(() => rmSync(file, { recursive: true, force: true }))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const T = 1_763_700_000

test('the first write creates the file, later ones overwrite it in place: the same inode, eleven bytes', () => {
  expect(overwriteHostFile(file, T)).toBe(false)
  expect(writeHostFile(file, T)).toBe('created')
  const { ino, mode } = statSync(file)
  expect(mode & 0o777).toBe(0o640)
  for (const seconds of [T + 1, T + 2, T]) {
    expect(writeHostFile(file, seconds)).toBe('overwritten')
    expect(readFileSync(file, 'latin1')).toBe(`${seconds}\n`)
  }
  expect(statSync(file).ino).toBe(ino)
})

test('what this process has written is overwritten without a look at its size', () => {
  writeHostFile(file, T)
  expect(overwriteHostFile(file, T + 1, true)).toBe(true)
  expect(overwriteHostFile(file, T + 2, true)).toBe(true)
  expect(readFileSync(file, 'latin1')).toBe(`${T + 2}\n`)
  rmSync(file)
  expect(overwriteHostFile(file, T + 3, true)).toBe(false)
  // Somebody else's after all: what is left of it follows a line's end, and the time stands before it.
  writeFileSync(file, `${T}.123456`)
  overwriteHostFile(file, T + 4, true)
  expect(readSettled(file)).toBe(T + 4)
})

test.each([
  ['a float, as an original writes it', `${T}.123456`, T],
  ['no newline', `${T}`, T],
  ['a carriage return', `${T}\r\n`, T],
  ['more lines', `${T}\n${T}\n`, T],
  ['nothing', '', 'garbled'],
  ['too few digits, caught half-way', '176370', 'garbled'],
  ['milliseconds', `${T}000`, 'garbled'],
  ['words', 'yesterday\n', 'garbled'],
  ['a space first', ` ${T}`, 'garbled'],
] as const)('%s is understood, or called garbled, and then replaced', (_, content, expected) => {
  writeFileSync(file, content)
  expect(readHostFile(file)).toBe(expected)
  expect(readSettled(file)).toBe(expected)
  expect(lastHeard(file)).toBe(expected === 'garbled' ? undefined : expected)
  expect(writeHostFile(file, T + 5)).toBe('overwritten')
  expect(readFileSync(file, 'latin1')).toBe(`${T + 5}\n`)
  expect(readdirSync(root)).toEqual(['nas.host'])
})

test('no file is missing, a folder in its place is garbled', () => {
  expect([readHostFile(file), readSettled(file), lastHeard(file)]).toEqual(['missing', 'missing', undefined])
  mkdirSync(file)
  expect([readHostFile(file), readSettled(file), lastHeard(file)]).toEqual(['garbled', 'garbled', undefined])
})

test('a box whose clock begins in 1970 writes eleven bytes too, and the next time does not mix with it', () => {
  writeHostFile(file, T)
  writeHostFile(file, 42)
  expect(readFileSync(file, 'latin1')).toBe('0000000042\n')
  expect(readHostFile(file)).toBe(42)
  writeHostFile(file, T)
  expect(readHostFile(file)).toBe(T)
})

test('whatever bytes another program leaves: a time, or garbled, never an exception', () => {
  const digits = fc.constantFrom(...[...'0123456789.\n -'].map((character) => character.charCodeAt(0)))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(digits, { maxLength: 40 }).map((codes) => Uint8Array.from(codes)),
  )
  fc.assert(
    fc.property(bytes, (content) => {
      writeFileSync(file, content)
      const found = readHostFile(file)
      const text = Buffer.from(content).toString('latin1')
      expect(found).toBe(/^\d{10}(\D|$)/.test(text) ? Number(text.slice(0, 10)) : 'garbled')
      expect(readSettled(file)).toBe(found)
    }),
    { numRuns: 150 },
  )
})

test('beside a writer that never rests, a settled reading is one of the times written', async () => {
  const times = [1_111_111_111, 2_222_222_222]
  writeHostFile(file, times[0]!)
  const writer = new Worker(
    `const { openSync, writeSync } = require('node:fs')
     const { workerData: { file, times }, parentPort } = require('node:worker_threads')
     const fd = openSync(file, 'r+')
     parentPort.postMessage('writing')
     for (let i = 0; ; i++) writeSync(fd, times[i % 2] + '\\n', 0)`,
    { eval: true, workerData: { file, times } },
  )
  await new Promise((resolve) => writer.once('message', resolve))
  const readings = new Set<unknown>()
  const limitAt = Date.now() + 10_000
  for (let count = 0; count < 1000 || (!times.every((time) => readings.has(time)) && Date.now() < limitAt); count++) {
    readings.add(readSettled(file))
  }
  await writer.terminate()
  readings.delete('garbled')
  expect([...readings].sort()).toEqual(times)
})
