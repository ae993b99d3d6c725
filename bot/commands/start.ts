/** /start: tells a chat its number, which is what the configuration wants to know of it. */
import type { Command } from '../command.ts'

export const start: Command = {
  name: 'start',
  forEveryone: true,
  description: (texts) => texts.descriptions.start,
  run: ({ texts, chat, mayAsk }) => (mayAsk ? texts.welcome(chat) : texts.stranger(chat)),
}
