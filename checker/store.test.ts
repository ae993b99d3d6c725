import { linkSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DataPaths, dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { siteFile } from '../shared/sites.ts'
import type { HostState, MonitorState, SiteState } from './core/state.ts'
import type { Round } from './core/world.ts'
import { realDisk } from './disk.ts'
import { Journal } from './journal.ts'
import { commitOf, MONITOR_FILE, readHostStates, readMonitorState, readSiteStates } from './store.ts'

let paths: DataPaths
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'store-')))
  prepareDataFolder(paths)
})
afterEach(() => rmSync(paths.root, { recursive: true, force: true }))

const round = (part: Partial<Round>): Round => ({
  hosts: new Map(),
  sites: new Map(),
  heard: new Map(),
  sights: new Map(),
  returns: new Map(),
  frozen: new Map(),
  alerts: [],
  history: [],
  runs: [],
  remove: [],
  lookAt: new Map(),
  wanted: new Set(),
  ...part,
})

function write(part: Partial<Round>): void {
  for (const [file, content] of commitOf(round(part)).write) writeFileSync(join(paths.root, file), content)
}

const time = fc.integer({ min: 0, max: 4e12 })
const flag = fc.constant(true as const)
const name = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), fc.constantFrom('__proto__', 'constructor'))
const hostState: fc.Arbitrary<HostState> = fc.record(
  {
    name,
    registeredAt: time,
    verdict: fc.constantFrom('new', 'up', 'down'),
    reason: fc.constantFrom(
      'registered',
      'adopted',
      'first-signal',
      'no-signal',
      'missed-schedule',
      'site-silent',
      'signal',
    ),
    sinceAt: time,
    alerts: fc.nat(),
    heardAt: time,
    noticed: fc.record({ heardAt: time, at: time }),
    gapMs: fc.nat(),
    outage: fc.record(
      { id: fc.string(), sinceAt: time, toldAt: time, site: fc.string(), hushed: flag },
      { requiredKeys: ['sinceAt', 'toldAt'] },
    ),
    goodbyeAt: time,
    account: fc.record({
      rebooted: fc.boolean(),
      agentRestarted: fc.boolean(),
      up: fc.nat(),
      unsent: fc.nat(),
      at: time,
    }),
    away: flag,
    returning: fc.record({ count: fc.nat(), sinceAt: time, heardAt: time }),
    trouble: fc.record(
      {
        id: fc.string(),
        kind: fc.constantFrom('error', 'warning'),
        sinceAt: time,
        message: fc.string(),
        failures: fc.nat(),
        good: fc.nat(),
        goodAt: time,
      },
      { requiredKeys: ['kind', 'sinceAt', 'failures', 'good'] },
    ),
    changedAt: fc.array(time),
    unstable: fc.record({ id: fc.string(), sinceAt: time }),
    neverHeardId: fc.string(),
    boots: fc.array(fc.record({ boot: fc.string(), address: fc.string() }, { requiredKeys: ['boot'] })),
    twoMachinesId: fc.string(),
  },
  { requiredKeys: ['name', 'registeredAt', 'verdict', 'reason', 'sinceAt', 'alerts'] },
)

test('whatever is believed of a host is believed again after a restart', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(hostState, { selector: (state) => state.name.toLowerCase(), maxLength: 5 }),
      (states) => {
        rmSync(paths.stateHosts, { recursive: true, force: true })
        mkdirSync(paths.stateHosts)
        const hosts = new Map(states.map((state) => [state.name, state]))
        write({ hosts })
        expect(readHostStates(paths, Date.now())).toEqual(hosts)
      },
    ),
    { numRuns: 50 },
  )
})

test('on disk it reads well', () => {
  const at = Date.parse('2026-11-21T12:03:00Z')
  write({
    hosts: new Map([
      [
        'nas',
        {
          name: 'nas',
          registeredAt: at,
          verdict: 'down',
          reason: 'no-signal',
          sinceAt: at,
          heardAt: at,
          alerts: 2,
          outage: { id: 'host:nas:x:2', sinceAt: at, toldAt: at },
        },
      ],
    ]),
  })
  const iso = '2026-11-21T12:03:00.000Z'
  expect(readFileSync(join(paths.stateHosts, 'nas.json'), 'utf8')).toBe(
    `{"name":"nas","registeredAt":"${iso}","verdict":"down","reason":"no-signal","since":"${iso}","lastSeenAt":"${iso}","alerts":2,"outage":{"id":"host:nas:x:2","since":"${iso}","toldAt":"${iso}"}}\n`,
  )
})

