import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import type { Log } from '../log.ts'
import { loadConfig } from './load.ts'
import { ConfigError } from './problems.ts'
import { watchConfig } from './watch.ts'

const root = mkdtempSync(join(tmpdir(), 'watch-'))
const file = join(root, 'monitora.yml')
let stop = () => {}
afterEach(() => {
  stop()
  rmSync(file, { force: true })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const named = (name: string) => `name: ${name}\nserver: { user: u, password: p }\n`
const silent = { debug() {}, info() {}, warn() {}, error() {} } as Log
const limit = { timeout: 5000, interval: 20 }

test('a good edit is used, a bad one refused loudly while the old one stays', async () => {
  const said: string[] = []
  const speak = (...words: unknown[]) => void said.push(String(words.at(-1)))
  const log = { debug: speak, info: speak, warn: speak, error: speak } as Log
  const used: string[] = []
  writeFileSync(file, named('first'))
  const load = () => loadConfig({ file, process: 'server', env: {} })
  stop = watchConfig(load(), load, ({ name }) => used.push(name), log)

  // As editors do: a new file takes the place of the old one.
  writeFileSync(join(root, 'new'), named('second'))
  renameSync(join(root, 'new'), file)
  await vi.waitUntil(() => used.length === 1, limit)
  expect(said.splice(0)).toEqual([`${file} was changed and is in force`])

  writeFileSync(file, `${named('third')}hosst: {}\nlanguage: de\n`)
  await vi.waitUntil(() => said.length === 3, limit)
  expect(said.splice(0)).toEqual([
    `${file}: language: found "de", expected en, pt or ru`,
    `${file}: hosst: unknown key (a typo?)`,
    `${file} was changed, but is not used: the settings from before stay in force`,
  ])

  rmSync(file)
  await vi.waitUntil(() => said.length === 2, limit)
  expect(said[0]).toBe(`${file}: cannot be read: ENOENT`)
  expect(used).toEqual(['second'])
})

test('a refused edit is tried again when what it names may be mended, and not before', async () => {
  const lines: string[] = []
  const speak = (...words: unknown[]) => void lines.push(String(words.at(-1)))
  const log = { debug: speak, info: speak, warn: speak, error: speak } as Log
  writeFileSync(file, named('first'))
  const load = () => loadConfig({ file, process: 'server', env: {} })
  const read = load()
  let isThere = false
  let mayBeMended = true
  let asked = 0
  const used: string[] = []
  const loadAll = () => {
    mayBeMended = false
    const { name } = load()
    if (!isThere) throw new ConfigError(file, [{ path: 'server.tls.key', text: 'no such file' }])
    return name
  }
  const ask = () => {
    asked++
    return mayBeMended
  }
  vi.useFakeTimers()
  try {
    stop = watchConfig(read, loadAll, (name) => used.push(name), log, ask)
    vi.advanceTimersByTime(5000)
    // Nothing is refused yet.
    expect([asked, lines]).toEqual([0, []])
    writeFileSync(file, named('second'))
    vi.advanceTimersByTime(60_000)
    const refusal = [expect.stringMatching(/no such file$/), expect.stringMatching(/is not used/)]
    expect([asked, lines.splice(0)]).toEqual([59, refusal])
    mayBeMended = true
    vi.advanceTimersByTime(60_000)
    expect(lines.splice(0)).toEqual(refusal)
    isThere = true
    mayBeMended = true
    vi.advanceTimersByTime(1000)
    expect([used, lines.splice(0)]).toEqual([['second'], [`${file} was changed and is in force`]])
    asked = 0
    mayBeMended = true
    vi.advanceTimersByTime(5000)
    expect([asked, used, lines]).toEqual([0, ['second'], []])
  } finally {
    vi.useRealTimers()
  }
})

test('an edit between the reading and the watch is seen: a process may take seconds to start', async () => {
  const used: string[] = []
  const load = () => loadConfig({ file, process: 'server', env: {} })
  writeFileSync(file, named('first'))
  const read = load()
  writeFileSync(file, named('later'))
  stop = watchConfig(read, load, ({ name }) => used.push(name), silent)
  await vi.waitUntil(() => used.length > 0, limit)
  expect(used).toEqual(['later'])
})
