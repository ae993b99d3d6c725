/** `monitora silence TARGET --for 8h`: nothing is told of it for a time. */
import { askForQuiet } from '../../shared/quiet.ts'
import { printAnswer, whoAsks } from '../answer.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'

export const silence: AddCommand = (program, cli) => {
  program
    .command('silence')
    .description('tell nothing of a host, a site or all for a time; what is still wrong then is told')
    .argument('<target>', 'NAME, site:NAME or all')
    .requiredOption('--for <span>', 'how long: 30m, 8h, 2d')
    .option(...CONFIG_OPTION)
    .action((target: string, { for: span, config: file }: { for: string; config?: string }) => {
      printAnswer(cli, file, { writes: true }, (config, now) =>
        askForQuiet(config, { verb: 'silence', target, span, by: whoAsks(cli) }, now),
      )
    })
}
