/** The console channel: alerts on the checker's own standard output, as plain text between its log lines. */
import type { Channel } from './channel.ts'
import { linesOf } from './lines.ts'

export function createConsole(write: (text: string) => void): Channel {
  return {
    // It is a log: every alert stands there by itself.
    forPeople: false,
    send: async (message) => {
      write(`${linesOf(message)}\n`)
      return undefined
    },
  }
}
