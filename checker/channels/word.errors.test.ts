/**
 * What is told of errors that applications report, as it is read: word/errors.{en,pt,ru}.txt.
 * After a change of words `npx vitest run word.errors -u` writes them anew: read the difference.
 */
import { expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import { createWording } from './word.ts'

const MIN = 60_000
const at = (time: string, day = 21) => Date.parse(`2026-11-${day}T${time}:00Z`)

const first: Alert = {
  id: 'error:shop-api-3fa2c1d0e4b5a697:x:1',
  outage: 'error:shop-api-3fa2c1d0e4b5a697:x:1',
  kind: 'error',
  hosts: ['shop-api'],
  tags: [],
  monitor: 'box',
  at: at('14:02'),
  sinceAt: at('14:02'),
  group: '3fa2c1d0e4b5a697',
  errorType: 'TypeError',
  message: 'total is undefined',
  level: 'error',
  place: 'cart.ts:88 applyCoupon',
  calledBy: 'checkout.ts:41',
  count: 1,
  spanMs: 0,
  isBack: false,
  nextCount: 10,
}
const ten: Alert = {
  ...first,
  id: 'error:shop-api-3fa2c1d0e4b5a697:x:2',
  at: at('14:05'),
  count: 10,
  spanMs: 3 * MIN,
  nextCount: 100,
  release: '1.4.2',
  releaseAt: at('13:58'),
}

const CASES: Readonly<Record<string, Alert>> = {
  'new, alone': first,
  'new, of a young release': { ...first, release: '1.4.2', releaseAt: at('13:58') },
  'new, of an older release, uncaught, elsewhere than usual': {
    ...first,
    release: '1.4.2',
    crash: true,
    environment: 'staging',
  },
  'new, ten of them': ten,
  'new, two at once': { ...ten, count: 2, spanMs: 5, nextCount: 10, release: undefined },
  'after days': { ...ten, at: at('15:00', 24), count: 1000, spanMs: 73 * 60 * MIN, nextCount: 10_000 },
  back: { ...first, isBack: true, resolvedAt: at('12:03', 20), release: '1.4.3' },
  'back, of a young release': { ...ten, count: 21, isBack: true, resolvedAt: at('12:03') },
  'a warning': { ...ten, level: 'warning', count: 5, nextCount: 10, place: undefined },
  'a warning is back': { ...first, level: 'warning', isBack: true, resolvedAt: at('12:03') },
  'a message': { ...first, level: 'info', calledBy: undefined, errorType: '' },
  'a message is back': { ...first, level: 'debug', isBack: true, resolvedAt: at('12:03') },
  'too many different ones': { ...first, quietUntilAt: at('14:12') },
  'nothing is known of it': {
    ...first,
    errorType: undefined,
    message: undefined,
    place: undefined,
    calledBy: undefined,
  },
  'a long name and long words': {
    ...ten,
    hosts: ['shop-api-of-the-whole-northern-hemisphere'],
    message: `\u001b[31m${'so many words '.repeat(30)}\nand more`,
  },
}

test.each(['en', 'pt', 'ru'] as const)('every variant reads as it should in %s', async (language) => {
  const { word } = createWording(language, 'UTC')
  const written = Object.entries(CASES).map(([name, alert]) => `=== ${name}\n${word(alert, alert.at).text}`)
  await expect(`${written.join('\n\n')}\n`).toMatchFileSnapshot(`word/errors.${language}.txt`)
})

test.each(['en', 'pt', 'ru'] as const)(
  'its first line fits a lock screen, and offers no command, in %s',
  (language) => {
    const { word, fold } = createWording(language, 'UTC')
    for (const alert of Object.values(CASES)) {
      const { title, commands } = word(alert, alert.at)
      expect(title.length, title).toBeLessThanOrEqual(50)
      expect(title).toMatch(/^🚨 shop-api/)
      expect(commands).toEqual([])
    }
    const others = [first, { ...first, id: 'x', outage: 'x' }]
    expect(fold(others, at('14:05')).title).toMatch(/^🚨 /)
  },
)
