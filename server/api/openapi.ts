/**
 * The OpenAPI document: of the routes and the schemas of their answers, and of the dialects, whose wire contracts it
 * only names. Built when somebody asks for it first.
 */
import { z } from 'zod'
import type { Dialect } from '../dialects/dialect.ts'
import * as answers from './answers.ts'
import type { Route } from './route.ts'

/** Those of the answers that have a name of their own in the document. */
const NAMED = {
  Message: answers.message,
  Health: answers.health,
  HostRow: answers.hostRow,
  StatusList: answers.statusList,
  Host: answers.host,
  History: answers.history,
  ErrorGroup: answers.errorGroup,
  ErrorGroups: answers.errorGroups,
  ErrorDetail: answers.errorDetail,
  BotStates: answers.botStates,
  Projects: answers.projects,
  Stats: answers.stats,
}

const PLACEHOLDER = /<([^>]+)>/g
/** Others are for people: `/api/v1/api/v1/…`. */
const TEMPLATE = /^\/[\w./{}-]*$/
const METHODS = ['get', 'head', 'post', 'put', 'delete', 'options'] as const
/** What a dialect that minds no method is documented with. */
const ANY = ['get', 'post'] as const

type Responses = Readonly<Record<string, { readonly description: string; readonly content?: object }>>

interface Operation {
  readonly tags: readonly string[]
  readonly summary: string
  readonly parameters?: readonly object[]
  readonly security?: readonly object[]
  readonly responses: Responses
}

type Paths = Record<string, Record<string, Operation>>

export function openApiDocument(routes: readonly Route[], dialects: readonly Dialect[]): object {
  const paths: Paths = {}
  for (const route of routes) paths[route.path.replace(/:(\w+)/g, '{$1}')] = reading(operationOf(route))
  paths['/metrics'] = reading(metrics)
  paths['/api/openapi.json'] = reading(self)
  for (const { doc } of dialects) {
    for (const { methods, path, means } of doc.paths) {
      const [template, parameters] = templateOf(path)
      if (!TEMPLATE.test(template)) continue
      const named = METHODS.filter((method) => methods.toLowerCase().split(/\W+/).includes(method))
      add(paths, template, named.length > 0 ? named : ANY, {
        tags: [doc.title],
        summary: means,
        ...(parameters.length > 0 && { parameters }),
        responses: { default: { description: `In the words of ${doc.title}: docs/dialects.md` } },
      })
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Monitora',
      version: '1',
      description: [
        'Times are ISO 8601, spans seconds; what is not known is null.',
        'Another method of a path is answered with 405 and `Allow`, another path with 404, a fault of the server with 500; ' +
          'each with a `message`.',
        'What is read is described here in full. Of what machines report only the usual forms of its paths are named: ' +
          'their variants and replies stand in docs/dialects.md.',
      ].join('\n\n'),
    },
    paths,
    components: {
      schemas: schemas(),
      securitySchemes: {
        admin: { type: 'http', scheme: 'bearer', description: 'server.adminToken' },
      },
    },
  }
}

const metrics = {
  tags: ['Monitora'],
  summary: 'Metrics for Prometheus',
  security: [{}, { admin: [] }],
  responses: {
    200: { description: 'Text', content: { 'text/plain': { schema: { type: 'string' } } } },
    ...needsToken(),
  },
}

const self = {
  tags: ['Monitora'],
  summary: 'This document',
  responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } } },
}

/** HEAD is answered as GET is, without the content. */
function reading(get: Operation): Record<string, Operation> {
  const bare = Object.entries(get.responses).map(([status, { content: _, ...rest }]) => [status, rest] as const)
  return { get, head: { ...get, responses: Object.fromEntries(bare) } }
}

function operationOf({ path, who, summary, query, schema, unavailable }: Route): Operation {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => parameter(name!, 'path'))
  const inQuery = Object.entries(query).map(([name, description]) => parameter(name, 'query', description))
  const parameters = [...inPath, ...inQuery]
  const content = { 'application/json': { schema: { $ref: refOf(nameOf(schema)) } } }
  return {
    tags: ['Monitora'],
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(who === 'admin' && { security: [{ admin: [] }] }),
    ...(who === 'readers' && { security: [{}, { admin: [] }] }),
    responses: {
      200: { description: 'OK', content },
      ...(parameters.length > 0 && { 400: refusal('A name or a query that makes no sense') }),
      ...(who !== 'anyone' && needsToken()),
      ...(inPath.length > 0 && { 404: refusal('There is none of that name') }),
      ...(unavailable && { 503: { description: unavailable, content } }),
    },
  }
}

function needsToken(): Responses {
  return {
    401: refusal('The admin token is missing or wrong'),
    403: refusal('None is configured'),
    429: refusal('Too many wrong tokens; `Retry-After` says when to try again'),
  }
}

function schemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, { uri: refOf }).schemas
  return Object.fromEntries(
    Object.entries(made).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema as object]),
  )
}

function nameOf(schema: z.ZodType): string {
  const found = Object.entries(NAMED).find(([, named]) => named === schema)
  if (!found) throw new Error('a route answers with a schema that has no name')
  return found[0]
}

/** `/ping/<uuid>?create=` as OpenAPI writes it, and what is variable in it. */
function templateOf(path: string): [string, object[]] {
  const [before = '', query = ''] = path.split('?', 2)
  const names: string[] = []
  const template = before.replace(PLACEHOLDER, (_, found: string) => {
    const name = /^[A-Za-z]/.test(found) ? found.replace(/\W+/g, '_') : 'number'
    names.push(name)
    return `{${name}}`
  })
  const asked = query.split('&').flatMap((pair) => pair.split('=')[0] || [])
  return [template, [...names.map((name) => parameter(name, 'path')), ...asked.map((name) => parameter(name, 'query'))]]
}

/** To OpenAPI two paths that differ in the names of their variables alone are one: the first that was added. */
function add(paths: Paths, path: string, methods: readonly string[], operation: Operation): void {
  const same = Object.keys(paths).find((known) => shapeOf(known) === shapeOf(path)) ?? path
  const known = paths[same] ?? {}
  paths[same] = known
  for (const method of methods) {
    const before = known[method]
    if (!before) known[method] = operation
    else known[method] = { ...before, summary: `${before.summary}; as ${path}: ${operation.summary}` }
  }
}

function shapeOf(path: string): string {
  return path.replace(/\{\w+\}/g, '{}')
}

function parameter(name: string, place: 'path' | 'query', description?: string): object {
  return {
    name,
    in: place,
    required: place === 'path',
    schema: { type: 'string' },
    ...(description && { description }),
  }
}

function refusal(description: string): Responses[string] {
  return { description, content: { 'application/json': { schema: { $ref: refOf('Message') } } } }
}

function refOf(id: string): string {
  return `#/components/schemas/${id}`
}
