/** One honest request of each wire contract that carries heartbeats, from clients that the server knows. */
import { uuidOf } from '../../shared/tokens.ts'
import { JSON_TYPE, type Maker } from './draft.ts'
import { formText, jsonText, type Pairs } from './hostile.ts'

export const signal: Maker = (random, { clients, authorization }, rate) => {
  const client = random.pick(clients)
  const shared = random.chance(0.4)
  const optional: Pairs = [
    ['site', 'home'],
    ['interval', '30s'],
    ['version', '1.2'],
    ['boot', `b${random.whole(1, 3)}`],
    ['agent', `a${random.whole(1, 3)}`],
    ['up', '12.5'],
    ['age', '7'],
    ['suspended', '0'],
    ['unsent', '2'],
    ['status', random.pick(['ok', 'warning', 'error'])],
    ['message', 'disk 91 % full'],
    ['event', random.pick(['start', 'success', 'fail', 'log', 'goodbye'])],
    ['exit', '3'],
    ['run', 'r1'],
    ['duration', '1.5'],
    ['progress', '7'],
    ['output', 'a line\nanother'],
  ]
  const host = shared ? `stranger-${random.whole(1, 400)}` : client.name
  const fields: Pairs = [['host', host], ...optional.filter(() => random.chance(0.2))]
  return {
    method: 'POST',
    path: '/signal',
    query: '',
    headers: [
      ['Authorization', shared ? authorization : `Bearer ${client.token}`],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ],
    body: Buffer.from(
      random.chance(0.7) ? formText(fields, random, rate) : jsonText(Object.fromEntries(fields), random, rate),
    ),
  }
}

export const ping: Maker = (random, { clients, pingKey }, rate) => {
  const { name, token } = random.pick(clients)
  const slug = random.chance(0.2) ? `made-${random.whole(1, 400)}` : name.toLowerCase()
  const base = random.chance(0.5) ? uuidOf(token) : `${pingKey}/${slug}`
  const ending = random.pick(['', '', '/start', '/fail', '/log', '/0', '/255', '/256', `/${'9'.repeat(30)}`])
  const optional: Pairs = [
    ['rid', uuidOf(token)!],
    ['create', '1'],
  ]
  const query = optional.filter(() => random.chance(0.4))
  return {
    method: random.pick(['GET', 'HEAD', 'POST']),
    path: `/ping/${base}${ending}`,
    query: query.length > 0 ? `?${formText(query, random, rate)}` : '',
    headers: [],
    body: random.chance(0.5) ? Buffer.from('done\n'.repeat(random.whole(1, 3000))) : Buffer.alloc(0),
  }
}

export const badge: Maker = (random, { badges }) => ({
  method: random.pick(['GET', 'HEAD']),
  path: `${random.pick(badges)}.${random.pick(['svg', 'json', 'shields', 'png'])}`,
  query: '',
  headers: [],
  body: Buffer.alloc(0),
})

export const push: Maker = (random, { clients }, rate) => {
  const fields: Pairs = [
    ['status', random.pick(['up', 'down'])],
    ['msg', 'OK'],
    ['ping', random.pick(['', '12.3', '1e12', '-1'])],
  ]
  return {
    method: random.pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']),
    path: `/api/push/${random.pick(clients).token}`,
    query: `?${formText(fields, random, rate)}`,
    headers: [],
    body: Buffer.alloc(0),
  }
}

export const heartbeat: Maker = (random, { clients }, rate) => {
  const said = { status: random.pick(['ok', 'warning', 'error']), message: 'the queue is long' }
  return {
    method: 'POST',
    path: `/api/heartbeat/${random.pick(clients).token}`,
    query: '',
    headers: random.chance(0.5) ? [JSON_TYPE] : [],
    body: Buffer.from(random.chance(0.8) ? jsonText(said, random, rate) : formText(Object.entries(said), random, rate)),
  }
}

export const external: Maker = (random, { clients }, rate) => {
  const { name, token } = random.pick(clients)
  const fields: Pairs = [
    ['success', random.pick(['true', 'false'])],
    ['error', 'no answer'],
    ['duration', random.pick(['10s', '1m30s', '250ms', '9223372036854775807h', '1.5.5s'])],
  ]
  return {
    method: 'POST',
    path: `/api/v1/endpoints/${random.pick(['', '_', 'group_'])}${name.toLowerCase()}/external`,
    query: `?${formText(fields, random, rate)}`,
    headers: [['Authorization', `Bearer ${token}`]],
    body: random.chance(0.3) ? Buffer.from(jsonText({ error: 'no answer' }, random, rate)) : Buffer.alloc(0),
  }
}

export const pulse: Maker = (random, { clients }, rate) => ({
  method: 'POST',
  path: `${random.pick(['/api/v1', '/api/v1/api/v1'])}/heartbeat`,
  query: '',
  headers: [JSON_TYPE],
  body: Buffer.from(
    jsonText(
      {
        project_token: random.pick(clients).token,
        status: 'alive',
        version: '1.2',
        metadata: { disk: { full: 91 }, list: [1, 'two', null] },
        additional_data: { a: 1 },
      },
      random,
      rate,
    ),
  ),
})
