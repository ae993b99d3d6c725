/** Reads `application/x-www-form-urlencoded`. Nothing that a client can send makes it throw. */

/** @returns names and values in their order, repetitions included */
export function parseForm(body: string): [name: string, value: string][] {
  const fields: [string, string][] = []
  for (let from = 0; from < body.length; ) {
    let to = body.indexOf('&', from)
    if (to === -1) to = body.length
    const equals = body.indexOf('=', from)
    if (equals === -1 || equals > to) fields.push([decode(body.slice(from, to)), ''])
    else fields.push([decode(body.slice(from, equals)), decode(body.slice(equals + 1, to))])
    from = to + 1
  }
  return fields
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    // Written by hand, as in `curl -d "message=disk 91% full"`: what it looks like is what was meant.
    return spaced
  }
}
