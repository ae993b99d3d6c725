import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { type ChannelSettings, channelSection } from '../../shared/config/channels.ts'
import { createChannel } from './index.ts'

const folder = import.meta.dirname
/** What stands beside the channels. */
const OTHERS = ['channel', 'destination', 'index', 'lines', 'post', 'word']
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))
  .filter((name) => !OTHERS.includes(name))

test('every file here is listed, and the configuration knows it by its name', () => {
  const index = readFileSync(join(folder, 'index.ts'), 'utf8')
  expect(files.length).toBeGreaterThan(2)
  for (const name of files) expect(index).toContain(`import('./${name}.ts')`)
  const types = channelSection.options.map(({ shape }) => shape.type.value)
  expect([...types].sort()).toEqual(files.sort())
})

const shared = { language: 'en', timezone: 'UTC' } as const
test.each([
  { type: 'console', ...shared },
  { type: 'telegram', chat: 5, token: '1:A', ...shared },
  { type: 'email', smtp: { host: '127.0.0.1' }, from: 'box@example.com', to: ['me@example.com'], ...shared },
  { type: 'slack', url: 'http://127.0.0.1:1/', ...shared },
  { type: 'ntfy', server: 'http://127.0.0.1:1', topic: 'abc', ...shared },
  { type: 'webhook', url: 'http://127.0.0.1:1/', ...shared },
] satisfies ChannelSettings[])('$type can be made of its settings', async (settings) => {
  const printed: string[] = []
  const channel = await createChannel(settings, { write: (text) => printed.push(text), botListens: true })
  expect(channel.send).toBeTypeOf('function')
  expect(printed).toEqual([])
})

test('without a bot nobody hears a command, so none is shown; the console names those of the command line', async () => {
  const received: string[] = []
  const server = createServer(async (request, response) => {
    received.push(await text(request))
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const alert = { id: 'a', outage: 'a', kind: 'silent', hosts: ['nas'], tags: [], monitor: 'box', at: 0 } as const
  const commands = [{ label: 'Mine', command: '/ack nas' }]
  const message = { alert, title: 'nas is silent', reason: '', text: 'nas is silent', commands }
  const write = (printed: string) => received.push(printed)
  for (const [settings, botListens] of [
    [{ type: 'slack', url, ...shared }, true],
    [{ type: 'slack', url, ...shared }, false],
    [{ type: 'console', ...shared }, false],
  ] as const) {
    const channel = await createChannel(settings, { write, botListens })
    await channel.send(message, AbortSignal.timeout(5000))
  }
  server.close()
  expect(received.map((sent) => sent.includes('ack nas'))).toEqual([true, false, true])
})
