/**
 * A first line within its limit: a name is cut before the message is, then the last clause goes, then what is left is
 * cut. What was left out follows in the text, once.
 */
import type { Title } from '../../../shared/i18n/en/alerts.ts'

export interface Fitted {
  readonly line: string
  /** It was cut. */
  readonly name?: string
  /** What else the line had to leave out, as a line. */
  readonly dropped?: string
}

/** A name that is shorter stays whole, and the last clause goes instead; without that, it may be cut further. */
const SHORTEST_NAME = { whole: 16, brief: 8 }

/**
 * @param title the line, as it is with this name
 * @param limit in UTF-16 units, as every screen's limit is
 */
export function fit(title: (name: string) => Title, name: string, limit: number): Fitted {
  const clauses = title(name)
  for (let kept = clauses.length; kept > 0; kept--) {
    const worded = (shown: string) => title(shown).slice(0, kept).join('')
    const shown = shorten(worded, name, limit, kept > 1 ? SHORTEST_NAME.whole : SHORTEST_NAME.brief)
    const line = worded(shown)
    if (line.length > limit) continue
    const dropped = clauses.slice(kept).join('')
    return { line, name: shown === name ? undefined : name, dropped: dropped === '' ? undefined : sentence(dropped) }
  }
  const [head] = title(shorten((shown) => title(shown)[0], name, limit, SHORTEST_NAME.brief))
  return { line: cut(head, limit), dropped: withoutMark(clauses.join('')) }
}

/** @returns at most so many UTF-16 units, the last of them `…` if something is missing; never half a character */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

export function withoutMark(line: string): string {
  return line.replace(/^\S+ /, '')
}

function shorten(worded: (name: string) => string, name: string, limit: number, shortest: number): string {
  const excess = worded(name).length - limit
  return excess <= 0 || name.length <= shortest ? name : cut(name, Math.max(shortest, name.length - excess))
}

/** `, since 12:03` → `Since 12:03.`; ` (12:03–12:41)` → `12:03–12:41.` */
function sentence(tail: string): string {
  const bare = tail.replace(/^[^\p{L}\p{N}]+/u, '')
  const text = bare.includes('(') ? bare : bare.replace(/\)$/, '')
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
}
