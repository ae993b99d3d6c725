/** What people ask for to have quiet, and what they are answered. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Config, loadConfig } from './config/load.ts'
import { prepareDataFolder } from './paths.ts'
import { type Answer, askForQuiet, type QuietRequest, quietText } from './quiet.ts'
import { addSilence, readSilences, type Silence } from './silences.ts'
import { siteFile } from './sites.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const SINCE = '2026-11-21T11:03:00.000Z'

let folder: string
let config: Config
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quiet-'))
  const file = join(folder, 'monitora.yml')
  const hosts = 'hosts: { nas: { site: home }, pi: { site: home }, router: { site: home }, backup: {} }\n'
  const sites = 'sites: { home: { name: "Maria\'s flat" } }\n'
  writeFileSync(file, `timezone: UTC\nserver: { user: home, password: p }\n${hosts}${sites}`)
  config = loadConfig({ file, process: 'checker', env: {} })
  prepareDataFolder(config.paths)
  writeFileSync(join(config.paths.reports, 'backup.json'), '{"site":"the shed"}')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Ask = { readonly verb: QuietRequest['verb']; readonly target: string; readonly span?: string }

function ask({ verb, target, span = '8h' }: Ask, now = NOW): Answer {
  return askForQuiet(
    config,
    verb === 'silence' ? { verb, target, span, by: 'Anna' } : { verb, target, by: 'Anna' },
    now,
  )
}
const state = (name: string, content: object) =>
  writeFileSync(join(config.paths.stateHosts, `${name}.json`), JSON.stringify({ name, ...content }))
const siteAway = (more: object = {}) =>
  writeFileSync(siteFile(config.paths, 'home'), JSON.stringify({ name: 'home', outage: { since: SINCE, ...more } }))
const inForce = () => readSilences(config.paths, NOW).map(({ kind, target, untilAt }) => ({ kind, target, untilAt }))
const given = (kind: Silence['kind'], target: Silence['target'], untilAt?: number, by = 'Bob') =>
  addSilence(config.paths, { kind, target, fromAt: NOW - 1000, untilAt, by })

describe('silence', () => {
  test.each([
    ['nas', 'host:nas', 'nas'],
    ['site:home', 'site:home', "Maria's flat"],
    ["site:Maria's flat", 'site:home', "Maria's flat"],
    ['site:the shed', 'site:the shed', 'the shed'],
    ['all', 'all', 'everything'],
  ])('of %s', (target, found, what) => {
    const text = `${what}: silenced until 20:00. What is still wrong then is told.`
    expect(ask({ verb: 'silence', target })).toEqual({ done: true, text })
    expect(inForce()).toEqual([{ kind: 'silence', target: found, untilAt: NOW + 8 * 3_600_000 }])
  })

  test('the newest word counts, also when it asks for less', () => {
    ask({ verb: 'silence', target: 'nas', span: '2d' })
    given('pause', 'host:nas')
    given('silence', 'host:pi', NOW + 1000)
    expect(ask({ verb: 'silence', target: 'nas', span: '30m' }).text).toContain('until 12:30')
    const nas = inForce().filter(({ target }) => target === 'host:nas')
    expect(nas.map(({ kind, untilAt }) => [kind, untilAt])).toEqual([
      ['pause', undefined],
      ['silence', NOW + 1_800_000],
    ])
    expect(inForce()).toHaveLength(3)
  })
})

describe('acknowledge', () => {
  test.each<[string, () => void, string, string]>([
    ['a silent host', () => state('nas', { verdict: 'down', since: SINCE, outage: {} }), 'nas', 'nas'],
    ['a host that is in trouble', () => state('nas', { verdict: 'up', trouble: { kind: 'error' } }), 'nas', 'nas'],
    ['an unstable host', () => state('nas', { verdict: 'up', unstable: { since: SINCE } }), 'nas', 'nas'],
    ['a site that is away', () => siteAway(), 'site:home', "Maria's flat"],
    [
      'a host that stayed away when its site came back',
      () => {
        state('nas', { verdict: 'down', outage: { site: 'home' } })
        siteAway({ returnedAt: SINCE })
      },
      'nas',
      'nas',
    ],
  ])('%s', (_, prepare, target, what) => {
    prepare()
    const text = `${what}: taken by Anna, no more reminders until it is over.`
    expect(ask({ verb: 'ack', target })).toEqual({ done: true, text })
    expect(inForce()).toHaveLength(1)
    expect(ask({ verb: 'ack', target })).toEqual({ done: true, text: `${what}: taken already by Anna.` })
    expect(inForce()).toHaveLength(1)
  })

  test.each<[string, () => void, string, string]>([
    ['a host that is fine', () => state('nas', { verdict: 'up' }), 'nas', 'nas: there is nothing to take'],
    ['one that is away by design', () => state('nas', { verdict: 'down', away: true }), 'nas', 'nothing to take'],
    ['a site that is fine', () => {}, 'site:home', "Maria's flat: there is nothing to take"],
    ['everything', () => {}, 'all', 'name a host, or a site'],
    [
      'a host that fell with its site',
      () => {
        state('nas', { verdict: 'down', outage: { site: 'home' } })
        siteAway()
      },
      'nas',
      "nas fell silent with Maria's flat: ack site:home takes that.",
    ],
  ])('not %s', (_, prepare, target, words) => {
    prepare()
    expect(ask({ verb: 'ack', target })).toEqual({ done: false, text: expect.stringContaining(words) })
    expect(inForce()).toEqual([])
  })
})

test('pause is for hosts, once', () => {
  const paused = 'nas: paused, it is not expected to report. resume nas ends that.'
  expect(ask({ verb: 'pause', target: 'nas' })).toEqual({ done: true, text: paused })
  expect(ask({ verb: 'pause', target: 'nas' })).toEqual({ done: true, text: 'nas: paused already.' })
  expect(inForce()).toEqual([{ kind: 'pause', target: 'host:nas', untilAt: undefined }])
  for (const target of ['all', 'site:home']) {
    expect(ask({ verb: 'pause', target })).toMatchObject({ done: false, text: expect.stringContaining('Only a host') })
  }
})

describe('resume', () => {
  test('ends what is its own, and says what that was', () => {
    given('silence', 'host:nas', NOW + 3_600_000)
    given('pause', 'host:nas', undefined, '')
    given('silence', 'site:home', NOW + 3_600_000)
    const { done, text } = ask({ verb: 'resume', target: 'nas' })
    expect([done, text.startsWith('nas: no longer ')]).toEqual([true, true])
    expect(text).toContain('silenced until 13:00 (Bob)')
    expect(text).toContain('paused')
    expect(inForce().map(({ target }) => target)).toEqual(['site:home'])
    expect(ask({ verb: 'resume', target: 'nas' })).toEqual({
      done: false,
      text: "nas: nothing of its own keeps it quiet. But: Maria's flat: silenced until 13:00 (Bob).",
    })
  })

  test('also of a host that is no longer known', () => {
    given('ack', 'host:gone')
    expect(ask({ verb: 'resume', target: 'gone' })).toEqual({ done: true, text: 'gone: no longer taken by Bob.' })
    expect(ask({ verb: 'resume', target: 'gone' }).done).toBe(false)
  })
})

test.each<[Ask, string]>([
  [{ verb: 'silence', target: 'nsa' }, 'I know no host nsa. Did you mean nas?'],
  [{ verb: 'silence', target: 'nope', span: '8h' }, 'I know no host nope.'],
  [{ verb: 'pause', target: 'ROUTR' }, 'I know no host ROUTR. Did you mean router?'],
  [{ verb: 'ack', target: 'site:hone' }, 'I know no site hone. Did you mean site:home?'],
  [{ verb: 'resume', target: 'site:the shet' }, 'I know no site the shet. Did you mean site:the shed?'],
  [{ verb: 'silence', target: '../nas' }, '"../nas" is neither a host, nor a site (site:NAME), nor "all".'],
  [{ verb: 'silence', target: `site:${'x'.repeat(99)}` }, '…" is neither a host'],
  [{ verb: 'silence', target: 'nas', span: 'long' }, 'How long? "long" is no span such as 30m, 8h or 2d.'],
  [{ verb: 'silence', target: 'nas', span: '0' }, 'How long? "0" is no span'],
])('%j changes nothing', (request, words) => {
  expect(ask(request)).toEqual({ done: false, text: expect.stringContaining(words) })
  expect(readdirSync(config.paths.silences)).toEqual([])
})

test('names from outside break no line', () => {
  config = { ...config, hosts: new Map([['nas', { site: 'a\n\u0007b' }]]), sites: new Map() }
  const request = { verb: 'silence', target: 'site:a\n\u0007b', span: '1h', by: 'x\ny' } as const
  expect(askForQuiet(config, request, NOW).text).toBe('a b: silenced until 13:00. What is still wrong then is told.')
  expect(readSilences(config.paths, NOW)[0]?.by).toBe('x y')
})

test.each([
  ['en', ["Maria's flat: taken by Bob", 'nas: silenced until 13:00 (Bob)', 'pi: paused (Bob)']],
  ['pt', ["Maria's flat: Bob cuida", 'nas: sem avisos até 13:00 (Bob)', 'pi: em pausa (Bob)']],
  ['ru', ["Maria's flat: занимается Bob", 'nas: без оповещений до 13:00 (Bob)', 'pi: на паузе (Bob)']],
] as const)('what is in force, in %s', (language, lines) => {
  config = { ...config, language }
  expect(quietText(config, NOW)).not.toContain('Bob')
  given('ack', 'site:home')
  given('silence', 'host:nas', NOW + 3_600_000)
  given('pause', 'host:pi')
  given('silence', 'host:router', NOW - 1)
  expect(quietText(config, NOW).split('\n').sort()).toEqual([...lines])
})
