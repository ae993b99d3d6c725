/** `monitora status`: what /status answers, on the command line; its exit code is for scripts. */
import { loadConfig } from '../../shared/config/load.ts'
import { isTroubled, readStatus, type Status } from '../../shared/status.ts'
import { statusText } from '../../shared/status-text.ts'
import { reading } from '../answer.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'

export const status: AddCommand = (program, cli) => {
  program
    .command('status')
    .description('who reports and who is silent; exit code 0: all is well, 1: cannot tell, 2: something needs you')
    .option(...CONFIG_OPTION)
    .option('--json', 'for programs')
    .action(({ config: file, json }: { config?: string; json?: true }) => {
      const config = loadConfig({ file, process: 'checker', env: cli.env, folder: cli.folder })
      const status = reading(() => readStatus(config, cli.now()))
      cli.print(json ? JSON.stringify(status, isoTimes, 2) : statusText(status, config.language, config.timezone))
      cli.exitWith(isWell(status) ? 0 : 2)
    })
}

function isWell({ hosts, processes, unreachableSinceAt }: Status): boolean {
  const runs = processes.every(({ running }) => running) && unreachableSinceAt === undefined
  return runs && !hosts.some(isTroubled)
}

function isoTimes(key: string, value: unknown): unknown {
  return typeof value === 'number' && /(^at|At)$/.test(key) ? new Date(value).toISOString() : value
}
