/** /status: everything as it is now. */
import { readStatus } from '../../shared/status.ts'
import { statusText } from '../../shared/status-text.ts'
import type { Command } from '../command.ts'

export const status: Command = {
  name: 'status',
  description: (texts) => texts.descriptions.status,
  run: ({ config, now }) => statusText(readStatus(config, now()), config.language, config.timezone),
}
