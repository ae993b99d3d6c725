/** Reads configurations in tests, from a real file; and sees to it that no problem tells a secret. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import type { Environment } from '../shared/config/environment.ts'
import { type Config, loadConfig } from '../shared/config/load.ts'
import { ConfigError, type Problem } from '../shared/config/problems.ts'
import type { ProcessName } from '../shared/pulse.ts'

/** Wherever a secret stands in a test's configuration, this is it. */
export const SECRET = 'hunter2hunter2'
/** All that a configuration needs. */
export const ENOUGH = `server: { user: home, password: ${SECRET} }\n`

/** A folder of its own for each test file that calls this, removed after it. */
export function configReader() {
  const root = mkdtempSync(join(tmpdir(), 'config-'))
  const file = join(root, 'monitora.yml')
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  function read(yaml: string, env: Environment = {}, process: ProcessName = 'server'): Config {
    writeFileSync(file, yaml)
    return loadConfig({ file, process, env })
  }

  function problemsOf(yaml: string, env?: Environment, process?: ProcessName): readonly Problem[] {
    try {
      read(yaml, env, process)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      expect(error.message).not.toContain(SECRET)
      expect(error.message.split('\n')).toHaveLength(error.problems.length)
      for (const line of error.message.split('\n')) expect(line.startsWith(`${file}: `)).toBe(true)
      return error.problems
    }
    return []
  }

  return { root, file, read, problemsOf }
}
