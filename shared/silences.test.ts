/** Silences as files: what was asked for is found again, and what makes no sense silences nobody. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isHostName } from './names.ts'
import { type DataPaths, dataPaths, prepareDataFolder } from './paths.ts'
import { addSilence, covers, parseTarget, readSilences, removeSilence, type Target } from './silences.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')

let paths: DataPaths
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'silences-')))
  prepareDataFolder(paths)
})
afterEach(() => rmSync(paths.root, { recursive: true, force: true }))

describe('whom it concerns', () => {
  test.each<[string, Target | undefined]>([
    ['all', 'all'],
    ['host:all', 'host:all'],
    ['nas', 'host:nas'],
    ['__proto__', 'host:__proto__'],
    ['site:home', 'site:home'],
    ["site: Maria's flat ", "site:Maria's flat"],
    ['site:203.0.113.7', 'site:203.0.113.7'],
    ['site:2001:db8:0:1::/64', 'site:2001:db8:0:1::/64'],
    [`site:${'ж'.repeat(64)}`, `site:${'ж'.repeat(64)}`],
    [`site:${'ж'.repeat(65)}`, undefined],
    ['site:', undefined],
    ['site:  ', undefined],
    ['', undefined],
    ['../nas', undefined],
    ['host:', undefined],
    ['two words', undefined],
    ['x'.repeat(65), undefined],
  ])('%j is %j', (text, target) => {
    expect(parseTarget(text)).toBe(target)
  })

  test('any text is a target that stands for itself, or none', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((rest) => `site:${rest}`),
      fc.string().map((rest) => `host:${rest}`),
    )
    fc.assert(
      fc.property(text, (any) => {
        const target = parseTarget(any)
        if (target === undefined) return
        expect(parseTarget(target)).toBe(target)
        if (target.startsWith('host:')) expect(isHostName(target.slice('host:'.length))).toBe(true)
        addSilence(paths, { kind: 'silence', target, fromAt: NOW, by: any })
        const [found, ...others] = readSilences(paths, NOW)
        expect([found?.target, others]).toEqual([target, []])
        removeSilence(paths, found!.id)
      }),
      { numRuns: 50 },
    )
  })

  test('a host without a site is no member of a site that is called undefined', () => {
    const silence = { id: '1', kind: 'silence', fromAt: NOW, by: '' } as const
    expect(covers({ ...silence, target: 'site:undefined' }, 'nas', undefined)).toBe(false)
    expect(covers({ ...silence, target: 'host:undefined' }, undefined, 'home')).toBe(false)
    expect(covers({ ...silence, target: 'host:nas' }, 'nas', undefined)).toBe(true)
    expect(covers({ ...silence, target: 'site:home' }, 'nas', 'home')).toBe(true)
    expect(covers({ ...silence, target: 'site:nas' }, 'nas', 'home')).toBe(false)
    expect(covers({ ...silence, target: 'all' }, undefined, undefined)).toBe(true)
  })
})

test('those in force are read in the order in which they began, until each ends', () => {
  const later = addSilence(paths, { kind: 'silence', target: 'all', fromAt: NOW, untilAt: NOW + 1000, by: 'Anna' })
  const first = addSilence(paths, { kind: 'ack', target: 'host:nas', fromAt: NOW - 1000, by: 'cli' })
  expect(readSilences(paths, NOW)).toEqual([first, later])
  expect(readSilences(paths, NOW + 999)).toHaveLength(2)
  expect(readSilences(paths, NOW + 1000)).toEqual([first])
  removeSilence(paths, first.id)
  removeSilence(paths, first.id)
  expect(readdirSync(paths.silences)).toEqual([`${later.id}.json`])
})

test('a long name of who asked is cut, never through a character', () => {
  const { by } = addSilence(paths, { kind: 'pause', target: 'host:nas', fromAt: NOW, by: `x${'🐈'.repeat(80)}` })
  expect(by).toBe(`x${'🐈'.repeat(63)}`)
  expect(readSilences(paths, NOW)[0]?.by).toBe(by)
})

test.each([
  ['torn', '{"kind":"silence"'],
  ['of no kind', '{"kind":"nap","target":"all","from":"2026-11-21T12:00:00Z","until":null}'],
  ['for nobody', '{"kind":"silence","target":"../nas","from":"2026-11-21T12:00:00Z","until":null}'],
  ['without a beginning', '{"kind":"silence","target":"all","until":null}'],
  ['with an end that is no time', '{"kind":"silence","target":"all","from":"2026-11-21T12:00:00Z","until":"soon"}'],
  ['with a number for its end', '{"kind":"silence","target":"all","from":"2026-11-21T12:00:00Z","until":1795000000}'],
])('a file %s silences nobody', (_, content) => {
  writeFileSync(join(paths.silences, 'a.json'), content)
  expect(readSilences(paths, NOW)).toEqual([])
})
