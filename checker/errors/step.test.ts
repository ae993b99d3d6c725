/** Stories of errors: what arrives in which round, and what is told of it. */
import { describe, expect, test } from 'vitest'
import type { ErrorEvent, ErrorSample } from '../../shared/error-event.ts'
import type { ErrorGroup, Release, Resolved } from '../../shared/errors.ts'
import { type ErrorsRound, keyOf, stepErrors, TOLD_WITHIN_MS, type Told } from './step.ts'

const MIN = 60_000
const START = Date.parse('2026-11-21T14:00:00Z')
const GROUP = '3fa2c1d0e4b5a697'
const KEY = `shop-api/${GROUP}`
const sample: ErrorSample = { id: 'a', type: 'TypeError', message: 'total is undefined', level: 'error' }

/** Rounds that follow each other, and what is between them. */
class Story {
  readonly groups = new Map<string, ErrorGroup>()
  readonly releases = new Map<string, readonly Release[]>()
  readonly resolved = new Map<string, Resolved>()
  readonly told = new Map<string, Told>()
  quiet = false

  round(atMin: number, events: readonly ErrorEvent[]): ErrorsRound {
    const { groups, releases, resolved, told, quiet } = this
    const input = {
      events,
      monitor: 'box',
      group: (project: string, group: string) => groups.get(keyOf({ project, group })),
      resolved: (project: string, group: string) => resolved.get(keyOf({ project, group })),
      releases: (project: string) => releases.get(project) ?? [],
      project: () => ({ quiet, tags: ['web'], site: 'cloud', siteName: 'Cloud' }),
      told: (project: string) => told.get(project),
    }
    const result = stepErrors(input, START + atMin * MIN)
    for (const [key, group] of result.groups) groups.set(key, group)
    for (const [project, known] of result.releases) releases.set(project, known)
    for (const [project, window] of result.told) told.set(project, window)
    for (const group of result.back) resolved.delete(keyOf(group))
    return result
  }

  /** So many of them; @returns what is told, in short */
  many(atMin: number, count: number, more: Partial<ErrorSample> = {}): string[] {
    const { alerts } = this.round(
      atMin,
      Array.from({ length: count }, () => event(atMin, more)),
    )
    return alerts.map(({ count, isBack, nextCount }) => `${isBack ? 'back' : 'new'} ${count}, next ${nextCount}`)
  }
}

function event(atMin: number, more: Partial<ErrorSample> = {}, group = GROUP): ErrorEvent {
  const at = new Date(START + atMin * MIN).toISOString()
  return { project: 'shop-api', at, group, sample: { ...sample, ...more } }
}

describe('a group is told when it is new, then at powers of ten', () => {
  test.each([
    ['one by one', Array.from({ length: 12 }, () => 1), ['new 1, next 10', 'new 10, next 100']],
    ['a round with 50 tells once', [50], ['new 50, next 100']],
    ['and is told again at 100', [50, 49, 1], ['new 50, next 100', 'new 100, next 1000']],
    ['more than twice ten at once', [1, 8, 2500], ['new 1, next 10', 'new 2509, next 10000']],
  ])('%s', (_, counts, expected) => {
    const story = new Story()
    expect(counts.flatMap((count, round) => story.many(round, count))).toEqual(expected)
    const total = counts.reduce((sum, count) => sum + count, 0)
    expect(story.groups.get(KEY)).toMatchObject({ count: total, alerts: expected.length })
  })

  test('all its alerts belong to the first, and none has the id of another', () => {
    const story = new Story()
    const alerts = [1, 9, 90].flatMap((count, round) => story.round(round, Array(count).fill(event(round))).alerts)
    expect(alerts.map(({ outage }) => outage)).toEqual([alerts[0]?.id, alerts[0]?.id, alerts[0]?.id])
    expect(alerts.map(({ id }) => id)).toEqual(
      [1, 2, 3].map((n) => `error:shop-api-${GROUP}:${START.toString(36)}:${n}`),
    )
  })

  test('with the facts that words are made of', () => {
    const frames = [
      { file: 'node_modules/express/router.js', line: 9, function: 'next', inApp: false },
      { file: '/app/src/cart.ts', line: 88, function: 'applyCoupon', inApp: true },
      { file: 'C:\\app\\checkout.ts', line: 41, function: 'pay', inApp: true },
    ]
    const story = new Story()
    story.round(0, [event(0, { release: '1.4.2' }, 'aaaaaaaaaaaaaaaa')])
    const { alerts } = story.round(6, [
      event(4, { release: '1.4.2', environment: 'staging', crash: true, frames }),
      event(5, { release: '1.4.3' }),
      { ...event(6), sample: undefined },
    ])
    expect(alerts).toEqual([
      expect.objectContaining({
        kind: 'error',
        hosts: ['shop-api'],
        tags: ['web'],
        site: 'cloud',
        siteName: 'Cloud',
        group: GROUP,
        errorType: 'TypeError',
        message: 'total is undefined',
        count: 3,
        sinceAt: START + 4 * MIN,
        spanMs: 2 * MIN,
        release: '1.4.2',
        releaseAt: START,
        isBack: false,
        nextCount: 10,
      }),
    ])
    expect(story.groups.get(KEY)?.releases.map(({ name }) => name)).toEqual(['1.4.2', '1.4.3'])
  })

  test.each([
    ['an old release has no part in it', 0, 61, undefined],
    ['nor has one that came with it', 61, 61, undefined],
    ['a young one may have', 1, 61, START + MIN],
  ])('%s', (_, releasedMin, atMin, expected) => {
    const story = new Story()
    if (releasedMin < atMin) story.round(releasedMin, [event(releasedMin, { release: '2' }, 'aaaaaaaaaaaaaaaa')])
    expect(story.round(atMin, [event(atMin, { release: '2' })]).alerts[0]?.releaseAt).toBe(expected)
  })

  test('without a sample, as of a flood: with the first that has one, at the tenth at the latest', () => {
    const story = new Story()
    const bare = { ...event(0), sample: undefined }
    expect(story.round(0, [bare, bare]).alerts).toEqual([])
    expect(story.round(0, [event(0)]).alerts).toEqual([expect.objectContaining({ count: 3 })])
    const { alerts, samples } = new Story().round(
      0,
      Array.from({ length: 10 }, () => bare),
    )
    expect(alerts).toHaveLength(1)
    expect(samples.size).toBe(0)
  })

  test('what a wrong clock puts into the future happened now', () => {
    const { alerts } = new Story().round(0, [event(99)])
    expect(alerts[0]).toMatchObject({ sinceAt: START, spanMs: 0 })
  })
})

