import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
  const channel = await createChannel(settings, { write: (text) => printed.push(text) })
  expect(channel.send).toBeTypeOf('function')
  expect(printed).toEqual([])
})
