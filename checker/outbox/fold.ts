/**
 * What waits for people becomes one message instead of a flood: an outage whose end waits behind its beginning, and any
 * backlog. It is decided when the turn of the first comes, so an alert that is alone never waits for others. Pure.
 */
import { isEnd } from '../../shared/alert.ts'
import type { Letter } from './letter.ts'

export interface Fold {
  /** With its first try counted: from now on it stays as it is. */
  readonly letter: Letter
  readonly replaced: readonly Letter[]
}

/** More than so many that wait are a backlog. */
const FEW = 5
/** What one message holds in every channel: a line too many would be cut off, and with it an alert. */
export const MOST = 24

/**
 * @param queue the letters for one channel, in order, the first of which is due
 * @returns what becomes of the first and of others; `undefined` when the first goes as it is
 */
export function foldHead(queue: readonly Letter[]): Fold | undefined {
  const replaced = backlog(queue) ?? outage(queue)
  const newest = replaced?.at(-1)
  if (!replaced || !newest) return undefined
  const { channel, nextTryAt } = newest
  return {
    letter: { alert: newest.alert, folded: replaced.map(({ alert }) => alert), channel, tries: 1, nextTryAt },
    replaced,
  }
}

function backlog(queue: readonly Letter[]): readonly Letter[] | undefined {
  const waiting = unarrived(queue)
  return waiting.length > FEW ? waiting.slice(0, MOST) : undefined
}

/** All of an outage, from its beginning to its end. */
function outage(queue: readonly Letter[]): readonly Letter[] | undefined {
  const waiting = unarrived(queue)
  const opening = waiting[0]?.alert
  if (!opening || opening.id !== opening.outage) return undefined
  const same = waiting.filter(({ alert }) => alert.outage === opening.id)
  const end = same.findIndex(({ alert }, place) => place > 0 && isEnd(alert.kind))
  return end < 0 ? undefined : same.slice(0, end + 1)
}

/** What may have arrived is left alone, and not overtaken. */
function unarrived(queue: readonly Letter[]): readonly Letter[] {
  const first = queue.findIndex(({ tries, refused, folded }) => folded !== undefined || (tries > 0 && !refused))
  return first < 0 ? queue : queue.slice(0, first)
}
