/** The shell of the checker on a real folder: what it makes of what it finds there, odd things included. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Alert } from '../shared/alert.ts'
import { systemClock } from '../shared/clock.ts'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { replaceFile } from '../shared/files.ts'
import { writeHostFile } from '../shared/host-file.ts'
import { prepareDataFolder } from '../shared/paths.ts'
import { writePulse } from '../shared/pulse.ts'
import { readRegistration, register, removeHost, reregister } from '../shared/registry.ts'
import { addSilence, removeSilence } from '../shared/silences.ts'
import { createWording } from './channels/word.ts'
import { realDisk } from './disk.ts'
import { Journal } from './journal.ts'
import { createOutbox } from './outbox.ts'
import { startChecker } from './run.ts'

const silentLog = { debug() {}, info() {}, warn() {}, error() {} }
const wording = createWording('en', 'UTC')
const DAY_MS = 86_400_000

let root: string
let config: Config
let sent: Alert[]
let direct: Alert[]
let reached: boolean | undefined
let stops: (() => Promise<void>)[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'checker-run-'))
  configure('defaults: { timeout: 60s }')
  prepareDataFolder(config.paths)
  // Who reports each second is given seconds to appear, not minutes.
  for (const host of ['a', 'b', 'other']) writeFileSync(file(`reports/${host}.json`), '{"intervalMs":1000}')
  sent = []
  direct = []
  reached = true
  stops = []
})
afterEach(async () => {
  for (const stop of stops) await stop()
  rmSync(root, { recursive: true })
})

function configure(settings: string): void {
  const file = join(root, 'monitora.yml')
  writeFileSync(file, `server: { user: u, password: p }\nchannels: { hook: { type: console } }\n${settings}\n`)
  config = loadConfig({ file, process: 'checker', env: {} })
}

async function start(): Promise<() => Promise<void>> {
  const journal = Journal.open(realDisk, config.paths.root, Date.now())
  const channel = {
    forPeople: true,
    send: async ({ alert }: { alert: Alert }) => {
      sent.push(alert)
      return undefined
    },
  }
  const outbox = createOutbox({
    paths: config.paths,
    channels: new Map([['hook', { channel, wording, place: 'hook', giveUpAfterMs: 3 * DAY_MS }]]),
    commit: (commit, options) => journal.commit(commit, options),
    now: Date.now,
    monotonic: () => systemClock.monotonic(),
    random: () => 0.5,
    log: silentLog,
  })
  const tellDirectly = async (alert: Alert) => void direct.push(alert)
  const checker = await startChecker({
    config,
    clock: systemClock,
    journal,
    outbox,
    log: silentLog,
    tellDirectly,
    probe: async () => reached,
  })
  stops.push(checker.stop)
  return async () => {
    stops.splice(stops.indexOf(checker.stop), 1)
    await checker.stop()
  }
}

const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds
const heard = (host: string, ago: number) => writeHostFile(join(config.paths.hosts, `${host}.host`), secondsAgo(ago))
const pulse = () => writePulse(config.paths, 'server', Date.now())
const told = () => sent.map(({ kind, hosts }) => [kind, ...hosts].join(' ')).sort()
/** Meanwhile the server goes on beating, and others report: else it might be us. */
const seen = (expected: string[], ...others: string[]) =>
  vi.waitFor(
    () => {
      for (const other of others) heard(other, 0)
      pulse()
      expect(told()).toEqual(expected)
    },
    { timeout: 8000, interval: 20 },
  )
const file = (...parts: string[]) => join(config.paths.root, ...parts)

test('who fell silent while nobody looked is told at the start, once, and never again by a restart', async () => {
  for (const host of ['a', 'b', 'other']) heard(host, 30)
  pulse()
  await (await start())()
  for (const host of ['a', 'b']) heard(host, 100)
  pulse()
  const stop = await start()
  await seen(['silent a', 'silent b'], 'other')
  await stop()
  await (await start())()
  expect(told()).toEqual(['silent a', 'silent b'])
})

test('a pulse from the future accuses nobody: the clock was set back, and the server has not beaten since', async () => {
  heard('a', -3600)
  writePulse(config.paths, 'server', Date.now() + 3_600_000)
  await start()
  await vi.waitFor(() => expect(existsSync(file('state/hosts/a.json'))).toBe(true))
  heard('a', -3599)
  await new Promise((done) => setTimeout(done, 1500))
  expect(told()).toEqual([])
})

