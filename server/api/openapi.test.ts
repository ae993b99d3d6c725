/** The document is sound, and every answer that it describes is as described. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN, CONFIG, furnish, GROUP } from '../../test/furnished.ts'
import { beginReadingServer, type ReadingServer } from '../../test/reading-server.ts'
import { dialects } from '../dialects/index.ts'
import * as answers from './answers.ts'
import { apiRoutes } from './index.ts'
import { openApiDocument } from './openapi.ts'

let server: ReadingServer
beforeAll(async () => {
  server = await beginReadingServer(CONFIG)
  furnish(server.config.paths)
})
afterAll(() => server.end())

const ask = async (path: string) => {
  const answer = await server.get(path, { authorization: `Bearer ${ADMIN}` })
  expect([path, answer.status]).toEqual([path, 200])
  return JSON.parse(answer.body)
}

const never = () => Promise.reject(new Error('not asked'))
const routes = () =>
  apiRoutes({ config: () => server.config, now: Date.now, snapshot: never, errors: never, canWrite: () => true })

test('every documented answer is what its schema says, and nothing more', async () => {
  const hosts: string[] = (await ask('/api/status')).map(({ name }: { name: string }) => name)
  expect(hosts).toHaveLength(9)
  let asked = 0
  for (const { path, schema } of routes()) {
    const named = path.includes(':group') ? [['shop', GROUP]] : path.includes(':') ? hosts.map((name) => [name]) : [[]]
    for (const names of named) {
      const values = [...names]
      const answer: unknown = await ask(path.replace(/:\w+/g, () => values.shift()!))
      expect([path, schema.safeParse(answer).error?.message]).toEqual([path, undefined])
      asked++
    }
  }
  expect(asked).toBeGreaterThan(25)
})

test('the document names every route and every path of the dialects, and each of its references leads somewhere', async () => {
  const document = await ask('/api/openapi.json')
  expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument(routes(), dialects))))
  expect(document.openapi).toBe('3.1.0')
  for (const { path } of routes()) expect(document.paths[path.replace(/:(\w+)/g, '{$1}')]?.get).toBeDefined()
  for (const path of ['/metrics', '/api/openapi.json']) expect(document.paths[path].get).toBeDefined()
  expect(document.paths['/signal'].post.summary).toMatch(/^a form with/)
  const operations = Object.entries<Record<string, Operation>>(document.paths)
  const shapes = operations.map(([path]) => path.replace(/\{\w+\}/g, '{}'))
  expect(new Set(shapes).size).toBe(shapes.length)
  for (const [path, byMethod] of operations) {
    expect(path).toMatch(/^\/[\w./{}-]*$/)
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    for (const [method, { summary, responses, parameters = [] }] of Object.entries(byMethod)) {
      expect(['get', 'head', 'post', 'put', 'delete', 'options']).toContain(method)
      expect(summary).toBeTruthy()
      expect(Object.values(responses).every(({ description }) => description !== '')).toBe(true)
      expect(Object.keys(responses)).not.toHaveLength(0)
      expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath)
    }
  }
  const text = JSON.stringify(document)
  const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference!)
  expect(references.length).toBeGreaterThan(20)
  for (const reference of references) {
    const found = reference
      .replace('#/', '')
      .split('/')
      .reduce((part, key) => part?.[key], document)
    expect([reference, typeof found]).toEqual([reference, 'object'])
  }
})

test('HEAD is described beside GET, without content', async () => {
  const { paths } = await ask('/api/openapi.json')
  for (const path of ['/metrics', '/api/openapi.json', ...routes().map((route) => route.path)]) {
    const { get, head } = paths[path.replace(/:(\w+)/g, '{$1}')]
    expect([path, Object.keys(head.responses)]).toEqual([path, Object.keys(get.responses)])
    expect(head.parameters).toEqual(get.parameters)
    expect(JSON.stringify(head)).not.toContain('content')
  }
})

test('what is refused is described as well', async () => {
  const { paths } = await ask('/api/openapi.json')
  const elsewhere = { 'x-forwarded-for': '198.51.100.4' }
  const wrong = { ...elsewhere, authorization: 'Bearer wrong' }
  const expectDescribed = async (path: string, asked: string, headers: Record<string, string>, statuses: number[]) => {
    // More at once than are kept waiting, where it is about too many.
    const times = statuses.includes(429) ? 40 : 1
    const told = await Promise.all(Array.from({ length: times }, () => server.get(asked, headers)))
    expect([path, [...new Set(told.map(({ status }) => status))].sort()]).toEqual([path, statuses])
    for (const { status, body } of told) {
      const { schema } = paths[path].get.responses[status].content['application/json']
      const shape = schema.$ref.endsWith('/Health') ? answers.health : answers.message
      expect([path, shape.safeParse(JSON.parse(body)).error?.message]).toEqual([path, undefined])
    }
  }
  await expectDescribed('/api/hosts/{name}', '/api/hosts/%ff', {}, [400])
  await expectDescribed('/api/errors/{project}/{group}', '/api/errors/shop/%ff', {}, [400])
  await expectDescribed('/api/errors', '/api/errors?project=a&project=b', {}, [400])
  await expectDescribed('/api/hosts/{name}', '/api/hosts/unknown', {}, [404])
  server.canWrite = false
  await expectDescribed('/healthz', '/healthz', {}, [503])
  server.canWrite = true
  for (const path of ['/metrics', '/api/status', '/api/v1/stats']) await expectDescribed(path, path, elsewhere, [401])
  for (const path of ['/metrics', '/api/status', '/api/v1/stats']) await expectDescribed(path, path, wrong, [401, 429])
  server.configure({ adminToken: undefined })
  for (const path of ['/metrics', '/api/status', '/api/v1/stats']) await expectDescribed(path, path, elsewhere, [403])
  server.configure({ adminToken: ADMIN })
}, 20_000)

interface Operation {
  readonly summary: string
  readonly responses: Readonly<Record<string, { readonly description: string }>>
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
}
