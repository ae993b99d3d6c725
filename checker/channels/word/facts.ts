/**
 * The facts of an alert as words can use them. Names and messages come from outside: each becomes one plain line, of a
 * length that a reader can bear; and times that are none are left out, for the facts may have been frozen by another version.
 */
import type { Alert } from '../../../shared/alert.ts'
import { plainLine } from '../../../shared/plain.ts'
import { cut } from './fit.ts'

const LONGEST_TEXT = 200
/** A moment, and a span after it, that a Date can hold together. */
const LATEST = 4e15

/** @returns the same alert, safe to be put into words; without what has no value */
export function plainFacts(alert: Alert, now: number): Alert {
  const plain = plainValue(alert) as Alert
  return { ...plain, id: plain.id ?? '', hosts: plain.hosts ?? [], monitor: plain.monitor ?? '', at: plain.at ?? now }
}

export function oneLine(text: string): string {
  return cut(plainLine(text), LONGEST_TEXT)
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return oneLine(value) || undefined
  if (typeof value === 'number') return Math.abs(value) <= LATEST ? value : undefined
  if (Array.isArray(value)) return value.map(plainValue).filter((item) => item !== undefined)
  if (typeof value !== 'object' || value === null) return value ?? undefined
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, plainValue(item)] as const)
      .filter(([, item]) => item !== undefined),
  )
}
