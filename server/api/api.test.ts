/** What the read API tells of hosts in every state, in the words of each contract. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectId } from '../../shared/tokens.ts'
import { ADMIN, ago, agoInSeconds, CONFIG, furnish, GROUP, TOKEN } from '../../test/furnished.ts'
import { beginReadingServer, type ReadingServer } from '../../test/reading-server.ts'

let server: ReadingServer
beforeAll(async () => {
  server = await beginReadingServer(CONFIG)
  furnish(server.config.paths)
})
afterAll(() => server.end())

const ask = async (path: string) => {
  const answer = await server.get(path, { authorization: `Bearer ${ADMIN}` })
  expect([path, answer.status]).toEqual([path, 200])
  return JSON.parse(answer.body)
}

test('the list has MishPulse’s words, and ours beside them', async () => {
  const rows: Record<string, unknown>[] = await ask('/api/status')
  expect(rows.map(({ name, status, condition }) => `${name} ${status} ${condition}`)).toEqual([
    'nas warning warning',
    'backup error failed',
    'buy_bot alive fine',
    'sell_bot dead silent',
    'new_bot new never',
    'shop error error',
    'laptop alive away',
    'resting alive paused',
    'printer warning unstable',
  ])
  expect(rows[0]).toEqual({
    name: 'nas',
    status: 'warning',
    last_seen: agoInSeconds(5),
    condition: 'warning',
    type: null,
    site: 'home',
    message: 'disk 91 % full',
    version: '1.2',
    since: null,
    metadata: { disk: { full: 91 } },
    paused: false,
    silenced: true,
  })
  expect(rows[4]).toMatchObject({ last_seen: null, silenced: false })
  expect(rows.filter(({ paused }) => paused).map(({ name }) => name)).toEqual(['resting'])
})

test('Bot Monitoring’s list is of bots only, and says whether they run', async () => {
  expect(await ask('/status')).toEqual({ buy_bot: 'Running', sell_bot: 'Not Running', new_bot: 'Unknown' })
})

test('Error Monitor’s lists count what is active', async () => {
  const projects: Record<string, unknown>[] = await ask('/api/v1/projects')
  expect(projects.find(({ name }) => name === 'shop')).toEqual({
    id: projectId('shop'),
    name: 'shop',
    type: 'website',
    url: 'https://shop.example.com/x',
    status: 'active',
    last_heartbeat: agoInSeconds(7),
    version: null,
    health: 'error',
  })
  expect(projects.find(({ name }) => name === 'resting')).toMatchObject({ status: 'paused', type: 'other' })
  expect(await ask('/api/v1/api/v1/stats')).toMatchObject({
    total_errors: 8,
    error_groups: 2,
    total_projects: 9,
    active_projects: 8,
    hosts: { silent: 1, away: 1, fine: 1 },
  })
})

test('a host is told with all that is known of it, and never a secret', async () => {
  expect(await ask('/api/hosts/shop')).toMatchObject({
    registered: { at: ago(90_000), origin: 'added', project: null, has_token: true },
    settings: { type: 'website', url: 'https://shop.example.com/x', site: 'office', timeout: 300, reminder: 21_600 },
    report: { status: 'error', address: '192.0.2.7', progress: '7', last_words: 'bye' },
    verdict: { verdict: 'up', trouble: { kind: 'error', failures: 3, exit_status: null } },
    due: ago(-294),
    run: null,
  })
  expect(await ask('/api/hosts/nas')).toMatchObject({
    settings: {
      timeout: 120,
      interval: 30,
      scheduled: false,
      tags: ['family'],
      note: 'hall cupboard',
      maintenance: [{ for: 3600 }],
    },
    registered: { has_token: true },
    verdict: null,
    due: ago(-116),
    hushes: [{ kind: 'maintenance', of: 'site' }],
  })
  expect(await ask('/api/hosts/backup')).toMatchObject({
    settings: { scheduled: true, schedule: '0 3 * * *', grace: 3600 },
    report: { status: 'failed', output: 'tar: no space' },
    run: { id: 'r1', started: ago(60) },
  })
  expect(await ask('/api/hosts/sell_bot')).toMatchObject({ due: null, verdict: { outage: { since: ago(900) } } })
  expect(await ask('/api/hosts/printer')).toMatchObject({ verdict: { since: null, outage: null } })
  const all = await Promise.all(
    ['/api/status', '/api/hosts/nas', '/api/hosts/shop', '/api/v1/projects', '/metrics'].map((path) =>
      server.get(path, { authorization: `Bearer ${ADMIN}` }),
    ),
  )
  for (const secret of [TOKEN, ADMIN, 'f00d', 'hidden', 'secret'])
    expect(all.map(({ body }) => body).join()).not.toContain(secret)
})

test('a history is told of the span that was asked for, also that of a host that is gone', async () => {
  const path = '/api/hosts/sell_bot/history'
  expect(await ask(`${path}?from=${ago(1000)}&to=${ago(700)}`)).toEqual({
    name: 'sell_bot',
    from: ago(1000),
    to: ago(700),
    up: 100,
    down: 200,
    known: 300,
    outages: [{ from: ago(900), to: ago(700) }],
    changes: [
      {
        at: ago(780),
        verdict: 'down',
        reason: 'no-signal',
        since: ago(900),
        alert: 'host:sell_bot:x:1',
        due: ago(780),
        timeout: 120,
        interval: null,
        missed: null,
        absences: [{ from: ago(850), to: ago(840), why: 'asleep' }],
        hidden: null,
        site: null,
      },
    ],
  })
  expect((await ask(path)).changes).toHaveLength(2)
  expect((await ask('/api/hosts/removed/history')).changes).toHaveLength(1)
  expect((await ask('/api/hosts/nas/history')).known).toBe(0)
})

test('nobody was up in the future', async () => {
  const [{ up, known }, later] = [
    await ask('/api/hosts/sell_bot/history?from=2020-01-01'),
    await ask('/api/hosts/sell_bot/history?from=2020-01-01&to=9999-12-31'),
  ]
  expect(later.known - known).toBeLessThan(60)
  expect(later.up - up).toBeLessThan(60)
  expect(known).toBeGreaterThan(0)
  expect(await ask('/api/hosts/sell_bot/history?from=9998-01-01&to=9999-12-31')).toMatchObject({ up: 0, known: 0 })
})

test.each([
  ['from=1970-01-01', '1970-01-01T00:00:00.000Z'],
  ['from=2024-02-29T10:00:00Z', '2024-02-29T10:00:00.000Z'],
  ['from=2026-02-28T24:00:00Z', '2026-03-01T00:00:00.000Z'],
  ['from=2026-03-01T00:00:00%2B14:00', '2026-02-28T10:00:00.000Z'],
  ['from=2026-03-01&to=9999-12-31T23:59:59Z', '2026-03-01T00:00:00.000Z'],
  ['from=0000-01-01', undefined],
  ['from=1969-12-31', undefined],
  ['from=1970-01-01T00:00:00%2B14:00', undefined],
  ['to=0000-01-01', undefined],
  ['to=9999-12-31T23:59:59-14:00', undefined],
  ['to=%2B010000-01-01T00:00:00Z', undefined],
  ['from=2026-02-31', undefined],
  ['from=2026-02-31T10:00:00Z', undefined],
  ['from=2025-02-29', undefined],
  ['from=2026-00-10', undefined],
])('a history of %s begins at %s', async (query, from) => {
  const { status, body } = await server.get(`/api/hosts/nas/history?${query}`)
  expect([status, JSON.parse(body).from]).toEqual([from === undefined ? 400 : 200, from])
})

test('errors are listed with the newest first, and one is told with its samples', async () => {
  const rows: Record<string, unknown>[] = await ask('/api/errors')
  expect(rows.map(({ group, count, resolved }) => [group, count, resolved])).toEqual([
    [GROUP, 7, null],
    ['0000000000000000', 1, { at: ago(3), by: 'cli' }],
  ])
  expect(await ask('/api/errors?project=shop')).toEqual(rows)
  expect(await ask('/api/errors?project=other')).toEqual([])
  expect(await ask(`/api/errors/shop/${GROUP}`)).toMatchObject({
    ...rows[0],
    samples: [
      {
        type: 'TypeError',
        frames: [{ file: 'cart.ts', line: 88, in_app: true }, { in_app: false }],
        tags: { plan: 'free' },
        breadcrumbs: [{ message: 'clicked' }],
      },
    ],
  })
})
