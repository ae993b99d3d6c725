/** Watches the configuration: a good edit takes effect without a restart, a bad one is refused loudly, the old one stays. */
import { unwatchFile, watchFile } from 'node:fs'
import type { Log } from '../log.ts'
import { ConfigError } from './problems.ts'

/**
 * Looks at the file each second: editors replace files, and that is what a watch on the old one misses.
 * @param load reads the configuration again; what it throws is logged
 * @returns the function that stops it
 */
export function watchConfig<C>(file: string, load: () => C, use: (config: C) => void, log: Log): () => void {
  const changed = () => {
    let config: C
    try {
      config = load()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const problem of error.message.split('\n')) log.error(problem)
      log.error(`${file} was changed, but is not used: the settings from before stay in force`)
      return
    }
    log.info(`${file} was changed and is in force`)
    use(config)
  }
  watchFile(file, { interval: 1000, persistent: false }, changed)
  return () => unwatchFile(file, changed)
}
