/** What is answered on the command line to who asks about errors. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readErrorGroup } from '../shared/errors.ts'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { CommandLine, NOW } from '../test/fakes/command-line.ts'

const CONFIG = 'server: { user: home, password: secret }\ntimezone: UTC\nhosts: { nas: {} }\n'
const GROUPS = ['3fa2c1d0e4b5a697', '3fa2ffffffffffff', 'bbbbbbbbbbbbbbbb'] as const
const iso = (minutesAgo: number) => new Date(NOW - minutesAgo * 60_000).toISOString()

let line: CommandLine
beforeEach(() => {
  line = new CommandLine()
  line.write(CONFIG)
  prepareDataFolder(paths())
})
afterEach(() => line.remove())

const paths = () => dataPaths(join(line.folder, 'data'))

function group(project: string, name: string, minutesAgo: number, more: object = {}): void {
  const known = { type: 'TypeError', message: 'total is undefined', count: 212, releases: [] }
  const times = { registeredAt: iso(90), firstAt: iso(90), lastAt: iso(minutesAgo) }
  mkdirSync(join(paths().errors, project), { recursive: true })
  const content = JSON.stringify({ project, group: name, ...known, ...times, ...more })
  writeFileSync(join(paths().errors, project, `${name}.json`), content)
}

describe('errors lists those that are not resolved, whichever was last comes first', () => {
  beforeEach(() => {
    group('shop-api', GROUPS[0], 10, { releases: [{ name: '1.4.2', firstAt: iso(90) }] })
    group('web', GROUPS[2], 5, { type: 'Warning', message: 'slow\u001b[2J\nquery', count: 1, firstAt: iso(5) })
    group('shop-api', GROUPS[1], 1)
    writeFileSync(
      join(paths().errors, 'shop-api', `${GROUPS[1]}.resolved`),
      JSON.stringify({ at: iso(0), by: 'maria' }),
    )
  })

  test.each([
    ['en', '3fa2c1d0 TypeError: total is undefined: 212 times, first 10:30, last 11:50, in 1.4.2', 'once, 11:55'],
    [
      'pt',
      '3fa2c1d0 TypeError: total is undefined: 212 vezes, primeira 10:30, última 11:50, na versão 1.4.2',
      'uma vez, 11:55',
    ],
    [
      'ru',
      '3fa2c1d0 TypeError: total is undefined: 212 раз, впервые в 10:30, последний раз в 11:50, версия 1.4.2',
      'один раз, в 11:55',
    ],
  ])('in %s', async (language, shop, once) => {
    line.write(`${CONFIG}language: ${language}\n`)
    expect(await line.run('errors')).toBe(0)
    expect(line.out).toEqual([`web bbbbbbbb Warning: slow [2J query: ${once}\nshop-api ${shop}`])
    expect(await line.run('errors', 'shop-api')).toBe(0)
    expect(line.out.at(-1)).toBe(`shop-api ${shop}`)
  })

  test('none, of a host that reported none', async () => {
    expect(await line.run('errors', 'nas')).toBe(0)
    expect(line.out).toEqual(['nas: no unresolved errors.'])
  })

  test.each([
    [['errors', 'shop-apo'], 'shop-apo: no errors are known of it; did you mean shop-api?'],
    [['errors', '../../etc'], '../../etc: no errors are known of it'],
    [['errors', 'shop-api', '3fa2c1d1'], '3fa2c1d1: shop-api has no such error; did you mean 3fa2c1d0?'],
    [['errors', 'shop-api', '../../../x'], '../../../x: shop-api has no such error'],
    [['errors', 'shop-api', '3fa2'], `3fa2: more than one begins so: ${GROUPS[0]}, ${GROUPS[1]}`],
    [['errors', '--resolve'], '--resolve: expected PROJECT and GROUP (monitora errors lists them)'],
    [['errors', 'shop-api', '--resolve'], '--resolve: expected PROJECT and GROUP (monitora errors lists them)'],
  ])('what makes no sense is refused: %j', async (args, said) => {
    expect(await line.run(...args)).toBe(1)
    expect(line.err).toEqual([expect.stringContaining(said)])
  })

  test('one is resolved by whoever says so, once', async () => {
    line.env.USER = 'anna'
    expect(await line.run('errors', 'shop-api', '3fa2c1', '--resolve')).toBe(0)
    expect(line.out).toEqual(["shop-api 3fa2c1d0: resolved. If it comes back, you'll hear."])
    expect(readErrorGroup(paths(), 'shop-api', GROUPS[0])?.group.resolved).toEqual({ at: NOW, by: 'anna' })
    expect(await line.run('errors', 'shop-api', '3FA2F', '--resolve')).toBe(0)
    expect(line.out.at(-1)).toBe('shop-api 3fa2ffff: resolved already, at 12:00.')
    expect(await line.run('errors', 'shop-api')).toBe(0)
    expect(line.out.at(-1)).toBe('shop-api: no unresolved errors.')
  })
})

test('one error is shown with the last of its samples', async () => {
  const releases = [
    { name: '1.4.2', firstAt: iso(90) },
    { name: '1.4.3', firstAt: iso(20) },
  ]
  group('shop-api', GROUPS[0], 10, { releases })
  const sample = {
    at: iso(10),
    id: 'a',
    type: 'TypeError',
    message: 'total is undefined',
    level: 'error',
    release: '1.4.3',
    environment: 'production',
    server: 'web-1',
    url: 'https://shop.example/cart',
    frames: [{ file: 'src/cart.ts', line: 88, function: 'applyCoupon', inApp: true }, { function: 'pay' }, {}],
    tags: { browser: 'Firefox', 'a\u202eb': 'c' },
    breadcrumbs: [{ at: iso(11), category: 'http', message: 'GET /cart' }, { message: 'click\n"pay"' }],
  }
  const samples = join(paths().errors, 'shop-api', `${GROUPS[0]}.samples.json`)
  writeFileSync(samples, JSON.stringify([{ ...sample, at: iso(80), message: 'older' }, sample, 7]))
  expect(await line.run('errors', 'shop-api', '3')).toBe(0)
  expect(line.out[0]?.split('\n')).toEqual([
    `shop-api ${GROUPS[0]} TypeError: total is undefined: 212 times, first 10:30, last 11:50, in 1.4.3`,
    'Releases: from 1.4.2 to 1.4.3',
    'The last one, at 11:50 (production, web-1, 1.4.3):',
    'TypeError: total is undefined',
    'https://shop.example/cart',
    '  src/cart.ts:88 applyCoupon',
    '  pay',
    'Tags: browser=Firefox, a b=c',
    'Before that:',
    '  11:49 http GET /cart',
    '  click "pay"',
  ])
})

test('before anything was ever reported there is nothing, and no folder is made', async () => {
  expect(await line.run('errors')).toBe(0)
  expect(line.out).toEqual(['No unresolved errors.'])
  expect(existsSync(join(paths().errors, 'nas'))).toBe(false)
})
