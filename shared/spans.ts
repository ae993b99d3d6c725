/** Spans as people write them: `30s`, `5m`, `2h`, `1d`, or a bare number of seconds. */

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** `setTimeout` and dates stay far from their limits, and nobody means more. */
const LONGEST_MS = 3650 * 86_400_000

export const SPAN_EXPECTED = 'a span such as 30s, 5m, 2h or 1d, or a number of seconds (1 s to 3650 d)'

/** @returns milliseconds, or `undefined` when it is no span of 1 s or more */
export function parseSpan(value: unknown): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([smhd]?)$/.exec(String(value).trim())
  if (!match || (typeof value !== 'string' && typeof value !== 'number')) return undefined
  const ms = Math.round(Number(match[1]) * (UNITS[match[2] || 's'] ?? Number.NaN))
  return ms >= 1000 && ms <= LONGEST_MS ? ms : undefined
}
