/**
 * Programs of others that clients are made of: where they are, and running them. What is missing on a machine skips its
 * tests with a reason; in CI nothing may be missing.
 */
import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { PROJECT } from '../box.ts'

export interface Ended {
  readonly code: number
  readonly output: string
}

const OUTPUT_BYTES = 4 * 1024 * 1024
const SLOWEST_MS = 30_000
/** What Debian packs for Python is not there for another Python that may stand before it in the PATH. */
const PYTHONS = ['/usr/bin/python3', 'python3']

/** A small program of ours, written as the users of that client write theirs. */
export const client = (name: string) => join(PROJECT, 'test/clients', name)

/** @returns the interpreter that has the module */
export function pythonWith(module: string): string | undefined {
  return PYTHONS.find((python) => succeeds(python, '-c', `import ${module}`))
}

/** @returns the program, if it is there and answers */
export function program(name: string, ...ask: readonly string[]): string | undefined {
  return succeeds(name, ...(ask.length > 0 ? ask : ['--version'])) ? name : undefined
}

/** @returns what was found; else the test is skipped, or fails where nothing may be */
export function need(found: string | undefined, packages: string, skip: (why: string) => never): string {
  if (found !== undefined) return found
  const why = `not installed: apt-get install ${packages}`
  if (process.env.CI) throw new Error(why)
  return skip(why)
}

/** Runs it to its end; an exit code is an answer. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((done, failed) => {
    const options = { maxBuffer: OUTPUT_BYTES, timeout: SLOWEST_MS, env: { ...process.env, ...env } }
    const child = execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') failed(new Error(`${error.message}\n${stdout}${stderr}`))
      else done({ code: child.exitCode ?? 0, output: `${stdout}${stderr}` })
    })
    child.stdin?.end()
  })
}

/** A line of a shell, as it is pasted. */
export const shell = (line: string) => run('sh', ['-c', line])

function succeeds(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
