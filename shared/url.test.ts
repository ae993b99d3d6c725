import { expect, test } from 'vitest'
import { withoutPassword } from './url.ts'

test.each([
  ['https://x.org', 'https://x.org'],
  ['https://u:pw@x.org/a?token=1#b', 'https://x.org/a?token=1#b'],
  ['https://u@x.org/', 'https://x.org/'],
  ['https://u:p@w@x.org/', 'https://x.org/'],
  ['https:\\\\u:pw@x.org/', 'https://x.org/'],
  ['https:u:pw@x.org/', 'https://x.org/'],
  ['https://x.org/@u', 'https://x.org/@u'],
  ['no address @ all', 'no address @ all'],
])('%s is shown as %s', (address, shown) => {
  expect(withoutPassword(address)).toBe(shown)
})
