import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createInboxWriter, type InboxEvent, type InboxWriter, readInbox } from '../shared/inbox.ts'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { readRegistration, removeHost } from '../shared/registry.ts'
import { readReport } from '../shared/report.ts'
import { type Accept, type AcceptDeps, createAccept } from './accept.ts'
import type { Doors } from './dialects/dialect.ts'
import { monitora } from './dialects/monitora.ts'
import { createErrorInbox } from './errors/inbox.ts'
import { createScrub } from './errors/scrub.ts'
import type { Outcome, Signal, Subject } from './signal.ts'

const scrub = createScrub([])

const NOON = Date.parse('2026-11-21T12:00:00Z')
const log = { debug() {}, info() {}, warn() {}, error() {} }

let folder: string
let paths: ReturnType<typeof dataPaths>
let now: number
let failures: unknown[]
let held: Promise<unknown>[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'accept-'))
  paths = dataPaths(join(folder, 'data'))
  prepareDataFolder(paths)
  now = NOON
  failures = []
  held = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Say = (signal: Signal, address: string | undefined) => ReturnType<Accept>

function deps(): AcceptDeps {
  const hearing = {
    holdFor: (work: Promise<unknown>) => void held.push(work),
    writeFailed: (error: unknown) => void failures.push(error),
  }
  return {
    paths,
    now: () => now,
    inbox: createInboxWriter(paths.inbox, () => now),
    errors: createErrorInbox(
      paths.inboxErrors,
      () => now,
      () => scrub,
    ),
    hearing,
    keys: () => ({ mayAdd: () => 'yes', added() {} }),
    log,
    shared: false,
    intervalDeclared: () => {},
    endPauses: () => {},
    scrub: () => scrub,
  }
}

/** As the lane calls it: whoever is registered is known. */
function start(inbox: InboxWriter = createInboxWriter(paths.inbox, () => now), more: Partial<AcceptDeps> = {}): Say {
  const accept = createAccept({ ...deps(), inbox, ...more })
  return (signal, address) => accept({ kind: 'signal', signal, subject: subjectOf(signal.host) }, address)
}

function subjectOf(name: string): Subject | undefined {
  if (!readRegistration(paths, name)) return undefined
  return { name, hasToken: false, everyHeartbeat: false, scheduled: false }
}

const signal = (fields: Partial<Signal> = {}): Signal => ({ host: 'nas', ...fields })
const hostFile = () => readFileSync(join(paths.hosts, 'nas.host'), 'utf8')

/** The events that the inbox holds, without those that were there at the last call. */
function newEvents(): unknown[] {
  return readInbox(paths).flatMap(({ file, events }) => {
    unlinkSync(file)
    return events.map((event) => (event.kind === 'account' ? JSON.parse(JSON.stringify(event.account)) : event.kind))
  })
}

test('a first signal leaves a registration, a report, an event and its time', async () => {
  const accept = start()
  expect(await accept(signal({ site: 'home', unsent: 3, boot: 'b1' }), '203.0.113.7')).toBe('registered')
  expect(hostFile()).toBe('1795262400\n')
  expect(JSON.parse(readFileSync(join(paths.registry, 'nas.json'), 'utf8'))).toMatchObject({ origin: 'signal' })
  expect(readReport(paths, 'nas')).toMatchObject({ site: 'home', boot: 'b1', address: '203.0.113.7' })
  expect(newEvents()).toEqual(['first'])
})

test('a plain heartbeat is answered at once and writes its time alone', async () => {
  const accept = start()
  await accept(signal(), '203.0.113.7')
  const before = readdirSync(paths.root, { recursive: true }).sort()
  unlinkSync(join(paths.reports, 'nas.json'))
  now += 1000
  expect(accept(signal(), '203.0.113.7')).toBe('registered')
  expect(hostFile()).toBe('1795262401\n')
  expect(readdirSync(paths.root, { recursive: true }).sort()).toEqual(
    before.filter((name) => name !== 'reports/nas.json'),
  )
})

