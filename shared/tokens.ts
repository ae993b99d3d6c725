/**
 * Tokens: what a client shows instead of a user and a password. 128 random bits, shown once and kept as a hash:
 * 32 hex digits (a Sentry key is such) or the same as a UUID (as Healthchecks' clients write it). A token of the
 * configuration may be any text (values.ts). Which host has it: `tokens/HASH`, which counts only while the host's
 * registration says the same, so that the two cannot disagree.
 */
import { hash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { DataPaths } from './paths.ts'

/** What a person may choose for one: it fits into a header, and is too long to be guessed. */
export const TOKEN = /^[A-Za-z0-9._~-]{16,128}$/
export const TOKEN_EXPECTED = 'a token of 16 to 128 letters, digits and -._~'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const HEX = /^[0-9a-f]{32}$/i
/** An SDK takes an integer for a project, and some of them a 32-bit one. */
const LARGEST_ID = 2 ** 31 - 1

export function newToken(): string {
  return randomBytes(16).toString('hex')
}

export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** The same token in Healthchecks' form; `undefined` for one that is no 32 hex digits. */
export function uuidOf(token: string): string | undefined {
  if (!HEX.test(token)) return undefined
  return token.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Both forms of a token have the same hash. */
export function hashOf(token: string): string {
  const plain = UUID.test(token)
    ? token.replaceAll('-', '').toLowerCase()
    : HEX.test(token)
      ? token.toLowerCase()
      : token
  return hash('sha256', plain)
}

export function tokenFile(paths: DataPaths, tokenHash: string): string {
  return join(paths.tokens, tokenHash)
}

/** The integer that a Sentry DSN ends with: it follows from the name, and proves nothing, for the key does. */
export function projectId(name: string): number {
  return (Number.parseInt(hash('sha256', name).slice(0, 8), 16) % LARGEST_ID) + 1
}
