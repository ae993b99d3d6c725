/**
 * Where a value ends that stands in a text, as programs of many languages write theirs: a word, a text in quotes, also
 * one within a text, a list, what a constructor is given. Pure; what was scanned is either the value's or few characters.
 */
export const REMOVED = '[removed]'

/** Of a bracket, beside what is in quotes in it. */
const MOST_SCANNED = 600

/** Python's `b'…'`, SQL's `N'…'`, C#'s `@"…"`. */
const LITERAL = /[bBuUrRfFeEnNlL@$]{1,2}(?=\\{0,7}["'])/y
/** What comes with a space before the value itself: PHP's `string(9) "…"`, YAML's `!str "…"`, Rust's `Secret { … }`. */
const TYPED =
  /(?:\w{1,40}\(\d{1,9}\)|object\([\w\\]{1,100}\)#\d{1,9} \(\d{1,9}\)|!{1,2}\w{0,40}|[A-Z]\w{0,40}(?= \{)) (?=\\{0,7}["'[{(])/y
const SCHEME = /(?:basic|bearer|digest|negotiate|apikey|token)\s{1,9}(?=\S)/iy
/** Go's `&{…}`. */
const POINTER = /[&*]{1,2}(?=[A-Za-z_.]{0,40}["'[{(])/y
const WORD = /(?:[^\s"'&;,\\[({]|\\(?!["'nrt]))*/y
/** What closes after a bracket closes something around it. */
const ENDS = /[\])}>]+(?=[\s"'&;,:\\]|$)/y
const QUOTE = /\\{0,7}["']/y

/** @param from where it begins; @returns `from` where there is none */
export function endOfValue(text: string, from: number): number {
  if (text.startsWith(REMOVED, from)) return from + REMOVED.length
  const at = after(SCHEME, text, after(TYPED, text, after(POINTER, text, from)))
  const literal = after(LITERAL, text, at)
  if (after(QUOTE, text, literal) > literal) {
    const end = endOfQuoted(text, literal)
    // A letter before a quote that nothing closes is the end of another text.
    if (end !== undefined) return end
    if (literal === at) return endOfLine(text, at)
  }
  return endOfWord(text, at)
}

/** With the brackets in it: `Some("…")`, `map[…]`. */
function endOfWord(text: string, from: number): number {
  let at = from
  for (;;) {
    at = after(WORD, text, at)
    if (!isOpening(text[at])) return at
    const end = endOfBracket(text, at)
    if (end === undefined) return endOfLine(text, at)
    if (after(ENDS, text, end) > end) return end
    at = end
  }
}

/** @returns `undefined` where it is not closed soon; what begins with a bracket at the end of a line goes on over lines */
function endOfBracket(text: string, from: number): number | undefined {
  let at = from
  let depth = 0
  for (let scanned = 0; scanned < MOST_SCANNED && at < text.length; scanned++) {
    const char = text[at]
    if (isOpening(char)) depth++
    else if (isClosing(char)) {
      if (--depth === 0) return at + 1
    } else if (char === '"' || char === "'" || char === '\\') {
      const end = after(QUOTE, text, at) > at ? endOfQuoted(text, at) : undefined
      if (end !== undefined) {
        at = end
        continue
      }
    }
    at++
  }
  return /[[({]\s*$/.test(text.slice(from, endOfLine(text, from))) ? at : undefined
}

/**
 * In a text within a text, quotes have a backslash before them, and three when it stands in yet another: what closes it
 * has as many as what opened it, beside those that stand for a backslash each.
 * @param from where its backslashes begin, or its quote
 * @returns `undefined` where nothing closes it on its line
 */
function endOfQuoted(text: string, from: number): number | undefined {
  let at = from
  while (text[at] === '\\') at++
  const escapes = at - from
  const quote = text[at]
  let run = 0
  for (at++; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') {
      run++
      continue
    }
    if (text[at] === quote) {
      // The text around it ends.
      if (run < escapes) return at - run
      if (run % (2 * (escapes + 1)) === escapes) return at + 1
    }
    run = 0
  }
  return undefined
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

/** @returns where the sticky pattern ends that begins at `from`, or `from` */
function after(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

function isOpening(char: string | undefined): boolean {
  return char === '[' || char === '(' || char === '{'
}

function isClosing(char: string | undefined): boolean {
  return char === ']' || char === ')' || char === '}'
}
