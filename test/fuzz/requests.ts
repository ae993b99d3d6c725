/**
 * Any request of those that the server serves: of each wire contract and of the read API, honest or with hostile parts,
 * from clients that it knows, so that what is bent afterwards gets deep.
 */
import type { Random } from '../random/randomness.ts'
import type { Draft, Maker, World } from './draft.ts'
import { log, sentry } from './errors.ts'
import { formText, type Pairs } from './hostile.ts'
import { badge, external, heartbeat, ping, pulse, push, signal } from './signals.ts'

const reading: Maker = (random, { clients, admin, groups }, rate) => {
  const { name } = random.pick(clients)
  const path = random.pick([
    '/',
    '/healthz',
    '/api/status',
    `/api/hosts/${name}`,
    `/api/hosts/${name}/history`,
    '/api/errors',
    `/api/errors/${random.pick(groups)}`,
    '/status',
    '/api/v1/projects',
    '/api/v1/api/v1/stats',
    '/metrics',
    '/api/openapi.json',
  ])
  const fields: Pairs = [
    ['from', '2026-01-01'],
    ['to', '2026-02-01T00:00:00Z'],
    ['project', name],
    ['name', '../x'],
  ]
  return {
    method: random.pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']),
    path,
    query: random.chance(0.3) ? `?${formText(fields, random, rate)}` : '',
    headers: random.chance(0.7) ? [['Authorization', `Bearer ${admin}`]] : [],
    body: Buffer.alloc(0),
  }
}

const MAKERS: readonly Maker[] = [
  ...[signal, signal, signal, ping, ping, badge, push, push, heartbeat, heartbeat, external],
  ...[pulse, log, log, sentry, sentry, sentry, reading, reading],
]

export function draftOf(random: Random, world: World): Draft {
  // A third honest, a third with a slip, a third mad.
  return random.pick(MAKERS)(random, world, random.pick([0, 0.04, 0.25]))
}
