/** For the commands that read or write the data folder and answer in words. */
import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type Config, loadConfig } from '../shared/config/load.ts'
import type { Answer } from '../shared/quiet.ts'
import { type CliDeps, CliError } from './command.ts'

const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'was Monitora ever started?',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full for this user',
  EROFS: 'the disk is read-only',
}

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
    // What is written anew has another name until it is whole: nobody knows that one.
    const place = basename(path).startsWith('.') ? dirname(path) : path
    throw new CliError(
      `${place}: cannot be ${verb}: ${code} (${HINTS[code] ?? 'ask as the user that Monitora runs as'})`,
    )
  }
}

/** What root leaves behind in a folder of another user, that one's checker cannot read: it would be silenced in vain. */
function demandSameUser({ paths }: Config): void {
  const { uid } = statSync(paths.silences)
  if (process.getuid?.() === 0 && uid !== 0) {
    throw new CliError(`${paths.silences}: belongs to user ${uid} (ask as that user: sudo -u '#${uid}' …)`)
  }
}
