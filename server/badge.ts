/**
 * What a badge shows, for whoever has its link. A badge on a page is asked for often and need not be new to the second:
 * the state of everything is read again only after some seconds, and later the longer the reading takes.
 */
import { ALL_TAGS, isBadge } from '../shared/badges.ts'
import type { Config } from '../shared/config/load.ts'
import { type Condition, readStatus } from '../shared/status.ts'
import type { Badge, Doors } from './dialects/dialect.ts'

const FRESH_MS = 5000
/** Of the server's time, badges take a fiftieth at most. */
const SHARE = 50
const DOWN: ReadonlySet<Condition['kind']> = new Set(['silent', 'failed', 'error'])

interface Shown {
  readonly tags: readonly string[]
  readonly isDown: boolean
}

interface Reading {
  readonly hosts: readonly Shown[]
  /** Nobody decides who is silent just now: what is known may be long over. */
  readonly isWatched: boolean
}

/** @param monotonic milliseconds that never jump; @param now epoch milliseconds */
export function createBadges(config: Config, monotonic: () => number, now: () => number): Doors['badge'] {
  let last: { readonly reading: Reading; readonly until: number } | undefined

  function read(): Reading {
    const begunAt = monotonic()
    if (last && begunAt < last.until) return last.reading
    const reading = readingOf(config, now())
    const doneAt = monotonic()
    last = { reading, until: doneAt + Math.max(FRESH_MS, (doneAt - begunAt) * SHARE) }
    return reading
  }

  return (key, signature, tag) => (isBadge(config.paths, key, signature, tag) ? badgeOf(read(), tag) : undefined)
}

function readingOf(config: Config, nowMs: number): Reading {
  const { hosts, processes } = readStatus(config, nowMs)
  return {
    hosts: hosts.map(({ settings, condition }) => ({ tags: settings.tags ?? [], isDown: DOWN.has(condition.kind) })),
    isWatched: processes.some(({ name, running }) => name === 'checker' && running),
  }
}

/** Late is whoever nobody watches. A host past its time that is not yet called silent is not known here: none is in grace. */
function badgeOf({ hosts, isWatched }: Reading, tag: string): Badge {
  const meant = hosts.filter(({ tags }) => tag === ALL_TAGS || tags.includes(tag))
  const down = meant.filter(({ isDown }) => isDown).length
  return { status: down > 0 ? 'down' : isWatched ? 'up' : 'late', total: meant.length, grace: 0, down }
}
