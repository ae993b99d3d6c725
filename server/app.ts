/** The Express app: everything that is not a signal. Replies are JSON with a `message`, as those of the signal lane are. */
import express, { type ErrorRequestHandler, type Express } from 'express'
import helmet from 'helmet'
import { type Log, reasonOf } from '../shared/log.ts'

export interface AppDeps {
  /** False while signals cannot be kept. */
  readonly canWrite: () => boolean
  readonly log: Log
}

export function createApp({ canWrite, log }: AppDeps): Express {
  const app = express()
  // Exactly the paths that the signal lane knows, so that the two never disagree.
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.use(helmet())

  app.get('/', (_req, res) => {
    res.json({ message: 'Monitora hears you. Machines report with POST /signal.' })
  })
  app.get('/healthz', (_req, res) => {
    if (canWrite()) res.json({ status: 'ok' })
    else res.status(503).json({ status: 'cannot write' })
  })
  for (const [path, methods] of [
    ['/', 'GET, HEAD'],
    ['/healthz', 'GET, HEAD'],
    ['/signal', 'POST'],
  ] as const) {
    app.all(path, (_req, res) => {
      res.status(405).set('Allow', methods).json({ message: 'Method Not Allowed' })
    })
  }
  app.use((_req, res) => {
    res.status(404).json({ message: 'Not Found' })
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
