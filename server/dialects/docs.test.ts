import { expect, test } from 'vitest'
import { dialectsDoc } from './docs.ts'
import { dialects } from './index.ts'

test('docs/dialects.md is what the dialects say (npx vitest run dialects/docs -u writes it)', async () => {
  await expect(dialectsDoc(dialects)).toMatchFileSnapshot('../../docs/dialects.md')
})
