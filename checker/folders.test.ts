import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type WhenChanged, whenChanged } from './folders.ts'

let root: string
let later: number
let when: WhenChanged
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folders-'))
  for (const name of ['a', 'b']) mkdirSync(join(root, name))
  later = 10_000
  when = whenChanged([join(root, 'a'), join(root, 'b')], () => Date.now() + later)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Longer than the disk's clock, which is what `later` hides. */
const tick = () => pause(20)

/** Whether there was anything to do. */
function isListed(isDone = true): boolean {
  let listed = false
  when(() => {
    listed = true
    return isDone
  })
  return listed
}

test('folders in which nothing was made, renamed or removed are not listed again', async () => {
  expect([isListed(), isListed(), isListed()]).toEqual([true, false, false])
  const file = join(root, 'b', 'x')
  for (const change of [() => writeFileSync(file, ''), () => renameSync(file, `${file}y`), () => rmSync(`${file}y`)]) {
    await tick()
    change()
    expect([isListed(), isListed()]).toEqual([true, false])
  }
})

test('what was changed in this very moment may change again unseen, and is listed until it cannot', () => {
  later = 0
  expect([isListed(), isListed()]).toEqual([true, true])
  later = 10_000
  expect([isListed(), isListed()]).toEqual([true, false])
})

test('what could not be dealt with is listed again', async () => {
  expect([isListed(false), isListed(false), isListed(), isListed()]).toEqual([true, true, true, false])
  await tick()
  writeFileSync(join(root, 'a', 'x'), '')
  expect(() =>
    when(() => {
      throw new Error('EMFILE')
    }),
  ).toThrow('EMFILE')
  expect(isListed()).toBe(true)
})

test('a folder that is not there is asked for each time', () => {
  rmSync(join(root, 'a'), { recursive: true })
  expect([isListed(), isListed()]).toEqual([true, true])
})
