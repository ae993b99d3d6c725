/**
 * The way of a reported error to the disk: scrubbed, and in a flood thinned. Each one is counted, synced before it is
 * acknowledged; of many that are the same only the first of each second are written whole. The checker takes them from
 * `inbox/errors/`.
 */
import type { ErrorEvent, ErrorSample } from '../../shared/error-event.ts'
import { createInboxWriter, type InboxWriter } from '../../shared/inbox.ts'
import type { Scrub } from './scrub.ts'

/** In one second, written whole. */
const WHOLE_OF_GROUP = 5
const WHOLE_OF_PROJECT = 50
/** Characters, for to scrub them takes its time, in which nobody else is heard. Of a few samples as large as can be. */
const SCRUBBED_OF_PROJECT = 250_000
const SCRUBBED = 500_000

/**
 * @param folder `inbox/errors/`
 * @param now epoch milliseconds
 * @param scrub asked each time: the configuration may change
 */
export function createErrorInbox(folder: string, now: () => number, scrub: () => Scrub): InboxWriter<ErrorEvent> {
  const inbox = createInboxWriter<ErrorEvent>(folder, now)
  const written = new Map<string, number>()
  const scrubbed = new Map<string, number>()
  let allScrubbed = 0
  let second = 0

  /** What was written is forgotten each second, so that it never grows beyond what a second brings. */
  function isWhole({ project, group }: ErrorEvent, sample: ErrorSample): boolean {
    const current = Math.floor(now() / 1000)
    if (current !== second) {
      second = current
      written.clear()
      scrubbed.clear()
      allScrubbed = 0
    }
    const ofGroup = `${project}/${group}`
    const groups = written.get(ofGroup) ?? 0
    const all = written.get(project) ?? 0
    if (groups >= WHOLE_OF_GROUP || all >= WHOLE_OF_PROJECT) return false
    const size = JSON.stringify(sample).length
    const before = scrubbed.get(project) ?? 0
    if (before + size > SCRUBBED_OF_PROJECT || allScrubbed + size > SCRUBBED) return false
    scrubbed.set(project, before + size)
    allScrubbed += size
    written.set(ofGroup, groups + 1)
    written.set(project, all + 1)
    return true
  }

  return {
    add(event) {
      const { project, at, group, sample } = event
      return inbox.add(
        sample && isWhole(event, sample)
          ? { project, at, group, sample: scrub().sample(sample) }
          : { project, at, group },
      )
    },
  }
}
