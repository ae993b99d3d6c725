/** What is known of registrations that cannot be used just now, and what becomes of such a host. */
import type { HostSettings } from '../shared/config/hosts.ts'
import { hasRhythm, type Registration, type Unusable } from '../shared/registry.ts'
import type { Declared } from '../shared/report.ts'
import type { Host } from './core/host.ts'

/** What the checker's own state does not hold of a registration. */
export type Remembered = Pick<Registration, 'origin' | 'project' | 'settings'>

/** By the folder: what one checker of this process has read, the next one knows, whatever became of the files meanwhile. */
const memories = new Map<string, Map<string, Remembered>>()
/** Most hosts have nothing but an origin: a hundred thousand of them share these. */
const plain = new Map<Registration['origin'], Remembered>()

/**
 * All registrations as they were read last. They go on when the file cannot be read, and are put back into it. An edit of
 * the configuration makes another checker, but not another memory.
 */
export function registrationsRead(folder: string): Map<string, Remembered> {
  const memory = memories.get(folder) ?? new Map<string, Remembered>()
  memories.set(folder, memory)
  return memory
}

export function remembered({ origin, project, settings }: Registration): Remembered {
  if (project !== undefined || settings) return { origin, project, settings }
  const shared = plain.get(origin) ?? { origin }
  plain.set(origin, shared)
  return shared
}

/** As long as a schedule may well be unknown. */
const PATIENT_MS = 3650 * 86_400_000

/**
 * Nobody knows how often it should report: a monthly job that is judged by the default timeout would be silent at once.
 * So it counts as one that sleeps, and neither its runs nor its progress are expected to end or to go on.
 */
export const NOT_JUDGED = {
  sleeps: true,
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
  declared: Declared,
  isRemembered: boolean,
): string {
  const refused = `the server refuses ${name} the shared password`
  if (isRemembered) return `cannot be used (${why}): as long as that lasts, ${refused}`
  const unwatched = hasRhythm(configured, declared)
    ? ''
    : `, and nobody waits for it, for its timeout or schedule is not known`
  if (!garbled) return `cannot be used (${why}): as long as that lasts, ${refused}${unwatched}`
  const repair = `monitora host edit ${name} --timeout … (or --schedule …) writes it anew, with its newest token`
  return `cannot be used (${why}): its settings are lost: ${repair}; until then ${refused}${unwatched}`
}
