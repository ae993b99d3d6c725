import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadConfig } from '../shared/config/load.ts'
import { type Channel, DeliveryError, type Message } from './channels/channel.ts'
import { createWording } from './channels/word.ts'
import { sendTestAlert } from './test-alert.ts'

const root = mkdtempSync(join(tmpdir(), 'test-alert-'))
const file = join(root, 'monitora.yml')
writeFileSync(file, 'name: box\nserver: { user: u, password: p }\n')
const config = loadConfig({ file, process: 'checker', env: {} })
afterAll(() => rmSync(root, { recursive: true }))

let said: string[]
beforeEach(() => {
  said = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
})
afterEach(() => vi.restoreAllMocks())

/** Channels that take a message, or refuse it. */
function channelsOf(fates: Record<string, 'ok' | Error>) {
  const sent: [string, Message][] = []
  const wording = createWording('pt', 'UTC')
  const channels = Object.entries(fates).map(([name, fate]) => {
    const channel: Channel = {
      forPeople: true,
      send: async (message) => {
        if (fate !== 'ok') throw fate
        sent.push([name, message])
        return undefined
      },
    }
    return [name, { channel, wording, place: name, giveUpAfterMs: 0 }] as const
  })
  return { channels: new Map(channels), sent }
}

const DOWN = new DeliveryError('example.com: refused: HTTP 500')

test.each<[string, Record<string, 'ok' | Error>, string | undefined, number, string, string[]]>([
  ['all take it', { a: 'ok', b: 'ok' }, undefined, 0, 'a: sent\nb: sent\n', ['a', 'b']],
  [
    'one refuses: the others are tried all the same',
    { a: DOWN, b: 'ok' },
    undefined,
    1,
    'a: failed: example.com: refused: HTTP 500\nb: sent\n',
    ['b'],
  ],
  ['one is named: no other is tried', { a: DOWN, b: 'ok' }, 'b', 0, 'b: sent\n', ['b']],
  ['the named one is not there', { a: 'ok', b: 'ok' }, 'c', 1, 'c: no such channel (there are: a, b)\n', []],
  ['the named one is not there, nor any other', {}, 'c', 1, 'c: no such channel (there are: none)\n', []],
  ['there is none', {}, undefined, 1, `${file}: channels: there is none to test\n`, []],
])('%s', async (_, fates, only, code, output, told) => {
  const { channels, sent } = channelsOf(fates)
  expect(await sendTestAlert(config, channels, only, 5000)).toBe(code)
  expect(said.join('')).toBe(output)
  expect(sent.map(([name]) => name)).toEqual(told)
})

test('what is sent is a test, in the language of the channel', async () => {
  const { channels, sent } = channelsOf({ a: 'ok' })
  await sendTestAlert(config, channels, undefined, 5000)
  const [, { alert, text }] = sent[0]!
  expect(alert).toEqual({
    id: 'monitor:test:3uw:1',
    outage: 'monitor:test:3uw:1',
    kind: 'test',
    hosts: [],
    tags: [],
    monitor: 'box',
    at: 5000,
  })
  expect(text).toBe('⚪ Alerta de teste de box\nSe você lê isto, os alertas chegam aqui.')
})
