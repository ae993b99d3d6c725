/** What is wrong with a configuration, one line a problem: where, what was found, what was expected. Never a secret. */
import type { z } from 'zod'

export interface Problem {
  /** Such as `hosts.nas.timeout`; empty for the whole file. */
  readonly path: string
  readonly text: string
}

export class ConfigError extends Error {
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[]) {
    super(problems.map(({ path, text }) => `${file}: ${path === '' ? '' : `${path}: `}${text}`).join('\n'))
    this.problems = problems
  }
}

/** A URL may carry credentials, or be one, as those of chat services are. */
const SECRET_KEY = /password|token|headers|pwd|url|apiRoot|smtp|topic|secret|watchdog/i

/** `user:password@host`, wherever a URL stands. */
const CREDENTIALS = /\/\/[^/]*@/

/** @param under the path of the value that was checked */
export function problemsOf(error: z.ZodError, value: unknown, under = ''): Problem[] {
  return error.issues.flatMap((issue) => {
    const path = [under, ...issue.path].filter((part) => part !== '').join('.')
    if (issue.code === 'unrecognized_keys') {
      // `password:abc`, without the space, is a key to YAML.
      const keys = issue.keys.map((key) => key.replace(/:.+/s, ':…'))
      return keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, text: 'unknown key (a typo?)' }))
    }
    const found = issue.path.reduce<unknown>(
      (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
      value,
    )
    const type = issue.code === 'invalid_type' ? issue.expected : undefined
    if (type === 'nonoptional') return [{ path, text: 'missing' }]
    if (found === undefined) return [{ path, text: `missing: expected ${issue.message}` }]
    // Where a group of settings belongs, a bare text may be its secret: `bot: 123:ABC`.
    const bare = type === 'object' && typeof found === 'string'
    const secret = bare || SECRET_KEY.test(path) || (typeof found === 'string' && CREDENTIALS.test(found))
    return [{ path, text: `found ${secret ? 'something else' : describe(found)}, expected ${issue.message}` }]
  })
}

export function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a group of settings'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
