/**
 * The links of the badges: whoever has one may see the one state it shows, and nothing else. The installation's badge
 * key and the secret that signs the links lie in `badges.json`, made when the first link is asked for. The secret must
 * be read again to sign, so it is kept as it is, in a file for its owner alone.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createExclusive, NOT_OURS, readJsonIfThere, replaceFile } from './files.ts'
import type { DataPaths } from './paths.ts'

/** The tag of a badge that shows all hosts. */
export const ALL_TAGS = '*'
/** 48 bits: too many to try over a network. */
const SIGNATURE_LENGTH = 8
const MODE = 0o600

interface BadgeKeys {
  readonly key: string
  readonly secret: string
}

/**
 * The path of each badge after the server's address, without its ending (`.svg`, `.json`, `.shields`): that of all hosts
 * first, then one for each tag.
 */
export function badgePaths(
  paths: DataPaths,
  tags: readonly string[],
): { readonly tag: string; readonly path: string }[] {
  const { key, secret } = readKeys(paths) ?? makeKeys(paths)
  return [ALL_TAGS, ...tags].map((tag) => {
    const end = tag === ALL_TAGS ? '' : `/${encodeURIComponent(tag)}`
    return { tag, path: `/badge/${key}/${signatureOf(secret, tag)}${end}` }
  })
}

export function isBadge(paths: DataPaths, key: string, signature: string, tag: string): boolean {
  const keys = readKeys(paths)
  if (!keys) return false
  const isKey = isSame(key, keys.key)
  return isSame(signature, signatureOf(keys.secret, tag)) && isKey
}

function readKeys(paths: DataPaths): BadgeKeys | undefined {
  const { key, secret } = readJsonIfThere(paths.badges, NOT_OURS) ?? {}
  return typeof key === 'string' && typeof secret === 'string' && key !== '' && secret !== ''
    ? { key, secret }
    : undefined
}

/** Of two that make them at once, the first one's count. */
function makeKeys(paths: DataPaths): BadgeKeys {
  const made = { key: randomBytes(12).toString('base64url'), secret: randomBytes(32).toString('base64url') }
  const content = `${JSON.stringify(made)}\n`
  const options = { sync: true, mode: MODE }
  if (createExclusive(paths.badges, content, options) === 'created') return made
  const theirs = readKeys(paths)
  if (theirs) return theirs
  // A power cut left its name without its content.
  replaceFile(paths.badges, content, options)
  return made
}

function signatureOf(secret: string, tag: string): string {
  return createHmac('sha256', secret).update(tag).digest('base64url').slice(0, SIGNATURE_LENGTH)
}

/** Takes as long whatever was guessed, its length too. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
