/** Times in files are ISO 8601, in code epoch milliseconds. */

/** @returns epoch milliseconds; `undefined` for what is no time */
export function parseTime(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
