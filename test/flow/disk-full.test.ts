/**
 * The disk of the box is full in mid-flight, and then has room again, without anyone helping: what the server has
 * acknowledged is told, who fell meanwhile is told once, who reported is not accused, and people hear of the disk itself.
 * The disk is a small tmpfs: that takes root.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Box, freePort, PASSWORD, type Posted, postSignal, type Receiver, startReceiver, USER, until } from './box.ts'
import { Crowd, type Member } from './crowd.ts'

const SIZE_MB = 4
const NEWCOMERS = 60

const box = new Box()
const refusal = mountDisk()
const ballast = join(box.data, 'ballast')

/** @returns why there is none, in the system's words */
function mountDisk(): string | undefined {
  mkdirSync(box.data)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', box.data], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    rmSync(box.folder, { recursive: true })
    return String((error as { stderr?: Buffer }).stderr ?? error).trim()
  }
}

/** Fills the disk to the last byte. @returns the error that says so */
function fill(): string | undefined {
  const fd = openSync(ballast, 'a')
  const piece = Buffer.alloc(4096)
  try {
    for (;;) writeSync(fd, piece)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  } finally {
    closeSync(fd)
  }
}

describe.skipIf(refusal !== undefined)(
  refusal === undefined ? 'on a small disk' : `on a small disk (skipped: no tmpfs could be mounted: ${refusal})`,
  () => {
    const members: Member[] = Array.from({ length: 12 }, (_, index) => ({
      name: `host-${index}`,
      address: `198.51.${1 + index}.7`,
    }))
    const names = members.map(({ name }) => name)
    const fallen = names.slice(0, 4)
    let receiver: Receiver
    let port: number
    let crowd: Crowd

    beforeAll(async () => {
      port = await freePort()
      receiver = await startReceiver()
      box.configure(
        `server: { listen: "127.0.0.1:${port}", user: ${USER}, password: "${PASSWORD}", trustProxy: true }
defaults: { timeout: 5s, reminder: 1d }
channels: { hook: { type: webhook, url: "${receiver.url}" } }
`,
      )
      for (const program of ['server', 'checker'] as const) await box.start(program)
      crowd = new Crowd(port, members, 1000)
      crowd.start()
      await until('all told', () => names.every((name) => told('first-signal', name).length === 1))
    }, 60_000)

    afterAll(async () => {
      await crowd.end()
      for (const program of ['server', 'checker'] as const) await box.kill(program, 'SIGKILL')
      execFileSync('umount', [box.data])
      await box.remove()
      receiver.close()
    })

    /** Each alert once, however often it was posted. */
    function told(kind: string, name?: string): Posted[] {
      const alerts = new Map(receiver.posted.map((alert) => [alert.id, alert]))
      return [...alerts.values()].filter(
        (alert) => alert.kind === kind && (name === undefined || alert.hosts[0] === name),
      )
    }

    test('no acknowledged event is lost, and all is well again once there is room', async () => {
      const statuses: number[] = []
      const newcomers = Array.from({ length: NEWCOMERS }, (_, index) => `newcomer-${index}`)
      let heard = 0
      const arrive = async (some: readonly string[]) => {
        for (const host of some) {
          const post = async () => {
            const status = await postSignal(port, { host, interval: '1d' })
            statuses.push(status)
            return status === 200
          }
          await until(`${host} is heard`, post, 120_000)
          heard++
        }
      }
      await arrive(newcomers.slice(0, 10))
      // The last ones are not told yet, the others report all the time.
      crowd.fall(fallen)
      expect(fill()).toBe('ENOSPC')
      const arriving = arrive(newcomers.slice(10))
      await until('a refusal', () => statuses.includes(503))
      // Whatever was removed since made a little room.
      expect(fill()).toBe('ENOSPC')
      expect(await receiver.waitFor('process-down', undefined, 0)).toMatchObject({ process: 'checker', why: 'disk' })
      expect(heard).toBeLessThan(NEWCOMERS)

      rmSync(ballast)
      await arriving
      // Who tries again forty times a second is asked to wait: that is no acknowledgement either.
      expect(statuses.filter((status) => ![200, 429, 503].includes(status))).toEqual([])
      await until('what was acknowledged is told', () =>
        newcomers.every((host) => told('first-signal', host).length === 1),
      )
      await receiver.waitFor('process-up', undefined, 0)
      await until('the silent are told', () => fallen.every((name) => told('silent', name).length === 1))
      crowd.rise(fallen)
      await until('their end is told', () => fallen.every((name) => told('recovered', name).length === 1))

      expect(
        told('silent')
          .map(({ hosts }) => hosts[0])
          .sort(),
      ).toEqual(fallen)
      expect(told('recovered')).toHaveLength(fallen.length)
      expect(told('first-signal')).toHaveLength(names.length + NEWCOMERS)
    }, 240_000)
  },
)
