/** SDKs that report errors: Error Monitor's in Python and PHP, Sentry's in Python and Node. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Monitor } from './monitor.ts'
import { client, need, program, pythonWith, run } from './programs.ts'

const monitor = new Monitor()
beforeAll(() => monitor.start())
afterAll(() => monitor.close())

test.concurrent("Error Monitor's Python SDK: a heartbeat, an error with its traceback, a batch; at a doubled base", async ({
  skip,
}) => {
  const python = need(pythonWith('requests'), 'python3-requests', skip)
  const { token } = await monitor.add('shop', '--type', 'bot')
  const answers = ['200 Heartbeat received', '200 Error logged', '200 2 of 2 errors logged', '']
  expect(await run(python, [client('error_monitor.py'), monitor.at, token])).toEqual({
    code: 0,
    output: answers.join('\n'),
  })

  await monitor.shows('shop', { status: 'alive', type: 'bot', version: '1.0.0', metadata: { env: 'production' } })
  const divided = { type: 'ZeroDivisionError', message: 'division by zero', place: 'error_monitor.py:40 checkout' }
  const missing = { type: 'KeyError', message: "'total'", place: 'error_monitor.py:40 checkout' }
  await monitor.showsErrors('shop', [
    { ...missing, count: 1 },
    { ...divided, count: 2 },
  ])
  await monitor.tells('error', 'shop', { errorType: 'ZeroDivisionError', place: divided.place, level: 'error' })
  await monitor.tells('error', 'shop', {
    text: expect.stringMatching(
      /^🚨 shop: new error \(.+\)\nKeyError: 'total'\nerror_monitor\.py:40 checkout, called by /,
    ),
  })
  const samples = await monitor.samples('shop', 'division by zero')
  expect(samples[0]).toMatchObject({ context: { important: 'data' } })
  expect(JSON.stringify(samples)).not.toContain('of-a-person')
})

test.concurrent('PHP with curl, as a website reports to Error Monitor', async ({ skip }) => {
  const php = need(program('php', '--ri', 'curl'), 'php-cli php-curl', skip)
  const { token } = await monitor.add('site', '--type', 'website')
  expect(await run(php, [client('error_monitor.php'), monitor.at, token])).toEqual({
    code: 0,
    output: '200 Heartbeat received\n200 Error logged\n',
  })
  await monitor.shows('site', { status: 'alive', metadata: { environment: 'production' } })
  const place = expect.stringMatching(/^error_monitor\.php:\d+ share$/)
  await monitor.showsErrors('site', [{ type: 'DivisionByZeroError', message: 'Division by zero', place, count: 1 }])
  await monitor.tells('error', 'site', { errorType: 'DivisionByZeroError', place })
})

test.concurrent("Sentry's Python SDK: errors caught and not, a message, breadcrumbs, a job that checks in", async ({
  skip,
}) => {
  const python = need(pythonWith('sentry_sdk'), 'python3-sentry-sdk', skip)
  const { dsn } = await monitor.add('api')
  const { code, output } = await run(python, [client('sentry_sdk_job.py'), dsn, 'import'])
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('nobody caught this') })

  const common = { environment: 'staging', releases: [expect.objectContaining({ name: 'shop@1.4.2' })], count: 1 }
  const divided = { type: 'ZeroDivisionError', message: 'division by zero', level: 'error', crash: false }
  await monitor.showsErrors('api', [
    { ...common, type: 'KeyError', message: "'nobody caught this'", level: 'error', crash: true },
    { ...common, type: 'Message', message: 'stock is low', level: 'warning' },
    { ...common, ...divided, place: expect.stringMatching(/^sentry_sdk_job\.py:\d+ total$/) },
  ])
  await monitor.tells('error', 'api', { errorType: 'ZeroDivisionError', release: 'shop@1.4.2', environment: 'staging' })
  await monitor.tells('error', 'api', { message: 'stock is low', level: 'warning' })
  await monitor.tells('error', 'api', { errorType: 'KeyError', crash: true })
  const samples = await monitor.samples('api', 'division by zero')
  expect(samples[0]).toMatchObject({
    tags: { plan: 'free' },
    context: { cart: { items: 0 } },
    breadcrumbs: [{ category: 'cart', message: 'opened the cart' }, { message: 'the cart is empty' }],
  })
  expect(JSON.stringify(samples)).not.toContain('of-a-person')

  await monitor.shows('import', { condition: 'failed' })
  expect(await monitor.host('import')).toMatchObject({
    registered: { origin: 'project', project: 'api', has_token: false },
    settings: { schedule: '0 3 * * *', timezone: 'Europe/Lisbon', grace: 1800 },
    run: null,
  })
  await monitor.tells('failed', 'import')
})

test.concurrent("Sentry's Node SDK: errors caught and not, a message, breadcrumbs, a job that checks in", async () => {
  const { dsn } = await monitor.add('web')
  const { code, output } = await run(process.execPath, [client('sentry.mjs'), dsn, 'cleanup'])
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('nobody caught this') })

  const common = { environment: 'production', releases: [expect.objectContaining({ name: 'shop@2.0.0' })], count: 1 }
  const undefinedCoupon = "Cannot read properties of undefined (reading 'percent')"
  const typed = { type: 'TypeError', message: undefinedCoupon, level: 'error', crash: false }
  await monitor.showsErrors('web', [
    { ...common, type: 'Message', message: 'stock is low', level: 'warning' },
    { ...common, type: 'RangeError', message: 'nobody caught this', level: 'fatal', crash: true },
    { ...common, ...typed, place: expect.stringMatching(/^sentry\.mjs:\d+ applyCoupon$/) },
  ])
  await monitor.tells('error', 'web', { errorType: 'TypeError', release: 'shop@2.0.0' })
  await monitor.tells('error', 'web', { errorType: 'RangeError', crash: true })
  const samples = await monitor.samples('web', undefinedCoupon)
  expect(samples[0]).toMatchObject({
    server: 'web-1',
    tags: { plan: 'free' },
    context: { extra: { cart: 'empty' } },
    breadcrumbs: [{ category: 'cart', message: 'opened the cart' }],
  })
  expect(JSON.stringify(samples)).not.toContain('of-a-person')

  await monitor.shows('cleanup', { status: 'alive', condition: 'fine' })
  expect(await monitor.host('cleanup')).toMatchObject({
    registered: { origin: 'project', project: 'web', has_token: false },
    settings: { timeout: 720 },
    run: null,
  })
  await monitor.tellsAll('cleanup', ['first-signal'])
})
