/** Clients that send a pulse: the lines that `monitora host add` prints, pasted into a shell, and loops in Python. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Monitor } from './monitor.ts'
import { client, need, program, pythonWith, run, shell } from './programs.ts'

const EXTERNAL = '/api/v1/endpoints/_checked/external'

const monitor = new Monitor()
beforeAll(() => monitor.start())
afterAll(() => monitor.close())

test('every line of curl that host add prints works as it is pasted', async ({ skip }) => {
  need(program('curl'), 'curl', skip)
  const { lines } = await monitor.add('pasted', '--type', 'website')
  const pasted = [...lines].filter(([, line]) => line.startsWith('curl '))
  expect(pasted.map(([title]) => title)).toEqual([
    'Monitora',
    'Healthchecks',
    'Uptime Kuma (push monitors)',
    'MishPulse',
    'Gatus (external endpoints)',
    'Error Monitor',
  ])
  for (const [title, line] of pasted) expect({ title, ...(await shell(line)) }).toMatchObject({ title, code: 0 })
  await monitor.shows('pasted', { status: 'alive', condition: 'fine', type: 'website' })
  await monitor.tellsAll('pasted', ['first-signal'])
})

test('curl at a ping URL: a run begins, ends well, fails with a status and a log, and is well again', async ({
  skip,
}) => {
  const curl = need(program('curl'), 'curl', skip)
  const { ping } = await monitor.add('pinged')
  const ask = async (ending: string, ...more: string[]) =>
    expect(await run(curl, ['-fsS', ...more, `${ping}${ending}`])).toEqual({ code: 0, output: 'OK' })

  await ask('/start')
  expect(await monitor.host('pinged')).toMatchObject({ run: { id: null }, last_seen: null })
  await ask('')
  await monitor.shows('pinged', { status: 'alive', condition: 'fine' })
  expect(await monitor.host('pinged')).toMatchObject({ run: null })
  await ask('/7', '--data-raw', 'tar: /mnt/usb: no space left\nexiting')
  await monitor.shows('pinged', { condition: 'failed' })
  await monitor.tells('failed', 'pinged', {
    exitStatus: 7,
    text: expect.stringMatching(
      /^🔴 pinged failed \(.+\)\nExit status 7\.\nIt wrote last:\ntar: \/mnt\/usb: no space left\nexiting$/,
    ),
  })
  await ask('/0')
  await monitor.tells('cleared', 'pinged')
  await ask('/fail')
  await monitor.shows('pinged', { condition: 'failed' })
  await ask('', '--head', '-o', '/dev/null', '-w', 'OK')
  await monitor.tellsAll('pinged', ['first-signal', 'failed', 'cleared', 'failed', 'cleared'])
})

test('what checks push, as Uptime Kuma and Gatus take it, is down with its words and up again', async ({ skip }) => {
  const curl = need(program('curl'), 'curl', skip)
  const { token } = await monitor.add('Checked')
  const push = (query: string) => run(curl, ['-fsS', `${monitor.at}/api/push/${token}?${query}`])
  const external = (query: string) =>
    run(curl, ['-fsS', '-X', 'POST', '-H', `Authorization: Bearer ${token}`, `${monitor.at}${EXTERNAL}?${query}`])

  expect(await push('status=down&msg=no%20route&ping=')).toEqual({ code: 0, output: '{"ok":true}' })
  await monitor.tells('failed', 'Checked', { message: 'no route' })
  await push('status=up&msg=OK&ping=12.3')
  await monitor.shows('Checked', { condition: 'fine' })
  expect(await external('success=false&error=timeout&duration=10s')).toEqual({ code: 0, output: '' })
  await monitor.tells('failed', 'Checked', { message: 'timeout' })
  await external('success=true&duration=250ms')
  await monitor.tellsAll('Checked', ['first-signal', 'failed', 'cleared', 'failed', 'cleared'])
})

test("MishPulse's loop is heard, says what is wrong, and goes on after a restart of the server", async ({ skip }) => {
  const python = need(pythonWith('requests'), 'python3-requests', skip)
  const { lines } = await monitor.add('worker')
  const url = /http\S+/.exec(lines.get('MishPulse')!)![0]
  const loop = spawn(python, [client('mishpulse.py'), url], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const answers = createInterface(loop.stdout)[Symbol.asyncIterator]()
    const beat = async (line: string) => {
      loop.stdin.write(`${line}\n`)
      expect((await answers.next()).value).toBe('200 {"result":"ok"}')
    }
    await beat('ok')
    await monitor.shows('worker', { status: 'alive', message: null })
    await beat('no database')
    await monitor.shows('worker', { status: 'error', message: 'no database' })
    await monitor.tells('error', 'worker', {
      text: expect.stringMatching(/^🟠 worker reports an error \(.+\)\n"no database"$/),
    })

    await monitor.box.kill('server', 'SIGTERM')
    await monitor.box.start('server')
    await beat('ok')
    await monitor.shows('worker', { status: 'alive', condition: 'fine' })
    await monitor.tellsAll('worker', ['first-signal', 'error', 'cleared'])
  } finally {
    const ended = once(loop, 'exit')
    loop.stdin.end()
    await ended
  }
})
