/** Asking whether we reach the world: once at a time, and the last answer is kept. */
import { expect, test, vi } from 'vitest'
import { createAsking } from './asking.ts'

const silentLog = { debug() {}, info() {}, warn() {}, error() {} }

/** A probe that answers when the test says so. */
function begin() {
  let at = 1000
  const warnings: string[] = []
  const asked: { signal: AbortSignal; answer(reached: boolean | undefined): void; fail(error: Error): void }[] = []
  const rang = vi.fn()
  const asking = createAsking(
    (signal) => new Promise((answer, fail) => void asked.push({ signal, answer, fail })),
    () => at,
    rang,
    { ...silentLog, warn: (text: unknown) => void warnings.push(String(text)) },
  )
  const pass = (ms: number) => {
    at += ms
  }
  return { asking, asked, rang, warnings, pass }
}

test('before anybody asked, nothing is known', () => {
  expect(begin().asking.known()).toEqual({ probed: undefined, probingSinceAt: undefined })
})

test.each([true, false, undefined])(
  'it is asked once, and the answer %s is kept with the moment of the question',
  async (reached) => {
    const { asking, asked, rang, pass } = begin()
    asking.ask()
    pass(5)
    asking.ask()
    expect(asked).toHaveLength(1)
    expect(asking.known()).toEqual({ probed: undefined, probingSinceAt: 1000 })
    asked[0]!.answer(reached)
    await vi.waitFor(() => expect(rang).toHaveBeenCalledTimes(1))
    expect(asking.known()).toEqual({ probed: { askedAt: 1000, reached }, probingSinceAt: undefined })
  },
)

test('while it is asked again the last answer stays', async () => {
  const { asking, asked, rang, pass } = begin()
  asking.ask()
  asked[0]!.answer(true)
  await vi.waitFor(() => expect(rang).toHaveBeenCalledTimes(1))
  pass(60_000)
  asking.ask()
  expect(asking.known()).toEqual({ probed: { askedAt: 1000, reached: true }, probingSinceAt: 61_000 })
})

test('a probe that fails says so in the log, and is an answer: there is no way to tell', async () => {
  const { asking, asked, rang, warnings } = begin()
  asking.ask()
  asked[0]!.fail(new Error('no socket'))
  await vi.waitFor(() => expect(rang).toHaveBeenCalledTimes(1))
  expect(asking.known().probed).toEqual({ askedAt: 1000, reached: undefined })
  expect(warnings).toEqual([expect.stringContaining('no socket')])
})

test('when stopping, the probe is told, and its answer rings nothing any more', async () => {
  const { asking, asked, rang } = begin()
  asking.ask()
  asking.stop()
  expect(asked[0]!.signal.aborted).toBe(true)
  asked[0]!.answer(true)
  await Promise.resolve()
  await Promise.resolve()
  expect(rang).not.toHaveBeenCalled()
  expect(asking.known().probed).toBeUndefined()
})
