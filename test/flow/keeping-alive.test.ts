/**
 * Whoever dies comes back, and whoever stops all of it stops all of it: the four real processes under the real PM2, the
 * real supervisor (each with the configuration that this repository ships) and `npm start`.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Box, freePort, PASSWORD, PROJECT, type Program, USER, until } from './box.ts'

const run = promisify(execFile)
const PROGRAMS: readonly Program[] = ['server', 'checker', 'bot', 'endpoint']
const PM2 = join(PROJECT, 'node_modules/pm2/bin/pm2')

let box: Box
let env: NodeJS.ProcessEnv
/** Every process that was seen, to see it end. */
let seen: Set<number>
const started: ChildProcess[] = []

beforeEach(async () => {
  box = new Box()
  seen = new Set()
  const port = await freePort()
  const credentials = `user: ${USER}\npassword: ${PASSWORD}\n`
  const server = `server: { listen: "127.0.0.1:${port}", user: ${USER}, password: ${PASSWORD} }\n`
  box.configure(server, `server: http://127.0.0.1:${port}\nhost: nas\ninterval: 1s\n${credentials}`)
  env = {
    ...process.env,
    MONITORA_CONFIG: box.config,
    MONITORA_ENDPOINT_CONFIG: box.endpointConfig,
    PM2_HOME: join(box.folder, 'pm2'),
    PM2_DISCRETE_MODE: 'true',
    PM2_DISABLE_VERSION_CHECK: 'true',
  }
})

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  const left = [...seen, ...pidsIn(join(box.folder, 'pm2')), ...pidsIn(join(box.data, 'pm2'))]
  for (const pid of left.filter(lives)) process.kill(pid, 'SIGKILL')
  await box.remove()
})

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The process ids that a PM2 home knows: its own, and those of its processes. */
function pidsIn(home: string): number[] {
  const apps = existsSync(join(home, 'pids')) ? readdirSync(join(home, 'pids')).map((name) => join('pids', name)) : []
  return ['pm2.pid', ...apps]
    .map((file) => join(home, file))
    .filter((file) => existsSync(file))
    .map((file) => Number(readFileSync(file, 'utf8')))
    .filter((pid) => pid > 1)
}

function launch(command: string, args: readonly string[], options: { detached?: boolean } = {}): ChildProcess {
  const child = spawn(command, args, { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'pipe'], ...options })
  started.push(child)
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text) => {
      box.output += text
    })
  }
  return child
}

/** The story that every keeper of processes has to tell. `pids` asks it for those that run. */
async function killOneAndSeeItBack(pids: () => Promise<Map<Program, number>>): Promise<void> {
  const look = async () => {
    const found = await pids()
    for (const pid of found.values()) seen.add(pid)
    return found
  }
  const before = await until('all four to run', async () => {
    const found = await look()
    return found.size === PROGRAMS.length && found
  })
  await until('the host to be heard', () => box.read('hosts/nas.host'))

  for (const victim of ['server', 'endpoint'] as const) {
    const pid = before.get(victim)!
    process.kill(pid, 'SIGKILL')
    await until(`${victim} to come back`, async () => ((await look()).get(victim) ?? pid) !== pid)
  }
  const heard = box.read('hosts/nas.host')
  await until('the host to be heard again', () => box.read('hosts/nas.host') !== heard)
  // Nobody else was disturbed.
  const after = await look()
  for (const bystander of ['checker', 'bot'] as const) expect(after.get(bystander)).toBe(before.get(bystander))
}

const allEnded = () => until('all to end', () => ![...seen].some(lives))

test('PM2 with ecosystem.config.js', async () => {
  const pm2 = (...args: string[]) => run(process.execPath, [PM2, ...args], { cwd: PROJECT, env })
  try {
    await pm2('start', 'ecosystem.config.js')
    for (const pid of pidsIn(join(box.folder, 'pm2'))) seen.add(pid)
    await killOneAndSeeItBack(async () => {
      const { stdout } = await pm2('jlist')
      const apps = JSON.parse(stdout) as { name: Program; pid: number; pm2_env: { status: string } }[]
      return new Map(apps.filter(({ pm2_env }) => pm2_env.status === 'online').map(({ name, pid }) => [name, pid]))
    })
  } finally {
    await pm2('kill')
  }
  await allEnded()
}, 90_000)

const supervisor = ['/usr/bin/supervisord', '/usr/local/bin/supervisord'].find(existsSync)

describe.skipIf(supervisor === undefined)('with supervisor (skipped where it is not installed)', () => {
  test('supervisor with supervisor/*.conf', async () => {
    const socket = join(box.folder, 'supervisor.sock')
    const file = join(box.folder, 'supervisord.conf')
    mkdirSync(join(box.folder, 'conf.d'))
    for (const name of readdirSync(join(PROJECT, 'supervisor'))) {
      const content = readFileSync(join(PROJECT, 'supervisor', name), 'utf8')
      writeFileSync(join(box.folder, 'conf.d', name), content.replaceAll('/opt/monitora', PROJECT))
    }
    writeFileSync(
      file,
      `[supervisord]
nodaemon=true
logfile=${box.folder}/supervisord.log
pidfile=${box.folder}/supervisord.pid
childlogdir=${box.folder}
[unix_http_server]
file=${socket}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${socket}
[include]
files = ${box.folder}/conf.d/*.conf
`,
    )
    const supervisord = launch(supervisor!, ['-n', '-c', file])
    const ended = once(supervisord, 'exit')
    await until('supervisor to listen', () => existsSync(socket))
    await killOneAndSeeItBack(async () => {
      const control = join(supervisor!, '../supervisorctl')
      // Its exit code is not 0 while one of them does not run.
      const { stdout } = await run(control, ['-c', file, 'status']).catch((error: { stdout: string }) => error)
      const lines = stdout.matchAll(/^monitora-(\w+) +RUNNING +pid (\d+),/gm)
      return new Map([...lines].map(([, name, pid]) => [name as Program, Number(pid)]))
    })
    supervisord.kill('SIGTERM')
    await ended
    await allEnded()
  }, 90_000)
})

test.each([
  ['Ctrl-C, which reaches everyone in the terminal', 'SIGINT', (pid: number) => -pid],
  ['SIGTERM to npm', 'SIGTERM', (pid: number) => pid],
  ['SIGINT to npm', 'SIGINT', (pid: number) => pid],
] as const)(
  'npm start, ended by %s',
  async (_, signal, target) => {
    // Without its prestart, which would build anew what other tests run from.
    const npm = launch('npm', ['start', '--ignore-scripts'], { detached: true })
    const ended = once(npm, 'exit')
    await until('the host to be heard', () => box.read('hosts/nas.host'))
    await until('PM2 to know all four', () => pidsIn(join(box.data, 'pm2')).length === PROGRAMS.length + 1)
    for (const pid of pidsIn(join(box.data, 'pm2'))) seen.add(pid)
    expect([...seen].filter(lives)).toHaveLength(PROGRAMS.length + 1)

    process.kill(target(npm.pid!), signal)
    await ended
    // npm itself waited for the last of them.
    expect([...seen].filter(lives)).toEqual([])
    expect(box.output).toContain('All is stopped.')
  },
  60_000,
)