const running = { boot: 'b1', agent: 'a1', suspended: 10 } as const
const from = { address: '203.0.113.7', addressBefore: '203.0.113.7' }
const unchanged = { rebooted: false, agentRestarted: false }
test.each<[string, Partial<Signal>, unknown[]]>([
  ['the same again', running, []],
  ['ages and a change of status', { ...running, up: 9, age: 9, unsent: 0, status: 'ok' }, []],
  ['a warning', { ...running, status: 'warning' }, ['status']],
  ['an error and goodbye', { ...running, status: 'error', event: 'goodbye' }, ['status', 'goodbye']],
  ['goodbye', { ...running, event: 'goodbye' }, ['goodbye']],
  [
    'a reboot',
    { boot: 'b2', agent: 'a2', up: 60, age: 5, suspended: 900 },
    [{ rebooted: true, agentRestarted: true, up: 60, age: 5, boot: 'b2', bootBefore: 'b1', ...from }],
  ],
  ['an agent that started anew', { ...running, agent: 'a2', age: 1 }, [{ ...unchanged, agentRestarted: true, age: 1 }]],
  ['posts that failed', { ...running, unsent: 28 }, [{ ...unchanged, unsent: 28 }]],
  ['a sleep', { ...running, suspended: 3610 }, [{ ...unchanged, slept: 3600 }]],
  ['a blink', { ...running, suspended: 10.9 }, []],
  ['a client that says nothing of itself', {}, []],
  ['an outage and goodbye', { ...running, unsent: 2, event: 'goodbye' }, [{ ...unchanged, unsent: 2 }, 'goodbye']],
])('after a first signal, %s', async (_, fields, expected) => {
  const accept = start()
  await accept(signal(running), '203.0.113.7')
  newEvents()
  now += 30_000
  expect(await accept(signal(fields), '203.0.113.7')).toBe('registered')
  expect(newEvents()).toEqual(expected)
  expect(hostFile()).toBe('1795262430\n')
  expect(readReport(paths, 'nas')).toMatchObject({ boot: fields.boot, agent: fields.agent, status: fields.status })
})

test('after a start of the server a reboot is still seen, and a sleep is not invented', async () => {
  await start()(signal(running), '203.0.113.7')
  newEvents()
  const accept = start()
  await accept(signal({ ...running, suspended: 5000 }), '203.0.113.7')
  expect(newEvents()).toEqual([])
  await start()(signal({ ...running, boot: 'b2' }), '203.0.113.7')
  expect(newEvents()).toEqual([{ rebooted: true, agentRestarted: false, boot: 'b2', bootBefore: 'b1', ...from }])
})

/** The events that carry a status, whole. */
function newStatuses(): unknown[] {
  return readInbox(paths).flatMap(({ file, events }) => {
    unlinkSync(file)
    return events.flatMap((event) => (event.kind === 'status' ? [[event.status, event.message]] : []))
  })
}

test('each time that it is no good is an event, and so is the first time that it is good again', async () => {
  const accept = start()
  const said: [Partial<Signal>, unknown[]][] = [
    [{ status: 'error', message: 'disk full' }, [['error', 'disk full']]],
    [{ status: 'error', message: 'disk full' }, [['error', 'disk full']]],
    [{ status: 'warning' }, [['warning', undefined]]],
    [{ status: 'ok' }, [['ok', undefined]]],
    [{ status: 'ok' }, []],
    [{}, []],
    [{ status: 'error', message: 'fan' }, [['error', 'fan']]],
    // A client that stops to complain is well.
    [{}, [['ok', undefined]]],
  ]
  for (const [fields, expected] of said) {
    now += 30_000
    expect(await accept(signal(fields), '203.0.113.7')).toBe('registered')
    expect(newStatuses()).toEqual(expected)
    expect(readReport(paths, 'nas').status).toBe(fields.status)
  }
  expect(hostFile()).toBe(`${now / 1000}\n`)
})

test('a first signal may be an error: both are told, in this order', async () => {
  await start()(signal({ status: 'error', message: 'disk full' }), '203.0.113.7')
  expect(newEvents()).toEqual(['first', 'status'])
})

test('it was no good before the server started: that it is good again is still seen', async () => {
  await start()(signal({ status: 'warning' }), '203.0.113.7')
  newEvents()
  await start()(signal({ status: 'ok' }), '203.0.113.7')
  expect(newStatuses()).toEqual([['ok', undefined]])
})

