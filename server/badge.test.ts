/** Badges from a real data folder: who has the link sees the one state it shows. */
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { badgePaths } from '../shared/badges.ts'
import type { Config } from '../shared/config/load.ts'
import { prepareDataFolder } from '../shared/paths.ts'
import { configReader, ENOUGH } from '../test/config-reader.ts'
import { createBadges } from './badge.ts'

const NOW = Date.parse('2026-11-21T12:14:20Z')
const { read } = configReader()
const config: Config = read(`${ENOUGH}data: data
hosts:
  nas: { tags: [family] }
  pi: { tags: [family, old] }
  till: { tags: ["a/b é"] }
`)
const { paths } = config
prepareDataFolder(paths)

const heard = (name: string) => writeFileSync(join(paths.hosts, `${name}.host`), `${NOW / 1000}\n`)
const watched = (at: number) => writeFileSync(join(paths.alive, 'checker.host'), `${at / 1000}\n`)
const decide = (name: string, state: object) =>
  writeFileSync(join(paths.stateHosts, `${name}.json`), JSON.stringify({ name, ...state }))
const fine = { status: 'up', grace: 0, down: 0 }

let elapsed = 0
const badge = createBadges(
  config,
  () => elapsed,
  () => NOW,
)
/** As its link says it, read anew. */
function shown(tag: string) {
  elapsed += 60_000
  const [, , key = '', signature = ''] = badgePaths(paths, [tag])
    .find((found) => found.tag === tag)!
    .path.split('/')
  return badge(key, signature, tag)
}

test('nobody has a link before the first one is made; its key and secret are for the owner alone', () => {
  expect(badge('', '', '*')).toBeUndefined()
  const [all, family, odd] = badgePaths(paths, ['family', 'a/b é'])
  expect(all!.path).toMatch(/^\/badge\/[\w-]{16}\/[\w-]{8}$/)
  expect(family!.path).toMatch(/^\/badge\/[\w-]{16}\/[\w-]{8}\/family$/)
  expect(odd!.path).toMatch(/^\/badge\/[\w-]{16}\/[\w-]{8}\/a%2Fb%20%C3%A9$/)
  expect(badgePaths(paths, ['family', 'a/b é'])).toEqual([all, family, odd])
  expect(statSync(paths.badges).mode & 0o777).toBe(0o600)
})

test('what its hosts are, it tells by tag', () => {
  for (const name of ['nas', 'pi', 'till']) heard(name)
  watched(NOW)
  expect(shown('*')).toEqual({ ...fine, total: 3 })
  expect(shown('family')).toEqual({ ...fine, total: 2 })
  expect(shown('nobody')).toEqual({ ...fine, total: 0 })

  decide('pi', { verdict: 'down', since: new Date(NOW + 1000).toISOString() })
  expect(shown('*')).toEqual({ status: 'down', total: 3, grace: 0, down: 1 })
  expect(shown('old')).toEqual({ status: 'down', total: 1, grace: 0, down: 1 })
  expect(shown('a/b é')).toEqual({ ...fine, total: 1 })
  writeFileSync(join(paths.reports, 'till.json'), '{"status":"warning"}')
  expect(shown('a/b é')).toEqual({ ...fine, total: 1 })
  writeFileSync(join(paths.reports, 'till.json'), '{"status":"failed"}')
  expect(shown('a/b é')).toMatchObject({ status: 'down' })
})

test('while nobody decides who is silent, nothing is called up', () => {
  watched(NOW - 60_000)
  expect(shown('nobody')).toMatchObject({ status: 'late' })
  expect(shown('*')).toMatchObject({ status: 'down' })
})

test('it is read anew only after some seconds', () => {
  watched(NOW)
  expect(shown('nobody')).toMatchObject({ status: 'up' })
  watched(NOW - 60_000)
  const [, , key = '', signature = ''] = badgePaths(paths, ['nobody'])[1]!.path.split('/')
  elapsed += 4999
  expect(badge(key, signature, 'nobody')).toMatchObject({ status: 'up' })
  elapsed += 1
  expect(badge(key, signature, 'nobody')).toMatchObject({ status: 'late' })
})

test('a link that was changed shows nothing', () => {
  const [all, family] = badgePaths(paths, ['family'])
  const [, , key = '', ofAll = ''] = all!.path.split('/')
  const [, , , ofFamily = ''] = family!.path.split('/')
  expect(badge(key, ofFamily, 'family')).toBeDefined()
  for (const [otherKey, signature, tag] of [
    [key, ofFamily, '*'],
    [key, ofAll, 'family'],
    [key, '', 'family'],
    [key.slice(1), ofFamily, 'family'],
  ] as const)
    expect(badge(otherKey, signature, tag)).toBeUndefined()
})
