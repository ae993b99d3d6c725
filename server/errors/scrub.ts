/**
 * Takes out of a reported error what is nobody's business: passwords and tokens by the names of their fields and by
 * their looks, card numbers, and of a user all but the id. Pure, and in linear time, for anybody may send anything.
 * Nothing of an error reaches the disk before it went through here (inbox.ts).
 */
import { isIP } from 'node:net'
import type { ErrorSample } from '../../shared/error-event.ts'
import { type Fields, isFields } from './sample.ts'
import { NAMED, NAMING, scrubText } from './scrub-text.ts'
import { createKindOf, isSecret, type Kind } from './secret-names.ts'
import { REMOVED } from './secret-values.ts'

export interface Scrub {
  text(value: string): string
  value(value: unknown): unknown
  sample(sample: ErrorSample): ErrorSample
}

const DEEPEST = 10

/** @param names of fields whose values are never kept, beside those that everybody means; alone or as words of a longer name */
export function createScrub(names: readonly string[]): Scrub {
  const kindOf = createKindOf(names)
  const text = (value: string) => scrubText(value, kindOf)

  function walk(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'number') return text(String(value)) === String(value) ? value : REMOVED
    if (typeof value !== 'object' || value === null) return value
    if (depth === 0) return REMOVED
    if (!Array.isArray(value)) return fields(value as Fields, depth)
    return value.map((element, index) => {
      // Of a command line, as a list, its value is what follows.
      if (isOption(value[index - 1]) && isSecret(kindOf(value[index - 1]), element)) return REMOVED
      // As headers and queries are often sent: a list of names and values. Two words alone may both be names.
      if (isPair(element) && isSecret(kindOf(element[0]), element[1]))
        return [element[0], element[1] === null ? null : REMOVED]
      return walk(element, depth - 1)
    })
  }

  function fields(found: Fields, depth: number): Fields {
    const entries = Object.entries(found)
    const given = givenKind(entries)
    return Object.fromEntries(
      entries.map(([key, item]) => {
        const own = kindOf(key)
        if (isSecret(own === 'open' && NAMED.test(key) ? given : own, item))
          return [text(key), item === null ? item : REMOVED]
        if (key.toLowerCase() === 'user' && isFields(item)) return [key, userOf(item, depth)]
        return [text(key), walk(item, depth - 1)]
      }),
    )
  }

  /** Of the name that stands under another name, or at the end of the way that stands there. */
  function givenKind(entries: readonly (readonly [string, unknown])[]): Kind {
    const kinds = entries.map(([key, item]) => {
      const name = NAMING.test(key) && (Array.isArray(item) ? item.at(-1) : item)
      return typeof name === 'string' ? kindOf(name) : 'open'
    })
    return kinds.find((kind) => kind !== 'open') ?? 'open'
  }

  function userOf({ id }: Fields, depth: number): Fields {
    if (id === undefined) return {}
    return { id: typeof id === 'string' && isPersonal(id) ? REMOVED : walk(id, depth - 1) }
  }

  const ifThere = (value: string | undefined) => (value === undefined ? undefined : text(value))

  return {
    text,
    value: (value) => walk(value, DEEPEST),
    sample: (sample) => ({
      ...sample,
      type: text(sample.type),
      message: text(sample.message),
      stack: ifThere(sample.stack),
      url: ifThere(sample.url),
      frames: sample.frames?.map((frame) => ({
        ...frame,
        file: ifThere(frame.file),
        function: ifThere(frame.function),
      })),
      release: ifThere(sample.release),
      environment: ifThere(sample.environment),
      server: ifThere(sample.server),
      platform: ifThere(sample.platform),
      tags: sample.tags && (walk(sample.tags, DEEPEST) as ErrorSample['tags']),
      context: sample.context && fields(sample.context, DEEPEST),
      breadcrumbs: sample.breadcrumbs?.map((crumb) => ({
        ...crumb,
        category: ifThere(crumb.category),
        message: ifThere(crumb.message),
      })),
    }),
  }
}

function isOption(element: unknown): element is string {
  return typeof element === 'string' && /^--?\w[\w-]*$/.test(element)
}

function isPair(element: unknown): element is [string, unknown] {
  return Array.isArray(element) && element.length === 2 && typeof element[0] === 'string'
}

/** An e-mail address or an IP address. */
function isPersonal(id: string): boolean {
  return id.includes('@') || isIP(id) !== 0
}
