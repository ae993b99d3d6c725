/** A time as people type it, in the time zone that they live in. */
import type { Span } from './history.ts'

const CLOCK = /^(\d{1,2}):(\d{2})$/
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/**
 * @param text `HH:MM`, the last one there was, today or yesterday; or ISO 8601, without a zone in `timezone`
 * @param now epoch milliseconds
 * @returns the minute or the second that is meant
 */
export function parseMoment(text: string, timezone: string, now: number): Span | undefined {
  const [, hour, minute] = CLOCK.exec(text) ?? []
  if (hour !== undefined && minute !== undefined) {
    if (Number(hour) > 23 || Number(minute) > 59) return undefined
    const clock = `${hour.padStart(2, '0')}:${minute}`
    for (const dayAt of [now, now - DAY_MS]) {
      const fromAt = inZone(`${dayIn(timezone, dayAt)}T${clock}:00Z`, timezone)
      if (fromAt <= now) return { fromAt, toAt: fromAt + MINUTE_MS }
    }
    return undefined
  }
  const found = DATE_TIME.exec(text)
  if (!found) return undefined
  const [, year, month, day, hours, minutes, seconds, zone] = found
  const plain = `${year}-${month}-${day}T${hours}:${minutes}:${seconds ?? '00'}`
  // Dates roll over (30 February), and what was typed would not be what is answered.
  const asUtc = Date.parse(`${plain}Z`)
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 19) !== plain) return undefined
  const fromAt = zone === undefined ? inZone(`${plain}Z`, timezone) : Date.parse(plain + zone.toUpperCase())
  return Number.isNaN(fromAt) ? undefined : { fromAt, toAt: fromAt + (seconds === undefined ? MINUTE_MS : 1000) }
}

/** `2026-11-21` */
function dayIn(timezone: string, at: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(at)
}

/** The moment at which the clocks of a zone show what this text says of UTC. */
function inZone(asIfUtc: string, timezone: string): number {
  const wanted = Date.parse(asIfUtc)
  // The offset of a guess is that of the moment itself, but for the hours around a change of the clocks.
  const guess = wanted - offsetAt(wanted, timezone)
  return wanted - offsetAt(guess, timezone)
}

/** How far a zone's clocks are ahead of UTC, milliseconds. */
function offsetAt(at: number, timezone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' })
  return Date.parse(`${shown.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000
}
