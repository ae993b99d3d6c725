/**
 * Random runs of the real core in a world that only pretends. `npm run random` makes them in full size and prints their
 * figures; here it is a sample of the same seeds. A run that fails is made again by its seed alone.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { absenceRun } from '../../test/random/absences.ts'
import type { Client } from '../../test/random/clients.ts'
import { cutRun } from '../../test/random/cuts.ts'
import { deathRun } from '../../test/random/deaths.ts'
import { books } from '../../test/random/ledger.ts'
import { type Mix, randomPlan } from '../../test/random/mixed.ts'
import { run } from '../../test/random/plan.ts'
import { accusedInTime, untoldOrTwice } from '../../test/random/truth.ts'

const FULL = process.env.RANDOM_RUNS === 'full'
const FULL_LIMIT_MS = 1_200_000
/** Part of a full run that is made otherwise. */
const SAMPLE = 0.05
const seeds = (full: number) => Array.from({ length: FULL ? full : Math.ceil(full * SAMPLE) }, (_, seed) => seed)
const options = FULL ? { timeout: FULL_LIMIT_MS } : {}

const rows: { what: string; runs: number; found: string; aim: string }[] = []
function note(what: string, runs: number, found: string | number, aim: string): void {
  rows.push({ what, runs, found: String(found), aim })
}

afterAll(() => {
  if (!FULL) return
  const line = ({ what, runs, found, aim }: (typeof rows)[number]) =>
    `${what.padEnd(64)} ${String(runs).padStart(5)}  ${found.padStart(22)}  ${aim}\n`
  const [head, ...body] = [{ what: 'random runs', runs: 0, found: 'here', aim: 'to be reached' }, ...rows]
  process.stdout.write(`\n${line(head!).replace('    0', ' runs')}${body.map(line).join('')}\n`)
})

/** One interval for all of a site: seven usual ones, taking turns. */
const INTERVALS_S = [10, 20, 30, 60, 120, 300, 600]
const population: Record<string, (seed: number) => Partial<Client>> = {
  'each with an interval of its own': () => ({}),
  'one interval in a site': (seed) => ({ intervalS: INTERVALS_S[seed % INTERVALS_S.length]! }),
}
const knownOnes: typeof population = {
  'each with an interval of its own': () => ({ known: true }),
  'one interval in a site': (seed) => ({ intervalS: INTERVALS_S[seed % INTERVALS_S.length]!, known: true }),
}

describe('a link is cut for 20 to 2,500 s', () => {
  test.each([
    ['each with an interval of its own', false],
    ['one interval in a site', false],
    ['each with an interval of its own', true],
  ] as const)('%s (killed: %s): nobody is told once somebody was heard again', options, (of, killed) => {
    const all = seeds(4000)
    const name = killed ? `${of}, checker killed` : of
    const runs = all.map((seed) => ({ seed, ...cutRun(seed, population[of]!(seed), killed) }))
    const late = runs.filter((one) => one.late.length > 0).map(({ seed }) => seed)
    const perCut = (count: (one: (typeof runs)[number]) => number) =>
      runs.reduce((sum, one) => sum + count(one), 0) / runs.length
    note(`link cut, ${name}: accused after the return`, all.length, late.length, '0')
    note('… told alone before that, hosts per cut', all.length, perCut(({ alone }) => alone).toFixed(3), '0.1')
    note('… when the link was just back', all.length, perCut(({ unlucky }) => unlucky).toFixed(4), '')
    note('… named as missing though alive', all.length, perCut(({ missing }) => missing.length).toFixed(3), '')
    // What was seen before a kill is not stored: then hardly anybody.
    expect(late.length, `seeds ${late}`).toBeLessThanOrEqual(killed ? Math.ceil(0.005 * all.length) : 0)
    expect(perCut(({ alone }) => alone)).toBeLessThan(0.4)
    expect(perCut(({ siteTold }) => (siteTold ? 1 : 0))).toBeGreaterThan(0.5)
  })
})

describe('one host dies while the others of its site live', () => {
  test.each(Object.entries(knownOnes))('%s: told when it is due', options, (name, part) => {
    const all = seeds(3000)
    const runs = all.map((seed) => deathRun(seed, 0, part(seed)))
    const delays = runs.map(({ delayS }) => delayS ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
    const at = (share: number) => delays[Math.floor(share * (delays.length - 1))]!
    const found = `p50 ${at(0.5)} s, p99 ${at(0.99)} s`
    note(`one dies, ${name}: told so long after its due`, all.length, found, 'p99 20 s')
    note('… at most', all.length, `${at(1)} s`, '')
    expect(at(0.5)).toBe(0)
    expect(at(0.95)).toBeLessThanOrEqual(20)
    expect(at(1)).toBeLessThan(900)
    expect(runs.filter(({ siteAccused }) => siteAccused)).toEqual([])
  })

  test('one post in twenty of the others is lost: it is told, and its site is not accused', options, () => {
    const all = seeds(3000)
    const runs = all.map((seed) => ({ seed, ...deathRun(seed, 0.05) }))
    const accused = runs.filter(({ siteAccused }) => siteAccused).map(({ seed }) => seed)
    note('… with 5 % of the posts of others lost: site accused', all.length, accused.length, '0')
    expect(accused, 'seeds').toEqual([])
    expect(runs.filter(({ delayS }) => delayS === undefined)).toEqual([])
  })
})

test('absences of ours, any number and length: nobody who lives is accused', options, () => {
  const all = seeds(3000)
  const accused = all.filter((seed) => absenceRun(seed).length > 0)
  note('absences of ours, 1 to 20 of 2 to 2,000 s: accused', all.length, accused.length, '0')
  expect(accused, 'seeds').toEqual([])
})

test('timeouts of less than two intervals, no post repeated: hardly anybody', options, () => {
  const all = seeds(3000)
  const accused = all.filter((seed) => absenceRun(seed, { retries: false }, 1.3).length > 0)
  note('… timeouts of 1.3 intervals or more, no post repeated', all.length, accused.length, 'hardly any')
  // One lost post after another is more than such a timeout can bear: it is forgiven once.
  expect(accused.length, `seeds ${accused}`).toBeLessThanOrEqual(Math.ceil(0.005 * all.length))
})

describe('everything at once', () => {
  const calm: Mix = { cuts: 3, deaths: 4, absences: 4, kills: 5 }
  test.each<[string, Mix, number]>([
    ['cuts, deaths, absences, kills', calm, 3000],
    ['and clocks and silences', { ...calm, clocks: 3, hushes: 3 }, 3000],
  ])('%s: the books are in order', options, (name, mix, full) => {
    const all = seeds(full)
    const wrong: string[] = []
    for (const seed of all) {
      const plan = randomPlan(seed, mix)
      const found = run(plan)
      const { wrong: amiss, open } = books(found.simulation.alerts)
      const truth = mix === calm ? untoldOrTwice(plan, found) : []
      for (const what of [...amiss, ...open.map((id) => `${id} is open`), ...accusedInTime(plan, found), ...truth])
        wrong.push(`seed ${seed}: ${what}`)
    }
    note(`${name}: wrong`, all.length, wrong.length, '0')
    expect(wrong).toEqual([])
  })
})

test('the world passes over the seconds in which nothing can happen, and nothing else', options, () => {
  for (const seed of seeds(600)) {
    const plan = randomPlan(seed)
    expect(run(plan).simulation.alerts, `seed ${seed}`).toEqual(run(plan, true).simulation.alerts)
  }
})
