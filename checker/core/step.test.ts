/** One round: what is found, what changes, what is told. The stories (stories.test.ts) show how rounds add up. */
import { describe, expect, test } from 'vitest'
import type { InboxEvent } from '../../shared/inbox.ts'
import { PLAIN_HOST, PLAIN_SITE } from '../../test/plain.ts'
import type { Host } from './host.ts'
import type { HostState } from './state.ts'
import { step } from './step.ts'
import { apply, type Inputs, newWorld, type World } from './world.ts'

const START = 1_800_000_000
const s = (second: number) => (START + second) * 1000
const iso = (second: number) => new Date(s(second)).toISOString()
const host = (name: string, part: Partial<Host> = {}): Host => ({
  ...PLAIN_HOST,
  name,
  registeredAt: s(0),
  rhythm: { timeoutMs: 120_000, intervalMs: 30_000 },
  reminderMs: 3_600_000,
  ...part,
})
const up = (name: string, part: Partial<HostState> = {}): HostState => ({
  name,
  registeredAt: s(0),
  verdict: 'up',
  reason: 'first-signal',
  sinceAt: s(1),
  heardAt: s(1),
  alerts: 1,
  ...part,
})
const world = (states: HostState[] = [], heard: Record<string, number> = {}): World => ({
  ...newWorld({
    hosts: new Map(states.map((state) => [state.name, state])),
    sites: new Map(),
    monitor: { registeredAt: s(0), alerts: 0, absencesSeenUntilAt: s(0) },
  }),
  heard: new Map(Object.entries(heard).map(([name, second]) => [name, s(second)])),
})
const inputs = (
  second: number,
  {
    look = [],
    ...part
  }: Omit<Partial<Inputs>, 'look'> & {
    look?: string[]
    registered?: Host[]
    read?: Record<string, number>
  },
): Inputs => ({
  hosts: new Map((part.registered ?? []).map((one) => [one.name, one])),
  site: (name) => ({ ...PLAIN_SITE, name }),
  look: new Set(look),
  readings: new Map(Object.entries(part.read ?? {}).map(([name, heardS]) => [name, s(heardS)])),
  events: [],
  silences: [],
  pulseAt: s(second),
  absences: [],
  monitor: 'box',
  reminderMs: 3_600_000,
  lookingSinceAt: s(0),
  ...part,
})
const firstOf = (name: string, second: number): InboxEvent => ({ kind: 'first', host: name, at: iso(second) })

test('a host that reports in time changes nothing, and is looked at when it should be heard next', () => {
  const nas = up('nas')
  const round = step(
    world([nas], { nas: 30 }),
    inputs(60, { registered: [host('nas')], look: ['nas'], read: { nas: 60 } }),
    s(60),
  )
  expect(round).toEqual({
    hosts: new Map(),
    sites: new Map(),
    monitor: undefined,
    heard: new Map([['nas', s(60)]]),
    sights: new Map([['nas', { beforeAt: s(30) }]]),
    returns: new Map(),
    frozen: new Map(),
    alerts: [],
    history: [],
    runs: [],
    remove: [],
    // One and a half intervals, and the fraction of a second that is cut off: so its gaps are known.
    lookAt: new Map([['nas', s(106)]]),
    wanted: new Set(),
    probe: undefined,
  })
})

test('who is not looked at is not touched, though it may be long silent', () => {
  const round = step(world([up('nas')]), inputs(9000, { registered: [host('nas')] }), s(9000))
  expect([round.hosts.size, round.alerts, round.lookAt.size]).toEqual([0, [], 0])
})

test('a first signal is told though its .host file is not there yet', () => {
  const round = step(world(), inputs(5, { registered: [host('pi')], events: [firstOf('pi', 4.7)] }), s(5))
  expect(round.alerts).toMatchObject([
    { kind: 'first-signal', id: `host:pi:${s(0).toString(36)}:1`, hosts: ['pi'], heardAt: s(4) },
  ])
  expect(round.hosts.get('pi')).toMatchObject({ verdict: 'up', reason: 'first-signal', heardAt: s(4), alerts: 1 })
  expect(round.history).toEqual([
    {
      host: 'pi',
      line: { at: s(5), verdict: 'up', reason: 'first-signal', sinceAt: s(4), alert: round.alerts[0]!.id },
    },
  ])
})

test('events of hosts that nobody registered are passed over', () => {
  const events: InboxEvent[] = [firstOf('ghost', 1), { kind: 'goodbye', host: '__proto__', at: iso(1) }]
  const round = step(world(), inputs(5, { events }), s(5))
  expect([round.hosts.size, round.alerts, round.history]).toEqual([0, [], []])
})

