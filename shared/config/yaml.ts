/** Reads a YAML file, in words for the person who wrote it. Without zod: the endpoint reads its file with this too. */
import { readFileSync } from 'node:fs'
import { load, YAMLException } from 'js-yaml'
import { ConfigError } from './problems.ts'

/** A value within `{ … }` or `[ … ]`; references to the environment may stand in it. */
const FLOW_VALUE =
  /(?<=[:,[]\s+|\[)(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:\$\{[^}\n]*\}|[^\s,[\]{}"'$])+(?=\s*[,\]}]))/g

/**
 * @param example the file to name when this one is empty
 * @throws ConfigError
 */
export function readYaml(file: string, example: string): unknown {
  const fail = (text: string) => new ConfigError(file, [{ path: '', text }])
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    throw fail(`cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
  if (content.trim() === '') throw fail(`is empty (${example} shows what belongs there)`)
  try {
    const value = loadQuoted(content)
    // A tree that contains itself (&a [*a]) has no end for whoever walks it.
    JSON.stringify(value)
    return value
  } catch (error) {
    // The short form only: the long one quotes lines, and a line may hold a secret.
    throw fail(
      error instanceof YAMLException
        ? `is no YAML: ${error.toString(true).replace(/^YAMLException: /, '')}`
        : 'is no YAML',
    )
  }
}

/**
 * In `{ token: ${TOKEN} }` the inner braces are YAML's own. What nobody else could mean is read as if it was quoted;
 * a file that YAML understands is left alone.
 */
function loadQuoted(content: string): unknown {
  try {
    return load(content)
  } catch (error) {
    const quoted = content.replace(FLOW_VALUE, (value) =>
      /^["']/.test(value) || !value.includes('${') ? value : `'${value.replaceAll("'", "''")}'`,
    )
    try {
      return load(quoted)
    } catch {
      throw error
    }
  }
}
