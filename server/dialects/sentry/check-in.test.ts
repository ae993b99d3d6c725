/** Check-ins of jobs: in envelopes, and as the line of a crontab. */
import { expect, test } from 'vitest'
import { projectId } from '../../../shared/tokens.ts'
import { fakeDoors, speak } from '../../../test/fakes/doors.ts'
import type { Signal } from '../../signal.ts'
import type { Asked, Opened } from '../dialect.ts'
import { sentry } from '../sentry.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const ID = projectId('Shop')
const QUERY = `sentry_key=${KEY}`
const doors = fakeDoors({
  hosts: {
    Shop: { token: KEY },
    other: { token: 'f'.repeat(32) },
    import: { project: 'Shop' },
    elsewhere: { project: 'other' },
    Nightly: { scheduled: true },
    guarded: { scheduled: true, token: 'a'.repeat(32) },
    nas: {},
  },
})

const lines = (...parts: unknown[]) => parts.map((part) => JSON.stringify(part)).join('\n')
const post = (body: string) => speak(sentry, doors, { method: 'POST', url: `/api/${ID}/envelope/?${QUERY}`, body })!

const CHECK_IN_ID = 'a14e1011925d4f10b2e8a253541d47a5'
const config = {
  schedule: { type: 'crontab', value: '0 3 * * *' },
  checkin_margin: 5,
  max_runtime: 30,
  timezone: 'Europe/Lisbon',
}
const checkIn = (more: object) =>
  post(lines({}, { type: 'check_in' }, { check_in_id: CHECK_IN_ID, monitor_slug: 'new-job', status: 'ok', ...more }))

test.each<[string, object, Partial<Signal>]>([
  [
    'begins',
    { status: 'in_progress', monitor_config: config },
    {
      event: 'start',
      run: CHECK_IN_ID,
      schedule: '0 3 * * *',
      timezone: 'Europe/Lisbon',
      graceMs: 300_000,
      maxRunMs: 1_800_000,
    },
  ],
  ['has ended', { monitor_config: {}, duration: 1.5 }, { event: 'success', run: CHECK_IN_ID, durationMs: 1500 }],
  ['has failed', { status: 'error', check_in_id: '0'.repeat(32), monitor_config: {} }, { event: 'fail' }],
  [
    'recurs after a while',
    { monitor_config: { schedule: { type: 'interval', value: 2, unit: 'hour' }, checkin_margin: 10 } },
    { event: 'success', run: CHECK_IN_ID, timeoutMs: 7_800_000 },
  ],
  [
    'says no margin',
    { monitor_config: { schedule: { type: 'interval', value: 5, unit: 'minute' } } },
    { event: 'success', run: CHECK_IN_ID, timeoutMs: 360_000 },
  ],
  [
    'has a schedule that is none',
    { monitor_config: { ...config, schedule: { type: 'crontab', value: '0 25 * * *' } } },
    { event: 'success', run: CHECK_IN_ID, maxRunMs: 1_800_000, timeoutMs: 32 * 86_400_000 },
  ],
  [
    'has a time zone that is none',
    { monitor_config: { ...config, timezone: 'Mars/Olympus' } },
    { event: 'success', run: CHECK_IN_ID, maxRunMs: 1_800_000, timeoutMs: 32 * 86_400_000 },
  ],
  [
    'has a schedule of seconds',
    { monitor_config: { schedule: { type: 'crontab', value: '* * * * * *' } } },
    { event: 'success', run: CHECK_IN_ID, timeoutMs: 32 * 86_400_000 },
  ],
])('a job that %s', (_, more, signal) => {
  const { status, body, deeds } = checkIn(more)
  expect(status).toBe(200)
  expect(JSON.parse(body)).toHaveProperty('id')
  expect(deeds).toEqual([
    { kind: 'signal', signal: { host: 'new-job', ...signal }, subject: undefined, project: 'Shop' },
  ])
})