test('a silent host is heard again at once, and one that is removed is dropped', async () => {
  for (const host of ['a', 'b', 'other']) heard(host, 30)
  pulse()
  await (await start())()
  for (const host of ['a', 'b']) heard(host, 100)
  pulse()
  await start()
  await seen(['silent a', 'silent b'], 'other')
  const before = Date.now()
  heard('a', 0)
  await seen(['recovered a', 'silent a', 'silent b'], 'other')
  expect(Date.now() - before).toBeLessThan(5000)
  removeHost(config.paths, 'b')
  await vi.waitFor(() => expect(existsSync(file('state/hosts/b.json'))).toBe(false), { timeout: 5000 })
  expect(readFileSync(file('history/b.jsonl'), 'utf8')).toContain('"removed"')
})

test('a timeout that is lowered while it runs counts from then on', async () => {
  for (const host of ['a', 'other']) heard(host, 30)
  pulse()
  await (await start())()
  await start()
  const registration = readRegistration(config.paths, 'a')!
  reregister(config.paths, { ...registration, settings: { timeout: '10s' } })
  await seen(['silent a'], 'other')
})

test('a timeout that a host declares while it runs counts from then on', async () => {
  for (const host of ['a', 'other']) heard(host, 30)
  pulse()
  await (await start())()
  await start()
  // The first turns of the sweep, while the registry has just changed, ask everybody.
  await new Promise((done) => setTimeout(done, 8000))
  replaceFile(file('reports/a.json'), JSON.stringify({ intervalMs: 1000, timeoutMs: 10_000 }))
  await seen(['silent a'], 'other')
})

test('a lost or garbled registration makes no other host: the outage goes on, and ends', async () => {
  heard('a', 30)
  pulse()
  await (await start())()
  heard('a', 100)
  pulse()
  const stop = await start()
  await seen(['silent a'])
  await stop()
  writeFileSync(file('registry/a.json'), '')
  const again = await start()
  heard('a', 0)
  await seen(['recovered a', 'silent a'])
  expect(new Set(sent.map(({ outage }) => outage)).size).toBe(1)
  await again()
})

test('a file that another program holds empty is no silence', async () => {
  heard('a', 30)
  pulse()
  await (await start())()
  writeFileSync(join(config.paths.hosts, 'a.host'), '')
  // The belief of this start is the old state; by it the host would be due.
  const state = file('state/hosts/a.json')
  writeFileSync(
    state,
    readFileSync(state, 'utf8').replace(
      /"lastSeenAt":"[^"]+"/,
      `"lastSeenAt":"${new Date(secondsAgo(100) * 1000).toISOString()}"`,
    ),
  )
  pulse()
  await start()
  await new Promise((done) => setTimeout(done, 1500))
  heard('a', 0)
  pulse()
  await new Promise((done) => setTimeout(done, 1200))
  expect(told()).toEqual([])
})

describe('odd things in the folders stop nothing', () => {
  const odd: Record<string, () => void> = {
    'folders where files belong': () => {
      for (const name of [
        'inbox/0.jsonl',
        'registry/q.json',
        'outbox/y.json',
        'state/hosts/z.json',
        'reports/a.json',
      ]) {
        rmSync(file(name), { force: true })
        mkdirSync(file(name))
      }
    },
    'links that lead nowhere, or to themselves': () => {
      symlinkSync('/nowhere', file('registry/q.json'))
      symlinkSync(file('inbox/0.jsonl'), file('inbox/0.jsonl'))
      symlinkSync('/nowhere', join(config.paths.hosts, 'q.host'))
    },
    'an account whose numbers are none': () => {
      const account = { rebooted: true, agentRestarted: false, up: 'x', unsent: -1, slept: 1e300 }
      const event = { kind: 'account', host: 'a', at: new Date().toISOString(), account }
      writeFileSync(
        file('inbox/1.jsonl'),
        `${JSON.stringify(event)}\nnonsense\n{"kind":"first","host":"../x","at":"now"}\n`,
      )
    },
    'letters that are none': () => {
      writeFileSync(file('outbox/x.json'), '{"alert":{"id":"x"},"channel":"hook","tries":0}')
      writeFileSync(file('outbox/y.json'), 'null')
    },
    'absences and pulses that are none': () => {
      writeFileSync(file('alive/absences/server.jsonl'), 'x\n{"from":"a"}\n{"from":1,"to":0}\n')
    },
  }
  test.each(Object.entries(odd))('%s', async (_, make) => {
    heard('a', 30)
    pulse()
    await (await start())()
    heard('a', 100)
    make()
    pulse()
    const stop = await start()
    await seen(['silent a'])
    heard('a', 0)
    await seen(['recovered a', 'silent a'])
    await stop()
    await (await start())()
    expect(told()).toEqual(['recovered a', 'silent a'])
  })
})

