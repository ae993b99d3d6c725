/** `hosts:` and `defaults:`, what is known of a host beforehand. */
import { z } from 'zod'
import { names, schedule, span, text, timezone } from './values.ts'

export const hostSection = z
  .strictObject(
    {
      site: text.optional(),
      timeout: span.optional(),
      reminder: span.optional(),
      schedule: schedule.optional(),
      timezone: timezone.optional(),
      grace: span.optional(),
      note: text.optional(),
      tags: z.array(text, { error: 'a list of words' }).optional(),
      channels: names.optional(),
    },
    { error: 'the settings of a host, such as { timeout: 2m }' },
  )
  .refine(({ schedule, timeout }) => !(schedule && timeout), {
    error: 'either a timeout or a schedule (with grace)',
    path: ['timeout'],
  })
  .refine(({ schedule, grace }) => schedule || !grace, { error: 'a schedule beside it', path: ['grace'] })
  .refine(({ schedule, timezone }) => schedule || !timezone, { error: 'a schedule beside it', path: ['timezone'] })

export const defaultsSection = z.strictObject(
  { timeout: span.default(300_000), reminder: span.default(21_600_000), channels: names.optional() },
  { error: 'settings such as { timeout: 5m, reminder: 6h }' },
)

/** Times in milliseconds. */
export interface HostSettings {
  readonly site?: string
  readonly timeout?: number
  readonly reminder?: number
  readonly schedule?: string
  readonly timezone?: string
  readonly grace?: number
  readonly note?: string
  readonly tags?: readonly string[]
  readonly channels?: readonly string[]
}
