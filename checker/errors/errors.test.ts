/** Errors from the inbox to the outbox, in real folders: floods, garbage, a death at every step, and what is forgotten. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../shared/config/load.ts'
import type { ErrorEvent } from '../../shared/error-event.ts'
import { errorFiles, readErrorGroup, readErrorGroups, resolveErrorGroup } from '../../shared/errors.ts'
import { createInboxWriter } from '../../shared/inbox.ts'
import { type DataPaths, prepareDataFolder } from '../../shared/paths.ts'
import { addSilence, readSilences } from '../../shared/silences.ts'
import { Death } from '../../test/fakes/memory-disk.ts'
import { type Disk, realDisk } from '../disk.ts'
import { createHosts } from '../hosts.ts'
import { Journal } from '../journal.ts'
import type { Letter } from '../outbox.ts'
import { createErrors } from './index.ts'

const NOW = Date.parse('2026-11-21T14:00:00Z')
const DAY = 86_400_000
const GROUP = '3fa2c1d0e4b5a697'
const log = { info: () => {}, debug: () => {}, warn: () => {} }

let folder: string
let paths: DataPaths
let now: number
let letters: Letter[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'errors-'))
  now = NOW
  letters = []
  configure('')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function configure(more: string) {
  const file = join(folder, 'monitora.yml')
  const plain =
    'server: { user: home, password: secret }\nname: box\ntimezone: UTC\nchannels: { screen: { type: console } }\n'
  writeFileSync(file, plain + more)
  const config = loadConfig({ file, process: 'checker', env: {} })
  paths = config.paths
  prepareDataFolder(paths)
  return config
}

function start({ more = '', disk = realDisk }: { more?: string; disk?: Disk } = {}) {
  const config = configure(more)
  const journal = Journal.open(disk, paths.root, now)
  const hosts = createHosts(
    config,
    () => now,
    () => undefined,
    log,
  )
  hosts.registerConfigured()
  hosts.sync()
  const silences = () => readSilences(paths, now)
  const outbox = { enqueue: (added: readonly Letter[]) => void letters.push(...added) }
  return { ...createErrors({ config, now: () => now, journal, outbox, hosts, silences, log }), journal }
}

function event(more: Partial<ErrorEvent> = {}): ErrorEvent {
  const sample = { id: 'a', type: 'TypeError', message: 'total is undefined', level: 'error' } as const
  return { project: 'shop-api', at: new Date(now).toISOString(), group: GROUP, sample, ...more }
}

let files = 0
function report(...events: readonly unknown[]): void {
  const lines = events.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
  writeFileSync(join(paths.inboxErrors, `${String(files++).padStart(13, '0')}-1-0.jsonl`), `${lines.join('\n')}\n`)
}

const told = () => letters.map(({ alert, channel }) => `${channel} ${alert.hosts} ${alert.count}`)
const only = () => readErrorGroup(paths, 'shop-api', GROUP)
const waiting = () => readdirSync(paths.inboxErrors)

test('what the server keeps is counted, told and taken away, in one commit', async () => {
  const errors = start()
  const inbox = createInboxWriter<ErrorEvent>(paths.inboxErrors, () => now)
  await Promise.all([inbox.add(event()), inbox.add(event())])
  while (errors.round()) {}
  expect(told()).toEqual(['screen shop-api 2'])
  expect(only()?.group).toMatchObject({ count: 2, type: 'TypeError', counting: { nextCount: 10 } })
  expect(only()?.samples).toMatchObject([event().sample, event().sample])
  expect(waiting()).toEqual([])
  expect(readdirSync(paths.outbox).filter((name) => name.endsWith('.json'))).toHaveLength(1)
})

test('garbage changes nothing, and does not stay', () => {
  const errors = start()
  mkdirSync(join(paths.inboxErrors, 'folder.jsonl'))
  const deep = '['.repeat(100_000)
  const hostile = [
    '',
    'null',
    '{',
    deep,
    event({ project: '../../x' }),
    event({ project: '__proto__' as string, group: 'not hex' }),
    event({ group: '../../../../tmp/a' }),
    event({ at: 'yesterday' }),
    { ...event(), sample: 'x'.repeat(300_000) },
  ]
  report(...hostile, { ...event(), sample: { type: 7, frames: [null, 3, { file: 5 }], tags: [], breadcrumbs: [[]] } })
  report(`${JSON.stringify(event()).slice(0, -2)},"context":{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}}}`)
  while (errors.round()) {}
  expect(readErrorGroups(paths).map(({ count }) => count)).toEqual([2])
  expect(only()?.samples).toMatchObject([{ type: '', message: '' }, { type: 'TypeError' }])
  expect(waiting()).toEqual(['folder.jsonl'])
})

test('files that make no sense are no groups, and stop nobody', () => {
  const errors = start()
  mkdirSync(join(paths.errors, 'shop-api', 'bbbbbbbbbbbbbbbb.json'), { recursive: true })
  const { group, samples, resolved } = errorFiles('shop-api', GROUP)
  for (const file of [group, samples, resolved, 'errors/shop-api/project.json'])
    writeFileSync(join(paths.root, file), '[7')
  writeFileSync(join(paths.errors, 'stray'), '')
  expect(readErrorGroups(paths)).toEqual([])
  report(event())
  errors.round()
  expect(readErrorGroups(paths)).toMatchObject([{ count: 1 }])
})

describe('not told, but counted, while quiet', () => {
  test.each([
    ['the project', 'host:shop-api', ''],
    ['its site', 'site:cloud', 'hosts: { shop-api: { site: cloud } }'],
    ['everything', 'all', ''],
  ] as const)('%s is silenced', (_, target, more) => {
    const errors = start({ more })
    addSilence(paths, { kind: 'silence', target, fromAt: now, untilAt: now + 60_000, by: '' })
    report(event())
    errors.round()
    expect(told()).toEqual([])
    now += 60_001
    report(event())
    errors.round()
    expect(told()).toEqual(['screen shop-api 2'])
  })

  test('it is paused, or under maintenance', () => {
    const errors = start({ more: 'hosts: { web: { maintenance: [{ schedule: "0 14 * * *", for: 1h }] } }' })
    addSilence(paths, { kind: 'pause', target: 'host:shop-api', fromAt: now, by: '' })
    report(event(), event({ project: 'web' }))
    errors.round()
    expect(told()).toEqual([])
    expect(readErrorGroups(paths)).toHaveLength(2)
  })
})

test('who resolved it hears when it is back, and the mark is gone', () => {
  const errors = start()
  report(event())
  errors.round()
  resolveErrorGroup(paths, only()!.group, { at: now, by: 'maria' })
  expect(only()?.group.resolved).toEqual({ at: now, by: 'maria' })
  now += 1000
  report(event())
  errors.round()
  expect(letters.map(({ alert }) => alert.isBack)).toEqual([false, true])
  expect(only()?.group.resolved).toBeUndefined()
  expect(existsSync(join(paths.root, errorFiles('shop-api', GROUP).resolved))).toBe(false)
})

test('a flood is handled a part at a time, and is told as often as its numbers ask for', () => {
  const errors = start()
  for (let file = 0; file < 300; file++) {
    report(...Array.from({ length: 100 }, (_, index) => (index === 0 ? event() : event({ sample: undefined }))))
  }
  expect(errors.round()).toBe(true)
  expect(only()?.group.count).toBe(20_000)
  while (errors.round()) {}
  expect(told()).toEqual(['screen shop-api 20000'])
  expect(only()?.group.count).toBe(30_000)
  expect(only()?.samples.length).toBeGreaterThan(0)
  expect(only()?.samples.length).toBeLessThanOrEqual(20)
})

test('what arrives while others wait is found without another bell', () => {
  const errors = start()
  for (let file = 0; file < 250; file++) report(event())
  expect(errors.round()).toBe(true)
  report(event())
  while (errors.round()) {}
  expect(only()?.group.count).toBe(251)
})

test('a disk that refuses makes the same of it a little later', () => {
  let full = true
  const sync = (file: string) => {
    if (full && file.endsWith('journal.jsonl')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    realDisk.sync(file)
  }
  full = false
  const errors = start({ disk: { ...realDisk, sync } })
  report(event())
  full = true
  expect(() => errors.round()).toThrow('no space')
  expect(told()).toEqual([])
  full = false
  errors.round()
  expect(told()).toEqual(['screen shop-api 1'])
  expect(only()?.group.count).toBe(1)
})

test('killed at any step, it loses no error, counts none twice and tells nothing under two ids', () => {
  for (let diesIn = 1, died = true; died; diesIn++) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    letters = []
    configure('')
    report(event(), event())
    report(...Array.from({ length: 9 }, () => event()))
    died = false
    const disk = dyingDisk(diesIn)
    try {
      const errors = start({ disk })
      while (errors.round()) {}
      report(event(), event())
      errors.round()
    } catch (error) {
      if (!(error instanceof Death)) throw error
      died = true
    }
    const before = new Map(letters.map(({ alert }) => [alert.id, alert]))
    const errors = start()
    while (errors.round()) {}
    expect([11, 13]).toContain(only()?.group.count)
    expect(waiting()).toEqual([])
    for (const { alert } of letters) expect(alert).toEqual(before.get(alert.id) ?? alert)
    const stored = readdirSync(paths.outbox).filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    const contents = stored.map((name) => JSON.parse(readFileSync(join(paths.outbox, name), 'utf8')) as Letter)
    expect(contents.map(({ alert }) => alert.count)).toEqual([11])
  }
})

describe('forgets', () => {
  const minutes = (errors: ReturnType<typeof start>, count: number) => {
    for (let second = 0; second < count * 60; second++) {
      now += 1000
      errors.tend(now)
    }
  }

  test('what was not seen for longer than keepFor, and nothing else', () => {
    const errors = start({ more: 'errors: { keepFor: 30d }' })
    report(event(), event({ group: 'bbbbbbbbbbbbbbbb' }))
    errors.round()
    now += 20 * DAY
    report(event())
    errors.round()
    now += 11 * DAY
    minutes(errors, 1)
    expect(readErrorGroups(paths).map(({ group }) => group)).toEqual([GROUP])
    now += 20 * DAY
    minutes(errors, 2)
    expect(readdirSync(join(paths.errors, 'shop-api'))).toEqual([])
    report(event())
    errors.round()
    expect(letters.map(({ alert }) => alert.count)).toEqual([1, 1, 1])
    expect(new Set(letters.map(({ alert }) => alert.id)).size).toBe(3)
  })

  test('the oldest, while all together are too large', () => {
    const errors = start({ more: 'errors: { maxMegabytes: 1 }' })
    const names = Array.from({ length: 150 }, (_, index) => index.toString(16).padStart(16, '0'))
    for (const name of names) {
      now += 1000
      report(event({ group: name }))
      errors.round()
    }
    minutes(errors, 2)
    const left = readErrorGroups(paths).map(({ group }) => group)
    expect(left).toEqual(names.slice(-122).reverse())
  })

  test('as many as come new, however long a flood lasts: all together never grow beyond that', () => {
    const errors = start({ more: 'errors: { maxMegabytes: 1 }' })
    // The first that it looks through are older than the flood.
    for (let index = 0; index < 100; index++) report(event({ group: index.toString(16).padStart(16, 'a') }))
    while (errors.round()) {}
    minutes(errors, 1)
    let most = 0
    for (let second = 0; second < 25; second++) {
      now += 1000
      const names = Array.from({ length: 20 }, (_, index) => (second * 20 + index).toString(16).padStart(16, '0'))
      report(...names.map((group) => event({ group })))
      errors.round()
      errors.tend(now)
      most = Math.max(most, readErrorGroups(paths).length)
    }
    // A megabyte holds 122, and one second brings 20 more.
    expect(most).toBeLessThanOrEqual(142)
    expect(readErrorGroups(paths)[0]!.lastAt).toBe(now)
  })

  test('what makes no sense, when it is as old', () => {
    const errors = start()
    report(event())
    errors.round()
    const file = join(paths.errors, 'shop-api', 'cccccccccccccccc.json')
    writeFileSync(file, 'x')
    minutes(errors, 1)
    expect(existsSync(file)).toBe(true)
    utimesSync(file, NOW / 1000 - 91 * 86_400, NOW / 1000 - 91 * 86_400)
    minutes(errors, 2)
    expect(existsSync(file)).toBe(false)
  })
})

/** The real one, until its step of this number: the process is killed before it. */
function dyingDisk(diesIn: number): Disk {
  let left = diesIn
  const step =
    <A extends unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      if (--left <= 0) throw new Death()
      return act(...args)
    }
  const { write, writeAt, rename, remove, truncate, sync, syncFolder } = realDisk
  return {
    ...realDisk,
    write: step(write),
    writeAt: step(writeAt),
    rename: step(rename),
    remove: step(remove),
    truncate: step(truncate),
    sync: step(sync),
    syncFolder: step(syncFolder),
  }
}
