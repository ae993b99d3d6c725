/** `history/deliveries.log.jsonl`: what became of each alert in each channel, a line each, for `monitora why`. */
import { encode } from '../json.ts'
import { alertsOf, type Letter } from './letter.ts'

export interface Delivery {
  readonly at: number
  /** The id of the alert. */
  readonly alert: string
  readonly channel: string
  readonly tries: number
  readonly outcome: 'delivered' | 'refused' | 'given-up' | 'folded'
  readonly error?: string
  /** folded: the id of the newest alert of the letter that it went into */
  readonly into?: string
}

const FILE = 'history/deliveries.log.jsonl'

/** What a letter's last try means for each alert in it. */
export function settledLines(
  letter: Letter,
  { at, outcome, error }: Pick<Delivery, 'at' | 'outcome' | 'error'>,
): { file: string; text: string }[] {
  const { channel, tries } = letter
  return linesOf(alertsOf(letter).map(({ id }) => ({ at, alert: id, channel, tries, outcome, error })))
}

/** Where to look for each alert that waited, from now on. */
export function foldedLines(letter: Letter, at: number): { file: string; text: string }[] {
  const { channel, alert } = letter
  const others = alertsOf(letter).filter(({ id }) => id !== alert.id)
  return linesOf(others.map(({ id }) => ({ at, alert: id, channel, tries: 0, outcome: 'folded', into: alert.id })))
}

function linesOf(deliveries: readonly Delivery[]): { file: string; text: string }[] {
  return deliveries.length === 0 ? [] : [{ file: FILE, text: deliveries.map(encode).join('') }]
}