test('a host that is no longer registered is dropped, and its history says so', () => {
  const before = world([up('nas', { verdict: 'down', sinceAt: s(50) })], { nas: 50 })
  const round = step(before, inputs(600, { look: ['nas'], read: { nas: 50 } }), s(600))
  expect(round.hosts).toEqual(new Map([['nas', undefined]]))
  expect(round.alerts).toEqual([])
  expect(round.history).toEqual([
    { host: 'nas', line: { at: s(600), verdict: 'removed', reason: 'removed', sinceAt: s(50) } },
  ])
  apply(before, round)
  expect([before.hosts.size, before.heard.size]).toEqual([0, 0])
})

test('one that was registered anew under the same name begins anew: its alerts have other ids', () => {
  const before = world([
    up('nas', { alerts: 7, verdict: 'down', outage: { id: 'old', sinceAt: s(1), toldAt: s(200) } }),
  ])
  const again = host('nas', { registeredAt: s(500) })
  const round = step(
    before,
    inputs(510, { registered: [again], events: [firstOf('nas', 510)], read: { nas: 510 } }),
    s(510),
  )
  expect(round.history.map(({ line }) => line.verdict)).toEqual(['removed', 'up'])
  expect(round.alerts.map(({ id, kind }) => [id, kind])).toEqual([
    [`host:nas:${s(500).toString(36)}:1`, 'first-signal'],
  ])
  expect(round.hosts.get('nas')).toMatchObject({ registeredAt: s(500), alerts: 1 })
})

test('silence is told with all that is known, and what was said in the outage explains its end', () => {
  const nas = host('nas', { site: 'home', note: 'green button', tags: ['family'] })
  const box = world([up('nas')])
  const registered = [nas]
  const events: InboxEvent[] = [{ kind: 'goodbye', host: 'nas', at: iso(60.4) }]
  apply(box, step(box, inputs(61, { registered, events, read: { nas: 60 } }), s(61)))
  const silence = step(box, inputs(181, { registered, look: ['nas'], read: { nas: 60 } }), s(181))
  expect(silence.alerts).toEqual([
    {
      id: `host:nas:${s(0).toString(36)}:2`,
      outage: `host:nas:${s(0).toString(36)}:2`,
      kind: 'silent',
      hosts: ['nas'],
      tags: ['family'],
      monitor: 'box',
      at: s(181),
      sinceAt: s(60),
      heardAt: s(60),
      site: 'home',
      note: 'green button',
      timeoutMs: 120_000,
      intervalMs: 30_000,
      nextReminderAt: s(3781),
      missedAt: undefined,
      goodbyeAt: s(60) + 400,
    },
  ])
  apply(box, silence)
  const account = { rebooted: true, agentRestarted: true, up: 60 }
  const back = step(
    box,
    inputs(900, { registered, events: [{ kind: 'account', host: 'nas', at: iso(900), account }], read: { nas: 900 } }),
    s(900),
  )
  expect(back.alerts).toMatchObject([
    {
      kind: 'recovered',
      outage: silence.alerts[0]!.id,
      sinceAt: s(60),
      heardAt: s(900),
      downMs: 840_000,
      cause: { kind: 'rebooted', at: s(840), goodbye: true },
    },
  ])
  expect(back.hosts.get('nas')).toMatchObject({
    verdict: 'up',
    outage: undefined,
    account: undefined,
    goodbyeAt: undefined,
  })
})

test('a host whose site was silent, by a state that is lost, goes on by itself', () => {
  const outage = { sinceAt: s(30), toldAt: s(200), site: 'home' }
  const nas = up('nas', { verdict: 'down', reason: 'site-silent', sinceAt: s(30), heardAt: s(30), outage })
  const look = { registered: [host('nas', { site: 'home' })], look: ['nas'], read: { nas: 30 } }
  const round = step(world([nas], { nas: 30 }), inputs(400, look), s(400))
  expect(round.alerts.map(({ kind }) => kind)).toEqual(['silent'])
  const { id, site } = round.hosts.get('nas')?.outage ?? {}
  expect([id, site]).toEqual([round.alerts[0]?.id, undefined])
})

test('nothing is believed before the round is on disk: a step leaves the world as it was', () => {
  const box = world([up('nas')], { nas: 1 })
  const copy = structuredClone(box)
  const found = inputs(600, {
    registered: [host('nas'), host('pi')],
    look: ['nas', 'pi'],
    events: [firstOf('pi', 599)],
    read: { nas: 1, pi: 599 },
  })
  const first = step(box, found, s(600))
  expect(first.alerts).toHaveLength(2)
  expect(box).toEqual(copy)
  // The disk refused: the same round again tells the same, under the same ids.
  expect(step(box, found, s(601)).alerts.map(({ id }) => id)).toEqual(first.alerts.map(({ id }) => id))
  apply(box, first)
  expect([...box.hosts.values()].map(({ name, verdict }) => [name, verdict])).toEqual([
    ['nas', 'down'],
    ['pi', 'up'],
  ])
  expect(step(box, { ...found, events: [] }, s(601)).alerts).toEqual([])
})

