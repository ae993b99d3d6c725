import { expect, test } from 'vitest'
import { LastWords } from './last-words.ts'

const textOf = (...parts: (string | Buffer)[]) => {
  const words = new LastWords()
  for (const part of parts) words.add(Buffer.from(part as string))
  return words.text()
}
const numbered = (count: number, text = '') => Array.from({ length: count }, (_, index) => `${index}${text}\n`)

test.each([
  ['nothing', [''], ''],
  ['pieces of a line', ['he', 'llo\n', 'wor', 'ld'], 'hello\nworld'],
  ['a letter cut in two', [Buffer.from([0xc3]), Buffer.from([0xa9])], 'é'],
  ['colours', ['\u001b[31mred\u001b[0m\n'], 'red'],
  ['the last twenty lines', numbered(100), numbered(100).slice(-20).join('').trimEnd()],
])('%s', (_, parts, expected) => {
  expect(textOf(...parts)).toBe(expected)
})

test.each([
  ['one long line', 'x'.repeat(100_000), 4000],
  ['letters of three bytes, of which a form holds fewer', '日'.repeat(100_000), 2666],
  ['letters of four bytes', '😀'.repeat(10_000), 2000],
])('no more than the server takes: %s', (_, text, characters) => {
  const kept = textOf(text)
  expect([...kept]).toHaveLength(characters)
  expect(text).toContain(kept)
  expect(new URLSearchParams({ output: kept }).toString().length).toBeLessThan(25_000)
  // However the pieces come.
  expect(textOf(...text.match(/.{1,997}/gsu)!)).toBe(kept)
})
