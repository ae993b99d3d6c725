import { expect, test } from 'vitest'
import { createConsole } from './console.ts'

const alert = { id: 'a', outage: 'a', kind: 'test', hosts: [], tags: [], monitor: 'box', at: 0 } as const

test('an alert is printed as it is, on lines of its own, and what can be answered below it', async () => {
  const printed: string[] = []
  const channel = createConsole((text) => printed.push(text))
  const message = { alert, title: 'A', reason: 'B', text: 'A\nB', commands: [] }
  await channel.send(message, AbortSignal.timeout(1000))
  await channel.send({ ...message, commands: [{ label: 'I have it', command: '/ack nas' }] }, AbortSignal.timeout(1000))
  expect(printed).toEqual(['A\nB\n', 'A\nB\nI have it /ack nas\n'])
  expect(channel.forPeople).toBe(false)
})
