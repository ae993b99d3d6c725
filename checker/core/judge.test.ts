/** Who is at fault: seconds, and a held one that was heard at 100, missed a signal by 132, and is due at 221. */
import { describe, expect, test } from 'vitest'
import { type Eye, groupOf, type Member, type Suspect } from './judge.ts'

const held: Suspect = {
  name: 'nas',
  heardAt: 100,
  firstMissAt: 132,
  dueAt: 221,
  boundAt: 387,
  patienceMs: 120,
  reappearanceMs: 46,
}
const member = (name: string, heardAt: number, part: Partial<Member> = {}): Member => ({
  name,
  heardAt,
  shouldAt: heardAt + 46,
  lateAt: heardAt + 76,
  dueAt: heardAt + 121,
  ...part,
})
const nas = member('nas', 100)
const eye = (heardAt: number, part: Partial<Eye> = {}): Eye => ({ heardAt, everydayGapMs: 46, ...part })
/** Reports without a break since long ago. */
const steady = (heardAt: number) => eye(heardAt, { returnedAt: 10, beforeAt: heardAt - 30 })
const judge = (others: readonly Member[], eyes: readonly Eye[], at: number, suspect: Partial<Suspect> = {}) =>
  groupOf([nas, ...others], [eye(100), ...eyes], at).judge({ ...held, ...suspect })

describe('another one of it', () => {
  test('reports without a break since before, also after the held one missed a signal: at fault, at once', () => {
    expect(judge([member('pi', 200)], [steady(200)], 221)).toEqual({ kind: 'fault', proven: true })
  })

  test('was heard again only once since: not proven, it may have been just before the link went', () => {
    expect(judge([member('pi', 140)], [steady(140)], 221)).not.toMatchObject({ proven: true })
  })

  test('returned after a break: the held one has one and a half intervals from then', () => {
    const pi = member('pi', 210)
    const back = eye(210, { returnedAt: 210 })
    expect(judge([pi], [back], 221)).toEqual({ kind: 'hold', returnAt: 210 })
    expect(judge([pi], [back], 255, { returnAt: 210 })).toMatchObject({ kind: 'hold' })
  })

  test('returned after a break, and is heard after that time: at fault', () => {
    const again = eye(260, { returnedAt: 210, beforeAt: 230 })
    expect(judge([member('pi', 260)], [again], 260, { returnAt: 210 })).toEqual({ kind: 'fault', proven: true })
  })

  test('returned long before the verdict: the time began then', () => {
    const again = eye(215, { returnedAt: 150, beforeAt: 185 })
    expect(judge([member('pi', 215)], [again], 221)).toMatchObject({ kind: 'fault', proven: true })
  })
})

test('nobody is held for ever by returns that were forgotten', () => {
  const back = eye(380, { returnedAt: 380 })
  expect(judge([member('pi', 380)], [back], 386)).toEqual({ kind: 'hold', returnAt: 380 })
  expect(judge([member('pi', 380)], [back], 387)).toEqual({ kind: 'fault', proven: true })
})

describe('nobody was heard since', () => {
  test('those are waited for who will be late soon', () => {
    const slow = member('slow', 90, { shouldAt: 240, lateAt: 340, dueAt: 700 })
    expect(judge([slow], [eye(90)], 221)).toMatchObject({ kind: 'hold' })
    expect(judge([slow], [eye(90)], 339)).toMatchObject({ kind: 'hold' })
  })

  test('those are not waited for who will be late too late', () => {
    const slow = member('slow', 90, { shouldAt: 240, lateAt: 342, dueAt: 700 })
    expect(judge([slow], [eye(90)], 221)).toEqual({ kind: 'fault', proven: false })
  })

  test('two or more are late: they fell together, since the last signal from anyone', () => {
    const others = [member('pi', 101), member('router', 102)]
    const group = groupOf([nas, ...others], [], 221)
    expect(group.judge(held)).toEqual({ kind: 'together' })
    expect([group.lastSignalAt, group.fallen]).toEqual([102, ['nas', 'pi', 'router']])
  })

  test('who was silent long before did not fall with it: it is alone', () => {
    const dead = member('pi', 20, { silent: true })
    expect(judge([dead], [], 221)).toEqual({ kind: 'fault', proven: false })
    expect(groupOf([nas, dead], [], 221).fallen).toEqual(['nas'])
  })

  test('who was told alone a moment ago fell with it', () => {
    const told = member('pi', 95, { silent: true })
    expect(judge([told], [], 221)).toEqual({ kind: 'together' })
  })

  test('nobody waits for a witness, nor lists it', () => {
    const laptop = member('laptop', 90, { witness: true, lateAt: 300 })
    expect(judge([laptop], [], 221)).toEqual({ kind: 'fault', proven: false })
    expect(groupOf([nas, laptop], [], 400).fallen).toEqual(['nas'])
  })

  test('there is nobody else: at fault', () => {
    expect(judge([], [], 221)).toEqual({ kind: 'fault', proven: false })
  })
})
