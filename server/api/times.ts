/** How times and spans stand in answers: ISO 8601 and seconds; what is not known is null. */

export function iso(at: number): string {
  return new Date(at).toISOString()
}

export function isoOrNull(at: number | undefined): string | null {
  return at === undefined ? null : iso(at)
}

/** A signal's: whole seconds, for more is not kept of it. */
export function isoSeconds(at: number | undefined): string | null {
  return at === undefined ? null : iso(at).replace(/\.\d+Z$/, 'Z')
}

export function secondsOrNull(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000
}
