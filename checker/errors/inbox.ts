/**
 * Takes a bounded part of what waits in `inbox/errors/`, the oldest first: a flood must neither delay what is told of
 * silence nor fill the memory. Files stay where they are until the round that handled them is committed.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorEvent } from '../../shared/error-event.ts'
import { parseErrorEvent } from '../../shared/error-sample.ts'
import { listNames, NOT_OURS } from '../../shared/files.ts'
import { keyOf } from './step.ts'

interface Taken {
  /** Names in the folder. */
  readonly files: readonly string[]
  readonly events: readonly ErrorEvent[]
  /** Something else waits. */
  readonly more: boolean
}

const EXTENSION = '.jsonl'
const MOST_FILES = 200
const MOST_BYTES = 4_000_000
/** Each is a file to write, which takes far longer than to count another error. */
const MOST_GROUPS = 300
/** More than the server ever has waiting for one sync: what follows is not its own. */
const LARGEST_FILE = 64_000_000

export function createErrorInbox(folder: string) {
  /** As they were listed, the next one last: with thousands that wait, to list them each time would take the longest. */
  let listed: string[] = []

  return {
    take(): Taken {
      const isFresh = listed.length === 0
      if (isFresh) listed = listNames(folder, EXTENSION).sort().reverse()
      const files: string[] = []
      const events: ErrorEvent[] = []
      const groups = new Set<string>()
      let bytes = 0
      while (listed.length > 0 && files.length < MOST_FILES && bytes < MOST_BYTES && groups.size <= MOST_GROUPS) {
        const file = `${listed.pop()}${EXTENSION}`
        const content = readBounded(join(folder, file))
        if (content === undefined) continue
        files.push(file)
        bytes += content.length
        for (const line of content.split('\n')) {
          const event = line === '' ? undefined : parseErrorEvent(line)
          if (!event) continue
          events.push(event)
          groups.add(keyOf(event))
        }
      }
      // What came since they were listed was not looked at.
      return { files, events, more: listed.length > 0 || !isFresh }
    },

    /** What was taken last was not handled: it is to be taken again. */
    again(): void {
      listed = []
    },
  }
}

/** `undefined` for what is no file of ours. */
function readBounded(file: string): string | undefined {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    if (NOT_OURS.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
  try {
    const found = fstatSync(fd)
    if (!found.isFile()) return undefined
    const content = Buffer.alloc(Math.min(found.size, LARGEST_FILE))
    let length = 0
    for (let read = -1; read !== 0 && length < content.length; length += read) {
      read = readSync(fd, content, length, content.length - length, length)
    }
    return content.toString('utf8', 0, length)
  } finally {
    closeSync(fd)
  }
}
