/**
 * The Express app: everything that is not a signal, which is reading. Routes are a list (api/index.ts); this mounts
 * them, asks who may read, and answers what nobody serves. Replies are JSON; a refusal has a `message`.
 */
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express'
import helmet from 'helmet'
import type { Config } from '../shared/config/load.ts'
import { type Log, reasonOf } from '../shared/log.ts'
import { createAccess } from './access.ts'
import { readingErrorRows } from './api/errors.ts'
import { apiRoutes } from './api/index.ts'
import { kept, unhurried } from './api/kept.ts'
import { openApiDocument } from './api/openapi.ts'
import type { Route } from './api/route.ts'
import { readingSnapshot } from './api/state.ts'
import type { Dialect } from './dialects/dialect.ts'
import type { Keys } from './keys.ts'
import { type Metrics, readingOldestUnsent } from './metrics.ts'
import type { Penalty } from './penalty.ts'
import { CONTENT_TYPE } from './prometheus.ts'

export interface AppDeps {
  /** With the folder that this process writes. */
  readonly config: () => Config
  readonly keys: () => Pick<Keys, 'isAdmin'>
  readonly dialects: readonly Dialect[]
  readonly penalty: Penalty
  /** The admin token came over a connection that anybody on the way can read. */
  readonly unencrypted: (who: string, address: string) => void
  readonly metrics: Metrics
  readonly now: () => number
  readonly monotonic: () => number
  /** False while signals cannot be kept. */
  readonly canWrite: () => boolean
  readonly log: Log
}

/** What a dialect may be asked with. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export function createApp({ config, dialects, metrics, now, monotonic, canWrite, log, ...deps }: AppDeps): Express {
  const app = express()
  // Exactly the paths that the signal lane knows, so that the two never disagree.
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.disable('etag')
  app.use(helmet(), (_req, res, next) => {
    res.set('Cache-Control', 'no-store')
    next()
  })

  const inTurns = <T>(steps: () => Generator<undefined, T>) => kept(() => unhurried(steps(), monotonic), monotonic)
  const snapshot = inTurns(() => readingSnapshot(config(), now()))
  const errors = inTurns(() => readingErrorRows(config().paths))
  const oldestUnsent = inTurns(() => readingOldestUnsent(config().paths))
  const routes = apiRoutes({ config, now, snapshot, errors, canWrite })
  const access = createAccess({ ...deps, settings: () => config().server })
  const anyone: RequestHandler = (_req, _res, next) => next()
  const doors: Readonly<Record<Route['who'], RequestHandler>> = { anyone, readers: access.reading, admin: access.admin }

  const jsonOf = jsonMaker(monotonic)

  for (const route of routes) app.get(route.path, doors[route.who], answering(route, jsonOf))
  app.get('/metrics', access.reading, async (_req, res) => {
    res.set('Content-Type', CONTENT_TYPE).send(metrics.text(await snapshot(), await oldestUnsent()))
  })
  let document: object | undefined
  app.get('/api/openapi.json', (_req, res) => {
    document ??= openApiDocument(routes, dialects)
    res.json(document)
  })

  for (const path of [...routes.map((route) => route.path), '/metrics', '/api/openapi.json']) {
    app.all(path, (req, res) => notAllowed(res, ['GET', 'HEAD', ...spokenAt(dialects, req.originalUrl)]))
  }
  app.use((req, res) => {
    const methods = spokenAt(dialects, req.originalUrl)
    if (methods.length > 0) notAllowed(res, methods)
    else res.status(404).json({ message: 'Not Found' })
  })

  const failed: ErrorRequestHandler = (error: { status?: unknown }, _req, res, next) => {
    const { status } = error
    if (res.headersSent) next(error)
    else if (typeof status === 'number' && status >= 400 && status < 500) {
      res.status(status).json({ message: 'Bad Request' })
    } else {
      log.error(`a request failed: ${reasonOf(error)}`)
      res.status(500).json({ message: 'Internal Server Error' })
    }
  }
  app.use(failed)
  return app
}

function answering({ handle }: Route, jsonOf: (answer: unknown) => Promise<string>): RequestHandler {
  return async (req, res) => {
    const told = await handle({ ...req.query, ...req.params })
    if ('refused' in told) res.status(told.refused).json({ message: told.message })
    else if ('unavailable' in told) res.status(503).json(told.unavailable)
    else res.type('json').send(await jsonOf(told.answer))
  }
}

/** A long list is written in turns as well, and once for all who get the same one. */
function jsonMaker(monotonic: () => number): (answer: unknown) => Promise<string> {
  const known = new WeakMap<readonly unknown[], Promise<string>>()
  return async (answer) => {
    if (!Array.isArray(answer)) return JSON.stringify(answer)
    const made = known.get(answer) ?? unhurried(writingList(answer), monotonic)
    known.set(answer, made)
    return made
  }
}

function* writingList(items: readonly unknown[]): Generator<undefined, string> {
  const parts: string[] = []
  for (const item of items) {
    parts.push(JSON.stringify(item))
    yield
  }
  return `[${parts.join(',')}]`
}

/** @param url with or without a query */
function spokenAt(dialects: readonly Dialect[], url: string): string[] {
  const [path = ''] = url.split('?', 1)
  return METHODS.filter((method) => dialects.some((dialect) => dialect.matches(method, path)))
}

function notAllowed(res: Response, methods: readonly string[]): void {
  res
    .status(405)
    .set('Allow', [...new Set(methods)].join(', '))
    .json({ message: 'Method Not Allowed' })
}
