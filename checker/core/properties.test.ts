/**
 * What must hold whatever happens: signals, silences, absences of ours, kills and restarts in any order. fast-check
 * makes the plans and finds the smallest one that breaks a rule; test/random reckons what should have been told.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { books } from '../../test/random/ledger.ts'
import { type Plan, run } from '../../test/random/plan.ts'
import { accusedInTime, untoldOrTwice } from '../../test/random/truth.ts'

const NAMES = ['nas', 'pi', 'desk'] as const
const TROUBLE_S = 4000
const LONGEST_TIMEOUT_S = 600

const moment = fc.integer({ min: 200, max: TROUBLE_S })
const span = fc.record({ fromS: moment, lengthS: fc.integer({ min: 2, max: 1500 }) })
const spanned = ({ fromS, lengthS }: { fromS: number; lengthS: number }) => ({ fromS, toS: fromS + lengthS })
const client = fc.record({
  site: fc.constantFrom('home', undefined),
  intervalS: fc.constantFrom(10, 30, 60),
  intervals: fc.integer({ min: 2, max: 10 }),
  known: fc.boolean(),
  retries: fc.boolean(),
  phase: fc.double({ min: 0, max: 0.99, noNaN: true }),
})

/** Sites, deaths, absences and kills; clocks and silences are the random runs' (random.test.ts). */
const plans: fc.Arbitrary<Plan> = fc
  .record({
    clients: fc.array(client, { minLength: 1, maxLength: NAMES.length }),
    cuts: fc.array(span, { maxLength: 2 }),
    deaths: fc.array(fc.record({ who: fc.nat({ max: NAMES.length - 1 }), span }), { maxLength: 3 }),
    absences: fc.array(
      fc.record({ span, why: fc.constantFrom('not-running' as const, 'asleep' as const, 'cannot-write' as const) }),
      { maxLength: 3 },
    ),
    kills: fc.array(fc.record({ second: moment, downS: fc.constantFrom(0, 0, 1, 90) }), { maxLength: 8 }),
  })
  .map(({ clients, cuts, deaths, absences, kills }) => ({
    seed: 1,
    clients: clients.map(({ intervals, phase, ...part }, index) => ({
      ...part,
      name: NAMES[index]!,
      timeoutS: part.intervalS * intervals,
      phaseS: part.intervalS * phase,
    })),
    cuts: cuts.map((cut) => ({ site: 'home', ...spanned(cut) })),
    deaths: deaths
      .filter(({ who }) => who < clients.length)
      .map(({ who, span: death }) => ({ name: NAMES[who]!, ...spanned(death) })),
    absences: absences.map(({ span: absence, why }) => ({ ...spanned(absence), why })),
    kills,
    untilS: TROUBLE_S + 1500 + 4 * LONGEST_TIMEOUT_S,
  }))

const FULL = process.env.RANDOM_RUNS === 'full'
const options = { numRuns: FULL ? 2500 : 300 }
const limit = FULL ? { timeout: 600_000 } : {}

test('no end without a beginning, no beginning without an end, no id twice', limit, () => {
  fc.assert(
    fc.property(plans, (plan) => {
      expect(books(run(plan).simulation.alerts)).toEqual({ wrong: [], open: [] })
    }),
    options,
  )
})

test('nobody is accused who was heard in time', limit, () => {
  fc.assert(
    fc.property(plans, (plan) => {
      expect(accusedInTime(plan, run(plan))).toEqual([])
    }),
    options,
  )
})

test('every silence that is longer than its timeout and all that excuses it is told, and told once', limit, () => {
  fc.assert(
    fc.property(plans, (plan) => {
      expect(untoldOrTwice(plan, run(plan))).toEqual([])
    }),
    options,
  )
})

test('what is believed in the end is the same whether or not the checker was killed in between', limit, () => {
  const beliefs = (plan: Plan) => {
    const { simulation } = run(plan)
    return plan.clients.map(({ name }) => {
      const { verdict, outage } = simulation.state(name)!
      return { verdict, outage }
    })
  }
  fc.assert(
    fc.property(plans, (plan) => {
      expect(beliefs(plan)).toEqual(beliefs({ ...plan, kills: [] }))
    }),
    options,
  )
})

test(
  'what is told of deaths and of a link that is cut is the same whether or not the checker was killed in between',
  limit,
  () => {
    const kills = fc.array(fc.integer({ min: 200, max: 6000 }), { minLength: 1, maxLength: 10 })
    const told = (plan: Plan) => {
      const { alerts } = run(plan).simulation
      return alerts
        .map(({ kind, hosts, site, sinceAt }) => [kind, site, [...hosts].sort().join(' '), sinceAt].join())
        .sort()
    }
    fc.assert(
      fc.property(plans, kills, fc.boolean(), (plan, seconds, isCut) => {
        // One trouble that lasts for longer than anybody may hesitate: how long that takes is all that may differ.
        const trouble = { fromS: 1000, toS: 1000 + 5 * LONGEST_TIMEOUT_S }
        const calm: Plan = {
          ...plan,
          cuts: isCut ? [{ site: 'home', ...trouble }] : [],
          deaths: isCut ? [] : [{ name: 'nas', ...trouble }],
          absences: [],
          kills: [],
        }
        expect(told({ ...calm, kills: seconds.map((second) => ({ second, downS: 0 })) })).toEqual(told(calm))
      }),
      options,
    )
  },
)
