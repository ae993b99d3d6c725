/** The JSON Schema of monitora.yml for editors (docs/monitora.schema.json), from the schemas that check it. */
import { z } from 'zod'
import { channelSection } from './channels.ts'
import { hostSection, siteSection } from './hosts.ts'
import { topSection } from './sections.ts'

const NAME = '^[A-Za-z0-9_-]{1,64}$'

export function configJsonSchema(): object {
  const named = (schema: z.ZodType, names: object = { pattern: NAME }) => ({
    type: 'object',
    propertyNames: names,
    additionalProperties: schemaOf(schema),
  })
  const top = schemaOf(topSection) as { properties: Record<string, unknown> }
  return {
    ...top,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'monitora.yml',
    properties: {
      ...top.properties,
      hosts: named(hostSection),
      sites: named(siteSection, { minLength: 1, maxLength: 64 }),
      channels: named(channelSection),
    },
  }
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}