test.each([
  ['torn', '{"name":"nas"'],
  ['empty', ''],
  ['of another kind', '[]'],
  [
    'without a verdict',
    '{"name":"nas","registeredAt":"2026-11-21T12:00:00Z","since":"2026-11-21T12:00:00Z","alerts":0}',
  ],
  [
    'with a verdict of its own',
    '{"name":"nas","verdict":"dozing","registeredAt":"2026-11-21T12:00:00Z","since":"2026-11-21T12:00:00Z","alerts":0}',
  ],
  ['without its times', '{"name":"nas","verdict":"up","alerts":0}'],
  [
    'of another host',
    '{"name":"pi","verdict":"up","registeredAt":"2026-11-21T12:00:00Z","since":"2026-11-21T12:00:00Z","alerts":0}',
  ],
])('a state file that is %s is none', (_, content) => {
  writeFileSync(join(paths.stateHosts, 'nas.json'), content)
  writeFileSync(join(paths.stateHosts, 'a b.json'), '{}')
  expect(readHostStates(paths, Date.now())).toEqual(new Map())
})

const siteName = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('home', '203.0.113.7', '2001:db8:0:1::/64', "Maria's flat", '../x', '__proto__', 'дом'),
)
const siteState: fc.Arbitrary<SiteState> = fc.record(
  {
    name: siteName,
    registeredAt: time,
    alerts: fc.nat(),
    outage: fc.record(
      {
        id: fc.string(),
        sinceAt: time,
        toldAt: time,
        hushed: flag,
        hosts: fc.array(name),
        returnedAt: time,
        returned: fc.array(fc.record({ name, rebootedAt: time, stayedUp: flag }, { requiredKeys: ['name'] })),
      },
      { requiredKeys: ['sinceAt', 'toldAt', 'hosts'] },
    ),
    spans: fc.array(fc.record({ fromAt: time, toAt: time })),
    changedAt: fc.array(time),
    unstable: fc.record({ id: fc.string(), sinceAt: time }),
  },
  { requiredKeys: ['name', 'registeredAt', 'alerts', 'spans'] },
)

test('whatever is believed of a site is believed again after a restart, however it is called', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(siteState, { selector: (state) => state.name.toLowerCase(), maxLength: 5 }),
      (states) => {
        rmSync(paths.stateSites, { recursive: true, force: true })
        mkdirSync(paths.stateSites)
        const sites = new Map(states.map((state) => [state.name, state]))
        write({ sites })
        expect(readSiteStates(paths)).toEqual(sites)
      },
    ),
    { numRuns: 100 },
  )
})

test.each([
  ['torn', '{"name":"home"'],
  ['of another kind', '[]'],
  ['without a name', '{"registeredAt":"2026-11-21T12:00:00Z","alerts":0,"spans":[]}'],
  ['without its beginning', '{"name":"home","alerts":0,"spans":[]}'],
  ['of another site', '{"name":"office","registeredAt":"2026-11-21T12:00:00Z","alerts":0,"spans":[]}'],
])('a state file of a site that is %s is none', (_, content) => {
  writeFileSync(siteFile(paths, 'home'), content)
  expect(readSiteStates(paths)).toEqual(new Map())
})

const T = '2026-11-21T12:00:00Z'

test.each<[string, unknown]>([
  ['outage', {}],
  ['outage', { since: T, toldAt: 'yesterday' }],
  ['noticed', 'now'],
  ['returning', { count: 2 }],
  ['trouble', { kind: 'error' }],
  ['trouble', { kind: 'failed', cause: 'unfinished', since: T, failures: 1, good: 0, hungAt: 'tomorrow' }],
  ['run', { startedAt: T, latestAt: 'soon' }],
  ['account', null],
  ['goodbyeAt', 'yesterday'],
  ['changedAt', 7],
  ['unstable', { since: T }],
  ['boots', [null]],
])('of a host whose %s is garbled the rest is believed: %j', (key, part) => {
  const rest = { name: 'nas', registeredAt: T, verdict: 'down', reason: 'no-signal', since: T, alerts: 2, gapMs: 7 }
  writeFileSync(join(paths.stateHosts, 'nas.json'), JSON.stringify({ ...rest, [key]: part }))
  const sound = { name: 'nas', verdict: 'down', reason: 'no-signal', alerts: 2, gapMs: 7 }
  const times = { registeredAt: Date.parse(T), sinceAt: Date.parse(T) }
  expect(keptOf(readHostStates(paths, Date.now()).get('nas'))).toEqual({ ...sound, ...times })
})

test.each([
  ['outage', {}],
  ['outage', { since: T, toldAt: T, hosts: 'nas' }],
  ['outage', { since: T, toldAt: T, hosts: ['nas'], returned: [null] }],
  ['outage', { since: T, toldAt: T, hosts: ['nas'], named: 'nas' }],
  ['spans', [{ from: T }]],
  ['spans', 'none'],
  ['changedAt', [T, null]],
  ['unstable', 'yes'],
])('of a site whose %s is garbled the rest is believed: %j', (key, part) => {
  const rest = { name: 'home', registeredAt: T, alerts: 2 }
  writeFileSync(siteFile(paths, 'home'), JSON.stringify({ ...rest, [key]: part }))
  const site = { name: 'home', registeredAt: Date.parse(T), alerts: 2, spans: [] }
  expect(keptOf(readSiteStates(paths).get('home'))).toEqual(site)
})

