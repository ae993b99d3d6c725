/** Other processes are played by the lock that they would leave behind; some of them are real. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BusyError, exclusively } from './exclusive.ts'

let root: string
let file: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'exclusive-'))
  file = join(root, '.change')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** As the holder writes it. */
const lockOfOurs = () => exclusively({ root }, () => readFileSync(file, 'utf8'))

test('the lock is there while the work is done, and not after, whatever becomes of it', () => {
  expect(exclusively({ root }, () => existsSync(file) && 'done')).toBe('done')
  expect(existsSync(file)).toBe(false)
  const failing = () =>
    exclusively({ root }, () => {
      throw new Error('no')
    })
  expect(failing).toThrow('no')
  expect(existsSync(file)).toBe(false)
})

test('who waits gets its turn', async () => {
  writeFileSync(file, lockOfOurs())
  const other = spawn('sh', ['-c', `sleep 0.3; rm ${file}`])
  expect(exclusively({ root }, () => 'done')).toBe('done')
  await once(other, 'exit')
})

test('who lives keeps it, however long', () => {
  writeFileSync(file, lockOfOurs())
  utimesSync(file, 1000, 1000)
  expect(() => exclusively({ root }, () => 'done')).toThrow(`${file}: process ${process.pid} changes`)
  expect(existsSync(file)).toBe(true)
})

test('a folder is no lock, and nothing can be done about it but by hand', () => {
  mkdirSync(file)
  lutimesSync(file, 1000, 1000)
  expect(() => exclusively({ root }, () => 'done')).toThrow(`${file}: is no file`)
  expect(existsSync(file)).toBe(true)
})

const empty = () => writeFileSync(file, '')
const link = () => symlinkSync('/nowhere', file)
test.each([
  ['an empty file', empty, 'somebody else changes'],
  ['a file without a number', () => writeFileSync(file, '\u001b[2Jx y z\n'), 'somebody else changes'],
  ['a link', link, 'is no file'],
])('%s names nobody, and is left alone for a moment', (_, make, words) => {
  make()
  expect(() => exclusively({ root }, () => 'done')).toThrow(`${file}: ${words}`)
  expect(lstatSync(file)).toBeDefined()
})

test.each([
  ['an empty file', empty],
  ['a link that leads nowhere', link],
  ['a link to a folder', () => symlinkSync(root, file)],
  ['a pipe', () => void execFileSync('mkfifo', [file])],
])('%s is taken over after that', (_, make) => {
  make()
  lutimesSync(file, Date.now() / 1000 - 6, Date.now() / 1000 - 6)
  expect(exclusively({ root }, () => 'done')).toBe('done')
  expect(lstatSync(file, { throwIfNoEntry: false })).toBeUndefined()
})

test.each<[string, (lock: string) => string]>([
  ['ended', (lock) => lock.replace(/^\d+/, '4194305')],
  ['whose number is another process by now', (lock) => lock.replace(/^(\d+) \S+/, '$1 1')],
])('of a holder that %s it is taken over', (_, of) => {
  writeFileSync(file, of(lockOfOurs()))
  expect(exclusively({ root }, () => 'done')).toBe('done')
  expect(existsSync(file)).toBe(false)
})

const MINUTE_AGO = Date.now() / 1000 - 61
const elsewhere = (lock: string) => lock.replace(/^(\d+) (\S+) \S+/, '$1 $2 another-machine')
test.each<[string, (lock: string) => string]>([
  ['elsewhere', elsewhere],
  ['that a power cut made illegible', () => '\0\0'],
])('of a holder %s it is taken over after a minute', (_, of) => {
  writeFileSync(file, of(lockOfOurs()))
  utimesSync(file, MINUTE_AGO, MINUTE_AGO)
  expect(exclusively({ root }, () => 'done')).toBe('done')
})

test('of a holder elsewhere it is left alone until then', () => {
  writeFileSync(file, elsewhere(lockOfOurs()))
  expect(() => exclusively({ root }, () => 'done')).toThrow(BusyError)
})