test.each<[string, object, string | undefined]>([
  ['itself', { monitor_slug: 'shop' }, 'Shop'],
  ['a job that came through it', { monitor_slug: 'import' }, 'import'],
  ['a job of the configuration', { monitor_slug: 'nightly' }, 'Nightly'],
  ['a new job, in lower case', { monitor_slug: 'New', monitor_config: {} }, 'new'],
  ['nobody that it does not describe', { monitor_slug: 'unknown' }, undefined],
  ["another project's job", { monitor_slug: 'elsewhere', monitor_config: {} }, undefined],
  ['another project', { monitor_slug: 'other', monitor_config: {} }, undefined],
  ['a job with a token', { monitor_slug: 'guarded', monitor_config: {} }, undefined],
  ['a host that is no job', { monitor_slug: 'nas', monitor_config: {} }, undefined],
  ['a status that is none', { monitor_slug: 'import', status: 'party' }, undefined],
])('the key speaks for %s: %o', (_, more, host) => {
  const { status, deeds } = checkIn(more)
  expect(status).toBe(200)
  expect(deeds.map((deed) => deed.kind === 'signal' && deed.signal.host)).toEqual(host === undefined ? [] : [host])
  if (host !== 'new') for (const deed of deeds) expect(deed).toHaveProperty('project', undefined)
})

test.each<[string, string | undefined]>([
  ['myapp.tasks.cleanup', 'myapp-tasks-cleanup'],
  ['add every 10', 'add-every-10'],
  ['Nightly Backup', 'nightly-backup'],
  [' Nightly!', 'Nightly'],
  ['IMPORT', 'import'],
  ['-As_Sent-', '-as_sent-'],
  ['__proto__', '__proto__'],
  ['../a/../b//', 'a-b'],
  [`${'x'.repeat(64)}.`, 'x'.repeat(64)],
  ['x'.repeat(65), `${'x'.repeat(57)}-9537c5`],
  [`${'x'.repeat(64)}y`, `${'x'.repeat(57)}-96a61e`],
  [`${'x'.repeat(56)}.yyyyyyyyy`, `${'x'.repeat(56)}-c0d0b0`],
  [`x${'-'.repeat(1_000_000)}y`, 'x-9e0118'],
  [`x${'.'.repeat(130)}`, 'x-383e88'],
  ['Ночной backup-db', 'backup-db-b8b6d6'],
  ['Дневной Backup-DB', 'backup-db-b644ae'],
  ['Отчёт 1', 'job-ba71f6'],
  ['ОТЧЁТ 1', 'job-ba71f6'],
  ['Бэкап 1', 'job-f54bcf'],
  ['Сайт Shop', 'shop-a7d9c0'],
  ['🔥', 'job-ed8d83'],
  ['...', undefined],
  ['', undefined],
])('a check-in of %s is one of the host %s', (monitor_slug, host) => {
  const { deeds } = checkIn({ monitor_slug, monitor_config: config })
  expect(deeds.map((deed) => deed.kind === 'signal' && deed.signal.host)).toEqual(host === undefined ? [] : [host])
})

const called = '^Shop: by its DSN came a check-in of'
const inYaml = (name: string) =>
  `schedule and without a token in monitora.yml \\(hosts: { ${name}: { schedule: … } }\\)`
const dsn = (name: string) => `own DSN, http://TOKEN@SERVER/${projectId(name)}`
test.each<[object, string]>([
  [
    { monitor_slug: 'guarded' },
    `${called} guarded that .*token of its own.*${dsn('guarded')} .*\\./monitora host rotate guarded .*unless it stands in monitora.yml`,
  ],
  [{ monitor_slug: 'Guarded!' }, `${called} guarded \\("Guarded!"\\) that .*token of its own`],
  [{ monitor_slug: 'other' }, 'token of its own'],
  [
    { monitor_slug: 'nas' },
    `no job of Shop; if .*${inYaml('nas')}.*\\./monitora host rotate nas .*${dsn('nas')}: .*shared password no longer`,
  ],
  [{ monitor_slug: 'elsewhere' }, `job of other; report by the DSN of other, .*${inYaml('elsewhere')}`],
  [
    { monitor_slug: 'who', monitor_config: undefined },
    `${called} who that .*no such host.*${inYaml('who')}.*\\./monitora host add who .*${dsn('who')}`,
  ],
  [{ monitor_slug: 'who', status: 'party' }, 'in_progress, ok and error'],
  [{ monitor_slug: 'twice' }, 'case'],
  [
    { monitor_slug: `\n\u202eда\u0000${'а'.repeat(100)}`, status: 'party' },
    `${called} job-ffae72 \\("да\u0430{1,62}"\\) `,
  ],
  [{ monitor_slug: '..\n.' }, `${called} ".. ." `],
  [{ monitor_slug: { a: 1 } }, `${called} "" `],
])('what is left out is remarked, with the reason: %o', (more, remark) => {
  const given = { monitor_slug: 'x', status: 'ok', monitor_config: config, ...more }
  const opened = sentry.open(
    { method: 'POST', path: `/api/${ID}/envelope/`, query: QUERY, headers: {} },
    { ...doors, bySlug: (slug) => (slug === 'twice' ? 'ambiguous' : doors.bySlug(slug)) },
  )
  const sent = lines(
    {},
    { type: 'check_in' },
    given,
    { type: 'check_in' },
    { ...given, monitor_slug: 'import', status: 'ok' },
  )
  const asked = (opened as Opened).read(Buffer.from(sent)) as Asked
  expect(asked.deeds).toHaveLength(1)
  expect(asked.remarks).toEqual([expect.stringMatching(new RegExp(remark))])
})

