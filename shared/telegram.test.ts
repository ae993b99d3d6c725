import { expect, test } from 'vitest'
import { cutMessage, splitMessage, telegramFailure } from './telegram.ts'

test('long texts are split at line ends, and nothing is lost', () => {
  const lines = Array.from({ length: 500 }, (_, index) => `🔴 host-${index}, home: silent 3 h, since 09:12`)
  const parts = splitMessage(lines.join('\n'))
  expect(parts.length).toBeGreaterThan(3)
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(4096)
  expect(parts.join('\n')).toBe(lines.join('\n'))
})

test('a line too long alone is cut, but never through a character', () => {
  const [part = '', ...more] = splitMessage('🔴'.repeat(3000))
  expect(more).toEqual([])
  expect(part).toHaveLength(4095)
  expect(part).toBe(`${'🔴'.repeat(2047)}…`)
  expect(cutMessage(`a${'🔴'.repeat(3000)}`)).toHaveLength(4096)
  expect(splitMessage('')).toEqual([])
})

test('what the library cannot explain is told by its name alone', () => {
  const error = new TypeError('failed to parse https://api.telegram.org/bot123:SECRET/getMe')
  expect(telegramFailure(error)).toEqual({ code: 'TypeError', text: 'no usable answer (TypeError)' })
})