describe('who resolved it hears when it is back', () => {
  const story = () => {
    const story = new Story()
    story.many(0, 20)
    story.resolved.set(KEY, { at: START + 5 * MIN, by: 'maria' })
    return story
  }

  test('counted anew, as an outage of its own, and once', () => {
    const told = story()
    const { alerts, back } = told.round(9, [event(9)])
    expect(alerts[0]).toMatchObject({ isBack: true, count: 1, resolvedAt: START + 5 * MIN, outage: alerts[0]?.id })
    expect(back.map(keyOf)).toEqual([KEY])
    expect(told.many(10, 8)).toEqual([])
    expect(told.many(11, 1)).toEqual(['back 10, next 100'])
    expect(told.groups.get(KEY)?.count).toBe(30)
  })

  test('what happened before that is no return, and is not told', () => {
    const told = story()
    const early = Array.from({ length: 200 }, () => event(4))
    expect(told.round(6, early)).toMatchObject({ alerts: [], back: [] })
    expect(told.round(7, [event(4), event(7)]).alerts).toMatchObject([{ isBack: true, count: 1 }])
  })

  test('a mark that the disk did not let go of is answered once', () => {
    const told = story()
    const mark = told.resolved.get(KEY)!
    told.many(9, 1)
    told.resolved.set(KEY, mark)
    expect(told.round(10, [event(10)])).toMatchObject({ alerts: [], back: [] })
  })
})

describe('quiet hides alerts, never state', () => {
  test('the first error after it tells what was not told', () => {
    const story = new Story()
    story.quiet = true
    expect(story.many(0, 37)).toEqual([])
    story.quiet = false
    expect(story.round(60, []).alerts).toEqual([])
    expect(story.many(120, 1)).toEqual(['new 38, next 100'])
  })

  test('a return within it is told after it', () => {
    const story = new Story()
    story.many(0, 1)
    story.resolved.set(KEY, { at: START + MIN, by: '' })
    story.quiet = true
    expect(story.many(2, 5)).toEqual([])
    expect(story.resolved.size).toBe(0)
    story.quiet = false
    expect(story.many(3, 1)).toEqual(['back 6, next 10'])
  })
})

test('of very many different errors at once some are told, and the last says until when no more are', () => {
  const story = new Story()
  const names = Array.from({ length: 100 }, (_, index) => index.toString(16).padStart(16, '0'))
  const { alerts } = story.round(
    0,
    names.map((name) => event(0, {}, name)),
  )
  expect(alerts).toHaveLength(30)
  expect(alerts.filter(({ quietUntilAt }) => quietUntilAt !== undefined)).toEqual([alerts.at(-1)])
  expect(alerts.at(-1)?.quietUntilAt).toBe(START + TOLD_WITHIN_MS)
  expect(story.round(9, [event(9, {}, names.at(-1))]).alerts).toEqual([])
  expect(story.round(10, [event(10, {}, names.at(-1))]).alerts).toMatchObject([{ count: 3 }])
})
