import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Log } from '../shared/log.ts'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { type ProcessName, writePulse } from '../shared/pulse.ts'
import { createWatchdog, getStatus, whatIsWrong } from './watchdog.ts'

const URL_A = 'https://hc.example.com/ping/secret-a?key=b'
const URL_B = 'https://user:secret@other.example.net:8443/c'

let nowMs: number
let wrong: string | undefined
let answer: (url: string, signal: AbortSignal) => Promise<number>
let asked: [second: number, url: string][]
let logged: string[]

beforeEach(() => {
  nowMs = 1000
  wrong = undefined
  answer = async () => 200
  asked = []
  logged = []
})

const say = (text: unknown) => void logged.push(String(text))
const log: Log = { debug: say, info: say, warn: say, error: say }

function watchdog(urls = [URL_A], random = () => 0) {
  return createWatchdog({
    urls,
    unwell: () => wrong,
    get: (url, signal) => {
      asked.push([nowMs / 1000, url])
      return answer(url, signal)
    },
    monotonic: () => nowMs,
    random,
    log,
  })
}

/** What was asked for is answered within the second. */
async function pass({ beat }: { beat(): void }, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    beat()
    await new Promise(setImmediate)
    nowMs += 1000
  }
}

describe('while all is well', () => {
  test('each URL is requested every minute', async () => {
    await pass(watchdog([URL_A, URL_B]), 130)
    expect(asked.map(([second]) => second)).toEqual([1, 1, 61, 61, 121, 121])
    expect(new Set(asked.map(([, url]) => url))).toEqual(new Set([URL_A, URL_B]))
    expect(logged).toEqual([])
  })

  test('the first one comes at a moment of its own, within the first minute', async () => {
    await pass(
      watchdog([URL_A], () => 0.5),
      100,
    )
    expect(asked.map(([second]) => second)).toEqual([31, 91])
  })

  test('one that hangs is not asked twice at once, and what comes late is not logged', async () => {
    answer = (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const dog = watchdog()
    await pass(dog, 130)
    expect(asked).toHaveLength(1)
    dog.stop()
  })
})

describe('while something is wrong', () => {
  test('nothing is requested, which is logged once; and told within a second when it is over', async () => {
    const dog = watchdog([URL_A, URL_B])
    wrong = 'no pulse of the server'
    await pass(dog, 300)
    expect(asked).toEqual([])
    expect(logged).toEqual(['the watchdogs are not told that all is well here: no pulse of the server'])
    wrong = undefined
    await pass(dog, 1)
    expect(asked.map(([second]) => second)).toEqual([301, 301])
    await pass(dog, 60)
    expect(asked).toHaveLength(4)
    expect(logged.slice(1)).toEqual(['all is well here again: the watchdogs are told'])
  })
})

describe('a watchdog that fails', () => {
  test.each([
    ['an error of the server', async () => 500, 'HTTP 500'],
    ['a page that is gone', async () => 404, 'HTTP 404'],
    [
      'a refused connection',
      () => Promise.reject(Object.assign(new Error(`connect to ${URL_A}`), { code: 'ECONNREFUSED' })),
      'ECONNREFUSED',
    ],
    ['an error without a code', () => Promise.reject(new Error(`cannot get ${URL_A}`)), 'no answer'],
  ])('%s is logged once until it works again, without the secret of the URL', async (_, fail, reason) => {
    const dog = watchdog()
    answer = fail
    await pass(dog, 300)
    expect(asked).toHaveLength(5)
    expect(logged).toEqual([
      `watchdog hc.example.com: ${reason}: not told that all is well here; tried again each minute`,
    ])
    answer = async () => 204
    await pass(dog, 120)
    expect(logged.slice(1)).toEqual(['watchdog hc.example.com: told again that all is well here'])
  })

  test('delays no other, and neither user nor password of its URL is logged', async () => {
    answer = async (url) => (url === URL_B ? 500 : 200)
    await pass(watchdog([URL_A, URL_B]), 61)
    expect(asked).toHaveLength(4)
    expect(logged.join('\n')).toMatch(/^watchdog other\.example\.net:8443: HTTP 500: [^\n]*$/)
  })
})

test('once stopped, nothing is requested and nothing is logged', async () => {
  answer = (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const dog = watchdog()
  await pass(dog, 1)
  dog.stop()
  await pass(dog, 120)
  expect(asked).toHaveLength(1)
  expect(logged).toEqual([])
})

describe('what is wrong with us', () => {
  const NOW = Date.UTC(2026, 10, 21, 12, 3)
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'watchdog-'))
    prepareDataFolder(dataPaths(folder))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const judge = (
    pulses: Partial<Record<ProcessName, number>>,
    { botRuns = true, troubled = false, waitingMs = 0 } = {},
  ) => {
    const paths = dataPaths(folder)
    for (const [name, ageMs] of Object.entries(pulses)) writePulse(paths, name as ProcessName, NOW - ageMs)
    return whatIsWrong({ paths, botRuns, now: () => NOW, inTrouble: () => troubled, oldestWaitingMs: () => waitingMs })
  }
  const ALIVE = { server: 1000, checker: 0, bot: 10_000 }

  test.each([
    ['all run', ALIVE, {}, undefined],
    ['the server stopped', { ...ALIVE, server: 11_000 }, {}, 'no pulse of the server'],
    ['the bot never ran', { server: 0, checker: 0 }, {}, 'no pulse of the bot'],
    ['no bot is configured', { server: 0, checker: 0 }, { botRuns: false }, undefined],
    ['a pulse is from another time, for the clock was set', { ...ALIVE, bot: -3_600_000 }, {}, 'no pulse of the bot'],
    ['rounds fail', ALIVE, { troubled: true }, 'rounds of the checker fail'],
    ['an alert waits a little', ALIVE, { waitingMs: 300_000 }, undefined],
    ['an alert waits and waits', ALIVE, { waitingMs: 430_000 }, 'an alert has been waiting for 7 min'],
  ] as const)('%s', (_, pulses, options, expected) => {
    expect(judge(pulses, options)).toBe(expected)
  })
})

describe('the real request', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
  })
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping`
  }
  const patience = () => AbortSignal.timeout(10_000)

  test('follows a redirect, and tells the status it ends with', async () => {
    const end = await serve((_, response) => response.writeHead(204).end())
    const url = await serve((_, response) => response.writeHead(302, { Location: end }).end())
    expect(await getStatus(url, patience())).toBe(204)
  })

  test('tells an error of the server as its status', async () => {
    expect(await getStatus(await serve((_, response) => response.writeHead(503).end('later')), patience())).toBe(503)
  })

  test('does not wait for the end of an answer that has none', async () => {
    const url = await serve((_, response) => {
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', pour)
      pour()
    })
    expect(await getStatus(url, patience())).toBe(200)
  })

  test('ends when it is given up', async () => {
    const gone = new AbortController()
    const url = await serve(() => gone.abort())
    await expect(getStatus(url, gone.signal)).rejects.toThrow()
  })
})
