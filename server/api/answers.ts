/**
 * The shapes of the answers, once: their types are those of the code that makes them, and the OpenAPI document is
 * derived from them, so that the two cannot disagree. Times are ISO 8601, spans seconds; what is not known is null.
 */
import { z } from 'zod'
import { HOST_TYPES } from '../../shared/config/hosts.ts'
import { ERROR_LEVELS } from '../../shared/error-event.ts'
import { CLIENT_STATUSES } from '../../shared/report.ts'

const text = z.string()
const maybe = text.nullable()
const time = z.iso.datetime()
const noTime = time.nullable()
const seconds = z.number().min(0)
const noSpan = seconds.nullable()
const anything = z.record(text, z.unknown())

export const message = z.strictObject({ message: text })

export const hostRow = z.strictObject({
  name: text,
  status: z.enum(['alive', 'warning', 'error', 'dead', 'new']).describe('`dead`: silent. `new`: never heard.'),
  last_seen: noTime,
  condition: z
    .enum(['fine', 'silent', 'error', 'warning', 'failed', 'never', 'unstable', 'away', 'paused'])
    .describe('The same, more exactly: `away` is silent and allowed to be, `failed` is a job that ended badly.'),
  type: z.enum(HOST_TYPES).nullable(),
  site: maybe,
  message: maybe,
  version: maybe,
  since: noTime.describe('Of a condition that began when the host was last heard, or became unstable.'),
  metadata: anything.nullable(),
  paused: z.boolean(),
  silenced: z.boolean().describe('Nothing is told of it just now: a silence or maintenance.'),
})

export const statusList = z.array(hostRow)

const window = z.strictObject({ schedule: text, timezone: maybe, for: seconds })

const settings = z
  .strictObject({
    type: z.enum(HOST_TYPES).nullable(),
    url: maybe,
    site: maybe,
    timeout: seconds,
    interval: noSpan.describe('How often its client says it reports.'),
    scheduled: z.boolean().describe('Due by a cron pattern, its own or that of its client.'),
    schedule: maybe,
    timezone: maybe,
    grace: noSpan,
    every: z.enum(['heartbeat']).nullable(),
    note: maybe,
    tags: z.array(text),
    sleeps: z.boolean(),
    expected_absence: noSpan,
    failures_before: z.number(),
    recover_after: z.number(),
    reminder: seconds,
    channels: z.array(text).nullable(),
    unstable: z.strictObject({ changes: z.number(), within: seconds }),
    maintenance: z.array(window),
  })
  .describe('In force: of the configuration, then as registered, then the defaults.')

const report = z
  .strictObject({
    status: z.enum(CLIENT_STATUSES).nullable(),
    address: maybe,
    boot: maybe,
    agent: maybe,
    progress: maybe,
    progress_at: noTime,
    output: maybe,
    last_words: maybe,
    last_words_at: noTime,
  })
  .describe('What it last said of itself.')

const verdict = z
  .strictObject({
    verdict: z.enum(['new', 'up', 'down']),
    reason: text,
    since: noTime,
    outage: z.strictObject({ id: maybe, since: noTime, site: maybe }).nullable(),
    trouble: z
      .strictObject({
        kind: text,
        cause: maybe.describe('`unfinished`, `stuck`; null: it said so itself.'),
        since: noTime,
        message: maybe,
        failures: z.number().describe('How many times in a row.'),
        exit_status: z.number().nullable(),
      })
      .nullable(),
  })
  .describe('What the checker has decided.')

export const host = z.strictObject({
  ...hostRow.shape,
  due: noTime.describe('When its next signal is due; null also where an absence of the monitor has moved it.'),
  registered: z.strictObject({ at: time, origin: text, project: maybe, has_token: z.boolean() }).nullable(),
  settings,
  report,
  run: z.strictObject({ id: maybe, started: time }).nullable().describe('A run that has begun and not ended.'),
  runs: z
    .array(
      z.strictObject({
        at: time,
        what: z.enum(['succeeded', 'failed', 'unfinished', 'log']),
        started: noTime,
        duration: noSpan,
        exit_status: z.number().nullable(),
        message: maybe,
        output: maybe,
      }),
    )
    .describe('The last runs that ended, or should have, and what was logged; the newest last.'),
  verdict: verdict.nullable(),
  hushes: z.array(
    z.strictObject({
      kind: z.enum(['silence', 'ack', 'maintenance']),
      of: z.enum(['host', 'site']),
      until: noTime,
      by: maybe,
    }),
  ),
})

const span = { from: time, to: time }

export const history = z.strictObject({
  name: text,
  ...span,
  up: seconds,
  down: seconds,
  known: seconds.describe('The part of the span of which it is known how the host was.'),
  outages: z.array(z.strictObject(span)).describe('Those that reach into the span, cut to it.'),
  changes: z.array(
    z.strictObject({
      at: time,
      verdict: z.enum(['new', 'up', 'down', 'removed']),
      reason: text,
      since: time,
      alert: maybe,
      due: noTime,
      timeout: noSpan,
      interval: noSpan,
      missed: noTime,
      absences: z.array(z.strictObject({ ...span, why: text })),
      hidden: maybe,
      site: maybe,
    }),
  ),
})

export const botStates = z
  .record(text, z.enum(['Running', 'Not Running', 'Unknown']))
  .describe('The hosts of type `bot`.')

export const projects = z.array(
  z.strictObject({
    id: z.number(),
    name: text,
    type: z.enum(HOST_TYPES),
    url: maybe,
    status: z.enum(['active', 'paused']),
    last_heartbeat: noTime,
    version: maybe,
    health: hostRow.shape.status,
  }),
)

export const stats = z.strictObject({
  total_errors: z.number(),
  error_groups: z.number(),
  total_projects: z.number(),
  active_projects: z.number(),
  hosts: z.record(hostRow.shape.condition, z.number()),
})

const frame = z.strictObject({ file: maybe, line: z.number().nullable(), function: maybe, in_app: z.boolean() })

export const errorGroup = z.strictObject({
  project: text,
  group: text,
  type: maybe,
  message: maybe,
  level: z.enum(ERROR_LEVELS).nullable(),
  crash: z.boolean().describe('Nothing caught it.'),
  place: maybe,
  called_by: maybe,
  environment: maybe,
  count: z.number(),
  first: time,
  last: time,
  releases: z.array(z.strictObject({ name: text, first: time })).describe('It was seen in these, the newest last.'),
  resolved: z.strictObject({ at: time, by: text }).nullable(),
})

export const errorGroups = z.array(errorGroup)

export const errorDetail = z.strictObject({
  ...errorGroup.shape,
  samples: z.array(
    z.strictObject({
      at: text,
      id: text,
      type: text,
      message: text,
      level: z.enum(ERROR_LEVELS),
      crash: z.boolean(),
      frames: z.array(frame),
      stack: maybe,
      release: maybe,
      environment: maybe,
      server: maybe,
      platform: maybe,
      url: maybe,
      tags: z.record(text, text),
      context: anything,
      breadcrumbs: z.array(z.strictObject({ at: maybe, category: maybe, message: maybe })),
    }),
  ),
})

export const health = z.strictObject({ status: z.enum(['ok', 'cannot write']) })

export type HostRow = z.output<typeof hostRow>
export type HostAnswer = z.output<typeof host>
export type HistoryAnswer = z.output<typeof history>
export type BotStates = z.output<typeof botStates>
export type Projects = z.output<typeof projects>
export type ErrorRow = z.output<typeof errorGroup>
export type ErrorDetail = z.output<typeof errorDetail>
