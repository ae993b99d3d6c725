/**
 * The way of a reported error to the disk: scrubbed, and in a flood thinned. Each one is counted, synced before it is
 * acknowledged; of many that are the same only the first of each second are written whole. The checker takes them from
 * `inbox/errors/`.
 */
import type { ErrorEvent, ErrorSample } from '../../shared/error-event.ts'
import { createInboxWriter } from '../../shared/inbox.ts'
import type { ToldError } from '../signal.ts'
import { SAMPLE_LENGTH } from './sample.ts'
import type { Scrub } from './scrub.ts'

/** In one second, written whole. */
const WHOLE_OF_GROUP = 5
const WHOLE_OF_PROJECT = 50
/** Characters, for to scrub them takes its time, in which nobody else is heard. Of a few samples as large as can be. */
const SCRUBBED_OF_PROJECT = 250_000
const SCRUBBED = 500_000

export interface ErrorInbox {
  /** Resolves when the error is on disk, synced; rejects when it could not be written. */
  add(event: Omit<ErrorEvent, 'sample'>, told: ToldError): Promise<void>
}

/**
 * @param folder `inbox/errors/`
 * @param now epoch milliseconds
 * @param scrub asked each time: the configuration may change
 */
export function createErrorInbox(folder: string, now: () => number, scrub: () => Scrub): ErrorInbox {
  const inbox = createInboxWriter<ErrorEvent>(folder, now)
  const written = new Map<string, number>()
  const scrubbed = new Map<string, number>()
  let allScrubbed = 0
  let second = 0

  /**
   * What was written is forgotten each second, so that it never grows beyond what a second brings.
   * @returns `undefined`: it is only counted
   */
  function wholeOf({ project, group }: Omit<ErrorEvent, 'sample'>, told: ToldError): ErrorSample | undefined {
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
    if (groups >= WHOLE_OF_GROUP || all >= WHOLE_OF_PROJECT) return undefined
    const most = Math.min(told.size, SAMPLE_LENGTH)
    const before = scrubbed.get(project) ?? 0
    if (before + most > SCRUBBED_OF_PROJECT || allScrubbed + most > SCRUBBED) return undefined
    const sample = told.sample()
    const size = JSON.stringify(sample).length
    scrubbed.set(project, before + size)
    allScrubbed += size
    written.set(ofGroup, groups + 1)
    written.set(project, all + 1)
    return scrub().sample(sample)
  }

  return {
    add: (event, told) => inbox.add({ ...event, sample: wholeOf(event, told) }),
  }
}
