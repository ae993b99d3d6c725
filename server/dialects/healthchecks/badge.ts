/** A badge as its formats write it: a picture for a page, JSON for programs, and what shields.io makes a picture of. */
import type { Badge } from '../dialect.ts'

export type BadgeFormat = 'svg' | 'json' | 'shields'

const COLOURS = { up: '#2e7d32', late: '#b26a00', down: '#c62828' } as const
const SHIELDS_COLOURS = { up: 'success', late: 'important', down: 'critical' } as const
const LABEL_LENGTH = 40
/** Pixels: what a letter of 11 px takes at most in nearly any sans-serif, and the space beside a word. */
const LETTER = 7
const SPACE = 10
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function drawBadge(badge: Badge, label: string, format: BadgeFormat): { contentType: string; body: string } {
  const { status, total, grace, down } = badge
  if (format === 'json') return json({ status, total, grace, down })
  if (format === 'shields') return json({ schemaVersion: 1, label, message: status, color: SHIELDS_COLOURS[status] })
  return { contentType: 'image/svg+xml', body: picture(label, status) }
}

function json(content: object) {
  return { contentType: 'application/json', body: JSON.stringify(content) }
}

function picture(label: string, status: Badge['status']): string {
  const letters = Array.from(label.replace(/\p{Cc}/gu, ''))
  const shown = letters.length > LABEL_LENGTH ? [...letters.slice(0, LABEL_LENGTH - 1), '…'] : letters
  const left = shown.length * LETTER + SPACE
  const right = status.length * LETTER + SPACE
  const name = escaped(shown.join(''))
  const text = (middle: number, words: string) => `<text x="${middle}" y="14">${words}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${name}: ${status}">
<rect width="${left}" height="20" fill="#424242"/><rect x="${left}" width="${right}" height="20" fill="${COLOURS[status]}"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
${text(left / 2, name)}${text(left + right / 2, status)}
</g></svg>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]!)
}