test.each([
  ['alerts', 'many'],
  ['serverDown', {}],
  ['botDown', null],
  ['absence', { from: T }],
  ['unreachable', { id: 'monitor:box:k3f9:1', since: T }],
  ['spans', 'none'],
])('of a monitor whose %s is garbled the rest is believed: %j', (key, part) => {
  const rest = { registeredAt: T, alerts: 0, absencesSeenUntilAt: T, lookingAgainAt: T, [key]: part }
  writeFileSync(join(paths.root, MONITOR_FILE), JSON.stringify(rest))
  const at = Date.parse(T)
  const monitor = { registeredAt: at, alerts: 0, absencesSeenUntilAt: at, lookingAgainAt: at }
  expect(keptOf(readMonitorState(paths, at + 5000))).toEqual(monitor)
})

/** Without what is not there. */
function keptOf(state: object | undefined): object {
  return Object.fromEntries(Object.entries(state ?? {}).filter(([, part]) => part !== undefined))
}

test('a monitor that begins here has told nothing, and blames nobody for what was before', () => {
  expect(readMonitorState(paths, 5000)).toEqual({ registeredAt: 5000, alerts: 0, absencesSeenUntilAt: 5000 })
  writeFileSync(join(paths.root, MONITOR_FILE), 'torn')
  expect(readMonitorState(paths, 6000)).toEqual({ registeredAt: 6000, alerts: 0, absencesSeenUntilAt: 6000 })
})

test('whatever the monitor has to remember of itself, it does', () => {
  const state: fc.Arbitrary<MonitorState> = fc.record(
    {
      registeredAt: time,
      alerts: fc.nat(),
      absencesSeenUntilAt: time,
      serverDown: fc.record({ id: fc.string(), sinceAt: time, pulseAt: time }, { requiredKeys: ['id', 'sinceAt'] }),
      botDown: fc.record({ id: fc.string(), sinceAt: time }),
      lookingAgainAt: time,
      unreachable: fc.record({ id: fc.string(), sinceAt: time, toldAt: time }),
      spans: fc.array(fc.record({ fromAt: time, toAt: time })),
      absence: fc.record({ fromAt: time, toAt: time, why: fc.constantFrom('not-running', 'asleep', 'stuck') }),
    },
    { requiredKeys: ['registeredAt', 'alerts', 'absencesSeenUntilAt'] },
  )
  fc.assert(
    fc.property(state, (monitor) => {
      write({ monitor })
      expect(readMonitorState(paths, 0)).toEqual(monitor)
    }),
  )
})

test('a round names what is written, added and removed, relative to the folder', () => {
  const line = { at: 1000, verdict: 'removed', reason: 'removed', sinceAt: 0 } as const
  const { write, append, remove } = commitOf(
    round({ hosts: new Map([['pi', undefined]]), history: [{ host: 'pi', line }] }),
  )
  expect(write.size).toBe(0)
  expect(remove).toEqual(['state/hosts/pi.json'])
  expect(append).toEqual([
    {
      file: 'history/pi.jsonl',
      text: '{"at":"1970-01-01T00:00:01.000Z","verdict":"removed","reason":"removed","since":"1970-01-01T00:00:00.000Z"}\n',
    },
  ])
  const served = commitOf(round({ remove: ['silences/a.json'] }))
  expect(served.remove).toEqual(['silences/a.json'])
  const site = { name: '../x', registeredAt: 0, alerts: 0, spans: [] }
  const [file = ''] = commitOf(round({ sites: new Map([[site.name, site]]) })).write.keys()
  expect(file).toMatch(/^state\/sites\/-x\.[0-9a-f]{12}\.json$/)
  expect(dirname(join(paths.root, MONITOR_FILE))).toBe(paths.state)
})

test('what the journal carries out again at a start is newer than what was gathered', () => {
  for (let index = 0; index < 1000; index++) {
    const state: HostState = {
      name: `h${index}`,
      registeredAt: 1,
      verdict: 'up',
      reason: 'signal',
      sinceAt: 1,
      alerts: 0,
    }
    write({ hosts: new Map([[state.name, state]]) })
  }
  const start = () => {
    Journal.open(realDisk, paths.root, Date.now())
    return readHostStates(paths, Date.now() + 10_000)
  }
  const before = start().get('h5')!
  const file = join(paths.stateHosts, 'h5.json')
  linkSync(file, `${file}.kept`)
  const down = { ...before, verdict: 'down' as const }
  Journal.open(realDisk, paths.root, 0).commit(commitOf(round({ hosts: new Map([['h5', down]]) })), { synced: false })
  // As if it had died before it carried that out.
  renameSync(`${file}.kept`, file)
  expect(start().get('h5')).toEqual(down)
  expect(start().size).toBe(1000)
})
