import { expect, test } from 'vitest'
import type { Frame } from '../../shared/error-event.ts'
import { framesOf, framesOfList } from './stack.ts'

const frame = (file: string, name: string, line: number, inApp = true): Frame => ({ file, function: name, line, inApp })

test.each<[string, string, Frame[] | undefined]>([
  [
    'JavaScript',
    'TypeError: x\n    at pay (/app/shop.js:12:5)\n    at async Shop.run (file:///app/main.js:3:1)\n    at node:internal/x:1:2\n    at Object.<anonymous> (/app/node_modules/y/z.js:9:1)',
    [
      frame('/app/shop.js', 'pay', 12),
      frame('file:///app/main.js', 'async Shop.run', 3),
      { file: 'node:internal/x', line: 1, function: undefined, inApp: false },
      frame('/app/node_modules/y/z.js', 'Object.<anonymous>', 9, false),
    ],
  ],
  [
    'Firefox',
    'pay@https://example.com/a.js:12:5\n@https://example.com/a.js:1:1',
    [
      frame('https://example.com/a.js', 'pay', 12),
      { file: 'https://example.com/a.js', line: 1, function: undefined, inApp: true },
    ],
  ],
  [
    'Python, whose last traceback is what was raised',
    'Traceback (most recent call last):\n  File "/app/a.py", line 1, in cause\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "/app/main.py", line 9, in <module>\n    pay()\n  File "/usr/lib/python3.11/json/x.py", line 4, in pay\nValueError: x',
    [frame('/usr/lib/python3.11/json/x.py', 'pay', 4, false), frame('/app/main.py', '<module>', 9)],
  ],
  [
    'PHP, without its arguments',
    "PDOException: x in /app/db.php:7\nStack trace:\n#0 /app/shop.php(12): Db->login('root', 'hunter2')\n#1 [internal function]: pay()\n#2 /app/vendor/x/y.php(3): call_user_func()\n#3 {main}",
    [
      frame('/app/db.php', 'Db->login', 7),
      frame('/app/shop.php', 'pay', 12),
      { file: '[internal function]', line: undefined, function: 'call_user_func', inApp: false },
      { file: '/app/vendor/x/y.php', line: 3, function: undefined, inApp: false },
    ],
  ],
  [
    'PHP, whose own function raised it where it was called',
    'DivisionByZeroError: x in /app/cart.php:22\nStack trace:\n#0 /app/cart.php(22): intdiv()\n#1 /app/shop.php(3): share()',
    [frame('/app/cart.php', 'share', 22), { file: '/app/shop.php', line: 3, function: undefined, inApp: true }],
  ],
  ['none', 'it went wrong\nsomewhere', undefined],
])('a stack of %s is read', (_, stack, frames) => {
  expect(framesOf(stack)).toEqual(frames)
})

const calls = [
  { file: '/app/db.php', line: 7, function: 'connect', class: 'PDO', type: '->', args: ['hunter2'] },
  { file: '/app/shop.php', line: 12, function: 'login', class: 'Db', type: '::' },
  { function: 'pay' },
]
const places = [
  { filename: '/app/shop.py', lineno: '12', function: 'pay' },
  { filename: '/app/main.py', lineno: 3, function: '<module>' },
  { vars: {} },
]

test.each<[string, unknown[], Parameters<typeof framesOfList>[1], Frame[] | undefined]>([
  [
    'what PHP called, and where',
    calls,
    { file: '/app/db.php', line: 7 },
    [frame('/app/db.php', 'Db::login', 7), frame('/app/shop.php', 'pay', 12)],
  ],
  ['it without the place where it was raised', calls.slice(1), undefined, [frame('/app/shop.php', 'pay', 12)]],
  [
    'what was called, raised within it',
    [{ file: '/app/shop.php', line: 12, function: 'pay' }],
    { file: '/app/cart.php', line: 88 },
    [frame('/app/cart.php', 'pay', 88), { file: '/app/shop.php', line: 12, function: undefined, inApp: true }],
  ],
  [
    'where one was, and in what',
    places,
    undefined,
    [frame('/app/shop.py', 'pay', 12), frame('/app/main.py', '<module>', 3)],
  ],
  [
    'it with the place where it was raised',
    places,
    { file: '/app/shop.py', line: 12 },
    [frame('/app/shop.py', 'pay', 12), frame('/app/main.py', '<module>', 3)],
  ],
  [
    'it from where the program began on',
    [...places].reverse(),
    { file: '/app/shop.py', line: 12 },
    [frame('/app/shop.py', 'pay', 12), frame('/app/main.py', '<module>', 3)],
  ],
  ['nothing', [null, 'x', {}], undefined, undefined],
])('a list that tells %s is read', (_, list, raisedAt, frames) => {
  expect(framesOfList(list, raisedAt)).toEqual(frames)
})
