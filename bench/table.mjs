/** The table that a bench run prints, row by row as they are measured. Figures, no gate: a missed target is only told. */

const WIDTHS = [44, 36, 38, 14]

/** @param {string} text */
export function title(text) {
  process.stdout.write(`\n${text}\n`)
}

/**
 * @param {string} what
 * @param {string} measured
 * @param {string} [against] the same, as a ratio to a floor of this run
 * @param {{ text: string, met: boolean }} [target]
 */
export function row(what, measured, against = '', target) {
  const cells = [`  ${what}`, measured, against, target?.text ?? '', target ? (target.met ? 'met' : 'MISSED') : '']
  process.stdout.write(
    `${cells
      .map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0))
      .join(' ')
      .trimEnd()}\n`,
  )
}

/**
 * @param {number} value
 * @param {number} most
 * @param {string} unit
 */
export function atMost(value, most, unit) {
  return { text: `<= ${most} ${unit}`, met: value <= most }
}

/**
 * @param {number} value
 * @param {number} least
 */
export function atLeast(value, least) {
  return { text: `>= ${least} x`, met: value >= least }
}

/** @param {number} ms */
export function seconds(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