test('its last words are kept when it no longer says them, with the time until which it did', async () => {
  const accept = start()
  await accept(signal({ message: 'disk 91 % full' }), '203.0.113.7')
  expect(readReport(paths, 'nas')).toMatchObject({ message: 'disk 91 % full', lastWords: undefined })
  now += 30_000
  await accept(signal(), '203.0.113.7')
  const kept = { message: undefined, lastWords: 'disk 91 % full', lastWordsAt: NOON + 30_000 }
  expect(readReport(paths, 'nas')).toMatchObject(kept)
  // Plain heartbeats and other changes leave them, also after a start.
  now += 30_000
  await accept(signal(), '203.0.113.7')
  await start()(signal({ version: '2' }), '203.0.113.7')
  expect(readReport(paths, 'nas')).toMatchObject({ ...kept, version: '2' })
  now += 30_000
  await accept(signal({ message: 'hot' }), '203.0.113.7')
  await accept(signal({ message: 'hotter' }), '203.0.113.7')
  expect(readReport(paths, 'nas')).toMatchObject({ message: 'hotter', lastWords: 'hot', lastWordsAt: now })
})

test('another address changes the report', async () => {
  const accept = start()
  await accept(signal(), '203.0.113.7')
  expect(accept(signal(), '198.51.100.4')).toBe('registered')
  expect(readReport(paths, 'nas').address).toBe('198.51.100.4')
})

test('a restart says which start it was, which before, and from where each reported', async () => {
  const accept = start()
  await accept(signal(running), '203.0.113.7')
  newEvents()
  await accept(signal({ ...running, boot: 'b2' }), '198.51.100.4')
  expect(newEvents()).toEqual([
    {
      rebooted: true,
      agentRestarted: false,
      boot: 'b2',
      address: '198.51.100.4',
      bootBefore: 'b1',
      addressBefore: '203.0.113.7',
    },
  ])
  await accept(signal({ ...running, boot: 'b2', agent: 'a2' }), '198.51.100.4')
  expect(newEvents()).toEqual([{ rebooted: false, agentRestarted: true }])
})

test('a host that was removed begins anew', async () => {
  const accept = start()
  await accept(signal({ message: 'hello' }), '203.0.113.7')
  newEvents()
  removeHost(paths, 'nas')
  now += 30_000
  expect(await accept(signal({ message: 'hello' }), '203.0.113.7')).toBe('registered')
  expect(newEvents()).toEqual(['first'])
  expect(readReport(paths, 'nas').message).toBe('hello')
})

test('the words, the status and the starts of an earlier host of its name are not its own', async () => {
  const accept = start()
  await accept(signal({ message: 'hello', status: 'error', boot: 'b1' }), '203.0.113.7')
  newEvents()
  removeHost(paths, 'nas')
  now += 30_000
  await accept(signal({ status: 'ok', boot: 'b2' }), '203.0.113.7')
  expect(newEvents()).toEqual(['first'])
  expect(readReport(paths, 'nas').lastWords).toBeUndefined()
})

/** An inbox whose disk is as slow, or as broken, as the test wants. */
function gatedInbox() {
  const asked: { event: InboxEvent; done: () => void; failed: (error: Error) => void }[] = []
  const add = (event: InboxEvent) => new Promise<void>((done, failed) => void asked.push({ event, done, failed }))
  return { asked, add }
}

test('nobody sees the new time before the event is on disk, not even through the next heartbeat', async () => {
  const inbox = gatedInbox()
  const accept = start(inbox)
  const settled: string[] = []
  const send = async (label: string, fields: Partial<Signal>) => {
    await accept(signal(fields), '203.0.113.7')
    settled.push(label)
  }
  const first = send('first', {})
  const second = send('second', {})
  expect(readReport(paths, 'nas').address).toBe('203.0.113.7')
  expect(hostFile).toThrow('ENOENT')
  expect(held).toHaveLength(2)
  inbox.asked[0]!.done()
  await Promise.all([first, second])
  expect(settled).toEqual(['first', 'second'])
  expect(inbox.asked).toHaveLength(1)
  expect(hostFile()).toBe('1795262400\n')
})

