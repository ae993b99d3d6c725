/**
 * Who may ask for what, beside the dialects. Reading is free from this box itself and takes the admin token from
 * elsewhere, unless `server.read: open`; what concerns projects takes the token always. Wrong tokens are slowed down.
 */
import type { IncomingMessage } from 'node:http'
import type { RequestHandler, Response } from 'express'
import type { ServerSettings } from '../shared/config/sections.ts'
import { isLoopback } from '../shared/sites.ts'
import { bearerOf } from './dialects/text.ts'
import type { Keys } from './keys.ts'
import type { Penalty } from './penalty.ts'
import { addressOf, isUnencrypted } from './signals.ts'

export interface AccessDeps {
  readonly settings: () => Pick<ServerSettings, 'adminToken' | 'read' | 'trustProxy'>
  readonly keys: () => Pick<Keys, 'isAdmin'>
  readonly penalty: Penalty
  /** The admin token came over a connection that anybody on the way can read. */
  readonly unencrypted: (who: string, address: string) => void
}

export interface Access {
  readonly reading: RequestHandler
  readonly admin: RequestHandler
}

/** As the notice names it, beside hosts: no host has spaces in its name. */
const READER = 'a reader with the admin token'
/** What a proxy adds: the request only looks as if it came from this box. */
const FORWARDING = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']

export function createAccess({ settings, keys, penalty, unencrypted }: AccessDeps): Access {
  const admin: RequestHandler = (req, res, next) => {
    const { adminToken, trustProxy } = settings()
    if (adminToken === undefined) {
      refuse(res, 403, 'No admin token is configured: set server.adminToken')
      return
    }
    const token = bearerOf(req.headers.authorization)
    const address = addressOf(req, trustProxy)
    // Guesses nothing: not worth a delay.
    if (!token) refuse(res, 401, 'Needs the admin token: Authorization: Bearer …')
    else if (keys().isAdmin(token)) {
      if (address !== undefined && isUnencrypted(req, trustProxy)) unencrypted(READER, address)
      next()
    } else {
      penalty.wrong(address ?? '', (verdict) => {
        if (verdict === 'slow-down') refuse(res, 429, 'Too many wrong tokens')
        else refuse(res, 401, 'Wrong admin token')
      })
    }
  }

  return {
    admin,
    reading(req, res, next) {
      const { read, adminToken } = settings()
      if (read === 'open' || isFromThisBox(req)) next()
      else if (adminToken === undefined) {
        refuse(res, 403, 'Only to be read on the box itself: set server.adminToken, or server.read: open')
      } else return admin(req, res, next)
    },
  }
}

function isFromThisBox({ socket, headers }: IncomingMessage): boolean {
  const direct = FORWARDING.every((name) => headers[name] === undefined)
  return isLoopback(socket.remoteAddress) && direct && isLocalName(headers.host)
}

/** Any page can have its own name lead to this box and read through the browser on it; but such a name has a dot. */
function isLocalName(host = ''): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return isLoopback(name) || !name.includes('.')
}

function refuse(res: Response, status: 401 | 403 | 429, message: string): void {
  if (status === 401) res.set('WWW-Authenticate', 'Bearer realm="Monitora"')
  if (status === 429) res.set('Retry-After', '10')
  res.status(status).json({ message })
}
