/** /ack TARGET: somebody has taken this outage, no more reminders of it. */
import { askForQuiet } from '../../shared/quiet.ts'
import type { Command } from '../command.ts'

export const ack: Command = {
  name: 'ack',
  description: (texts) => texts.descriptions.ack,
  run: ({ argument: target, by, config, texts, now }) =>
    target === '' ? texts.quiet.which.ack : askForQuiet(config, { verb: 'ack', target, by }, now()).text,
}
