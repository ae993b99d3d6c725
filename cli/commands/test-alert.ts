/** `monitora test-alert`: the checker sends it, for it alone has the channels; this hands over and passes on the answer. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findConfig } from '../../shared/config/load.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'

export const testAlert: AddCommand = (program, cli) => {
  program
    .command('test-alert')
    .description('send a test alert through one channel, or all of them')
    .argument('[channel]', 'its name in monitora.yml')
    .option(...CONFIG_OPTION)
    .action(async (channel: string | undefined, { config: named }: { config?: string }) => {
      const file = findConfig({ file: named, process: 'checker', env: cli.env, folder: cli.folder })
      const args = ['--test-alert', ...(channel === undefined ? [] : [channel]), '--config', file]
      const checker = spawn(process.execPath, [join(cli.project, 'dist', 'checker', 'main.js'), ...args], {
        env: cli.env,
        stdio: 'inherit',
      })
      cli.exitWith(await new Promise((resolve) => checker.once('close', (code) => resolve(code ?? 1))))
    })
}
