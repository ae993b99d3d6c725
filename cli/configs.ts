/**
 * The configuration as the command line needs it: seen by all processes at once.
 * Usually they share one file; an original installation has one for each, and each demands other keys of it.
 */
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type Config, findConfig, loadConfig } from '../shared/config/load.ts'
import { ConfigError } from '../shared/config/problems.ts'
import type { ProcessName } from '../shared/pulse.ts'
import { type CliDeps, CliError } from './command.ts'

const READERS: readonly ProcessName[] = ['server', 'checker', 'bot']

/**
 * @param file what `--config` named
 * @returns the configuration of every process that reads one, in the order server, checker, bot
 * @throws CliError or ConfigError with every problem, each once
 */
export function loadConfigs(
  { env, folder }: Pick<CliDeps, 'env' | 'folder'>,
  file?: string,
): readonly [Config, ...Config[]] {
  // Throws, and says once where it looked.
  if (file === undefined && !hasConfig({ env, folder })) findConfig({ process: 'server', env, folder })
  const configs: Config[] = []
  const problems = new Set<string>()
  for (const process of readersOf(file)) {
    try {
      configs.push(loadConfig({ file, process, env, folder }))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const line of error.message.split('\n')) problems.add(line)
    }
  }
  const [first, ...others] = configs
  if (problems.size > 0 || !first) throw new CliError([...problems].join('\n'))
  return [first, ...others]
}

/** A file that carries the name of a process, as an original installation's do, is read by that process alone. */
function readersOf(file: string | undefined): readonly ProcessName[] {
  const named = file === undefined ? [] : READERS.filter((process) => basename(file) === `${process}.yml`)
  return named.length > 0 ? named : READERS
}

/** Whether there is one for any of the processes. */
export function hasConfig({ env, folder }: Pick<CliDeps, 'env' | 'folder'>): boolean {
  // A file that was named belongs to somebody's plan, even if it is not there: it is looked for, never replaced.
  return env.MONITORA_CONFIG !== undefined || READERS.some((process) => canFind(process))

  function canFind(process: ProcessName): boolean {
    try {
      return existsSync(findConfig({ process, env, folder }))
    } catch (error) {
      if (error instanceof ConfigError) return false
      throw error
    }
  }
}

/** @returns the endpoint's configuration, found as the endpoint finds it; it alone reads it */
export function findEndpointConfig({ env, folder }: Pick<CliDeps, 'env' | 'folder'>): string | undefined {
  if (env.MONITORA_ENDPOINT_CONFIG !== undefined) return resolve(folder, env.MONITORA_ENDPOINT_CONFIG)
  return [join(folder, 'endpoint.yml'), '/etc/monitora/endpoint.yml'].find((place) => existsSync(place))
}
