import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostNameOf, isHostName } from './names.ts'

test.each(['nas', 'A-1_b', '-', '_', '0', 'x'.repeat(64), '__proto__', 'constructor'])('%s is a name', (name) => {
  expect(isHostName(name)).toBe(true)
})

test.each([
  '',
  '.',
  '..',
  '../x',
  'a/b',
  'a\\b',
  'a.b',
  'a b',
  'nas\n',
  '\nnas',
  'nas\0',
  '\0',
  'x'.repeat(65),
  'é',
  'нас',
  '名',
  '🔴',
  '%2e',
  'a:b',
  5,
  null,
  undefined,
  {},
  ['nas'],
  true,
])('%j is none', (name) => {
  expect(isHostName(name)).toBe(false)
})

test.each([
  ['nas', 'nas'],
  ['nas.example.com', 'nas'],
  ["Maria's MacBook Pro.local", 'Maria-s-MacBook-Pro'],
  ['-nas-', 'nas'],
  ['дом', 'host'],
  ['.local', 'host'],
  ['', 'host'],
  ['x'.repeat(100), 'x'.repeat(64)],
])('a machine called %j reports as %s', (machine, name) => {
  expect(hostNameOf(machine)).toBe(name)
})

test('whatever a machine is called, its host name is one', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (machine) => isHostName(hostNameOf(machine))))
})
