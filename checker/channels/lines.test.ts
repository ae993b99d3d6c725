import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyOf, cutTo, escapeHtml, linesOf } from './lines.ts'

test('what can be answered follows the text, a line each', () => {
  const commands = [
    { label: 'I have it', command: '/ack nas' },
    { label: 'Quiet 8 h', command: '/silence nas 8h' },
  ]
  expect(linesOf({ text: 'A\nB', commands })).toBe('A\nB\nI have it: /ack nas\nQuiet 8 h: /silence nas 8h')
  expect(linesOf({ text: 'A', commands: [] })).toBe('A')
})

test('the body is what follows the title, or everything where the title is not the first line', () => {
  expect(bodyOf({ title: 'A', text: 'A\nB\nC' })).toBe('B\nC')
  expect(bodyOf({ title: 'A', text: 'A' })).toBe('')
  expect(bodyOf({ title: 'A', text: 'AB\nC' })).toBe('AB\nC')
})

test('nothing of a text is markup once it is escaped', () => {
  expect(escapeHtml('<b>&lt;</b>')).toBe('&lt;b&gt;&amp;lt;&lt;/b&gt;')
})

test('a cut text keeps to the limit, in bytes or escaped, and is the beginning of the whole', () => {
  const bytes = (text: string) => Buffer.byteLength(text)
  const escaped = (text: string) => escapeHtml(text).length
  const text = fc.string({ unit: fc.constantFrom('a', '<', '&', 'ж', '🔴', '\n'), maxLength: 60 })
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 60 }), fc.constantFrom(bytes, escaped), (whole, limit, sizeOf) => {
      const cut = cutTo(whole, limit, sizeOf)
      expect(sizeOf(cut)).toBeLessThanOrEqual(limit)
      if (sizeOf(whole) <= limit) expect(cut).toBe(whole)
      else {
        expect(cut.endsWith('…')).toBe(true)
        expect(whole.startsWith(cut.slice(0, -1))).toBe(true)
        // No more is lost than what does not fit beside the ellipsis: four bytes, or an entity of five.
        expect(sizeOf(cut)).toBeGreaterThan(limit - 3 - 5)
      }
      expect(encodeURIComponent(cut)).toBeTypeOf('string')
    }),
  )
})
