/** Which name was meant. */
import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test.each<[string, readonly string[], string | undefined]>([
  ['nsa', ['router', 'nas', 'pi'], 'nas'],
  ['NAS', ['nsa', 'nas'], 'nas'],
  ['backup2', ['backup', 'backup-3'], 'backup'],
  ['same', ['sane', 'fame'], 'sane'],
  ['x', [], undefined],
  ['', ['nas', 'pi'], 'pi'],
])('%s among %j: %s', (name, known, expected) => {
  expect(nearest(name, known)).toBe(expected)
})
