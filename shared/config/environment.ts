/** `${NAME}` and `${NAME:-default}` in a configuration: from the environment, `.env`, or the file that NAME_FILE names. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Problem } from './problems.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** The environment, over what `.env` beside the configuration adds. */
export function readEnvironment(env: Environment, folder: string): Environment {
  try {
    return { ...parseEnv(readFileSync(join(folder, '.env'), 'utf8')), ...env }
  } catch {
    return env
  }
}

/** Fills in every text of a YAML tree; what cannot be filled in becomes a problem. */
export function substitute(value: unknown, env: Environment, problems: Problem[], path = ''): unknown {
  if (typeof value === 'string') return fill(value, env, problems, path)
  const under = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`)
  if (Array.isArray(value)) return value.map((item, index) => substitute(item, env, problems, under(index)))
  if (typeof value !== 'object' || value === null) return value
  // fromEntries defines what it sets: a key `__proto__` stays a key.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substitute(item, env, problems, under(key))]),
  )
}

function fill(text: string, env: Environment, problems: Problem[], path: string): string {
  return text.replace(REFERENCE, (_, name: string, fallback: string | undefined) => {
    const secretFile = env[`${name}_FILE`]
    if (env[name] !== undefined) return env[name]
    if (secretFile !== undefined) {
      try {
        return readFileSync(secretFile, 'utf8').trim()
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        problems.push({ path, text: `${name}_FILE names ${secretFile}, which cannot be read: ${code}` })
        return ''
      }
    }
    if (fallback !== undefined) return fallback
    problems.push({
      path,
      text: `\${${name}} is not set: expected it in the environment, .env, or a file named by ${name}_FILE`,
    })
    return ''
  })
}
