import { expect, test } from 'vitest'
import { Agenda } from './agenda.ts'

test('hands out what is due, once, and nothing that is not', () => {
  const agenda = new Agenda()
  agenda.plan('a', 10_000)
  agenda.plan('b', 10_001)
  agenda.plan('c', Number.POSITIVE_INFINITY)
  expect(agenda.takeUntil(10_000)).toEqual(['a'])
  expect(agenda.takeUntil(10_999)).toEqual([])
  expect(agenda.takeUntil(11_000)).toEqual(['b'])
  expect(agenda.takeUntil(Number.MAX_SAFE_INTEGER)).toEqual([])
})

test('the last plan for a host wins, and a dropped one is gone', () => {
  const agenda = new Agenda()
  agenda.plan('a', 10_000)
  agenda.plan('a', 20_000)
  agenda.plan('b', 10_000)
  agenda.drop('b')
  expect(agenda.takeUntil(15_000)).toEqual([])
  expect(agenda.takeUntil(20_000)).toEqual(['a'])
})

test('says when a host is planned, to the second, and was when it was handed out', () => {
  const agenda = new Agenda()
  agenda.plan('a', 10_001)
  expect(agenda.plannedAt('a')).toBe(11_000)
  expect(agenda.plannedAt('b')).toBe(Number.POSITIVE_INFINITY)
  agenda.takeUntil(11_000)
  expect(agenda.plannedAt('a')).toBe(11_000)
  agenda.drop('a')
  expect(agenda.plannedAt('a')).toBe(Number.POSITIVE_INFINITY)
})
