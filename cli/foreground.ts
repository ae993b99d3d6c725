/**
 * Runs the processes under `pm2-runtime`, a PM2 without a daemon, until asked to stop; then nothing is left.
 * It stands in a process group of its own: a Ctrl-C, which the terminal sends to everyone in the group, and npm sends
 * once more, would reach it twice and cut its orderly end short. Should this program be killed, PM2 ends at its next
 * line of output, for nobody reads it any more.
 */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { listNames, readIfThere } from '../shared/files.ts'
import type { AppName, Pm2 } from './pm2.ts'

/** PM2 gives a process 10 s to end (kill_timeout); longer than that it has lost its way. */
const STOP_LIMIT_MS = 15_000

/**
 * @param show takes each line of output
 * @returns its exit code, when all has ended
 */
export async function runForeground(
  pm2: Pm2,
  apps: readonly AppName[],
  show: (line: string) => void,
  stop: AbortSignal,
): Promise<number> {
  // What is in there afterwards is of this run, so its processes may be ended without a second thought.
  const pids = join(pm2.home, 'pids')
  rmSync(pids, { recursive: true, force: true })
  const child = spawn(
    process.execPath,
    [
      join(pm2.bin, 'pm2-runtime'),
      'start',
      join(pm2.project, 'ecosystem.config.js'),
      '--only',
      apps.join(','),
      '--format',
      '--no-auto-exit',
    ],
    { cwd: pm2.project, env: pm2.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', show)

  let limit: NodeJS.Timeout | undefined
  const end = () => {
    child.kill('SIGINT')
    limit ??= setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  }
  if (stop.aborted) end()
  stop.addEventListener('abort', end)
  const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? 1)))
  stop.removeEventListener('abort', end)
  clearTimeout(limit)
  endLeftBehind(pids)
  return code
}

/** A PM2 that was killed, or stopped while it was starting processes, leaves them behind. */
function endLeftBehind(pids: string): void {
  for (const name of listNames(pids, '.pid')) {
    const pid = Number(readIfThere(join(pids, `${name}.pid`)))
    if (!(pid > 1)) continue
    try {
      process.kill(pid, 'SIGTERM')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
