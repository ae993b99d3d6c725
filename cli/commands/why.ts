/** `monitora why NAME [TIME]`: how an outage came to be told, from the last signal to the provider's answer. */
import { answerWhy } from '../../shared/why-answer.ts'
import { printAnswer } from '../answer.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'

export const why: AddCommand = (program, cli) => {
  program
    .command('why')
    .description('how an outage came to be told: last signal, due, verdict, what was hidden, each delivery')
    .argument('<name>', 'the host')
    .argument('[time]', 'an outage that lasted then: 12:03 or 2026-11-20T12:03 (default: the last one)')
    .option(...CONFIG_OPTION)
    .action((name: string, time: string | undefined, { config: file }: { config?: string }) => {
      printAnswer(cli, file, { writes: false }, (config, now) => answerWhy(config, name, time ?? '', now))
    })
}