test('an account that could not be written is written when the signal is repeated', async () => {
  const inbox = gatedInbox()
  const accept = start(inbox)
  const first = accept(signal(running), '203.0.113.7')
  inbox.asked[0]!.done()
  await first
  now += 30_000
  const reboot = signal({ boot: 'b2', agent: 'a2' })
  const refused = accept(reboot, '203.0.113.7')
  inbox.asked[1]!.failed(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
  expect(await refused).toEqual<Outcome>({ cannotWrite: 'ENOSPC' })
  expect(failures).toHaveLength(1)
  expect(hostFile()).toBe('1795262400\n')
  // A crash at this point is the same: what the report says is what the next signal is compared with.
  for (const again of [accept, start(inbox)]) {
    const before = inbox.asked.length
    void again(reboot, '203.0.113.7')
    expect(inbox.asked[before]!.event).toMatchObject({ kind: 'account', account: { rebooted: true } })
  }
  for (const { done } of inbox.asked) done()
  await Promise.all(held)
  expect(hostFile()).toBe('1795262430\n')
})

test('a file that cannot be written is answered so, and told', async () => {
  mkdirSync(join(paths.hosts, 'nas.host'))
  expect(await start()(signal(), '203.0.113.7')).toEqual({ cannotWrite: 'EISDIR' })
  expect(failures).toHaveLength(1)
})

test('a file of another program, or of an earlier run, is made ours by the first signal', async () => {
  const file = join(paths.hosts, 'nas.host')
  writeFileSync(file, `${NOON / 1000 - 60}.123456`)
  const say = start()
  await say({ host: 'nas', event: 'log' }, '203.0.113.7')
  expect(readFileSync(file, 'latin1')).toMatch(/\.123456$/)
  for (let signal = 0; signal < 3; signal++) {
    now += 1000
    await say({ host: 'nas' }, '203.0.113.7')
    expect(readFileSync(file, 'latin1')).toBe(`${now / 1000}\n`)
  }
})

const doors: Doors = {
  fits: () => true,
  byToken: () => undefined,
  byName: () => undefined,
  bySlug: () => undefined,
  isPingKey: () => false,
  badge: () => undefined,
}

test('whatever is sent, nothing is written outside the data folder, and only where signals belong', async () => {
  writeFileSync(join(folder, 'outside'), '')
  const accept = start({ add: async () => {} })
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '../x',
      '..',
      '.',
      '/etc/x',
      '__proto__',
      'constructor',
      'a/b',
      'CON',
      'nas\0',
      '%2e%2e%2fx',
      '..%5cx',
    ),
  )
  await fc.assert(
    fc.asyncProperty(name, fc.string({ unit: 'binary' }), async (host, text) => {
      const body = `host=${host}&site=${text}&message=${encodeURIComponent(text.replace(/\p{Cs}/gu, ''))}&boot=${text}`
      const opened = monitora.open(
        { method: 'POST', path: '/signal', query: '', headers: { authorization: '' } },
        doors,
      )
      const read = 'read' in opened ? opened.read(Buffer.from(body)) : opened
      const [deed] = 'deeds' in read ? read.deeds : []
      if (deed?.kind === 'signal') expect(await accept(deed.signal, '203.0.113.7')).toBe('registered')
      expect(readdirSync(folder).sort()).toEqual(['data', 'outside'])
    }),
    { numRuns: 300 },
  )
  expect(readdirSync(paths.root).sort()).toEqual([
    'alive',
    'errors',
    'format',
    'history',
    'hosts',
    'inbox',
    'outbox',
    'registry',
    'reports',
    'silences',
    'state',
    'tokens',
  ])
  for (const entry of readdirSync(paths.hosts)) expect(entry).toMatch(/^[A-Za-z0-9_-]{1,64}\.host$/)
})

test('trouble is in the report before it is told: a crash in between leaves an end to tell', async () => {
  await start()(signal(), '203.0.113.7')
  newEvents()
  // It dies with the event on disk, and before anything else.
  const { add } = createInboxWriter(paths.inbox, () => now)
  void start({ add: (event) => add(event).then(() => new Promise<void>(() => {})) })(
    signal({ event: 'fail' }),
    undefined,
  )
  await expect.poll(() => readInbox(paths).flatMap(({ events }) => events).length).toBe(2)
  expect(newEvents()).toEqual(['run-ended', 'status'])
  expect(readReport(paths, 'nas').status).toBe('failed')
  await start()(signal({ event: 'success' }), undefined)
  expect(newEvents()).toEqual(['run-ended', 'status'])
  expect(readReport(paths, 'nas').status).toBeUndefined()
})

