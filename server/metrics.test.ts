/** What /metrics says, and that Prometheus' own tool finds nothing wrong with it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readStatus } from '../shared/status.ts'
import { beginReadingServer, type ReadingServer } from '../test/reading-server.ts'
import { dialects } from './dialects/index.ts'
import { createMetrics } from './metrics.ts'
import { createHistogram, textOf } from './prometheus.ts'
import type { Outcome } from './signal.ts'
import { createTally } from './tally.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const RIGHT = { ...FORM, authorization: `Basic ${Buffer.from('home:secret').toString('base64')}` }
const NOW = Math.floor(Date.now() / 1000) * 1000

let server: ReadingServer
beforeAll(async () => {
  server = await beginReadingServer('server: { user: home, password: secret }\nhosts: { quiet: {}, never: {} }\n')
  const { paths } = server.config
  writeFileSync(join(paths.hosts, 'quiet.host'), `${NOW / 1000 - 3600}\n`)
  writeFileSync(join(paths.alive, 'checker.host'), `${NOW / 1000}\n`)
  const letter = (file: string, at: number) =>
    writeFileSync(join(paths.outbox, file), JSON.stringify({ alert: { at: new Date(at).toISOString() } }))
  letter('a.json', NOW - 60_000)
  letter('b.json', NOW - 600_000)
  const folded = [NOW - 3_600_000, NOW - 30_000, NOW].map((at) => ({ at: new Date(at).toISOString() }))
  writeFileSync(join(paths.outbox, 'host.nas.1.3+3.family.json'), JSON.stringify({ alert: folded[2], folded }))
  writeFileSync(join(paths.outbox, 'torn.json'), '{"alert":null}')
  writeFileSync(join(paths.outbox, 'odd.json'), '{"alert":null,"folded":[null,"x"]}')
  writeFileSync(join(paths.failed, 'c.json'), '{}')
})
afterAll(() => server.end())

const valuesOf = (text: string) =>
  new Map(text.split('\n').flatMap((line) => (line.startsWith('#') || line === '' ? [] : [split(line)])))
const countersOf = (names: readonly string[]) =>
  Object.fromEntries(
    ['signals_accepted', 'errors_accepted', 'refused'].flatMap((what) =>
      names.map((name) => [`monitora_${what}_total{dialect="${name}"}`, 0]),
    ),
  )
const split = (line: string): [string, number] => {
  const space = line.lastIndexOf(' ')
  return [line.slice(0, space), Number(line.slice(space + 1))]
}

test('it counts what was said, kept and refused, and times the writing', async () => {
  const send = (body: string, headers: Record<string, string> = RIGHT) => server.ask('POST', '/signal', headers, body)
  for (let i = 0; i < 20; i++) expect((await send('host=nas')).status).toBe(200)
  expect((await send('host=nas', FORM)).status).toBe(401)
  expect((await send('host=..')).status).toBe(400)
  const answer = await server.get('/metrics')
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  const values = valuesOf(answer.body)
  expect(Object.fromEntries([...values].filter(([name]) => !/age_seconds|duration|process_/.test(name)))).toEqual({
    'monitora_hosts{condition="fine"}': 2,
    'monitora_hosts{condition="silent"}': 0,
    'monitora_hosts{condition="error"}': 0,
    'monitora_hosts{condition="warning"}': 0,
    'monitora_hosts{condition="failed"}': 0,
    'monitora_hosts{condition="never"}': 1,
    'monitora_hosts{condition="unstable"}': 0,
    'monitora_hosts{condition="away"}': 0,
    'monitora_hosts{condition="paused"}': 0,
    monitora_hosts_left_out: 0,
    // Of every dialect, though nobody spoke it yet.
    ...countersOf(dialects.map(({ name }) => name)),
    'monitora_signals_accepted_total{dialect="monitora"}': 20,
    'monitora_refused_total{dialect="monitora"}': 2,
    monitora_outbox_alerts: 7,
    monitora_deliveries_failed: 1,
    monitora_can_write: 1,
  })
  expect(values.get('monitora_host_signal_age_seconds{host="quiet"}')).toBeGreaterThanOrEqual(3600)
  expect(values.has('monitora_host_signal_age_seconds{host="never"}')).toBe(false)
  // That which has waited longest, though it became one message with newer ones.
  expect(values.get('monitora_outbox_oldest_age_seconds')).toBeGreaterThanOrEqual(3600)
  // The first of a host is an event; of the other nineteen the first and the seventeenth are timed.
  expect(values.get('monitora_write_duration_seconds_count{kind="event"}')).toBe(1)
  expect(values.get('monitora_write_duration_seconds_count{kind="heartbeat"}')).toBe(2)
  expect(values.get('monitora_process_running{process="checker"}')).toBe(1)
  expect(values.has('monitora_process_pulse_age_seconds{process="bot"}')).toBe(false)
  expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(1e7)
  expect(values.get('process_start_time_seconds')).toBeLessThanOrEqual(Date.now() / 1000)
})

const promtool = spawnSync('promtool', ['--version']).status === 0

// Debian's package `prometheus` has it; where the tests are to be complete it is there.
test.skipIf(!promtool && !process.env.CI)('promtool has nothing to say about it', async () => {
  await server.ask('POST', '/signal', RIGHT, 'host=nas')
  const { body } = await server.get('/metrics')
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' })
  expect([stdout, stderr, status]).toEqual(['', '', 0])
})

test('of more than a thousand hosts none has a series of its own', () => {
  const { config } = server
  mkdirSync(config.paths.registry, { recursive: true })
  const status = readStatus(config, NOW)
  const [host] = status.hosts
  const hosts = Array.from({ length: 1001 }, (_, index) => ({ ...host!, name: `h${index}`, heardAt: NOW }))
  const rows = hosts.map(({ name }) => ({ name, condition: 'fine' as const }) as never)
  const metrics = createMetrics({ tally: createTally(), monotonic: () => 0, canWrite: () => false })
  const values = valuesOf(metrics.text({ status: { ...status, hosts }, rows }, undefined))
  expect(values.get('monitora_hosts_left_out')).toBe(1001)
  expect(values.get('monitora_hosts{condition="fine"}')).toBe(1001)
  expect([...values.keys()].filter((name) => name.includes('signal_age'))).toEqual([])
  expect(values.get('monitora_can_write')).toBe(0)
})

test('what could not be kept is not timed', async () => {
  const metrics = createMetrics({ tally: createTally(), monotonic: () => 0, canWrite: () => true })
  const outcomes: (Outcome | Promise<Outcome>)[] = [
    'not-known',
    { cannotWrite: 'EIO' },
    Promise.resolve({ cannotWrite: 'EIO' }),
  ]
  const accept = metrics.timed(() => outcomes.shift()!)
  const settled = [accept({} as never, ''), accept({} as never, ''), await accept({} as never, '')]
  expect(settled).toEqual(['not-known', { cannotWrite: 'EIO' }, { cannotWrite: 'EIO' }])
  const snapshot = { status: readStatus(server.config, NOW), rows: [] }
  const counts = [...valuesOf(metrics.text(snapshot, undefined))].filter(([name]) => name.includes('_count'))
  expect(counts.map(([, value]) => value)).toEqual([0, 0])
})

test('a histogram counts each in its bucket and in all above; labels cannot break a line', () => {
  const histogram = createHistogram([0.1, 1])
  for (const seconds of [0.05, 0.1, 0.5, 7]) histogram.observe(seconds)
  const samples = histogram.samples({ kind: 'a"b\\c\nd' })
  expect(textOf([{ name: 'x_seconds', help: 'Two\nlines', type: 'histogram', samples }])).toBe(
    `# HELP x_seconds Two\\nlines
# TYPE x_seconds histogram
x_seconds_bucket{kind="a\\"b\\\\c\\nd",le="0.1"} 2
x_seconds_bucket{kind="a\\"b\\\\c\\nd",le="1"} 3
x_seconds_bucket{kind="a\\"b\\\\c\\nd",le="+Inf"} 4
x_seconds_sum{kind="a\\"b\\\\c\\nd"} 7.65
x_seconds_count{kind="a\\"b\\\\c\\nd"} 4
`,
  )
})