test('a first signal is told from its event, though its time is not in place yet', async () => {
  pulse()
  await start()
  register(config.paths, { name: 'a', registeredAt: Date.now(), origin: 'signal' })
  writeFileSync(
    file('inbox/1.jsonl'),
    `${JSON.stringify({ kind: 'first', host: 'a', at: new Date().toISOString() })}\n`,
  )
  await seen(['first-signal a'])
  expect(existsSync(file('inbox/1.jsonl'))).toBe(false)
})

describe('sites and quiet, on a real folder', () => {
  /** Three of home, of the last half minute, as somebody has known them. */
  async function settled(...names: string[]): Promise<void> {
    for (const host of [...names, 'other']) heard(host, 30)
    pulse()
    await (await start())()
    for (const host of names) heard(host, 100)
    pulse()
  }

  const home = 'hosts: { a: { site: home }, b: { site: home } }\ndefaults: { timeout: 60s }'

  test('hosts of one site that fell silent together are one message, and so is their return', async () => {
    configure(home)
    await settled('a', 'b')
    const stop = await start()
    await seen(['site-silent a b'], 'other')
    expect(JSON.parse(readFileSync(file('state/sites/home.json'), 'utf8'))).toMatchObject({
      name: 'home',
      outage: { hosts: ['a', 'b'], id: sent[0]?.id },
    })
    await stop()
    // What a start finds on disk is all that is needed.
    await start()
    for (const host of ['a', 'b']) heard(host, 0)
    await seen(['site-recovered a b', 'site-silent a b'], 'other')
    expect(new Set(sent.map(({ outage }) => outage)).size).toBe(1)
    expect(readFileSync(file('history/a.jsonl'), 'utf8')).toContain('"site":"home"')
  })

  test('nobody at all is heard: told after a probe, and nobody is accused', async () => {
    reached = false
    await settled('a', 'b')
    heard('other', 100)
    await start()
    await seen(['nothing-reaches-me a b other'])
    expect(sent[0]?.reached).toBe(false)
    heard('a', 0)
    await seen(['nothing-reaches-me a b other', 'reachable-again'])
  })

  test('a silence that is asked for while it runs is in force at once, and what is wrong is told when it is taken back', async () => {
    const { id } = addSilence(config.paths, { kind: 'silence', target: 'host:a', fromAt: Date.now(), by: 'maria' })
    await settled('a')
    await start()
    await vi.waitFor(
      () => {
        pulse()
        heard('other', 0)
        expect(readFileSync(file('state/hosts/a.json'), 'utf8')).toContain('"down"')
      },
      { timeout: 8000, interval: 20 },
    )
    expect(told()).toEqual([])
    removeSilence(config.paths, id)
    await seen(['silent a'], 'other')
  })

  test('an acknowledgement goes with the outage that it was for', async () => {
    await settled('a')
    await start()
    await seen(['silent a'], 'other')
    const ack = addSilence(config.paths, { kind: 'ack', target: 'host:a', fromAt: Date.now(), by: 'maria' })
    const pause = addSilence(config.paths, { kind: 'pause', target: 'host:b', fromAt: Date.now(), by: 'maria' })
    await seen(['silent a'], 'other')
    heard('a', 0)
    await seen(['recovered a', 'silent a'], 'other')
    await vi.waitFor(() => expect(existsSync(file(`silences/${ack.id}.json`))).toBe(false), { timeout: 5000 })
    expect(existsSync(file(`silences/${pause.id}.json`))).toBe(true)
  })
})
