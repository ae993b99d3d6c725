/**
 * The console channel: alerts on the checker's own standard output, as plain text between its log lines. Who reads there
 * has a shell, and perhaps no bot: what can be answered stands below as the command line takes it.
 */
import type { Channel, MessageCommand } from './channel.ts'
import { commandLine } from './lines.ts'

export function createConsole(write: (text: string) => void): Channel {
  return {
    // It is a log: every alert stands there by itself.
    forPeople: false,
    send: async ({ text, commands }) => {
      const answers = commands.map(forShell).filter((answer) => answer !== undefined)
      write(`${[text, ...answers.map(commandLine)].join('\n')}\n`)
      return undefined
    },
  }
}

/** @returns the same for `./monitora`; `undefined` for what only the bot can do */
function forShell({ label, command }: MessageCommand): MessageCommand | undefined {
  const ack = /^\/ack (.+)$/.exec(command)
  if (ack) return { label, command: `./monitora ack ${quoted(ack[1]!)}` }
  const silence = /^\/silence (.+) (\w+)$/.exec(command)
  if (silence) return { label, command: `./monitora silence ${quoted(silence[1]!)} --for ${silence[2]}` }
  return undefined
}

/** A site may be called anything: what the shell would take apart, or run, stands in quotes. */
function quoted(word: string): string {
  return /^[\w:.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
