import { describe, expect, it } from 'vitest'
import type { EndpointConfig } from './config.ts'
import { Loop } from './loop.ts'
import type { Limits, Outcome } from './send.ts'

const config: EndpointConfig = {
  file: 'e.yml',
  version: '',
  url: 'http://box/signal',
  host: 'nas',
  user: 'u',
  password: 'p',
}
const OK: Outcome = { sent: true }
const DOWN: Outcome = { sent: false, reason: 'nothing listens', advice: 'Does the server run?' }
const HANGS = 'hangs'

interface Post {
  readonly at: number
  readonly unsent: number
  readonly event?: string
  readonly host: string
  readonly limits: Limits
}

/** A world with a clock of its own, in seconds: `outcome` answers each post. */
function world(outcome: (at: number) => Outcome | typeof HANGS, { random = 0.5, first = config } = {}) {
  let monotonic = 0
  let ahead = 0
  let timers: { at: number; call: () => void }[] = []
  const posts: Post[] = []
  const lines: string[] = []
  const line = (text: unknown) => void lines.push(`${monotonic / 1000}: ${String(text)}`)
  const loop = new Loop(
    {
      clock: { monotonic: () => monotonic, now: () => 1e12 + monotonic + ahead },
      after: (ms, call) => {
        const timer = { at: monotonic + ms, call }
        timers.push(timer)
        return () => {
          timers = timers.filter((other) => other !== timer)
        }
      },
      random: () => random,
      log: { info: line, warn: line },
      collect: ({ host }, run) => new URLSearchParams({ host, unsent: `${run?.unsent}`, event: run?.event ?? '' }),
      send: ({ host }, form, limits) => {
        const at = monotonic / 1000
        posts.push({ at, host, limits, unsent: Number(form.get('unsent')), event: form.get('event') || undefined })
        const answer = outcome(at)
        if (answer !== HANGS) return Promise.resolve(answer)
        return new Promise((resolve) => {
          const end = () => {
            limits.signal?.removeEventListener('abort', end)
            resolve(DOWN)
          }
          timers.push({ at: monotonic + limits.timeoutMs, call: end })
          limits.signal?.addEventListener('abort', end)
        })
      },
    },
    first,
  )
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  const until = async (second: number) => {
    for (await settle(); ; await settle()) {
      const next = timers.toSorted((a, b) => a.at - b.at)[0]
      if (!next || next.at > second * 1000) break
      timers = timers.filter((timer) => timer !== next)
      monotonic = Math.max(monotonic, next.at)
      next.call()
    }
    monotonic = second * 1000
  }
  const sleep = (seconds: number) => {
    ahead += seconds * 1000
  }
  const times = () => posts.map(({ at }) => Math.round(at * 10) / 10)
  return { loop, running: loop.run(), until, sleep, settle, posts, lines, times, waiting: () => timers.length }
}

