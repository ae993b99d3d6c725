/** The command line as a whole: commands in, exit code out. It never ends the process itself. */
import { Command, CommanderError } from 'commander'
import { ConfigError } from '../shared/config/problems.ts'
import { DataFolderError } from '../shared/paths.ts'
import { type AddCommand, type CliDeps, CliError } from './command.ts'

/**
 * @param args without node and the script
 * @returns the exit code
 */
export async function run(args: readonly string[], deps: CliDeps): Promise<number> {
  let exitCode = 0
  const cli = {
    ...deps,
    exitWith: (code: number) => {
      exitCode = code
    },
  }
  const program = new Command('monitora')
    .description('Notices when something of yours falls silent. Four small processes and plain files.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => deps.print(text.trimEnd()),
      writeErr: (text) => deps.complain(text.trimEnd()),
    })
    .showHelpAfterError('(monitora --help lists the commands)')
  for (const add of await commandsFor(args)) add(program, cli)

  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has said already what was wrong; what it throws for --help carries 0.
    if (error instanceof CommanderError) return error.exitCode
    if (!isForPeople(error)) throw error
    deps.complain(error.message)
    return 1
  }
}

/** A job should not wait until all that the other commands need is loaded, nor keep it in memory. */
async function commandsFor([name]: readonly string[]): Promise<readonly AddCommand[]> {
  return name === 'run' ? [(await import('./commands/run.ts')).run] : (await import('./commands/index.ts')).COMMANDS
}

function isForPeople(error: unknown): error is Error {
  return error instanceof CliError || error instanceof ConfigError || error instanceof DataFolderError
}
