import { expect, test } from 'vitest'
import type { Frame } from '../../shared/error-event.ts'
import { groupOf, shapeOf } from './group.ts'

const frame = (file: string, name: string, line = 1, inApp: boolean | undefined = true): Frame => ({
  file,
  function: name,
  line,
  inApp,
})
const group = (type: string, message: string, frames?: Frame[], fingerprint?: string[]) =>
  groupOf({ type, message, frames }, fingerprint)

test.each<[string, [Frame[], Frame[]]]>([
  ['other line numbers', [[frame('/app/shop.py', 'pay', 10)], [frame('/app/shop.py', 'pay', 99)]]],
  [
    'another release folder',
    [[frame('/srv/releases/20241101/src/shop.php', 'pay')], [frame('/srv/releases/20241202/src/shop.php', 'pay')]],
  ],
  [
    'hashes of built files',
    [
      [frame('https://example.com/assets/main.3f9a2b1c.js', 'pay')],
      [frame('https://cdn.example.com/assets/main.77aa01ff.js?v=2', 'pay')],
    ],
  ],
  [
    'another depth of recursion',
    [
      [frame('a/walk.js', 'walk', 3), frame('a/walk.js', 'walk', 4), frame('a/main.js', 'run')],
      [frame('a/walk.js', 'walk', 3), frame('a/main.js', 'run')],
    ],
  ],
  [
    'other frames of libraries',
    [
      [frame('node_modules/pg/query.js', 'query', 1, false), frame('a/shop.js', 'pay')],
      [frame('node_modules/pg/lib/client.js', 'send', 1, false), frame('a/shop.js', 'pay')],
    ],
  ],
])('it is the same error with %s', (_, [one, other]) => {
  expect(group('Error', 'a', one)).toBe(group('Error', 'b', other))
  expect(group('Error', 'a', one)).toMatch(/^[0-9a-f]{16}$/)
})

test.each<[string, string, string]>([
  ['another type', group('TypeError', '', [frame('a/x.js', 'f')]), group('RangeError', '', [frame('a/x.js', 'f')])],
  ['another function', group('Error', '', [frame('a/x.js', 'f')]), group('Error', '', [frame('a/x.js', 'g')])],
  ['another folder', group('Error', '', [frame('a/index.js', 'f')]), group('Error', '', [frame('b/index.js', 'f')])],
  [
    'another caller',
    group('Error', '', [frame('a/x.js', 'f'), frame('a/y.js', 'g')]),
    group('Error', '', [frame('a/x.js', 'f'), frame('a/z.js', 'h')]),
  ],
  ['another message, where there is no place', group('Message', 'disk full'), group('Message', 'disk gone')],
  [
    'another message, where only libraries are in the stack',
    group('Error', 'refused', [frame('node_modules/a.js', 'f', 1, false)]),
    group('Error', 'timed out', [frame('node_modules/a.js', 'f', 1, false)]),
  ],
])('it is another error with %s', (_, one, other) => {
  expect(one).not.toBe(other)
})

test.each<[string, Frame, Frame]>([
  ['a minifier called it', frame('/assets/main.3f9a2b1c.js', 'a'), frame('/assets/main.77aa01ff.js', 'Zt')],
  ['nobody named it', frame('/assets/index-BxK3d9aQ.js', '?'), frame('/assets/index-DqRtWxYz.js', '<anonymous>')],
])('where %s, the message tells of what is the same place', (_, one, other) => {
  const total = "Cannot read properties of undefined (reading 'total')"
  expect(group('TypeError', total, [one])).toBe(group('TypeError', total.replace('total', 'sum'), [other, one]))
  expect(group('TypeError', total, [one])).not.toBe(group('TypeError', 'x.map is not a function', [one]))
})

test('what a minifier calls a thing in a message, and whom a message is about where one file is all that is known', () => {
  const built = frame('/assets/main.3f9a2b1c.js', 'a')
  expect(group('TypeError', 't is not a function', [built])).toBe(group('TypeError', 'n is not a function', [built]))
  const script = frame('/var/www/index.php', '')
  expect(group('Error', 'alice is gone', [script])).toBe(group('Error', 'bob is gone', [script]))
})

test('the groups of what was kept before an upgrade are those after it', () => {
  expect(group('Error', 'a', [frame('/app/shop.py', 'pay'), frame('/app/main.py', '<module>')])).toBe(
    '88e3b846e001300c',
  )
  expect(group('Error', 'disk full')).toBe('f4f0232eeef9a866')
})

test.each([
  ['timeout after 3000 ms', 'timeout after 12 ms'],
  ["no such file: '/home/a/x.txt'", "no such file: '/srv/b/y.txt'"],
  ['cannot open /home/a/x.txt', 'cannot open /srv/b/c/y.log'],
  ['user 6fa459ea-ee8a-3ca4-894e-db77e160355e is gone', 'user 16fd2706-8baf-433b-82eb-8c7fada847da is gone'],
  ['at 0x7fa446dab310 and deadbeef01', 'at 0x55d0 and 1234567890'],
  ['since 2026-11-21T12:00:00Z', 'since 2025-01-02 03:04:05'],
  ['mail to a@example.com failed', 'mail to maria.b@example.org failed'],
  ['get https://a.example.com/x?y=1 failed', 'get http://b/z failed'],
  ['wrong password=hunter2', 'wrong password=correct-horse'],
])('%s has the shape of %s', (one, other) => {
  expect(shapeOf(one)).toBe(shapeOf(other))
})

test("an application's own fingerprint counts; default in it stands for ours", () => {
  const ours = group('Error', 'a')
  expect(group('Error', 'a', undefined, ['{{ default }}'])).toBe(ours)
  expect(group('Error', 'a', undefined, ['pay'])).toBe(group('TypeError', 'b', undefined, ['pay']))
  expect(group('Error', 'a', undefined, ['{{ default }}', 'x'])).not.toBe(
    group('Error', 'b', undefined, ['{{ default }}', 'x']),
  )
})

test('a stack that is text in no known format groups by its first lines', () => {
  const stack = (line: number) => `boom\nat shop.pay line ${line}\nat shop.main line ${line + 1}`
  const of = (text: string) => groupOf({ type: 'Error', message: text, stack: text })
  expect(of(stack(1))).toBe(of(stack(70)))
  expect(of(stack(1))).not.toBe(of(stack(1).replace('pay', 'refund')))
})
