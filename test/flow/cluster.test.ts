/**
 * Two servers on one folder, as PM2's cluster mode runs them: what either has acknowledged is there, whichever of them
 * is killed meanwhile, and the one that comes back does not take its own death for a time in which nobody heard.
 */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readInbox } from '../../shared/inbox.ts'
import { dataPaths } from '../../shared/paths.ts'
import { serverPulses } from '../../shared/pulse.ts'
import { registeredNames } from '../../shared/registry.ts'
import { readReport } from '../../shared/report.ts'
import { Box, freePort, PASSWORD, PROJECT, USER, until } from './box.ts'

const run = promisify(execFile)
const PM2 = join(PROJECT, 'node_modules/pm2/bin/pm2')
const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
const HOSTS = Array.from({ length: 40 }, (_, index) => `h${index}`)
const ROUNDS = 12
/** At which of them one server dies. */
const FATAL_ROUND = 5
const ANSWER_LIMIT_MS = 2000

let box: Box
let port: number
let env: NodeJS.ProcessEnv
/** How often something was said once more, for want of an answer. */
let repeats: number
/** A connection for each request, so that both servers get their share. */
const agent = new Agent({ keepAlive: false })

beforeEach(async () => {
  box = new Box()
  repeats = 0
  port = await freePort()
  box.configure(
    `server: { listen: "127.0.0.1:${port}", user: ${USER}, password: ${PASSWORD} }\nchannels: { screen: { type: console } }\n`,
  )
  env = {
    ...process.env,
    PM2_HOME: join(box.folder, 'pm2'),
    PM2_DISCRETE_MODE: 'true',
    PM2_DISABLE_VERSION_CHECK: 'true',
  }
})
afterEach(async () => {
  await run(process.execPath, [PM2, 'kill'], { env })
  await box.remove()
})

/** Says it again until it is acknowledged. */
async function tell(form: Readonly<Record<string, string>>): Promise<void> {
  for (;;) {
    const status = await post(new URLSearchParams(form).toString()).catch(() => 0)
    if (status === 200) return
    expect([0, 502, 503]).toContain(status)
    repeats++
    await new Promise((done) => setTimeout(done, 50))
  }
}

function post(body: string): Promise<number> {
  return new Promise((done, failed) => {
    const headers = { Authorization: AUTHORIZATION, 'Content-Type': 'application/x-www-form-urlencoded' }
    const sent = request({ port, host: '127.0.0.1', path: '/signal', method: 'POST', agent, headers }, (res) => {
      res.resume().on('end', () => done(res.statusCode ?? 0))
      res.on('error', failed)
    })
    // What was on its way to the one that died is never answered.
    sent.setTimeout(ANSWER_LIMIT_MS, () => sent.destroy(new Error('no answer')))
    sent.on('error', failed)
    sent.end(body)
  })
}

async function servers(): Promise<Map<number, number>> {
  const { stdout } = await run(process.execPath, [PM2, 'jlist'], { env })
  const apps = JSON.parse(stdout) as { pid: number; pm2_env: { status: string; NODE_APP_INSTANCE: number } }[]
  const online = apps.filter(({ pm2_env }) => pm2_env.status === 'online')
  return new Map(online.map(({ pid, pm2_env }) => [pm2_env.NODE_APP_INSTANCE, pid]))
}

test('two servers under PM2, one killed in between: nothing that was acknowledged is lost', async () => {
  const apps = join(box.folder, 'apps.json')
  const script = join(PROJECT, 'dist/server/main.js')
  const app = { name: 'server', script, args: `--config ${box.config}`, exec_mode: 'cluster', instances: 2 }
  const kept = { wait_ready: true, kill_timeout: 10_000, exp_backoff_restart_delay: 200 }
  writeFileSync(apps, JSON.stringify({ apps: [{ ...app, ...kept }] }))
  await run(process.execPath, [PM2, 'start', apps], { env, cwd: box.folder })
  const before = await servers()
  expect([...before.keys()].sort()).toEqual([0, 1])
  const paths = dataPaths(box.data)
  await until('both pulses', () => serverPulses(paths).size === 2)
  const absencesBefore = box.read('alive/absences/server.jsonl') ?? ''

  let killed = false
  await Promise.all(
    HOSTS.map(async (host, nth) => {
      for (let round = 0; round < ROUNDS; round++) {
        const rid = `${host}-${round}`
        await tell({ host, event: 'start', run: rid })
        const bad = nth % 2 === 0
        const end: Record<string, string> = bad ? { event: 'fail', exit: '3' } : { event: 'success', status: 'warning' }
        await tell({ host, run: rid, message: rid, ...end })
        if (round !== FATAL_ROUND || killed) continue
        killed = true
        process.kill(before.get(1)!, 'SIGKILL')
      }
    }),
  )

  expect(registeredNames(paths).sort()).toEqual([...HOSTS].sort())
  const events = readInbox(paths).flatMap((file) => file.events)
  for (const [nth, host] of HOSTS.entries()) {
    const own = events.filter((event) => event.host === host)
    const said = own.flatMap((event) => (event.kind === 'run-ended' ? [event.message] : []))
    const starts = own.flatMap((event) => (event.kind === 'run-started' ? [event.id] : []))
    const all = Array.from({ length: ROUNDS }, (_, round) => `${host}-${round}`)
    expect(new Set(said)).toEqual(new Set(all))
    expect(new Set(starts)).toEqual(new Set(all))
    expect(own.some(({ kind }) => kind === 'first')).toBe(true)
    const report = readReport(paths, host)
    expect(report).toMatchObject({ status: nth % 2 === 0 ? 'failed' : 'warning', message: all.at(-1) })
    expect(report.runStartedAt).toBeUndefined()
  }
  // Only what was said again may be there twice.
  const ends = events.filter(({ kind }) => kind === 'run-ended').length
  expect(ends).toBeLessThanOrEqual(HOSTS.length * ROUNDS + repeats)

  const back = await until('the killed one to come back', async () => {
    const now = await servers()
    return now.size === 2 && now.get(1) !== before.get(1) && now
  })
  expect(back.get(0)).toBe(before.get(0))
  const [first, second] = [0, 1].map((instance) => serverPulses(paths).get(instance) ?? 0)
  await until('both to hear again', () => {
    const pulses = serverPulses(paths)
    return (pulses.get(0) ?? 0) > first! && (pulses.get(1) ?? 0) > second!
  })
  expect(box.read('alive/absences/server.jsonl') ?? '').toBe(absencesBefore)
  expect(existsSync(join(box.data, 'alive/server-1.host'))).toBe(true)

  await box.start('checker')
  await until('the checker to handle all of it', () => readInbox(paths).length === 0)
  const states = readdirSync(paths.stateHosts).map((name) => readFileSync(join(paths.stateHosts, name), 'utf8'))
  expect(states.map((state) => (JSON.parse(state) as { verdict: string }).verdict)).toEqual(HOSTS.map(() => 'up'))
}, 60_000)
