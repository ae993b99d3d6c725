/** For the commands that read or write the data folder and answer in words. */
import { statSync } from 'node:fs'
import { type Config, loadConfig } from '../shared/config/load.ts'
import type { Answer } from '../shared/quiet.ts'
import { type CliDeps, CliError } from './command.ts'

/**
 * Prints the answer.
 * @param file what `--config` named
 * @param writes it leaves a file behind, which the checker must be able to read
 * @throws CliError with the answer, when nothing was done
 */
export function printAnswer(
  cli: CliDeps,
  file: string | undefined,
  { writes }: { readonly writes: boolean },
  ask: (config: Config, now: number) => Answer,
): void {
  const config = loadConfig({ file, process: 'checker', env: cli.env, folder: cli.folder })
  const answer = () => {
    if (writes) demandSameUser(config)
    return ask(config, cli.now())
  }
  const { done, text } = reading(answer, writes ? 'written' : 'read')
  if (!done) throw new CliError(text)
  cli.print(text)
}

/** For the chats that read who has taken an outage: the person, also behind `sudo`. */
export function whoAsks({ env }: CliDeps): string {
  return env.SUDO_USER || env.USER || env.LOGNAME || 'cli'
}

/** @throws CliError for what the file system throws */
export function reading<T>(read: () => T, verb: 'read' | 'written' = 'read'): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof CliError) throw error
    const { code = String(error), path = '' } = error as NodeJS.ErrnoException
    const hint = code === 'ENOENT' ? 'was Monitora ever started?' : 'ask as the user that Monitora runs as'
    throw new CliError(`${path}: cannot be ${verb}: ${code} (${hint})`)
  }
}

/** What root leaves behind in a folder of another user, that one's checker cannot read: it would be silenced in vain. */
function demandSameUser({ paths }: Config): void {
  const { uid } = statSync(paths.silences)
  if (process.getuid?.() === 0 && uid !== 0) {
    throw new CliError(`${paths.silences}: belongs to user ${uid} (ask as that user: sudo -u '#${uid}' …)`)
  }
}
