/** What is too old goes from the history, on a real folder, through a real journal. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readHistory, uptime } from '../shared/history.ts'
import { type DataPaths, dataPaths, foldersWritten, prepareDataFolder } from '../shared/paths.ts'
import { realDisk } from './disk.ts'
import { Journal } from './journal.ts'
import { createRetention } from './retention.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const DAY = 86_400_000
let paths: DataPaths
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'retention-')))
  prepareDataFolder(paths)
})
afterEach(() => rmSync(paths.root, { recursive: true, force: true }))

const file = (name: string) => join(paths.history, `${name}.jsonl`)
const line = (daysAgo: number, verdict: string) => {
  const at = new Date(NOW - daysAgo * DAY).toISOString()
  return JSON.stringify({ at, verdict, reason: 'signal', since: at })
}
const write = (name: string, ...lines: string[]) => writeFileSync(file(name), lines.map((text) => `${text}\n`).join(''))
const daysOf = (name: string) => readHistory(paths, name).map(({ at }) => (NOW - at) / DAY)

function begin() {
  const journal = Journal.open(realDisk, paths.root, NOW)
  return { journal, forget: createRetention(paths, 30 * DAY, (commit) => journal.commit(commit, { synced: false })) }
}

test('one file at a call; each keeps what is young, and what it was when that began', () => {
  for (const name of ['nas', 'pi'])
    write(name, line(90, 'up'), line(60, 'down'), line(59, 'up'), line(5, 'down'), line(4, 'up'))
  write('young', line(3, 'up'))
  const before = uptime(readHistory(paths, 'nas'), NOW - 30 * DAY, NOW)
  const { forget } = begin()
  forget(NOW)
  const touched = () => ['nas', 'pi'].filter((name) => daysOf(name).length === 3)
  const after = [touched().length]
  forget(NOW + 1000)
  after.push(touched().length)
  forget(NOW + 2000)
  after.push(touched().length)
  // In the order of the folder, the young one may be the first or the last.
  expect(after.at(-1)).toBe(2)
  expect(Math.max(...after.map((count, index) => count - (after[index - 1] ?? 0)))).toBe(1)
  expect(daysOf('nas')).toEqual([59, 5, 4])
  expect(daysOf('young')).toEqual([3])
  expect(uptime(readHistory(paths, 'nas'), NOW - 30 * DAY, NOW)).toEqual(before)
})

test('once a day', () => {
  const { forget } = begin()
  write('nas', line(90, 'up'), line(60, 'down'))
  forget(NOW)
  expect(daysOf('nas')).toEqual([60])
  write('nas', line(90, 'up'), line(60, 'down'))
  forget(NOW + DAY - 1000)
  expect(daysOf('nas')).toEqual([90, 60])
  forget(NOW + DAY)
  expect(daysOf('nas')).toEqual([60])
})

test('a line that is added after goes on where the file ends now, also after a crash', () => {
  write('nas', line(90, 'up'), line(60, 'down'), line(1, 'up'))
  const { journal, forget } = begin()
  forget(NOW)
  const added = `${line(0, 'down')}\n`
  journal.commit({ append: [{ file: 'history/nas.jsonl', text: added }] }, { synced: true })
  const expected = `${line(60, 'down')}\n${line(1, 'up')}\n${added}`
  expect(readFileSync(file('nas'), 'utf8')).toBe(expected)
  // A power cut took the unsynced files back to before; the journal is played again.
  write('nas', line(90, 'up'), line(60, 'down'), line(1, 'up'))
  Journal.open(realDisk, paths.root, NOW)
  expect(readFileSync(file('nas'), 'utf8')).toBe(expected)
})

test('of runs only the newest megabyte stays, whole lines of it; looked after each hour', () => {
  const run = (index: number) =>
    `${JSON.stringify({ at: new Date(NOW - 1000 + index).toISOString(), what: 'log', message: 'x'.repeat(1000) })}\n`
  const many = Array.from({ length: 1000 }, (_, index) => run(index)).join('')
  const [small, large] = [file('nas.runs'), file('pi.runs')]
  writeFileSync(small, run(1))
  writeFileSync(large, many)
  const { forget } = begin()
  forget(NOW)
  const kept = readFileSync(large, 'utf8')
  expect([kept.length > 990_000 && kept.length <= 1_000_000, many.endsWith(`\n${kept}`)]).toEqual([true, true])
  writeFileSync(large, many)
  for (let second = 1; second < 3600; second++) forget(NOW + second * 1000)
  expect(readFileSync(large, 'utf8')).toBe(many)
  forget(NOW + 3_600_000)
  expect(readFileSync(large, 'utf8')).toBe(kept)
  expect(readFileSync(small, 'utf8')).toBe(run(1))
})

test('when the disk refuses, the next file has its turn all the same', () => {
  write('nas', line(90, 'up'), line(60, 'down'))
  write('pi', line(90, 'up'), line(60, 'down'))
  const committed: string[] = []
  let refuses = true
  const forget = createRetention(paths, 30 * DAY, ({ write }) => {
    if (refuses) throw new Error('ENOSPC')
    committed.push(...(write?.keys() ?? []))
  })
  expect(() => forget(NOW)).toThrow('ENOSPC')
  refuses = false
  forget(NOW + 1000)
  forget(NOW + 2000)
  expect(committed).toHaveLength(1)
})

test('what killed processes left half-written goes after an hour, wherever; what others keep there stays', () => {
  const long = new Date(NOW - 3_700_000)
  const short = new Date(NOW - 3_500_000)
  const leave = (folder: string, name: string, when: Date) => {
    writeFileSync(join(folder, name), '')
    utimesSync(join(folder, name), when, when)
  }
  for (const folder of foldersWritten(paths)) {
    leave(folder, '.nas.json.0123456789ab.17', long)
    leave(folder, '.pi.json.0123456789ab.18', short)
    leave(folder, 'nas.json', long)
    leave(folder, '.bashrc', long)
  }
  leave(paths.root, '..change.0123456789ab.19', long)
  leave(paths.root, '.change', long)
  rmSync(paths.tokens, { recursive: true })
  const { forget } = begin()
  for (let second = 0; second < 10; second++) forget(NOW + second * 1000)
  for (const folder of foldersWritten(paths).filter((each) => each !== paths.tokens)) {
    const left = readdirSync(folder).filter((name) => /nas|pi|bash/.test(name))
    expect(left.sort()).toEqual(['.bashrc', '.pi.json.0123456789ab.18', 'nas.json'])
  }
  expect(readdirSync(paths.root).filter((name) => name.includes('.change'))).toEqual(['.change'])
})
