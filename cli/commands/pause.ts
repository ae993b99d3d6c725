/** `monitora pause NAME`: a host is not expected to report until it is resumed. */
import { askForQuiet } from '../../shared/quiet.ts'
import { printAnswer, whoAsks } from '../answer.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'

export const pause: AddCommand = (program, cli) => {
  program
    .command('pause')
    .description('do not expect a host to report')
    .argument('<name>', 'the host')
    .option(...CONFIG_OPTION)
    .action((target: string, { config: file }: { config?: string }) => {
      printAnswer(cli, file, { writes: true }, (config, now) =>
        askForQuiet(config, { verb: 'pause', target, by: whoAsks(cli) }, now),
      )
    })
}
