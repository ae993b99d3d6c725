/** Every route of the read API, once: Express, the 405s and the OpenAPI document follow from this list. */
import type { Config } from '../../shared/config/load.ts'
import { parseTime } from '../../shared/iso.ts'
import * as answers from './answers.ts'
import { errorDetail } from './errors.ts'
import { historyAnswer, hostAnswer } from './host.ts'
import { type Asked, type Route, route, type Told } from './route.ts'
import { botStates, countByCondition, projectsOf, type Snapshot } from './state.ts'
import { iso } from './times.ts'

export interface ApiDeps {
  readonly config: () => Config
  readonly now: () => number
  readonly snapshot: () => Promise<Snapshot>
  /** The newest first. */
  readonly errors: () => Promise<readonly answers.ErrorRow[]>
  /** False while signals cannot be kept. */
  readonly canWrite: () => boolean
}

const DAY_MS = 86_400_000
const DEFAULT_SPAN_MS = 30 * DAY_MS
const DAY = /^\d{4}-\d\d-\d\d/
/** Beyond it a year has more than the four digits of ISO 8601. */
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')
/** Its Python SDK's default address leads to the second. */
const ERROR_MONITOR = ['/api/v1', '/api/v1/api/v1']

export function apiRoutes({ config, now, snapshot, errors, canWrite }: ApiDeps): Route[] {
  return [
    route({
      path: '/',
      who: 'anyone',
      summary: 'A welcome',
      schema: answers.message,
      handle: () => ({ answer: { message: 'Monitora hears you. Machines report with POST /signal.' } }),
    }),
    route({
      path: '/healthz',
      who: 'anyone',
      summary: 'Whether signals can be kept',
      schema: answers.health,
      unavailable: 'They cannot',
      handle: () =>
        canWrite() ? { answer: { status: 'ok' as const } } : { unavailable: { status: 'cannot write' as const } },
    }),
    route({
      path: '/api/status',
      who: 'readers',
      summary: 'The state of every host, as MishPulse lists it and more',
      schema: answers.statusList,
      handle: async () => ({ answer: (await snapshot()).rows }),
    }),
    route({
      path: '/api/hosts/:name',
      who: 'readers',
      summary: 'All that is known of a host, without its secrets',
      schema: answers.host,
      handle: ({ name }) => orNotFound(hostAnswer(config(), String(name), now()), 'Unknown host'),
    }),
    route({
      path: '/api/hosts/:name/history',
      who: 'readers',
      summary: 'Its uptime, outages and changes in a span; the last 30 days unless said otherwise',
      query: { from: 'Where the span begins, ISO 8601', to: 'Where it ends, ISO 8601' },
      schema: answers.history,
      handle: (asked) => {
        const span = spanOf(asked, now())
        if (!span)
          return { refused: 400, message: 'from and to must be ISO 8601, of the years 1970 to 9999, from before to' }
        return orNotFound(historyAnswer(config(), String(asked.name), span, now()), 'Unknown host')
      },
    }),
    route({
      path: '/api/errors',
      who: 'readers',
      summary: 'The groups of errors, the newest first',
      query: { project: 'Only those of this project' },
      schema: answers.errorGroups,
      handle: async ({ project }) => {
        const rows = await errors()
        if (project === undefined) return { answer: rows }
        if (typeof project !== 'string') return { refused: 400, message: 'One project at most' }
        return { answer: rows.filter((row) => row.project === project) }
      },
    }),
    route({
      path: '/api/errors/:project/:group',
      who: 'readers',
      summary: 'A group of errors, with its last samples',
      schema: answers.errorDetail,
      handle: ({ project, group }) =>
        orNotFound(errorDetail(config().paths, String(project), String(group)), 'Unknown group'),
    }),
    route({
      path: '/status',
      who: 'readers',
      summary: 'Whether each bot runs, as Bot Monitoring says it',
      schema: answers.botStates,
      handle: async () => ({ answer: botStates(await snapshot()) }),
    }),
    ...ERROR_MONITOR.flatMap((base) => [
      route({
        path: `${base}/projects`,
        who: 'admin',
        summary: 'Every host as a project, as Error Monitor lists them',
        schema: answers.projects,
        handle: async () => ({ answer: projectsOf(await snapshot()) }),
      }),
      route({
        path: `${base}/stats`,
        who: 'admin',
        summary: 'Totals: errors, projects, hosts by condition',
        schema: answers.stats,
        handle: async () => {
          const [{ rows }, groups] = await Promise.all([snapshot(), errors()])
          return {
            answer: {
              total_errors: groups.reduce((sum, { count }) => sum + count, 0),
              error_groups: groups.length,
              total_projects: rows.length,
              active_projects: rows.filter(({ paused }) => !paused).length,
              hosts: countByCondition({ rows }),
            },
          }
        },
      }),
    ]),
  ]
}

function orNotFound<A>(answer: A | undefined, message: string): Told<A> {
  return answer === undefined ? { refused: 404, message } : { answer }
}

/** `undefined`: it makes no sense. */
function spanOf({ from, to }: Asked, now: number): { fromAt: number; toAt: number } | undefined {
  const toAt = to === undefined ? now : momentOf(to)
  const fromAt = from === undefined && toAt !== undefined ? toAt - DEFAULT_SPAN_MS : momentOf(from)
  return fromAt === undefined || toAt === undefined || fromAt >= toAt ? undefined : { fromAt, toAt }
}

function momentOf(value: unknown): number | undefined {
  const [day] = typeof value === 'string' ? (DAY.exec(value) ?? []) : []
  const at = parseTime(value)
  const midnight = parseTime(day)
  if (at === undefined || midnight === undefined || at < 0 || at > LAST_MS) return undefined
  // A 31st of February is read as the 3rd of March.
  return iso(midnight).slice(0, 10) === day ? at : undefined
}
