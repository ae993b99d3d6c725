/** /restart: restarts the server process, through whatever keeps it alive, and tells how that went. */
import type { Command } from '../command.ts'

export const restart: Command = {
  name: 'restart',
  description: (texts) => texts.descriptions.restart,
  run: async ({ config, texts: { restart: texts }, restartServer }) => {
    const outcome = await restartServer(config.paths)
    switch (outcome.kind) {
      case 'not-found':
        return texts.notFound(outcome.program)
      case 'too-slow':
        return texts.tooSlow(outcome.program)
      case 'refused':
        return texts.refused(outcome.program, outcome.why)
      case 'no-sign':
        return texts.noSign
      default:
        return texts[outcome.kind]
    }
  },
}
