/**
 * PM2 as a tool: a program that is run, never imported. It gets a home of its own inside the data folder, so that
 * nothing done here touches other apps of this user, and whoever knows the data folder finds it again.
 */
import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Config } from '../shared/config/load.ts'
import { readIfThere } from '../shared/files.ts'
import { type CliDeps, CliError } from './command.ts'
import { findEndpointConfig } from './configs.ts'

/** In the order in which they are started; ecosystem.config.js and supervisor/ have the same four. */
export const PROCESSES = ['server', 'checker', 'bot', 'endpoint'] as const
export type AppName = (typeof PROCESSES)[number]

export interface Pm2 {
  readonly home: string
  /** The folder of its programs, `pm2` and `pm2-runtime`. */
  readonly bin: string
  /** What it and the processes under it are started with. */
  readonly env: NodeJS.ProcessEnv
  readonly project: string
}

/** A Unix socket's path has 107 bytes on Linux, 103 elsewhere. */
const LONGEST_SOCKET = 103

/** @throws CliError when PM2 is not installed: it is an optional dependency */
export function findPm2(cli: CliDeps, configs: readonly [Config, ...Config[]]): Pm2 {
  let bin: string
  try {
    bin = dirname(createRequire(join(cli.project, 'package.json')).resolve('pm2/bin/pm2'))
  } catch {
    throw new CliError(
      'PM2 is not installed: it is what keeps the processes alive (npm install --include=optional; or keep node dist/server/main.js and the others alive by supervisor, see supervisor/)',
    )
  }
  const [{ file, paths }] = configs
  const home = homeFor(join(paths.root, 'pm2'))
  const endpoint = findEndpointConfig(cli)
  const env: NodeJS.ProcessEnv = {
    ...cli.env,
    PM2_HOME: home,
    PM2_DISCRETE_MODE: 'true',
    PM2_DISABLE_VERSION_CHECK: 'true',
    // PM2 never shortens its log files; what is said here is shown, and what matters is in the data folder.
    MONITORA_LOGS: '/dev/null',
    // The processes run in the project's folder: what was found from here, they would not find there.
    ...(configs.every((config) => config.file === file) && { MONITORA_CONFIG: file }),
    ...(endpoint !== undefined && { MONITORA_ENDPOINT_CONFIG: endpoint }),
  }
  return { home, bin, env, project: cli.project }
}

/** The endpoint is one of the four only where this machine has an endpoint.yml. */
export function reportsItself({ env }: Pm2): boolean {
  return env.MONITORA_ENDPOINT_CONFIG !== undefined
}

/** @returns the process id of the PM2 that runs in this home, 'unknown' if it does not say, `undefined` if none runs */
export async function runningPm2({ home }: Pm2): Promise<number | 'unknown' | undefined> {
  const answered = await new Promise<boolean>((resolve) => {
    const socket = connect(join(home, 'rpc.sock'))
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
  if (!answered) return undefined
  return Number(readIfThere(join(home, 'pm2.pid'))) || 'unknown'
}

/**
 * Runs one PM2 command against a PM2 that runs already (without one it would start a daemon: ask runningPm2 first).
 * @returns its standard output
 * @throws CliError with what it said
 */
export async function askPm2(pm2: Pm2, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(pm2.bin, 'pm2'), ...args], {
    cwd: pm2.project,
    env: pm2.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let problems = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problems += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) {
    const said = stripVTControlCharacters(problems.trim() || output.trim())
    throw new CliError(`PM2 could not do it: ${said || `exit code ${code}`}`)
  }
  return output
}

/** @returns the state that PM2 gives this process, such as `online` or `stopped`; `undefined` if it does not have it */
export async function stateOf(pm2: Pm2, name: AppName): Promise<string | undefined> {
  const apps = JSON.parse(await askPm2(pm2, ['jlist'])) as { name: string; pm2_env: { status: string } }[]
  return apps.find((app) => app.name === name)?.pm2_env.status
}

/** Makes the home, readable by its owner alone: whoever reaches its sockets commands the processes. */
export function prepareHome({ home }: Pm2): void {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const found = lstatSync(home)
  // Where it had to move to the common temporary folder, another user might have made it first.
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new CliError(`${home}: is not a folder of this user (remove it, or give data: a shorter path)`)
  }
}

function homeFor(wanted: string): string {
  if (Buffer.byteLength(join(wanted, 'interactor.sock')) <= LONGEST_SOCKET) return wanted
  return join(tmpdir(), `monitora-${hash('sha256', wanted).slice(0, 16)}`)
}
