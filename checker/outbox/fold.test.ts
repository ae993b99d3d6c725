import { expect, test } from 'vitest'
import { alertOf, endOf, letterOf } from '../../test/fakes/post-office.ts'
import { escapeHtml } from '../channels/lines.ts'
import { createWording } from '../channels/word.ts'
import { foldHead, MOST } from './fold.ts'
import type { Letter } from './letter.ts'

const waiting = (number: number) => letterOf(alertOf(number), 'family')
const end = (opened: number, number: number) => letterOf(endOf(opened, number), 'family')
const reminder = (opened: number, number: number) =>
  letterOf(alertOf(number, { kind: 'still-silent', outage: `host:nas:k3f9:${opened}` }), 'family')
const tried = (letter: Letter): Letter => ({ ...letter, tries: 1 })
const refused = (letter: Letter): Letter => ({ ...letter, tries: 3, refused: true })
const many = (count: number) => Array.from({ length: count }, (_, index) => waiting(index + 1))
const numbersOf = (letters: readonly Letter[] = []) => letters.map(({ alert }) => Number(alert.id.split(':').at(-1)))

test.each<[string, Letter[], number[]]>([
  ['nothing waits', [], []],
  ['one alone goes as it is', [waiting(1)], []],
  ['five are few', many(5), []],
  ['six are one message', many(6), [1, 2, 3, 4, 5, 6]],
  ['of many, as many as a message holds', many(70), many(MOST).map((_, index) => index + 1)],
  ['an end behind its beginning', [waiting(1), end(1, 2)], [1, 2]],
  ['with others between, which stay', [waiting(1), waiting(2), end(1, 3)], [1, 3]],
  ['with its reminders', [waiting(1), reminder(1, 2), end(1, 3)], [1, 2, 3]],
  ['the end of something else', [waiting(1), end(2, 3)], []],
  ['an end whose beginning was told', [end(1, 2), waiting(3)], []],
  ['a reminder and its end, when the beginning was told', [reminder(1, 2), end(1, 3)], []],
  ['only the first may go now: its own end folds, not that of the second', [waiting(1), waiting(2), end(2, 3)], []],
  ['what was tried may have arrived', [tried(waiting(1)), end(1, 2)], []],
  ['nor does anything fold with it, or past it', [tried(waiting(1)), ...many(9)], []],
  ['an end that was tried', [waiting(1), tried(end(1, 2))], []],
  ['what was refused each time cannot have arrived', [refused(waiting(1)), end(1, 2)], [1, 2]],
  ['nor can any of a backlog behind it', [refused(waiting(1)), ...many(6).slice(1)], [1, 2, 3, 4, 5, 6]],
])('%s', (_, queue, expected) => {
  const fold = foldHead(queue)
  expect(numbersOf(fold?.replaced)).toEqual(expected)
  if (!fold) return
  const alerts = fold.replaced.map(({ alert }) => alert)
  expect(fold.letter).toMatchObject({ alert: alerts.at(-1), folded: alerts, channel: 'family', tries: 1 })
})

test.each(['en', 'pt', 'ru'] as const)('the most that one message holds is cut off nowhere, in %s', (language) => {
  const site = 'Квартира бабушки на проспекте Мира, второй подъезд'
  const alerts = Array.from({ length: MOST }, (_, number) => {
    const own = { id: `site:x:k3f9:${number}`, outage: `site:x:k3f9:${number}`, kind: 'site-silent' } as const
    return alertOf(number, { ...own, site: `${number} ${site}`, hosts: ['nas', 'pi'], of: 2 })
  })
  const { text } = createWording(language, 'Europe/Lisbon').fold(alerts, alerts[0]!.at + 86_400_000)
  expect(text.split('\n')).toHaveLength(1 + MOST)
  // The narrowest: a block of Slack in characters, a message of ntfy in bytes.
  expect(escapeHtml(text).length).toBeLessThan(2900)
  expect(Buffer.byteLength(text)).toBeLessThan(4000)
})
