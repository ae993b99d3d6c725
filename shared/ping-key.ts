/**
 * The ping key: what Healthchecks' clients write before the name of a check, `/ping/KEY/NAME`. One for the whole
 * installation, shown once; `ping-key.json` holds its hash, and the server reads it there (server/keys.ts).
 */
import { randomBytes } from 'node:crypto'
import { createExclusive, replaceFile } from './files.ts'
import type { DataPaths } from './paths.ts'
import { hashOf } from './tokens.ts'

/** @returns the key, if there was none yet */
export function makePingKey({ pingKey }: DataPaths): string | undefined {
  const key = newKey()
  return createExclusive(pingKey, contentFor(key), { sync: true }) === 'created' ? key : undefined
}

/** @returns the new one; the old one opens nothing any more */
export function replacePingKey({ pingKey }: DataPaths): string {
  const key = newKey()
  replaceFile(pingKey, contentFor(key), { sync: true })
  return key
}

/** 22 characters as Healthchecks has them: no token looks like that. */
function newKey(): string {
  return randomBytes(16).toString('base64url')
}

function contentFor(key: string): string {
  return `${JSON.stringify({ hash: hashOf(key) })}\n`
}
