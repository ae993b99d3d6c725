/** The command; the job itself is tested in endpoint/job.test.ts. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CommandLine } from '../../test/fakes/command-line.ts'

let line: CommandLine
let server: Server
let forms: Record<string, string>[]
let at: string
beforeEach(async () => {
  line = new CommandLine()
  forms = []
  server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const { authorization = '' } = request.headers
    forms.push({ authorization, ...Object.fromEntries(new URLSearchParams(body)) })
    response.end('{"message":"Signal Registered"}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await line.remove()
})

test('a job is run and reported with the credentials of endpoint.yml, under the name that was given', async () => {
  line.write(`server: ${at}\nhost: nas\ntoken: 0123456789abcdef\n`, 'endpoint.yml')
  expect(await line.run('run', 'backup', '--', 'sh', '-c', 'exit $#', '--config', 'x', '-y')).toBe(2)
  expect(forms).toMatchObject([
    { authorization: 'Bearer 0123456789abcdef', host: 'backup', event: 'start' },
    { authorization: 'Bearer 0123456789abcdef', host: 'backup', event: 'fail', exit: '2' },
  ])
  expect([...line.out, ...line.err]).toEqual([])
})

test('the file can be named', async () => {
  line.write(`server: ${at}\nuser: home\npassword: s3cret\n`, 'other.yml')
  expect(await line.run('run', '--config', 'other.yml', 'backup', '--', 'true')).toBe(0)
  expect(forms.map(({ event }) => event)).toEqual(['start', 'success'])
})

test.each([
  ['no endpoint.yml', 'backup', {}, 'MONITORA_ENDPOINT_CONFIG'],
  ['one with a mistake', 'backup', { file: 'server: box\n' }, 'server: found "box"'],
  ['a name that cannot be', 'my backup', { file: 'server: http://box\ntoken: 0123456789abcdef\n' }, 'my backup'],
])(
  'what keeps it from being reported keeps no job from running: %s',
  async (_, name, { file }: { file?: string }, words) => {
    line.env.MONITORA_ENDPOINT_CONFIG = 'endpoint.yml'
    if (file === undefined) delete line.env.MONITORA_ENDPOINT_CONFIG
    else line.write(file, 'endpoint.yml')
    expect(await line.run('run', name, '--', 'sh', '-c', 'exit 7')).toBe(7)
    expect(line.err.join('\n')).toMatch(/^monitora: not reported: /)
    expect(line.err.join('\n')).toContain(words)
  },
)

test('without a job there is nothing to run', async () => {
  expect(await line.run('run', 'backup')).toBe(1)
  expect(line.err.join('\n')).toContain("missing required argument 'command'")
})
