/**
 * The clock of the box is set while real processes run (libfaketime): back and forth by an hour. Nobody is accused, the
 * server is not said to be down, and who really dies is told after its timeout all the same.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Box, freePort, PASSWORD, postSignal, type Receiver, startReceiver, USER } from './box.ts'

function library(): string | undefined {
  try {
    const folder = execFileSync('sh', ['-c', 'ls -d /usr/lib/*/faketime /usr/lib/faketime 2>/dev/null || true'])
    return folder
      .toString()
      .split('\n')
      .map((path) => join(path.trim(), 'libfaketime.so.1'))
      .find((path) => existsSync(path))
  } catch {
    return undefined
  }
}
const faketime = library()

describe.skipIf(faketime === undefined)('with libfaketime (skipped where it is not installed)', () => {
  const box = new Box()
  const offset = join(box.folder, 'offset')
  const alive = new Set(['nas', 'pi'])
  let receiver: Receiver
  let port: number
  let posting: NodeJS.Timeout

  const setClock = (text: string) => {
    writeFileSync(offset, text)
    utimesSync(offset, new Date(), new Date())
  }
  const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

  beforeAll(async () => {
    setClock('+0')
    box.env = {
      LD_PRELOAD: faketime,
      FAKETIME_TIMESTAMP_FILE: offset,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    port = await freePort()
    receiver = await startReceiver()
    box.configure(`server: { listen: "127.0.0.1:${port}", user: ${USER}, password: "${PASSWORD}" }
defaults: { timeout: 6s, reminder: 1h }
channels: { hook: { type: webhook, url: "${receiver.url}" } }
`)
    await box.start('server')
    await box.start('checker')
    posting = setInterval(() => {
      for (const host of alive) void postSignal(port, { host, interval: '1' })
    }, 1000)
  })

  afterAll(async () => {
    clearInterval(posting)
    // In order: killed, they would leave what libfaketime shares with their children.
    for (const program of ['checker', 'server'] as const) await box.kill(program, 'SIGTERM')
    await box.remove()
    receiver.close()
  })

  test('an hour back, an hour forth, twice: nothing is told but the death of one', async () => {
    await receiver.waitFor('first-signal', 'nas', 0)
    await receiver.waitFor('first-signal', 'pi', 0)
    await sleep(3000)
    for (const time of ['-3600', '+0', '+3600', '+0']) {
      setClock(time)
      await sleep(9300)
    }
    const accused = receiver.posted.filter(({ kind }) => kind !== 'first-signal')
    expect(accused.map(({ kind, hosts }) => [kind, ...hosts].join(' '))).toEqual([])

    setClock('-3600')
    await sleep(2500)
    alive.delete('nas')
    const diedAt = Date.now()
    const silent = await receiver.waitFor('silent', 'nas', diedAt, 30_000)
    expect(silent.arrivedAt - diedAt).toBeGreaterThan(4000)
    alive.add('nas')
    await receiver.waitFor('recovered', 'nas', diedAt, 30_000)
    expect(receiver.posted.filter(({ hosts }) => hosts[0] === 'pi').map(({ kind }) => kind)).toEqual(['first-signal'])
  }, 120_000)
})
