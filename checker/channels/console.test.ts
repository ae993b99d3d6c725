import { expect, test } from 'vitest'
import { createConsole } from './console.ts'

test('an alert is printed as it is, on lines of its own', async () => {
  const printed: string[] = []
  const channel = createConsole((text) => printed.push(text))
  const alert = { id: 'a', outage: 'a', kind: 'test', hosts: [], tags: [], monitor: 'box', at: 0 } as const
  await channel.send({ alert, title: 'A', reason: 'B', text: 'A\nB' }, AbortSignal.timeout(1000))
  expect(printed).toEqual(['A\nB\n'])
})
