/** A sentence of what is known: `A, b; c.` Parts may be missing; without any there is none. */
export function sentence(parts: readonly (string | undefined)[], further?: string | false): string {
  const text = [parts.filter(Boolean).join(', '), further].filter(Boolean).join('; ')
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`
}

export function withQuote(text: string, quoted: string | undefined): string {
  return quoted === undefined ? `${text}.` : `${text}: ${quoted}`
}
