/** /silence TARGET 8h: nothing is told of it for a time. */
import { askForQuiet } from '../../shared/quiet.ts'
import type { Command } from '../command.ts'

/** The name of a site may hold spaces; a span holds none, and stands last. */
const TARGET_AND_SPAN = /^(.*\S)\s+(\S+)$/s

export const silence: Command = {
  name: 'silence',
  description: (texts) => texts.descriptions.silence,
  run: ({ argument, by, config, texts, now }) => {
    const [, target, span] = TARGET_AND_SPAN.exec(argument) ?? []
    if (target === undefined || span === undefined) return texts.quiet.which.silence
    return askForQuiet(config, { verb: 'silence', target, span, by }, now()).text
  },
}
