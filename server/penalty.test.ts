import { beforeEach, expect, test } from 'vitest'
import { createPenalty } from './penalty.ts'

/** The answers that came at once, and those that come with time. */
const said: unknown[] = []
const log = { warn: (text: unknown) => void said.push(text) }
beforeEach(() => said.splice(0))

function attempts(penalty: ReturnType<typeof createPenalty>, count: number, address = '203.0.113.7') {
  const atOnce: string[] = []
  const later: Promise<string>[] = []
  for (let i = 0; i < count; i++) {
    let now = true
    const answer = new Promise<string>((done) =>
      penalty.wrong(address, (outcome) => (now ? void atOnce.push(outcome) : done(outcome))),
    )
    now = false
    later.push(answer)
  }
  return { atOnce, later }
}

test('five wrong passwords a minute are answered at once, twenty more wait, the rest are refused', async () => {
  const penalty = createPenalty(() => 0, log)
  const { atOnce, later } = attempts(penalty, 30)
  expect(atOnce).toEqual([...Array(5).fill('unauthorized'), ...Array(5).fill('slow-down')])
  expect(attempts(penalty, 1, '203.0.113.8').atOnce).toEqual(['unauthorized'])
  expect(await Promise.all(later.slice(5, 25))).toEqual(Array(20).fill('unauthorized'))
  // Those that waited are through: others may wait now.
  expect(attempts(penalty, 1).atOnce).toEqual([])
})

test('after a quiet minute all is forgotten', () => {
  let now = 0
  const penalty = createPenalty(() => now, log)
  attempts(penalty, 6)
  now = 60_000
  expect(attempts(penalty, 5).atOnce).toHaveLength(5)
  expect(attempts(penalty, 1).atOnce).toHaveLength(0)
})

test('ten thousand other addresses push out the one that was quiet for longest', () => {
  const penalty = createPenalty(() => 0, log)
  attempts(penalty, 5, 'first')
  attempts(penalty, 5, 'second')
  for (let i = 0; i < 9998; i++) attempts(penalty, 1, `${i}`)
  expect(attempts(penalty, 1, 'second').atOnce).toHaveLength(0)
  attempts(penalty, 1, 'one more')
  expect(attempts(penalty, 1, 'first').atOnce).toHaveLength(1)
})

test('the log hears of an address once an hour, and never of the password', () => {
  let now = 0
  const penalty = createPenalty(() => now, log)
  attempts(penalty, 50)
  now = 3_599_000
  attempts(penalty, 1)
  expect(said).toHaveLength(1)
  attempts(penalty, 1, '203.0.113.8')
  now = 3_600_000
  attempts(penalty, 1)
  expect(said).toEqual(['203.0.113.7', '203.0.113.8', '203.0.113.7'].map((address) => expect.stringContaining(address)))
})