const cron = (slug: string, more = '', body = '', key = KEY, id = ID) =>
  speak(sentry, doors, {
    method: body === '' ? 'GET' : 'POST',
    url: `/api/${id}/cron/${slug}/${key}/${more}`,
    body,
  })!
test.each<[string, string, string, Partial<Signal>]>([
  ['import', '?status=ok', '', { host: 'import', event: 'success' }],
  ['Import', '?status=in_progress&environment=dev', '', { host: 'import', event: 'start' }],
  ['nightly', `?check_in_id=${CHECK_IN_ID}&status=error`, '', { host: 'Nightly', event: 'fail', run: CHECK_IN_ID }],
  ['nightly', '?status=ok&duration=1.5', '', { host: 'Nightly', event: 'success', durationMs: 1500 }],
  ['nightly', '?status=ok&monitor_slug=import', '', { host: 'Nightly', event: 'success' }],
  [
    'new%20job',
    '',
    JSON.stringify({ status: 'ok', monitor_config: config }),
    { host: 'new-job', schedule: '0 3 * * *' },
  ],
  ['new', '?status=error', '{"monitor_config":{}}', { host: 'new', event: 'fail' }],
])("a crontab's line for %s%s %s", (slug, query, body, signal) => {
  const answer = cron(slug, query, body)
  expect([answer.status, answer.body]).toEqual([202, '{}'])
  expect(answer.deeds).toMatchObject([{ kind: 'signal', signal }])
})

test("what is left out of a crontab's line is remarked, too", () => {
  const path = `/api/${ID}/cron/guarded/${KEY}`
  const opened = sentry.open({ method: 'GET', path, query: 'status=ok', headers: {} }, doors) as Opened
  expect((opened.read(Buffer.alloc(0)) as Asked).remarks).toEqual([expect.stringContaining('host rotate guarded')])
})

test.each<[string, Parameters<typeof cron>, number, boolean]>([
  ['of a wrong key', ['import', '?status=ok', '', '0'.repeat(32)], 403, true],
  ["of another project's key", ['import', '?status=ok', '', 'f'.repeat(32)], 403, true],
  ['of another number', ['import', '?status=ok', '', KEY, ID + 1], 403, true],
  ['without a status', ['import'], 400, false],
  ['with a status that is none', ['import', '?status=OKAY'], 400, false],
  ['with JSON that is torn', ['import', '', '{"status":"ok"'], 400, false],
  ['of a host with a token of its own', ['guarded', '?status=ok'], 202, false],
  ['of nobody', ['unknown', '?status=ok'], 202, false],
  ['of a name that cannot be read', ['%zz', '?status=ok'], 202, false],
])("a crontab's line %s changes nothing", (_, line, status, wrong) => {
  expect(cron(...line)).toMatchObject({ status, wrong, deeds: [] })
})

test('a schedule that never comes is not searched for: it takes no longer than another', () => {
  const never = { ...config, schedule: { type: 'crontab', value: '0 0 30 2 *' } }
  const items = Array.from({ length: 100 }, (_, index) => [
    { type: 'check_in' },
    { monitor_slug: `job-${index}`, status: 'ok', monitor_config: never },
  ])
  const { deeds } = post(lines({}, ...items.flat()))
  expect(deeds).toHaveLength(100)
  // Of one envelope the first few schedules are read.
  const declaring = deeds.filter((deed) => deed.kind === 'signal' && deed.signal.schedule !== undefined)
  expect(declaring).toEqual(deeds.slice(0, 5))
})
