/** What channels need that show a message as lines of text. */
import type { Message, MessageCommand } from './channel.ts'

/** The whole text, and below it what can be answered. */
export function linesOf({ text, commands }: Pick<Message, 'text' | 'commands'>): string {
  return [text, ...commands.map(commandLine)].join('\n')
}

export function commandLine({ label, command }: MessageCommand): string {
  return `${label}: ${command}`
}

/** What follows the title. */
export function bodyOf({ title, text }: Pick<Message, 'title' | 'text'>): string {
  const [first, ...lines] = text.split('\n')
  return first === title ? lines.join('\n') : text
}

/** For text between tags, of HTML and of what resembles it. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/**
 * Cuts between characters, so that what is left is no longer than the limit, as `sizeOf` measures it; an ellipsis
 * stands for the rest, and counts 3 (its bytes in UTF-8) at most.
 */
export function cutTo(text: string, limit: number, sizeOf: (character: string) => number): string {
  let size = 0
  let length = 0
  let end = 0
  for (const character of text) {
    size += sizeOf(character)
    length += character.length
    if (size <= limit - 3) end = length
    if (size > limit) return `${text.slice(0, end)}…`
  }
  return text
}
