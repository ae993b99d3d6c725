/** /pause NAME: a host is not expected to report until it is resumed. */
import { askForQuiet } from '../../shared/quiet.ts'
import type { Command } from '../command.ts'

export const pause: Command = {
  name: 'pause',
  description: (texts) => texts.descriptions.pause,
  run: ({ argument: target, by, config, texts, now }) =>
    target === '' ? texts.quiet.which.pause : askForQuiet(config, { verb: 'pause', target, by }, now()).text,
}
