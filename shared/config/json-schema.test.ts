import { expect, test } from 'vitest'
import { configJsonSchema } from './json-schema.ts'

test('docs/monitora.schema.json is what the schemas say (npx vitest run json-schema -u writes it)', async () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../docs/monitora.schema.json')
})
