/**
 * What the applications of the error bench report: projects with a token each, and some errors of each that are the same
 * to people. Of the size that SDKs send: a traceback and some context, or an event with frames and breadcrumbs.
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Enough that no limit of a project's is met. */
export const PROJECTS = 200
export const GROUPS_OF_PROJECT = 5

const built = (/** @type {string} */ name) => import(new URL(`../dist/shared/${name}.js`, import.meta.url).href)
const { hashOf, projectId, tokenFile } = await built('tokens')
const { dataPaths, prepareDataFolder } = await built('paths')

/** @param {number} index */
const nameOf = (index) => `app-${String(index % PROJECTS).padStart(3, '0')}`
/** @param {number} index */
const tokenOf = (index) => createHash('md5').update(nameOf(index)).digest('hex')
/** @param {number} index */
const groupOf = (index) => `step_${'abcde'[Math.floor(index / PROJECTS) % GROUPS_OF_PROJECT]}`

/**
 * As the command line would have added them.
 * @param {string} data the data folder
 */
export function addProjects(data) {
  const paths = dataPaths(data)
  prepareDataFolder(paths)
  const registeredAt = new Date().toISOString()
  for (let index = 0; index < PROJECTS; index++) {
    const [name, tokenHash] = [nameOf(index), hashOf(tokenOf(index))]
    writeFileSync(tokenFile(paths, tokenHash), `${name}\n`)
    const entry = { name, registeredAt, origin: 'added', tokenHash }
    writeFileSync(join(paths.registry, `${name}.json`), JSON.stringify(entry))
  }
  return paths
}

/**
 * Error Monitor's, of about 1.5 KB.
 * @param {number} index
 */
export function logged(index) {
  const calls = ['handle', 'checkout', 'total_of', groupOf(index)]
  const trace = calls.map(
    (name, line) => `  File "/srv/shop/app/${name}.py", line ${40 + line}, in ${name}\n    ${name}(order)`,
  )
  const error = {
    type: 'KeyError',
    message: `order ${index} has no price`,
    stack_trace: ['Traceback (most recent call last):', ...trace, "KeyError: 'price'"].join('\n'),
    severity: 'high',
    context: {
      order: index,
      shop: 'north',
      basket: Array.from({ length: 22 }, (_, item) => ({ item, name: `article ${item}`, count: 2 })),
    },
  }
  return JSON.stringify({ project_token: tokenOf(index), error })
}

/**
 * Sentry's, of about 6 KB.
 * @param {number} index
 */
export function envelope(index) {
  const frames = Array.from({ length: 16 }, (_, depth) => ({
    filename: `/srv/shop/${depth < 8 ? 'node_modules/router' : 'dist/orders'}/part-${depth}.js`,
    function: depth === 15 ? groupOf(index) : `call${'abcdefghijklmnop'[depth]}`,
    lineno: 100 + depth,
    colno: 17,
    in_app: depth >= 8,
    context_line: '  const total = basket.items.map(({ price, count }) => price.amount * count)',
  }))
  const breadcrumbs = Array.from({ length: 25 }, (_, nth) => ({
    timestamp: 1_700_000_000 + nth,
    category: 'http',
    message: `GET /api/articles/${nth} answered`,
  }))
  const event = {
    event_id: index.toString(16).padStart(32, '0'),
    level: 'error',
    platform: 'node',
    release: 'shop@1.4.2',
    environment: 'production',
    server_name: 'web-1',
    exception: { values: [{ type: 'TypeError', value: `Cannot read order ${index}`, stacktrace: { frames } }] },
    breadcrumbs,
    request: {
      method: 'POST',
      url: 'https://shop.example/orders',
      headers: { Accept: 'application/json', Host: 'shop.example' },
    },
    user: { id: `${index}` },
    tags: { shop: 'north', worker: 'orders' },
  }
  const item = JSON.stringify(event)
  return [`{"event_id":"${event.event_id}"}`, `{"type":"event","length":${Buffer.byteLength(item)}}`, item, ''].join(
    '\n',
  )
}

/** @param {number} index */
export function envelopePath(index) {
  return `/api/${projectId(nameOf(index))}/envelope/?sentry_key=${tokenOf(index)}`
}
