/**
 * Restarts the server process through the process manager that runs this bot, and waits for the server's pulse.
 * What is run follows from the environment alone: nothing that a chat sent ever becomes part of a command line.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { DataPaths } from '../shared/paths.ts'
import { readPulse } from '../shared/pulse.ts'

type Environment = Readonly<Record<string, string | undefined>>

export type RestartOutcome =
  | { readonly kind: 'runs' | 'unsupervised' | 'no-sign' }
  | { readonly kind: 'not-found' | 'too-slow'; readonly program: string }
  | { readonly kind: 'refused'; readonly program: string; readonly why: string }

export type RestartServer = (paths: DataPaths) => Promise<RestartOutcome>

export interface RestartDeps {
  readonly env: Environment
  /** Where this installation would have its own pm2. */
  readonly ownPm2: readonly string[]
  readonly now: () => number
  /** How long the manager may take, and after it the first pulse. */
  readonly commandMs?: number
  readonly pulseMs?: number
}

interface Manager {
  readonly program: string
  readonly file: string
  readonly args: readonly string[]
}

const LONGEST_WHY = 120
/** Colours of a terminal. */
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

export function createRestart(deps: RestartDeps): RestartServer {
  let underWay: Promise<RestartOutcome> | undefined
  // Of two who ask at once, both hear how the one restart went.
  return (paths) => {
    underWay ??= restart(paths, deps).finally(() => {
      underWay = undefined
    })
    return underWay
  }
}

async function restart(
  paths: DataPaths,
  { env, ownPm2, now, commandMs = 30_000, pulseMs = 20_000 }: RestartDeps,
): Promise<RestartOutcome> {
  const manager = findManager(env, ownPm2.find(existsSync))
  if (!manager) return { kind: 'unsupervised' }
  const refusal = await runManager(manager, env, commandMs)
  if (refusal) return refusal

  // The manager has stopped the old server before it returned: a pulse from now on is the new one's.
  const restartedAt = Math.floor(now() / 1000) * 1000
  const giveUpAt = performance.now() + pulseMs
  while ((readPulse(paths, 'server') ?? 0) <= restartedAt) {
    if (performance.now() >= giveUpAt) return { kind: 'no-sign' }
    await delay(100)
  }
  return { kind: 'runs' }
}

/**
 * PM2 sets `pm_id` for each of its processes, supervisor its own three; a bare PM2_HOME may be anyone's, so it comes last.
 * @param pm2 the installation's own, else the one on the PATH is meant
 */
export function findManager(env: Environment, pm2: string | undefined): Manager | undefined {
  const { SUPERVISOR_ENABLED, SUPERVISOR_SERVER_URL: url, SUPERVISOR_GROUP_NAME: group } = env
  const bySupervisor = SUPERVISOR_ENABLED !== undefined || url !== undefined || group !== undefined
  if (env.pm_id === undefined && bySupervisor) {
    const own = env.SUPERVISOR_PROCESS_NAME ?? ''
    const server = own.includes('bot') ? own.replace(/bot(?!.*bot)/, 'server') : 'monitora-server'
    // A program outside any group is in a group of its own name.
    const target = group === undefined || group === own ? server : `${group}:${server}`
    const args = [...(url === undefined ? [] : ['-s', url]), 'restart', target]
    return { program: 'supervisorctl', file: 'supervisorctl', args }
  }
  if (env.pm_id === undefined && env.PM2_HOME === undefined) return undefined
  // Its own pm2 is a script: run by this node, it needs none on the PATH.
  return pm2 === undefined
    ? { program: 'pm2', file: 'pm2', args: ['restart', 'server'] }
    : { program: 'pm2', file: process.execPath, args: [pm2, 'restart', 'server'] }
}

async function runManager(
  { program, file, args }: Manager,
  env: Environment,
  timeout: number,
): Promise<RestartOutcome | undefined> {
  return await new Promise((resolve) => {
    execFile(file, args, { env, timeout, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (!error) resolve(undefined)
      else if (error.code === 'ENOENT') resolve({ kind: 'not-found', program })
      else if (error.killed) resolve({ kind: 'too-slow', program })
      else resolve({ kind: 'refused', program, why: complaintIn(`${stderr}\n${stdout}`) ?? `exit code ${error.code}` })
    })
  })
}

/** The line that tells what is wrong. The rest of the output, tables and command lines, is no one's business in a chat. */
function complaintIn(output: string): string | undefined {
  const lines = output.replace(ESCAPES, '').split('\n')
  return lines
    .find((line) => /error|refused|no such/i.test(line))
    ?.trim()
    .slice(0, LONGEST_WHY)
}
