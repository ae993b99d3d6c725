/** /why NAME [TIME]: how an outage came to be told, from the last signal to the provider's answer. */
import { answerWhy } from '../../shared/why-answer.ts'
import type { Command } from '../command.ts'

export const why: Command = {
  name: 'why',
  description: (texts) => texts.descriptions.why,
  run: ({ argument, config, texts, now }) => {
    const [name = '', ...moment] = argument.split(/\s+/)
    return name === '' ? texts.why.which : answerWhy(config, name, moment.join(' '), now()).text
  },
}
