import { expect, test } from 'vitest'
import { createConsole } from './console.ts'

const alert = { id: 'a', outage: 'a', kind: 'test', hosts: [], tags: [], monitor: 'box', at: 0 } as const
const message = { alert, title: 'A', reason: 'B', text: 'A\nB', commands: [] }

async function printed(...commands: string[]): Promise<string> {
  let output = ''
  const channel = createConsole((text) => {
    output += text
  })
  const labelled = commands.map((command) => ({ label: 'Do', command }))
  await channel.send({ ...message, commands: labelled }, AbortSignal.timeout(1000))
  return output
}

test('an alert is printed as it is, on lines of its own, each by itself', async () => {
  expect(await printed()).toBe('A\nB\n')
  expect(createConsole(() => {}).forPeople).toBe(false)
})

test.each([
  ['/ack nas', 'Do: ./monitora ack nas'],
  ['/ack site:home', 'Do: ./monitora ack site:home'],
  ["/ack site:Maria's flat", "Do: ./monitora ack 'site:Maria'\\''s flat'"],
  ['/ack site:$(reboot)', "Do: ./monitora ack 'site:$(reboot)'"],
  ['/silence nas 8h', 'Do: ./monitora silence nas --for 8h'],
  ['/silence site:the shed 8h', "Do: ./monitora silence 'site:the shed' --for 8h"],
])('what can be answered stands below, for the shell: %s', async (command, line) => {
  expect(await printed(command)).toBe(`A\nB\n${line}\n`)
})

test('what only the bot can do is left out', async () => {
  expect(await printed('/remove_host nas')).toBe('A\nB\n')
})
