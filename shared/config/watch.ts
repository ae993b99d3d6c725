/** Watches the configuration: a good edit takes effect without a restart, a bad one is refused loudly, the old one stays. */
import { versionOf } from '../files.ts'
import type { Log } from '../log.ts'
import { ConfigError } from './problems.ts'

const LOOK_EVERY_MS = 1000

/**
 * Looks at the file each second: editors replace files, and that is what a watch on the old one misses.
 * @param read what is in force, of which file, and of which version of it: an edit while we started is one, too
 * @param load reads the configuration again; what it throws is logged
 * @param mayBeMended asked each second while an edit is refused: is it worth another try, because what the file names has
 *   changed? Each try is logged.
 * @returns the function that stops it
 */
export function watchConfig<C>(
  { file, version }: { readonly file: string; readonly version: string },
  load: () => C,
  use: (config: C) => void,
  log: Log,
  mayBeMended: () => boolean = () => false,
): () => void {
  let seen = version
  let refused = false
  const look = () => {
    const found = versionOf(file)
    if (found === seen && !(refused && mayBeMended())) return
    // Before it is read: what is written meanwhile is seen the next time.
    seen = found
    let config: C
    try {
      config = load()
      refused = false
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      refused = true
      for (const problem of error.message.split('\n')) log.error(problem)
      log.error(`${file} was changed, but is not used: the settings from before stay in force`)
      return
    }
    log.info(`${file} was changed and is in force`)
    use(config)
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  return () => clearInterval(timer)
}
