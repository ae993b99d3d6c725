/** `monitora stop PROCESS`: stops one of the four, so that its silence can be seen. All of them: Ctrl-C where they run. */
import { Argument } from 'commander'
import { textsFor } from '../../shared/i18n/index.ts'
import { type AddCommand, CliError } from '../command.ts'
import { loadConfigs } from '../configs.ts'
import { type AppName, askPm2, findPm2, PROCESSES, reportsItself, runningPm2 } from '../pm2.ts'

export const stop: AddCommand = (program, cli) => {
  program
    .command('stop')
    .description('stop one process of what `monitora start` runs in this folder')
    .addArgument(new Argument('<process>').choices(PROCESSES))
    .action(async (name: AppName) => {
      const configs = loadConfigs(cli)
      const texts = textsFor(configs[0].language).cli
      const pm2 = findPm2(cli, configs)
      if (!(await runningPm2(pm2))) throw new CliError(texts.notRunning)
      if (name === 'endpoint' && !reportsItself(pm2)) throw new CliError(texts.start.noEndpoint)
      await askPm2(pm2, ['stop', name])
      cli.print(texts.stopped(name))
    })
}
