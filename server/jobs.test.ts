import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DataPaths, dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { register, removeHost } from '../shared/registry.ts'
import { createJobs, type Jobs, MOST_OF_PROJECT } from './jobs.ts'

let paths: DataPaths
let ms: number
let jobs: Jobs
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'jobs-')))
  prepareDataFolder(paths)
  ms = 0
  jobs = createJobs(paths, () => ms)
})
afterEach(() => rmSync(paths.root, { recursive: true, force: true }))

function add(name: string, project: string | undefined): void {
  register(paths, { name, registeredAt: 1, origin: 'adopted', project })
}

test('a project makes so many hosts and no more, whoever counts; others make theirs', () => {
  for (let index = 0; index < 5; index++) add(`stranger-${index}`, undefined)
  for (let index = 0; index < MOST_OF_PROJECT; index++) {
    expect(jobs.mayAdd('shop')).toBe(true)
    add(`job-${index}`, 'shop')
    jobs.added('shop')
  }
  expect([jobs.mayAdd('shop'), jobs.mayAdd('site')]).toEqual([false, true])
  expect(createJobs(paths, () => ms).mayAdd('shop')).toBe(false)
})

test('room that was made is found after a while', () => {
  for (let index = 0; index < MOST_OF_PROJECT; index++) add(`job-${index}`, 'shop')
  expect(jobs.mayAdd('shop')).toBe(false)
  removeHost(paths, 'job-7')
  expect(jobs.mayAdd('shop')).toBe(false)
  ms += 600_001
  expect(jobs.mayAdd('shop')).toBe(true)
})
