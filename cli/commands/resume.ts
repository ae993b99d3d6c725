/** `monitora resume TARGET`: ends what keeps exactly that one quiet. */
import { askForQuiet } from '../../shared/quiet.ts'
import { printAnswer, whoAsks } from '../answer.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'

export const resume: AddCommand = (program, cli) => {
  program
    .command('resume')
    .description('end the silence, ack and pause of exactly that one')
    .argument('<target>', 'NAME, site:NAME or all')
    .option(...CONFIG_OPTION)
    .action((target: string, { config: file }: { config?: string }) => {
      printAnswer(cli, file, { writes: true }, (config, now) =>
        askForQuiet(config, { verb: 'resume', target, by: whoAsks(cli) }, now),
      )
    })
}
