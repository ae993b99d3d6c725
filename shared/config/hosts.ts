/** `hosts:`, `sites:` and `defaults:`, what is known of a host beforehand. */
import { z } from 'zod'
import { count, httpUrl, names, schedule, span, text, timezone, token } from './values.ts'

const maintenance = z.array(
  z.strictObject(
    { schedule, timezone: timezone.optional(), for: span },
    { error: 'a window such as { schedule: "0 4 * * 0", for: 1h }' },
  ),
  { error: 'a list of windows such as { schedule: "0 4 * * 0", for: 1h }' },
)

const unstable = z.strictObject(
  { changes: count, within: span },
  { error: 'how often in how long, such as { changes: 6, within: 1h }' },
)

/** What a host, a site and the defaults can each say; the nearest one counts. */
const common = {
  reminder: span.optional(),
  channels: names.optional(),
  unstable: unstable.optional(),
  /** Windows of a host, of its site and of the defaults all count. */
  maintenance: maintenance.optional(),
}

/** What a host and the defaults can say. */
const thresholds = { failuresBefore: count.optional(), recoverAfter: count.optional() }

export const HOST_TYPES = ['bot', 'website', 'other'] as const

/** What the registry can hold of a host, too (`monitora host add`); the configuration wins, key by key. */
const registered = {
  type: z.enum(HOST_TYPES, { error: 'bot, website or other' }).optional(),
  url: httpUrl.optional(),
  site: text.optional(),
  timeout: span.optional(),
  schedule: schedule.optional(),
  timezone: timezone.optional(),
  /** After a schedule's occurrence, and after a start, so long for the end to come. */
  grace: span.optional(),
  /** What is told each time, though nothing is wrong. */
  every: z.enum(['heartbeat'], { error: 'heartbeat' }).optional(),
}

const ZONE_ALONE = { error: 'a schedule beside it', path: ['timezone'] }

export const registeredSection = withRhythm(z.strictObject(registered, { error: 'the settings of a host' })).refine(
  ({ schedule, timezone }) => schedule || !timezone,
  ZONE_ALONE,
)

export const hostSection = withRhythm(
  z.strictObject(
    {
      ...registered,
      token: token.optional(),
      note: text.optional(),
      tags: z.array(text, { error: 'a list of words' }).optional(),
      sleeps: z.boolean({ error: 'true or false' }).optional(),
      expectedAbsence: span.optional(),
      ...thresholds,
      ...common,
    },
    { error: 'the settings of a host, such as { timeout: 2m }' },
  ),
).refine(
  // Its schedule may be registered, unless this says that there is none.
  ({ schedule, timezone, timeout, sleeps }) => schedule || !timezone || !(timeout || sleeps),
  ZONE_ALONE,
)

/** What contradicts itself. */
function withRhythm<S extends z.ZodType<Partial<Record<'schedule' | 'timeout' | 'sleeps', unknown>>>>(section: S) {
  return section
    .refine(({ schedule, timeout }) => !(schedule && timeout), {
      error: 'either a timeout or a schedule (with grace)',
      path: ['timeout'],
    })
    .refine(({ schedule, sleeps }) => !(schedule && sleeps), {
      error: 'either a schedule or sleeps: who sleeps by design keeps no schedule',
      path: ['sleeps'],
    })
}

export const siteSection = z.strictObject(
  { name: text.optional(), siteWait: span.optional(), ...common },
  { error: 'the settings of a site, such as { name: "Maria\'s flat" }' },
)

export const defaultsSection = z.strictObject(
  {
    ...common,
    ...thresholds,
    timeout: span.default(300_000),
    reminder: span.default(21_600_000),
    unstable: unstable.default({ changes: 6, within: 3_600_000 }),
    historyFor: span.default(400 * 86_400_000),
  },
  { error: 'settings such as { timeout: 5m, reminder: 6h }' },
)

/** Times in milliseconds. */
export type HostSettings = z.output<typeof hostSection>
export type RegisteredSettings = z.output<typeof registeredSection>
export type SiteSettings = z.output<typeof siteSection>
export type Defaults = z.output<typeof defaultsSection>
