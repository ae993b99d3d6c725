/** Every dialect that the server understands. The first that matches a request has it. */
import type { Dialect } from './dialect.ts'
import { errorMonitor } from './error-monitor.ts'
import { gatus } from './gatus.ts'
import { healthchecks } from './healthchecks.ts'
import { mishpulse } from './mishpulse.ts'
import { monitora } from './monitora.ts'
import { sentry } from './sentry.ts'
import { uptimeKuma } from './uptime-kuma.ts'

export const dialects: readonly Dialect[] = [monitora, healthchecks, uptimeKuma, mishpulse, gatus, errorMonitor, sentry]