describe('the loop', () => {
  it('posts at once and then each interval', async () => {
    const { until, times, lines } = world(() => OK)
    await until(100)
    expect(times()).toEqual([0, 30, 60, 90])
    expect(lines).toEqual(['0: nas reports to http://box/signal every 30 s'])
  })

  it.each([
    [0, 27],
    [1, 33],
  ])('varies the interval by a tenth (chance %d: %d s)', async (random, second) => {
    const { until, times } = world(() => OK, { random })
    await until(40)
    expect(times()[1]).toBe(second)
  })

  it('tries again sooner and sooner less often, up to the interval', async () => {
    const { until, times, posts } = world((at) => (at < 100 ? DOWN : OK))
    await until(200)
    expect(times()).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121, 151, 181])
    expect(posts.map(({ unsent }) => unsent)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0])
  })

  it('says when it begins to fail, each ten minutes, and when it is over', async () => {
    const { until, lines } = world((at) => (at < 30 || at > 1300 ? OK : DOWN))
    await until(1400)
    expect(lines).toEqual([
      '0: nas reports to http://box/signal every 30 s',
      '30: nas cannot report to http://box/signal: nothing listens. Does the server run? It keeps trying.',
      '631: nas still cannot report to http://box/signal: nothing listens. Does the server run? 25 unsent; it keeps trying.',
      '1231: nas still cannot report to http://box/signal: nothing listens. Does the server run? 45 unsent; it keeps trying.',
      '1321: nas reports again, after 47 unsent',
    ])
  })

  it.each([
    [1000, 2000],
    [5000, 5000],
    [60_000, 10_000],
  ])('bounds a post at an interval of %d ms to %d ms', async (intervalMs, timeoutMs) => {
    const { until, posts } = world(() => HANGS, { first: { ...config, intervalMs } })
    await until(0)
    expect(posts[0]?.limits.timeoutMs).toBe(timeoutMs)
  })

  it('outlives years of a hanging server, and holds one timer', async () => {
    const { until, posts, waiting, lines } = world(() => HANGS, { first: { ...config, intervalMs: 3_600_000 } })
    await until(3 * 86_400)
    expect(posts.at(-1)?.unsent).toBeGreaterThan(70)
    expect(waiting()).toBe(1)
    expect(lines.length).toBeLessThan(90)
  })

  it('posts within a second of waking, rather than wait out the interval', async () => {
    const { until, sleep, times } = world(() => OK)
    await until(5)
    sleep(3600)
    await until(50)
    expect(times()).toEqual([0, 6, 36])
  })

  it('is not moved by a clock that is set back', async () => {
    const { until, sleep, times } = world(() => OK)
    await until(5)
    sleep(-3600)
    await until(50)
    expect(times()).toEqual([0, 30])
  })

  it('follows an edit at once, and greets anew', async () => {
    const { loop, until, posts, lines } = world(() => OK)
    await until(5)
    loop.use({ ...config, host: 'pi', intervalMs: 10_000 })
    await until(20)
    expect(posts.map(({ at, host }) => [at, host])).toEqual([
      [0, 'nas'],
      [5, 'pi'],
      [15, 'pi'],
    ])
    expect(lines.at(-1)).toBe('5: pi reports to http://box/signal every 10 s')
  })

  it('claims no name where the token alone knows it', async () => {
    const { file, version, url } = config
    const first: EndpointConfig = { file, version, url, host: 'vm', token: '0123456789abcdef', hostIsImplied: true }
    const { loop, until, lines } = world((at) => (at < 1 ? DOWN : OK), { first })
    await until(5)
    await loop.stop()
    expect(lines).toEqual([
      '0: this machine cannot report to http://box/signal: nothing listens. Does the server run? It keeps trying.',
      '1: this machine reports to http://box/signal every 30 s, after 1 unsent',
      '5: this machine said goodbye',
    ])
  })

  it('follows an edit made during a post', async () => {
    const { loop, until, times, lines } = world((at) => (at < 1 ? HANGS : OK))
    await until(5)
    loop.use({ ...config, intervalMs: 20_000 })
    await until(35)
    expect(times()).toEqual([0, 10, 30])
    expect(lines.at(-1)).toBe('10: nas reports to http://box/signal every 20 s, after 1 unsent')
  })
})

describe('the goodbye', () => {
  it('is the last post, and ends the loop', async () => {
    const { loop, running, until, posts, lines, waiting } = world(() => OK)
    await until(5)
    await loop.stop()
    await running
    expect(posts.map(({ at, event }) => [at, event])).toEqual([
      [0, undefined],
      [5, 'goodbye'],
    ])
    expect(lines.at(-1)).toBe('5: nas said goodbye')
    expect(waiting()).toBe(0)
  })

  it('gives up the post under way, and itself after two seconds', async () => {
    const { loop, running, until, settle, posts, lines } = world(() => HANGS)
    await until(1)
    const stopped = loop.stop()
    await running
    expect(posts[0]?.limits.signal?.aborted).toBe(true)
    await until(3)
    await settle()
    await stopped
    expect(posts.at(-1)).toMatchObject({ event: 'goodbye', limits: { timeoutMs: 2000 } })
    expect(lines).toEqual(['3: nas could not say goodbye: nothing listens'])
  })
})
