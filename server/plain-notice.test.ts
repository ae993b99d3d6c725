/** Who is told of, when, and how often. */
import { beforeEach, expect, test } from 'vitest'
import { createPlainNotice } from './plain-notice.ts'

const said: string[] = []
let notice: ReturnType<typeof createPlainNotice>
beforeEach(() => {
  said.splice(0)
  notice = createPlainNotice({ warn: (text: string) => void said.push(text) })
})

test('once for each host, with what to do', () => {
  for (let i = 0; i < 3; i++) for (const who of ['nas', 'pi']) notice(who, `203.0.113.${i}`)
  expect(said.map((line) => line.split(' ')[0])).toEqual(['nas', 'pi'])
  expect(said[0]).toMatch(/unencrypted, from 203\.0\.113\.0: .*server\.tls.*https:/)
})

test.each(['192.168.1.5', '10.0.0.1', '127.0.0.1', '100.64.0.1', '::1', 'fd00::1', 'fe80::1', 'nonsense'])(
  'from %s nothing is said, until the host speaks from a public address',
  (address) => {
    notice('laptop', address)
    notice('laptop', address)
    expect(said).toEqual([])
    notice('laptop', '2001:db8:1::5')
    notice('laptop', address)
    notice('laptop', '203.0.113.1')
    expect(said).toHaveLength(1)
  },
)

test('names without end are not all told, nor kept', () => {
  for (let index = 0; index < 15_000; index++) notice(`h${index}`, '203.0.113.1')
  expect(said).toHaveLength(10_000)
})