test('trouble that could not be told is told with the next signal, whatever that says', async () => {
  await start()(signal(), undefined)
  newEvents()
  const accept = start({ add: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) })
  expect(await accept(signal({ event: 'fail' }), undefined)).toEqual({ cannotWrite: 'ENOSPC' })
  expect(await start()(signal(), undefined)).toBe('registered')
  expect(newEvents()).toEqual(['status'])
  expect(readReport(paths, 'nas')).toMatchObject({ status: 'failed', untold: undefined })
  expect(await start()(signal(), undefined)).toBe('registered')
  expect(newEvents()).toEqual([])
})

test('what a client says of itself is kept without its passwords', async () => {
  const accept = start()
  const said = {
    message: 'login with password=hunter2',
    output: 'a\nPGPASSWORD=hunter2',
    metadata: { token: 'hunter2' },
  }
  await accept(signal({ ...said, status: 'error' }), undefined)
  expect(readFileSync(join(paths.reports, 'nas.json'), 'utf8')).toContain('login with')
  for (const { file } of readInbox(paths)) expect(readFileSync(file, 'utf8')).not.toContain('hunter2')
  expect(readFileSync(join(paths.reports, 'nas.json'), 'utf8')).not.toContain('hunter2')
  expect(accept(signal({ ...said, status: 'error' }), undefined)).toBeInstanceOf(Promise)
  await accept(signal(said), undefined)
  expect(accept(signal(said), undefined)).toBe('registered')
})

test.each(['start', 'success', 'fail', 'log'] as const)(
  'of pings, %s ends a pause unless it is a mere log',
  async (event) => {
    const ended: string[] = []
    const accept = createAccept({ ...deps(), endPauses: (host) => void ended.push(host) })
    await accept({ kind: 'signal', signal: signal({ event }), subject: undefined, endsPause: true }, undefined)
    expect(ended).toEqual(event === 'log' ? [] : ['nas'])
  },
)

test('a host with a token that is removed while its event is being synced stays away', async () => {
  await start()(signal(), undefined)
  const inbox = createInboxWriter(paths.inbox, () => now)
  const slow = { add: (event: InboxEvent) => inbox.add(event).then(() => removeHost(paths, 'nas')) as Promise<unknown> }
  const accept = createAccept({ ...deps(), inbox: slow as InboxWriter })
  const subject = { name: 'nas', hasToken: true, everyHeartbeat: false, scheduled: false }
  expect(await accept({ kind: 'signal', signal: signal({ event: 'fail' }), subject }, undefined)).toBe('not-known')
  expect(readdirSync(paths.hosts)).toEqual([])
})

test('a reported error is on disk when it is acknowledged, whole and scrubbed; the pulse waits for it', async () => {
  const accept = createAccept(deps())
  const sample = { id: 'a'.repeat(32), type: 'KeyError', message: 'cart, password=hunter2', level: 'error' } as const
  const subject = { name: 'shop', hasToken: true, everyHeartbeat: false, scheduled: false }
  const group = '0123456789abcdef'
  const outcome = await accept({ kind: 'error', subject, group, sample: () => sample, size: 200 }, '203.0.113.7')
  expect([outcome, held.length]).toEqual(['registered', 1])
  const [name = ''] = readdirSync(paths.inboxErrors)
  expect(JSON.parse(readFileSync(join(paths.inboxErrors, name), 'utf8'))).toEqual({
    project: 'shop',
    at: new Date(NOON).toISOString(),
    group,
    sample: { ...sample, message: 'cart, password=[removed]' },
  })
  rmSync(paths.inboxErrors, { recursive: true })
  expect(await accept({ kind: 'error', subject, group, sample: () => sample, size: 200 }, undefined)).toEqual({
    cannotWrite: 'ENOENT',
  })
  expect(failures).toHaveLength(1)
})
