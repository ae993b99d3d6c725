/** Jobs are real processes here, and the server that they are reported to is a real one. */

import { lookup } from 'node:dns'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { EndpointConfig } from './config.ts'
import { type JobDeps, runJob } from './job.ts'
import { createResolver } from './resolver.ts'
import { createSend } from './send.ts'

const OK = '{"message":"Signal Registered"}'
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** @param answer the status to answer each form with, in turn; 0: none at all */
async function serverThat(answer: (form: URLSearchParams, index: number) => number = () => 200) {
  const forms: Record<string, string>[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const form = new URLSearchParams(body)
    forms.push(Object.fromEntries(form))
    const status = answer(form, forms.length - 1)
    if (status > 0) response.writeHead(status).end(OK)
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/signal`
  const config: EndpointConfig = {
    file: 'e.yml',
    version: '',
    url,
    host: 'nas',
    site: 'home',
    user: 'home',
    password: 's3cret',
  }
  return { forms, config }
}

function world({ merged = false, terminal = false } = {}) {
  const out = new PassThrough()
  const err = new PassThrough()
  const signals = new EventEmitter()
  const complaints: string[] = []
  const deps: JobDeps = {
    out,
    err,
    merged,
    terminal,
    signals,
    monotonic: () => performance.now(),
    wait: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
    send: createSend(createResolver(lookup)),
    complain: (text) => complaints.push(text),
  }
  const written = { out: collected(out), err: collected(err) }
  return { deps, signals, complaints, written }
}

function collected(stream: PassThrough): { readonly content: Buffer } {
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  return {
    get content() {
      return Buffer.concat(parts)
    },
  }
}

const sh = (script: string) => ['sh', '-c', script]

describe('what is reported', () => {
  test('a start, and a success with how long it took and what was written last', async () => {
    const { forms, config } = await serverThat()
    const { deps, complaints } = world()
    const job = { name: 'backup', command: sh('echo one; echo two >&2; sleep 0.2'), config }
    expect(await runJob(deps, job)).toBe(0)
    const [start, end] = forms
    expect(start).toEqual({ host: 'backup', site: 'home', run: expect.stringMatching(/^[\w-]{36}$/), event: 'start' })
    expect(end).toMatchObject({ host: 'backup', site: 'home', run: start!.run, event: 'success', exit: '0' })
    expect(Number(end!.duration)).toBeGreaterThan(0.15)
    expect(end!.output!.split('\n').sort()).toEqual(['one', 'two'])
    expect(complaints).toEqual([])
  })

  test.each([
    ['an exit code', sh('echo no space left >&2; exit 3'), 3, { exit: '3', output: 'no space left' }],
    ['a signal', sh('kill -9 $$'), 137, { exit: '137', message: 'ended by SIGKILL' }],
    ['no such program', ['no-such-job', 'hunter2'], 127, { exit: '127', message: 'no-such-job: not found' }],
    ['no program', ['/etc/passwd', 'hunter2'], 126, { message: '/etc/passwd: cannot be run (EACCES)' }],
  ])('a failure, and our exit code is that of the job: %s', async (_, command, code, facts) => {
    const { forms, config } = await serverThat()
    const { deps, complaints } = world()
    expect(await runJob(deps, { name: 'backup', command, config })).toBe(code)
    expect(forms[1]).toMatchObject({ event: 'fail', ...facts })
    expect(complaints).toEqual('message' in facts ? [`monitora: ${facts.message}`] : [])
    expect(JSON.stringify(forms)).not.toContain('hunter2')
  })

  test('the last lines only, however much it writes', async () => {
    const { forms, config } = await serverThat()
    const { deps, written } = world()
    const command = sh('seq -f "line %.0f of a job that says a lot" 3000')
    await runJob(deps, { name: 'backup', command, config })
    expect(written.out.content.toString().split('\n')).toHaveLength(3001)
    expect(forms[1]!.output!.split('\n')).toHaveLength(20)
    expect(forms[1]!.output).toMatch(/^line 2981 .*line 3000 of a job that says a lot$/s)
  })
})

describe('the job runs as if nobody watched', () => {
  test('each byte passes, to where it was meant to go', async () => {
    const { deps, written } = world()
    const command = [
      process.execPath,
      '-e',
      'process.stdout.write(Buffer.from([0,255,10,128,13])); process.stderr.write("é")',
    ]
    expect(await runJob(deps, { name: 'backup', command, config: undefined })).toBe(0)
    expect(written.out.content).toEqual(Buffer.from([0, 255, 10, 128, 13]))
    expect(written.err.content.toString()).toBe('é')
  })

  test('what goes to one place keeps its order', async () => {
    const { deps, written } = world({ merged: true })
    const command = sh('for i in $(seq 200); do echo "$i"; echo "$i" >&2; done')
    await runJob(deps, { name: 'backup', command, config: undefined })
    const lines = Array.from({ length: 200 }, (_, index) => `${index + 1}\n${index + 1}\n`)
    expect(written.out.content.toString()).toBe(lines.join(''))
  })

  test('a script can open /dev/stderr, as it can without us', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'job-'))
    vi.stubEnv('TMPDIR', folder)
    onTestFinished(() => {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true })
    })
    const { deps, written } = world()
    const command = sh('echo a > /dev/stderr && echo b > /dev/stdout')
    expect(await runJob(deps, { name: 'backup', command, config: undefined })).toBe(0)
    expect([written.err.content.toString(), written.out.content.toString()]).toEqual(['a\n', 'b\n'])
    expect(readdirSync(folder)).toEqual([])
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1'] as const)('%s is passed on to it', async (signal) => {
    const { deps, signals, written } = world()
    const command = sh(`trap 'echo caught; exit 7' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`)
    const ended = runJob(deps, { name: 'backup', command, config: undefined })
    await once(deps.out, 'data')
    signals.emit(signal, signal)
    expect(await ended).toBe(7)
    expect(written.out.content.toString()).toBe('ready\ncaught\n')
    expect(signals.eventNames()).toEqual([])
  })

  test('what is typed at a terminal reaches it once, without us', async () => {
    const { deps, signals } = world({ terminal: true })
    const command = sh(`trap 'exit 7' INT; trap 'exit 8' TERM; echo ready; while :; do sleep 0.05; done`)
    const ended = runJob(deps, { name: 'backup', command, config: undefined })
    await once(deps.out, 'data')
    signals.emit('SIGINT', 'SIGINT')
    signals.emit('SIGTERM', 'SIGTERM')
    expect(await ended).toBe(8)
  })

  test('who reads it no more is told to it, not to us', async () => {
    const { deps } = world()
    const ended = runJob(deps, { name: 'backup', command: ['yes'], config: undefined })
    await once(deps.out, 'data')
    ;(deps.out as PassThrough).destroy(new Error('closed'))
    // `yes` complains where SIGPIPE is ignored, and is ended by it elsewhere.
    expect([1, 141]).toContain(await ended)
  })

  test('its output passes and its end counts, though the server never answers', async () => {
    const { config } = await serverThat(() => 0)
    const { deps, signals, written } = world()
    let asked = 0
    signals.on('newListener', (name) => {
      // Listened for once while the job runs, and again when it has ended.
      if (name === 'SIGTERM' && ++asked === 2) setImmediate(() => signals.emit('SIGTERM'))
    })
    const job = { name: 'backup', command: sh('echo hi; exit 5'), config }
    expect(await runJob(deps, job)).toBe(5)
    expect(written.out.content.toString()).toBe('hi\n')
  })
})

describe('a report that fails', () => {
  /** Pauses pass at once, and are kept. */
  function hurried() {
    const made = world()
    const pauses: number[] = []
    let passedMs = 0
    const deps: JobDeps = {
      ...made.deps,
      monotonic: () => passedMs,
      wait: async (ms) => {
        passedMs += ms
        pauses.push(ms)
      },
    }
    return { ...made, deps, pauses }
  }

  test('is tried again, until it arrives', async () => {
    const { forms, config } = await serverThat((_, index) => (index === 1 || index === 2 ? 503 : 200))
    const { deps, complaints } = hurried()
    expect(await runJob(deps, { name: 'backup', command: sh('exit 4'), config })).toBe(4)
    expect(forms.map(({ event }) => event)).toEqual(['start', 'fail', 'fail', 'fail'])
    expect(complaints).toEqual([])
  })

  test('is given up after a minute, in one line', async () => {
    const { forms, config } = await serverThat(() => 503)
    const { deps, complaints, pauses } = hurried()
    expect(await runJob(deps, { name: 'backup', command: ['true'], config })).toBe(0)
    expect(pauses.slice(-8)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000])
    expect(forms).toHaveLength(10)
    expect(complaints).toEqual([
      `monitora: backup could not report to ${config.url}: the server cannot take signals now (503). Its log says why.`,
    ])
  })

  test.each([400, 401, 403, 301])('is not repeated when the answer would be the same: %d', async (status) => {
    const { forms, config } = await serverThat(() => status)
    const { deps, complaints } = hurried()
    expect(await runJob(deps, { name: 'backup', command: ['true'], config })).toBe(0)
    expect(forms).toHaveLength(2)
    expect(complaints).toHaveLength(1)
  })

  test('is given up when we are asked to end', async () => {
    const { forms, config } = await serverThat((_, index) => (index === 0 ? 200 : 503))
    const { deps, signals } = world()
    const wait: JobDeps['wait'] = async (ms, signal) => {
      if (forms.length > 1) signals.emit('SIGTERM', 'SIGTERM')
      await deps.wait(ms, signal)
    }
    expect(await runJob({ ...deps, wait }, { name: 'backup', command: ['true'], config })).toBe(0)
    expect(forms).toHaveLength(2)
    expect(signals.eventNames()).toEqual([])
  })
})

test('what a job leaves behind writes on: its end is reported, and a signal lets us go', async () => {
  const { forms, config } = await serverThat((form) => {
    if (form.get('event') === 'success') queueMicrotask(() => signals.emit('SIGTERM', 'SIGTERM'))
    return 200
  })
  const { deps, signals } = world()
  const wait: JobDeps['wait'] = (_, signal) => deps.wait(50, signal)
  const pid = once(deps.out, 'data').then(([part]) => Number(part))
  const job = { name: 'daemon', command: sh('sleep 60 & echo $!'), config }
  expect(await runJob({ ...deps, wait }, job)).toBe(0)
  process.kill(await pid)
  expect(forms[1]).toMatchObject({ event: 'success', output: String(await pid) })
})
