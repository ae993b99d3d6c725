/** Honest reports of errors, as Error Monitor's SDKs and Sentry's send them, from projects that the server knows. */
import { projectId } from '../../shared/tokens.ts'
import type { Random } from '../random/randomness.ts'
import { JSON_TYPE, type Maker } from './draft.ts'
import { jsonText } from './hostile.ts'

const STACKS = [
  'Error: x\n    at Shop.pay (/app/shop.js:12:5)\n    at /app/node_modules/a/b.js:1:2',
  'Traceback (most recent call last):\n  File "/app/shop.py", line 12, in pay\n    total()\nValueError: x',
  '#0 /app/shop.php(12): Shop->pay(Array)\n#1 {main}',
  'pay@https://example.com/shop.js:12:5',
]

export const log: Maker = (random, { clients }, rate) => {
  const error = {
    type: 'TypeError',
    message: `total ${random.whole(1, 99)} is undefined`,
    severity: 'high',
    stack_trace: random.chance(0.3) ? [{ file: '/app/a.php', line: 3, function: 'pay' }] : random.pick(STACKS),
    file: '/app/shop.py',
    line: 12,
    release: '1.4',
    url: 'https://example.com/?token=abc',
    tags: { plan: 'free' },
    context: { user: { id: 7, email: 'maria@example.com' }, cart: [1, 2, { password: 'x' }] },
  }
  const project_token = random.pick(clients).token
  const said = random.chance(0.5)
    ? { project_token, error }
    : { project_token, errors: [{ error }, { project_token: random.pick(clients).token, error }] }
  return {
    method: 'POST',
    path: '/api/v1/log',
    query: '',
    headers: [JSON_TYPE],
    body: Buffer.from(jsonText(said, random, rate)),
  }
}

function eventOf(random: Random): object {
  return {
    event_id: 'fc6d8c0c43fc4630ad850ee518f1b9d0',
    timestamp: 1_700_000_000.5,
    level: 'error',
    platform: 'python',
    server_name: 'web-1',
    release: 'shop@1.4',
    environment: 'production',
    tags: random.chance(0.5) ? { plan: 'free' } : [['plan', 'free']],
    fingerprint: ['{{ default }}', `part-${random.whole(1, 9)}`],
    logentry: random.chance(0.3) ? { message: 'paid %s of %s', params: [1, 'two'] } : undefined,
    message: 'no total',
    exception: {
      values: [
        { type: 'KeyError', value: 'cart' },
        {
          type: 'ValueError',
          value: `no total ${random.whole(1, 99)}`,
          mechanism: { type: 'generic', handled: false },
          stacktrace: { frames: [{ filename: 'shop.py', lineno: 12, function: 'pay', in_app: true }] },
        },
      ],
    },
    request: { url: 'https://example.com/', method: 'POST', headers: { Cookie: 'a=b' }, query_string: [['q', '1']] },
    user: { id: '7', email: 'maria@example.com' },
    extra: { cart: [1, { password: 'x' }] },
    contexts: { runtime: { name: 'CPython', version: '3.13' }, trace: { trace_id: 'x' } },
    breadcrumbs: {
      values: [
        { timestamp: 1_700_000_000, category: 'http', data: { method: 'GET', url: '/cart', status_code: 200 } },
        { timestamp: '2026-01-01T00:00:00Z', type: 'user', message: 'clicked' },
      ],
    },
  }
}

function checkInOf(random: Random, name: string): object {
  return {
    check_in_id: '83a7c03ed0a04e1b97e2e3b18d38f244',
    monitor_slug: random.chance(0.5) ? name.toLowerCase() : `job-${random.whole(1, 400)}`,
    status: random.pick(['in_progress', 'ok', 'error']),
    duration: 12.5,
    monitor_config: {
      schedule: random.chance(0.5)
        ? { type: 'crontab', value: '0 3 * * *' }
        : { type: 'interval', value: 10, unit: 'minute' },
      checkin_margin: 5,
      max_runtime: 30,
      timezone: 'Europe/Lisbon',
    },
  }
}

export const sentry: Maker = (random, { clients }, rate) => {
  const { name, token } = random.pick(clients)
  const id = projectId(name)
  const prefix = random.pick(['', '', '/errors/here'])
  const inQuery = random.chance(0.4)
  const headers: [string, string][] = inQuery
    ? []
    : [['X-Sentry-Auth', `Sentry sentry_version=7, sentry_key=${token}, sentry_client=fuzz/1`]]
  const query = inQuery ? `?sentry_version=7&sentry_key=${token}` : ''
  if (random.chance(0.25)) {
    const body = Buffer.from(jsonText(eventOf(random), random, rate))
    return { method: 'POST', path: `${prefix}/api/${id}/store/`, query, headers: [...headers, JSON_TYPE], body }
  }
  const byDsn = random.chance(0.15)
  const parts = [
    jsonText(
      {
        event_id: 'fc6d8c0c43fc4630ad850ee518f1b9d0',
        dsn: byDsn ? `https://${token}@box.example.com/${id}` : undefined,
      },
      random,
      rate / 4,
    ),
  ]
  for (let items = random.whole(0, 3); items > 0; items--) {
    const type = random.pick(['event', 'event', 'check_in', 'session', 'client_report'])
    const payload = jsonText(type === 'check_in' ? checkInOf(random, name) : eventOf(random), random, rate)
    parts.push(jsonText({ type, length: lengthOf(payload, random, rate) }, random, rate / 4), payload)
  }
  return {
    method: random.chance(0.97) ? 'POST' : 'OPTIONS',
    path: `${prefix}/api/${id}/envelope/`,
    query: byDsn ? '' : query,
    headers: byDsn ? [] : headers,
    body: Buffer.from(parts.join('\n')),
  }
}

function lengthOf(payload: string, random: Random, rate: number): number | undefined {
  if (random.chance(0.3)) return undefined
  const length = Buffer.byteLength(payload)
  return random.chance(rate) ? random.pick([length - 1, length + 1, 0, -1, 2 ** 53, 0.5]) : length
}
