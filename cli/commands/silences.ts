/** `monitora silences`: what is silenced, taken or paused now. */
import { quietText } from '../../shared/quiet.ts'
import { printAnswer } from '../answer.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'

export const silences: AddCommand = (program, cli) => {
  program
    .command('silences')
    .description('what is silenced, taken or paused now, by whom and until when')
    .option(...CONFIG_OPTION)
    .action(({ config: file }: { config?: string }) => {
      printAnswer(cli, file, { writes: false }, (config, now) => ({ done: true, text: quietText(config, now) }))
    })
}
