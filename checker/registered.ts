/** What is known of registrations that cannot be used just now, and what becomes of such a host. */
import type { HostSettings } from '../shared/config/hosts.ts'
import { hasRhythm, type Registration, type Unusable } from '../shared/registry.ts'
import type { Host } from './core/host.ts'

type Settings = Registration['settings']

/** By the folder: what one checker of this process has read, the next one knows, whatever became of the files meanwhile. */
const memories = new Map<string, Map<string, Settings>>()

/**
 * The settings of all hosts as they were read last; `undefined` for those without any. They go on when the file cannot
 * be read, and are put back into it. An edit of the configuration makes another checker, but not another memory.
 */
export function settingsRead(folder: string): Map<string, Settings> {
  const memory = memories.get(folder) ?? new Map<string, Settings>()
  memories.set(folder, memory)
  return memory
}

/** As long as a schedule may well be unknown. */
const PATIENT_MS = 3650 * 86_400_000

/**
 * Nobody knows how often it should report: a monthly job that is judged by the default timeout would be silent at once.
 * So it counts as one that sleeps, and neither its runs nor its progress are expected to end or to go on.
 */
export const NOT_JUDGED = {
  sleeps: true,
  configured: false,
  runGraceMs: PATIENT_MS,
  progress: undefined,
} satisfies Partial<Host>

/**
 * @param isRemembered how it was registered is known all the same
 * @returns what to say of it in the log
 */
export function complaintOf(
  name: string,
  { garbled, why }: Unusable,
  configured: HostSettings | undefined,
  isRemembered: boolean,
): string {
  const refused = `the server refuses ${name} the shared password`
  if (isRemembered) return `cannot be used (${why}): as long as that lasts, ${refused}`
  const unwatched = hasRhythm(configured) ? '' : `, and nobody waits for it, for its timeout or schedule is not known`
  if (!garbled || why === 'empty') return `cannot be used (${why}): as long as that lasts, ${refused}${unwatched}`
  const repair = `monitora host edit ${name} --timeout … (or --schedule …) writes it anew, with its newest token`
  return `cannot be used (${why}): its settings are lost: ${repair}; until then ${refused}${unwatched}`
}
