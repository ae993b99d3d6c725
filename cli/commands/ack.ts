/** `monitora ack TARGET`: somebody has taken this outage, no more reminders of it. */
import { askForQuiet } from '../../shared/quiet.ts'
import { printAnswer, whoAsks } from '../answer.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'

export const ack: AddCommand = (program, cli) => {
  program
    .command('ack')
    .description('take an outage: no more reminders of it, until it is over')
    .argument('<target>', 'NAME or site:NAME')
    .option(...CONFIG_OPTION)
    .action((target: string, { config: file }: { config?: string }) => {
      printAnswer(cli, file, { writes: true }, (config, now) =>
        askForQuiet(config, { verb: 'ack', target, by: whoAsks(cli) }, now),
      )
    })
}
