/** /resume TARGET: ends what keeps exactly that one quiet. */
import { askForQuiet } from '../../shared/quiet.ts'
import type { Command } from '../command.ts'

export const resume: Command = {
  name: 'resume',
  description: (texts) => texts.descriptions.resume,
  run: ({ argument: target, by, config, texts, now }) =>
    target === '' ? texts.quiet.which.resume : askForQuiet(config, { verb: 'resume', target, by }, now()).text,
}
