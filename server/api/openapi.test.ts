/** The document is sound, and every answer that it describes is as described. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN, CONFIG, furnish, GROUP } from '../../test/furnished.ts'
import { beginReadingServer, type ReadingServer } from '../../test/reading-server.ts'
import { dialects } from '../dialects/index.ts'
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

interface Operation {
  readonly summary: string
  readonly responses: Readonly<Record<string, { readonly description: string }>>
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
}
