import { expect, test } from 'vitest'
import type { Report } from '../shared/report.ts'
import { type Circumstances, isPlain, meaningOf } from './meaning.ts'
import type { Signal } from './signal.ts'

const NOON = Date.parse('2026-11-21T12:00:00Z')
const now: Circumstances = {
  first: false,
  everyHeartbeat: false,
  address: '203.0.113.7',
  suspended: undefined,
  at: NOON,
}
const known: Report = { address: '203.0.113.7' }
const running: Report = { ...known, runId: 'r1', runStartedAt: NOON - 90_000 }
const failed: Report = { ...known, status: 'failed', message: 'no space' }

/** Kind of event, and what matters of it. */
function eventsOf(fields: Partial<Signal>, before: Report, circumstances: Partial<Circumstances> = {}): unknown[] {
  const { events } = meaningOf({ host: 'job', ...fields }, before, { ...now, ...circumstances })
  return events.map((event) => {
    const { kind, host, at, ...rest } = JSON.parse(JSON.stringify(event))
    expect([host, at]).toEqual(['job', '2026-11-21T12:00:00.000Z'])
    return Object.keys(rest).length === 0 ? kind : { [kind]: rest }
  })
}

const ended = (rest: object) => ({ 'run-ended': { failed: false, ends: true, ...rest } })
const bad = (rest: object) => ({ status: { status: 'failed', ...rest } })
const good = { status: { status: 'ok' } }

test.each<[string, Partial<Signal>, Report, unknown[]]>([
  ['a start', { event: 'start', run: 'r1' }, known, [{ 'run-started': { id: 'r1' } }]],
  ['a start of who failed', { event: 'start' }, failed, ['run-started']],
  ['a log', { event: 'log', message: 'hello' }, running, [{ log: { message: 'hello' } }]],
  ['a success without a start', { event: 'success' }, known, []],
  ['a success of the same run', { event: 'success', run: 'r1' }, running, [ended({ durationMs: 90_000 })]],
  ['a success without a run', { event: 'success' }, running, [ended({ durationMs: 90_000 })]],
  ['a success of another run', { event: 'success', run: 'r2' }, running, [ended({ ends: false })]],
  ['a success of a run of whom none is known', { event: 'success', run: 'r2' }, known, []],
  ['a success, by its exit status', { exitStatus: 0 }, running, [ended({ durationMs: 90_000, exitStatus: 0 })]],
  ['a heartbeat beside a run', {}, running, []],
  ['a failure of another run', { event: 'fail', run: 'r2' }, running, [ended({ failed: true }), bad({})]],
  [
    'an exit status over 0',
    { exitStatus: 2, durationMs: 5000, output: 'no space' },
    known,
    [
      ended({ failed: true, ends: false, exitStatus: 2, durationMs: 5000, output: 'no space' }),
      bad({ exitStatus: 2, output: 'no space' }),
    ],
  ],
  ['a failure, again', { event: 'fail' }, failed, [ended({ failed: true, ends: false }), bad({})]],
  ['a success of who failed', { event: 'success' }, failed, [ended({ ends: false }), good]],
  ['a good word of who failed', { status: 'ok' }, failed, [good]],
  ['a heartbeat of who failed', {}, failed, []],
  ['a heartbeat of who had an error', {}, { ...known, status: 'error' }, [good]],
])('%s', (_, fields, before, expected) => {
  expect(eventsOf(fields, before)).toEqual(expected)
})

test.each<[string, Partial<Signal>, Report, Partial<Report>]>([
  [
    'a start leaves its words',
    { event: 'start', run: 'r2', message: 'x' },
    failed,
    { runId: 'r2', runStartedAt: NOON, message: 'no space', status: 'failed' },
  ],
  ['a log leaves all', { event: 'log', message: 'x' }, running, running],
  ['but what it declares', { event: 'log', timeoutMs: 90_000_000 }, running, { ...running, timeoutMs: 90_000_000 }],
  ['an end ends the run', { event: 'success' }, running, { runId: undefined, runStartedAt: undefined }],
  [
    'the success of another run does not',
    { event: 'success', run: 'r2' },
    running,
    { runId: 'r1', runStartedAt: NOON - 90_000 },
  ],
  ['who failed has failed until it says more', {}, failed, { status: 'failed' }],
  [
    'progress is dated',
    { progress: '2' },
    { ...known, progress: '1', progressAt: 5 },
    { progress: '2', progressAt: NOON },
  ],
  [
    'and keeps its date',
    { progress: '1' },
    { ...known, progress: '1', progressAt: 5 },
    { progress: '1', progressAt: 5 },
  ],
  [
    'a schedule once declared stays',
    {},
    { ...known, schedule: '0 3 * * *', timezone: 'UTC', graceMs: 5 },
    { schedule: '0 3 * * *', timezone: 'UTC', graceMs: 5 },
  ],
  [
    'an interval takes its place',
    { timeoutMs: 5 },
    { ...known, schedule: '0 3 * * *', timezone: 'Asia/Tokyo' },
    { timeoutMs: 5, schedule: undefined, timezone: undefined },
  ],
  [
    'another one brings its own zone',
    { schedule: '0 4 * * *' },
    { ...known, schedule: '0 3 * * *', timezone: 'Asia/Tokyo' },
    { schedule: '0 4 * * *', timezone: undefined },
  ],
  ['the last output stays', {}, { ...known, output: 'done' }, { output: 'done' }],
])('%s', (_, fields, before, expected) => {
  const { report } = meaningOf({ host: 'job', ...fields }, before, now)
  expect(report).toMatchObject(expected)
})

test('a start and a log are not heard, whoever speaks first', () => {
  for (const event of ['start', 'log'] as const) {
    expect(meaningOf({ host: 'job', event }, {}, { ...now, first: true }).heard).toBe(false)
    expect(eventsOf({ event }, {}, { first: true })).not.toContain('first')
  }
  expect(eventsOf({ event: 'success' }, running, { first: true })).toEqual(['first', ended({ durationMs: 90_000 })])
})

test('each heartbeat of whom that is told makes an event, with what it says of itself', () => {
  const said = { version: '1.2', message: 'all well', metadata: { users: 3 } }
  expect(eventsOf(said, known, { everyHeartbeat: true })).toEqual([{ heartbeat: said }])
  expect(eventsOf({ event: 'log' }, known, { everyHeartbeat: true })).toEqual(['log'])
})

test('what makes an event or changes the report is never taken for a plain heartbeat', () => {
  const values: Partial<Signal>[] = [
    {},
    { event: 'success' },
    { event: 'start' },
    { event: 'fail' },
    { event: 'log' },
    { event: 'goodbye' },
    { status: 'ok' },
    { status: 'error' },
    { exitStatus: 0 },
    { durationMs: 5 },
    { unsent: 2 },
    { suspended: 50 },
    { progress: '1' },
    { metadata: { a: 1 } },
    { message: 'hello' },
    { output: 'done' },
    { timeoutMs: 5 },
    { boot: 'b2' },
  ]
  const reports = [known, running, failed, { ...known, status: 'ok', message: 'hello', boot: 'b1' } satisfies Report]
  for (const before of reports) {
    for (const fields of values) {
      for (const everyHeartbeat of [false, true]) {
        const signal = { host: 'job', ...fields }
        const circumstances = { ...now, everyHeartbeat, suspended: 3 }
        const { changed, events, heard } = meaningOf(signal, before, circumstances)
        expect(isPlain(signal, before, circumstances)).toBe(!changed && events.length === 0 && heard)
      }
    }
  }
})
