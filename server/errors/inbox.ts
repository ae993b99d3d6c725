/**
 * The way of a reported error to the disk: scrubbed, and in a flood thinned. Each one is counted, synced before it is
 * acknowledged; of many that are the same only the first of each second are written whole. The checker takes them from
 * `inbox/errors/`.
 */
import type { ErrorEvent } from '../../shared/error-event.ts'
import { createInboxWriter, type InboxWriter } from '../../shared/inbox.ts'
import type { Scrub } from './scrub.ts'

/** In one second, written whole. */
const WHOLE_OF_GROUP = 5
const WHOLE_OF_PROJECT = 50

/**
 * @param folder `inbox/errors/`
 * @param now epoch milliseconds
 * @param scrub asked each time: the configuration may change
 */
export function createErrorInbox(folder: string, now: () => number, scrub: () => Scrub): InboxWriter<ErrorEvent> {
  const inbox = createInboxWriter<ErrorEvent>(folder, now)
  const written = new Map<string, number>()
  let second = 0

  /** What was written is forgotten each second, so that it never grows beyond what a second brings. */
  function isWhole({ project, group }: ErrorEvent): boolean {
    const current = Math.floor(now() / 1000)
    if (current !== second) {
      second = current
      written.clear()
    }
    const ofGroup = `${project}/${group}`
    const groups = written.get(ofGroup) ?? 0
    const all = written.get(project) ?? 0
    if (groups >= WHOLE_OF_GROUP || all >= WHOLE_OF_PROJECT) return false
    written.set(ofGroup, groups + 1)
    written.set(project, all + 1)
    return true
  }

  return {
    add(event) {
      const { project, at, group, sample } = event
      return inbox.add(
        sample && isWhole(event) ? { project, at, group, sample: scrub().sample(sample) } : { project, at, group },
      )
    },
  }
}
