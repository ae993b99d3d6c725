/** /help: every command with what it does. */
import type { Command } from '../command.ts'

export const help: Command = {
  name: 'help',
  description: (texts) => texts.descriptions.help,
  run: ({ texts, commands }) => commands.map(({ name, description }) => `/${name}: ${description(texts)}`).join('\n'),
}
