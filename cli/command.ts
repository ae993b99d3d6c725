/** What every command is given and what it can say: built in main.ts, so that tests own streams, folders and the end. */
import type { Command } from 'commander'
import type { Environment } from '../shared/config/environment.ts'

export interface CliDeps {
  readonly env: Environment
  /** The working directory: where the configuration is looked for. */
  readonly folder: string
  /** Where `dist/`, `ecosystem.config.js` and `node_modules/` are. */
  readonly project: string
  /** Standard output takes colours. */
  readonly colour: boolean
  /** Epoch milliseconds. */
  readonly now: () => number
  /** A line, or several, without the last newline. */
  readonly print: (text: string) => void
  readonly complain: (text: string) => void
  /** Aborted when this program is asked to end. */
  readonly stop: AbortSignal
}

export interface Cli extends CliDeps {
  /** For the commands whose exit code is an answer; an error has a code of its own. */
  readonly exitWith: (code: number) => void
}

/** A command: one file in commands/ that exports this, one line in commands/index.ts. */
export type AddCommand = (program: Command, cli: Cli) => void

/** Ends the command with exit code 1. The message is for a person: "what: why (what now)". */
export class CliError extends Error {}

export const CONFIG_OPTION = [
  '--config <file>',
  'the configuration (default: found as every process finds it)',
] as const
