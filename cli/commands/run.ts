/**
 * `monitora run NAME -- COMMAND`: runs any job and reports how it went, with the credentials of endpoint.yml. A mistake
 * in the monitoring is told, and keeps no job from running. Its parts are loaded when it is asked for only.
 */
import { lookup } from 'node:dns'
import { fstatSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { isatty } from 'node:tty'
import type { EndpointConfig } from '../../endpoint/config.ts'
import { ConfigError } from '../../shared/config/problems.ts'
import { isHostName } from '../../shared/names.ts'
import type { AddCommand, CliDeps } from '../command.ts'

export const run: AddCommand = (program, cli) => {
  program
    .command('run')
    .description('run a job and report how it went, with the exit code of the job')
    .usage('[--config <file>] <name> -- <command...>')
    .argument('<name>', 'the host that the job reports as')
    .argument('<command...>', 'the job')
    .option('--config <file>', 'the endpoint.yml with the credentials (default: found as the endpoint finds it)')
    .action(async (name: string, command: string[], { config: file }: { config?: string }) => {
      await import('../../endpoint/lean.ts')
      const { runJob } = await import('../../endpoint/job.ts')
      const { createSend } = await import('../../endpoint/send.ts')
      const { createResolver } = await import('../../endpoint/resolver.ts')
      const deps = {
        out: process.stdout,
        err: process.stderr,
        merged: isSameFile(1, 2),
        signals: process,
        terminal: [0, 1, 2].some((fd) => isatty(fd)),
        monotonic: () => performance.now(),
        wait: (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal }).catch(() => {}),
        send: createSend(createResolver(lookup)),
        complain: cli.complain,
      }
      cli.exitWith(await runJob(deps, { name, command, config: await configFor(cli, name, file) }))
    })
}

async function configFor(cli: CliDeps, name: string, file: string | undefined): Promise<EndpointConfig | undefined> {
  const { loadEndpointConfig } = await import('../../endpoint/config.ts')
  try {
    if (!isHostName(name))
      throw new ConfigError(name, [{ path: '', text: 'expected letters, digits, _ and - (64 at most)' }])
    return { ...loadEndpointConfig({ file, env: cli.env, folder: cli.folder }), host: name, hostIsImplied: false }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const line of error.message.split('\n')) cli.complain(`monitora: not reported: ${line}`)
    return undefined
  }
}

function isSameFile(fd: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(fd), fstatSync(other)]
    return a.dev === b.dev && a.ino === b.ino
  } catch {
    return false
  }
}
