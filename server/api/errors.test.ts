import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorFiles } from '../../shared/errors.ts'
import { dataPaths } from '../../shared/paths.ts'
import { readingErrorRows } from './errors.ts'

test('groups are read one at a time, and the newest of all projects comes first', () => {
  const paths = dataPaths(mkdtempSync(join(tmpdir(), 'rows-')))
  try {
    // 7 and 31 have no factor in common: each place is met once, in no order.
    const seconds = Array.from({ length: 31 }, (_, index) => (index * 7) % 31)
    for (const [index, second] of seconds.entries()) {
      const [project, group] = [`p${index % 3}`, index.toString(16).padStart(16, '0')]
      mkdirSync(join(paths.errors, project), { recursive: true })
      const lastAt = new Date(1_795_000_000_000 + second * 1000).toISOString()
      writeFileSync(
        join(paths.root, errorFiles(project, group).group),
        JSON.stringify({ project, group, firstAt: lastAt, lastAt }),
      )
    }
    const reading = readingErrorRows(paths)
    let steps = 0
    let step = reading.next()
    for (; !step.done; step = reading.next()) steps++
    expect(steps).toBe(31)
    const times = step.value.map(({ last }) => Date.parse(last) / 1000 - 1_795_000_000)
    expect(times).toEqual(Array.from({ length: 31 }, (_, index) => 30 - index))
  } finally {
    rmSync(paths.root, { recursive: true, force: true })
  }
})
