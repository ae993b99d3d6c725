import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createInboxWriter, type InboxEvent, readInbox } from './inbox.ts'
import { type DataPaths, dataPaths, prepareDataFolder } from './paths.ts'

let paths: DataPaths
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'inbox-')))
  prepareDataFolder(paths)
})
afterEach(() => rmSync(paths.root, { recursive: true, force: true }))

const AT = '2026-11-21T12:00:00.000Z'
const first = (host: string): InboxEvent => ({ kind: 'first', host, at: AT })
const hostsOf = () => readInbox(paths).flatMap(({ events }) => events.map(({ host }) => host))

test('an event is on disk when it is acknowledged, whole, and nothing half-written beside it', async () => {
  const account = { rebooted: true, agentRestarted: false, up: 5, unsent: 2 }
  const events: InboxEvent[] = [
    first('nas'),
    { kind: 'account', host: 'pi', at: AT, account },
    { kind: 'goodbye', host: '__proto__', at: AT },
  ]
  const inbox = createInboxWriter(paths.inbox, () => 1_000)
  for (const event of events) {
    await inbox.add(event)
    expect(readInbox(paths).at(-1)?.events).toEqual([event])
  }
  const names = readdirSync(paths.inbox).filter((name) => name.endsWith('.jsonl'))
  expect(names).toHaveLength(3)
  expect(names[0]).toMatch(new RegExp(`^0000000001000-${process.pid}-00000000.jsonl$`))
})

test('a status and a restart come back as they were written', async () => {
  const inbox = createInboxWriter(paths.inbox, () => 1_000)
  const starts = { boot: 'b2', address: '203.0.113.7', bootBefore: 'b1', addressBefore: '198.51.100.4' }
  const events: InboxEvent[] = [
    { kind: 'status', host: 'nas', at: AT, status: 'error', message: 'disk full' },
    { kind: 'status', host: 'nas', at: AT, status: 'warning' },
    { kind: 'status', host: 'nas', at: AT, status: 'ok' },
    { kind: 'account', host: 'nas', at: AT, account: { rebooted: true, agentRestarted: true, ...starts } },
  ]
  for (const event of events) await inbox.add(event)
  expect(readInbox(paths).flatMap((file) => file.events)).toEqual(events)
})

test('what is not of the shape of an account or a status does not come out as one', () => {
  const odd = [
    { kind: 'status', host: 'nas', at: AT, status: 'party' },
    { kind: 'status', host: 'nas', at: AT },
    { kind: 'status', host: 'nas', at: AT, status: 'error', message: { a: 5 } },
    {
      kind: 'account',
      host: 'nas',
      at: AT,
      account: { boot: 5, bootBefore: ['x'], address: null, up: -1, unsent: 'x' },
    },
    { kind: 'account', host: 'nas', at: AT },
  ]
  writeFileSync(join(paths.inbox, '1.jsonl'), odd.map((event) => JSON.stringify(event)).join('\n'))
  const nothing = { kind: 'account', host: 'nas', at: AT, account: { rebooted: false, agentRestarted: false } }
  expect(readInbox(paths).flatMap(({ events }) => events)).toEqual([
    { kind: 'status', host: 'nas', at: AT, status: 'error', message: undefined },
    nothing,
    nothing,
  ])
})

test('files are handled in the order of time, and within one moment in that of their making', async () => {
  const times = [5, 5, 5, 12_345_678_901_234, 70]
  const inbox = createInboxWriter(paths.inbox, () => times.shift()!)
  for (const host of ['a', 'b', 'c', 'last', 'd']) await inbox.add(first(host))
  expect(hostsOf()).toEqual(['a', 'b', 'c', 'd', 'last'])
})

test('what arrives together shares files, keeps its order, and is all there when acknowledged', async () => {
  const inbox = createInboxWriter(paths.inbox, Date.now)
  const names = Array.from({ length: 500 }, (_, index) => `host-${index}`)
  const seen: string[][] = []
  await Promise.all(
    names.map(async (name) => {
      await inbox.add(first(name))
      if (name === 'host-250') seen.push(hostsOf())
    }),
  )
  expect(seen[0]).toContain('host-250')
  expect(hostsOf()).toEqual(names)
  expect(readInbox(paths).length).toBeLessThan(10)
})

test('lines that make no sense are left out, but their file is listed, so that it is removed', () => {
  const good = JSON.stringify(first('nas'))
  const bad = [
    'garbage',
    '{}',
    'null',
    '5',
    '[]',
    '{"kind":"first","host":"../x","at":"2026"}',
    '{"kind":"first","host":"nas","at":"soon"}',
    '{"kind":"party","host":"nas","at":"2026"}',
    '{"kind":"first","at":"2026"}',
  ]
  writeFileSync(join(paths.inbox, '1.jsonl'), [...bad, good, good.slice(0, 20)].join('\n'))
  writeFileSync(join(paths.inbox, '2.jsonl'), '')
  writeFileSync(join(paths.inbox, '.3.jsonl'), good)
  writeFileSync(join(paths.inbox, 'README'), good)
  expect(readInbox(paths).map(({ events }) => events)).toEqual([[first('nas')], []])
})

test('without its folder an event is not acknowledged; when the folder is back, the next one is', async () => {
  const inbox = createInboxWriter(paths.inbox, Date.now)
  rmSync(paths.inbox, { recursive: true })
  const both = await Promise.allSettled([inbox.add(first('a')), inbox.add(first('b'))])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(readInbox(paths)).toEqual([])
  prepareDataFolder(paths)
  await inbox.add(first('c'))
  expect(hostsOf()).toEqual(['c'])
  expect(readFileSync(readInbox(paths)[0]!.file, 'utf8')).toBe(`${JSON.stringify(first('c'))}\n`)
})
