import type { lookup } from 'node:dns'
import { expect, it } from 'vitest'
import { createResolver } from './resolver.ts'

type Answer = (error: NodeJS.ErrnoException | null, address: string, family: number) => void

it('asks one question at a time, however many posts give up waiting for it', () => {
  const asked: Answer[] = []
  const ask = ((_name: string, _options: object, answer: Answer) => asked.push(answer)) as unknown as typeof lookup
  const resolver = createResolver(ask)
  const told: string[] = []
  for (let post = 0; post < 1000; post++) resolver.lookup('box', {}, (_, address) => told.push(`${post} ${address}`))
  expect(asked).toHaveLength(1)
  expect(resolver.busy()).toBe(true)

  asked[0]?.(null, '192.0.2.1', 4)
  expect(told).toEqual(['999 192.0.2.1'])
  expect(resolver.busy()).toBe(false)

  resolver.lookup('box', {}, () => {})
  resolver.lookup('other', {}, () => {})
  expect(asked).toHaveLength(3)
})
