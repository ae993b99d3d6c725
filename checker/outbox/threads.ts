/**
 * What the later messages of an outage answer to, for each channel: what the provider called the message that opened
 * it. In `state/threads/CHANNEL.json`, outage → reference. A lost one costs a reply, never a message.
 */
import { join } from 'node:path'
import { type Alert, type AlertKind, isEnd } from '../../shared/alert.ts'
import { readJsonIfThere } from '../../shared/files.ts'
import type { DataPaths } from '../../shared/paths.ts'
import { alertsOf, type Letter } from './letter.ts'

/** Of outages whose end never came; the oldest go. */
const MOST = 1000
/** Nothing follows them. */
const ALONE: ReadonlySet<AlertKind> = new Set(['first-signal', 'never-heard', 'two-machines', 'heartbeat', 'test'])

export function createThreads(paths: Pick<DataPaths, 'root'>) {
  const channels = new Map<string, Map<string, string>>()

  function of(channel: string): Map<string, string> {
    const known = channels.get(channel) ?? read(join(paths.root, fileOf(channel)))
    channels.set(channel, known)
    return known
  }

  return {
    /** @returns what the letter answers to; one that tells of several outages answers to none */
    threadOf(letter: Letter): string | undefined {
      const [outage, ...others] = new Set(alertsOf(letter).map(({ outage }) => outage))
      return others.length === 0 ? of(letter.channel).get(outage!) : undefined
    },

    /**
     * Notes that the letter arrived.
     * @param reference what the channel resolved with
     * @returns the file that this changes, for the commit
     */
    arrived(letter: Letter, reference: string | undefined): ReadonlyMap<string, string> {
      const known = of(letter.channel)
      const before = encode(known)
      for (const alert of alertsOf(letter)) note(known, alert, reference)
      for (const outage of known.keys()) {
        if (known.size <= MOST) break
        known.delete(outage)
      }
      const after = encode(known)
      return new Map(after === before ? [] : [[fileOf(letter.channel), after]])
    },
  }
}

function note(known: Map<string, string>, alert: Alert, reference: string | undefined): void {
  if (isEnd(alert.kind)) known.delete(alert.outage)
  if (reference === undefined) return
  // Later messages answer to the first, not to a reminder.
  if (!isEnd(alert.kind) && !ALONE.has(alert.kind) && !known.has(alert.outage)) known.set(alert.outage, reference)
  // Whoever is still missing when the site is back goes on under an outage of its own, which was told here.
  for (const outage of Object.values(alert.outages ?? {})) known.set(outage, reference)
}

function fileOf(channel: string): string {
  return `state/threads/${channel}.json`
}

/** Whatever is wrong with the file: alerts go out without it. */
function read(file: string): Map<string, string> {
  try {
    const entries = Object.entries(readJsonIfThere(file) ?? {})
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  } catch {
    return new Map()
  }
}

function encode(known: ReadonlyMap<string, string>): string {
  return `${JSON.stringify(Object.fromEntries(known))}\n`
}