test('a reading is kept only of hosts that there are', () => {
  const box = world([up('nas')])
  apply(box, step(box, inputs(60, { registered: [host('nas')], look: ['nas'], read: { nas: 60, ghost: 60 } }), s(60)))
  expect(box.heard).toEqual(new Map([['nas', s(60)]]))
})

test('the monitor waits for hosts that are up and report by themselves, by their newest reading', () => {
  const schedule = { next: () => s(99_999), graceMs: 1 }
  const registered = [host('nas'), host('pi'), host('gone'), host('job', { rhythm: { timeoutMs: 1, schedule } })]
  const states = [up('nas'), up('pi'), up('gone', { verdict: 'down' }), up('job'), up('unknown')]
  const box = world(states, { nas: 90, pi: 90, gone: 50, job: 50 })
  const absences = [{ fromAt: s(100), toAt: s(700), deaf: true, why: 'asleep' } as const]
  const round = step(box, inputs(820, { registered, absences, look: ['pi'], read: { pi: 815 } }), s(820))
  expect(round.alerts).toMatchObject([
    { kind: 'monitor-was-down', heard: 1, of: 2, waitingFor: ['nas'], waitingUntilAt: s(821) },
  ])
  expect(round.monitor).toMatchObject({ alerts: 1, absencesSeenUntilAt: s(700) })
})

describe('the history of a silence says', () => {
  const nas = host('nas', { site: 'home' })
  const silent = (part: Parameters<typeof inputs>[1], second = 400) =>
    step(
      world([up('nas')], { nas: 60 }),
      inputs(second, { registered: [nas], look: ['nas'], read: { nas: 60 }, ...part }),
      s(second),
    )

  test('when it was due, by which settings, and what of our own moved that moment', () => {
    const absences = [
      { fromAt: s(10), toAt: s(20), deaf: true, why: 'stuck' },
      { fromAt: s(65), toAt: s(75), deaf: true, why: 'asleep' },
      { fromAt: s(300), toAt: s(310), deaf: true, why: 'stuck' },
    ] as const
    const { history, alerts } = silent({ absences })
    expect(history.map(({ host: name, line }) => [name, line])).toEqual([
      [
        'nas',
        {
          at: s(400),
          verdict: 'down',
          reason: 'no-signal',
          sinceAt: s(60),
          alert: alerts[0]!.id,
          dueAt: s(191),
          timeoutMs: 120_000,
          intervalMs: 30_000,
          absences: [{ fromAt: s(65), toAt: s(75), why: 'asleep' }],
        },
      ],
    ])
  })

  test.each<[string, Partial<Host>, Inputs['silences'], string]>([
    ['a silence', {}, [{ id: 'a', kind: 'silence', target: 'all', fromAt: s(0), by: '' }], 'silence'],
    ['a pause', {}, [{ id: 'a', kind: 'pause', target: 'host:nas', fromAt: s(0), by: '' }], 'pause'],
    ['maintenance', { maintenanceUntil: (now) => now + 1 }, [], 'maintenance'],
    ['that it is only shown', { alerted: false }, [], 'not-alerted'],
    ['that it sleeps by design', { sleeps: true }, [], 'away'],
  ])('why nobody was told: %s', (_, part, silences, hidden) => {
    const { history, alerts } = silent({ registered: [{ ...nas, ...part }], silences })
    expect(alerts).toEqual([])
    expect(history).toMatchObject([{ line: { verdict: 'down', hidden, alert: undefined } }])
  })

  test('the site that fell with it, and its alert', () => {
    const registered = [nas, host('pi', { site: 'home' })]
    const box = world([up('nas'), up('pi')], { nas: 60, pi: 60 })
    const { history, alerts } = step(
      box,
      inputs(400, { registered, look: ['nas', 'pi'], read: { nas: 60, pi: 60 } }),
      s(400),
    )
    expect(alerts).toMatchObject([{ kind: 'site-silent', site: 'home', hosts: ['nas', 'pi'] }])
    const line = { verdict: 'down', reason: 'site-silent', site: 'home', alert: alerts[0]!.id, sinceAt: s(60) }
    expect(history).toMatchObject([
      { host: 'nas', line },
      { host: 'pi', line },
    ])
  })

  test('the run of a job that was missed', () => {
    const schedule = { next: (at: number) => (at < s(100) ? s(100) : s(9999)), graceMs: 50_000 }
    const { history } = silent({ registered: [{ ...nas, rhythm: { timeoutMs: 1, schedule } }] })
    expect(history).toMatchObject([
      { line: { reason: 'missed-schedule', dueAt: s(150), timeoutMs: 50_000, missedAt: s(100), sinceAt: s(60) } },
    ])
  })
})
