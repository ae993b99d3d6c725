/** Stories: what happens on the box and at home, second by second, and what people are told. Nothing else is told. */
import { describe, expect, test } from 'vitest'
import { stories } from './stories/index.ts'
import { live, type Story } from './stories/story.ts'

describe('stories', () => {
  test.each(stories)('$name', (story) => {
    const simulation = live(story)
    const alerts = simulation.told.map(([second, what], index) => [second, what, simulation.alerts[index]!] as const)
    const heard = alerts.filter(([, , { kind }]) => story.withFirsts || kind !== 'first-signal')
    expect(heard.map(([second, what]) => [second, what])).toEqual(story.told.map(([second, what]) => [second, what]))
    for (const [index, [second, what, facts = {}]] of story.told.entries()) {
      const found = heard[index]![2]
      const named = Object.fromEntries(Object.keys(facts).map((key) => [key, found[key as keyof typeof found]]))
      expect(named, `${second} ${what}`).toEqual(facts)
    }
    // Whatever the clock did: nothing began after it was told.
    expect(simulation.alerts.filter(({ at, sinceAt = 0 }) => sinceAt > at)).toEqual([])
    const ids = simulation.alerts.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(orphans(story)).toEqual([])
  })
})

/** What ends or continues an outage that no alert opened. */
function orphans(story: Story): string[] {
  const opened = new Set<string>()
  const found: string[] = []
  for (const { id, kind, outage, outages } of live(story).alerts) {
    if (id !== outage && !opened.has(outage)) found.push(`${kind} ${id}`)
    opened.add(id)
    for (const own of Object.values(outages ?? {})) opened.add(own)
  }
  return found
}
