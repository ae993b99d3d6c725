/** Stories: what happens on the box and at home, second by second, and what people are told. Nothing else is told. */
import { describe, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Simulation } from '../../test/simulation.ts'
import { createWording } from '../channels/word.ts'
import { stories } from './stories/index.ts'
import { HOUR, halfMinute, live, type Story } from './stories/story.ts'

const lived = new Map<Story, Simulation>()
function lifeOf(story: Story): Simulation {
  const simulation = lived.get(story) ?? live(story)
  lived.set(story, simulation)
  return simulation
}

describe('stories', () => {
  test.each(stories)('$name', (story) => {
    const { told, alerts } = lifeOf(story)
    const all = told.map(([second, what], index) => ({ second, what, alert: alerts[index]! }))
    const heard = all.filter(({ alert }) => story.withFirsts || alert.kind !== 'first-signal')
    expect(heard.map(({ second, what }) => [second, what])).toEqual(story.told.map(([second, what]) => [second, what]))
    for (const [index, [second, what, facts = {}]] of story.told.entries()) {
      const { alert } = heard[index]!
      const named = Object.fromEntries(Object.keys(facts).map((key) => [key, alert[key as keyof Alert]]))
      expect(named, `${second} ${what}`).toEqual(facts)
    }
    // Whatever the clock did: nothing began after it was told.
    expect(alerts.filter(({ at, sinceAt = 0 }) => sinceAt > at)).toEqual([])
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length)
    expect(orphans(alerts)).toEqual([])
  })

  test('each has a name of its own', () => {
    const names = stories.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})

/** What ends or continues an outage that no alert opened. */
function orphans(alerts: readonly Alert[]): string[] {
  const opened = new Set<string>()
  const found: string[] = []
  for (const { id, kind, outage, outages } of alerts) {
    if (id !== outage && !opened.has(outage)) found.push(`${kind} ${id}`)
    opened.add(id)
    for (const own of Object.values(outages ?? {})) opened.add(own)
  }
  return found
}

test('an outage has one id: its silence opens it, reminders and the end carry it, no alert has the id of another', () => {
  const alive = (s: number) => s < 600 || (s >= 7 * HOUR && s < 8 * HOUR) || s >= 9 * HOUR
  const { alerts } = live({ name: '', hosts: { nas: halfMinute }, alive: { nas: alive }, untilS: 10 * HOUR, told: [] })
  const [, silent, reminder, recovered, again, end] = alerts
  expect([silent, reminder, recovered].map((alert) => alert?.outage)).toEqual([silent?.id, silent?.id, silent?.id])
  expect([again, end].map((alert) => alert?.outage)).toEqual([again?.id, again?.id])
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length)
  expect(silent?.id).toMatch(/^host:nas:[0-9a-z]+:2$/)
})

test('who misses when its site is back goes on under the outage that the message names', () => {
  const story = stories.find(({ name }) => name.startsWith('one stays away after:'))!
  const [silent, back, reminder, recovered] = lifeOf(story).alerts.filter(({ kind }) => kind !== 'first-signal')
  expect(back?.outage).toBe(silent?.id)
  expect(Object.keys(back?.outages ?? {})).toEqual(['nas'])
  expect([reminder?.outage, recovered?.outage]).toEqual([back?.outages?.nas, back?.outages?.nas])
  expect(back?.outages?.nas).toMatch(/^host:nas:/)
})

describe('a restart of the checker', () => {
  /** Before the due, held, told, in the return, after it. */
  const SECONDS = [590, 605, 620, 646, 660, 689, 690, 691, 692, 693, 720, 800, 1400]
  const RETURN = [1499, 1500, 1501, 1502, 1503, 1510, 1531, 1545, 1547, 1600]
  const NAMES = [
    'one of three dies: it is at fault, told at its due, and who still reports is named',
    'the link is cut: one message for all, one when they are back',
    'one already dead, link cut, two left: it is not told again, and goes on by itself',
    'one stays away after: it goes on by itself, with reminders and an end of its own',
    'a cut as long as some timeouts but not all: whoever is late fell too',
    'a cut shorter than every timeout: nothing is told',
    'two die together, the third lives: each is at fault',
    'a home that returns with a new address is the same home',
    'a power cut: those who are back started anew',
    'everybody everywhere falls silent: it may be us, told once after a probe; and the end of it',
    'nothing reaches us, and a site stays away after: that one is told then',
    'a silence of a site begins after it was told, and one of it stays away: told when the silence ends',
    'somebody took the outage of a site: no reminders of it, and the next one is nobody’s yet',
    'recoverAfter: one signal and gone again was no return',
    'a run that does not end within its grace has failed; its end, when it comes, clears that',
    'while its site is away, no run is accused; afterwards its end may have been lost with the link',
    'who goes and comes too often is told unstable once, then nothing until it keeps still',
  ]
  /** What others report shows, after a start, only with their next signals. */
  const LATER_S = 100

  test.each(NAMES)('in the middle of “%s”: it ends the same', (name) => {
    const story = stories.find((one) => one.name === name)!
    const usual = lifeOf(story).told
    for (const second of [...SECONDS, ...RETURN]) {
      const { told } = live({
        ...story,
        script: {
          ...story.script,
          [second]: (s) => {
            story.script?.[second]?.(s)
            s.startChecker()
          },
        },
      })
      expect(
        told.map(([, what]) => what),
        `restarted at ${second}`,
      ).toEqual(usual.map(([, what]) => what))
      for (const [index, [at, what]] of told.entries()) {
        const lateS = at - usual[index]![0]
        expect(lateS, `${what}, restarted at ${second}`).toBeLessThanOrEqual(LATER_S)
        expect(lateS, `${what}, restarted at ${second}`).toBeGreaterThanOrEqual(-LATER_S)
      }
    }
  })
})

/** After a change of words or rules `npx vitest run core/stories -u` writes them anew: read the difference. */
test.each(['en', 'pt', 'ru'] as const)('what the stories tell, as it is read: %s', async (language) => {
  const wording = createWording(language, 'Europe/Lisbon')
  const written = new Set<string>()
  const pages = stories.flatMap((story) => {
    const texts = lifeOf(story).alerts.map((alert) => wording.word(alert, alert.at).text)
    const fresh = texts.filter((text) => !written.has(text))
    for (const text of fresh) written.add(text)
    return fresh.length === 0 ? [] : [`=== ${story.name}\n\n${[...new Set(fresh)].join('\n\n')}\n`]
  })
  await expect(pages.join('\n')).toMatchFileSnapshot(`stories/golden.${language}.txt`)
})
