/** The console channel: alerts on the checker's own standard output, as plain text between its log lines. */
import type { Channel } from './channel.ts'

export function createConsole(write: (text: string) => void): Channel {
  return {
    send: async ({ text }) => {
      write(`${text}\n`)
    },
  }
}
