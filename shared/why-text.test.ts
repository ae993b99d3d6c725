/** The chain from last signal to delivery, in three languages, from a data folder as the processes leave it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { appendAbsence } from './absences.ts'
import { type Config, loadConfig } from './config/load.ts'
import { prepareDataFolder } from './paths.ts'
import { addSilence } from './silences.ts'
import { answerWhy } from './why-answer.ts'

const NOW = Date.parse('2026-11-21T12:14:20Z')
const at = (clock: string) => Date.parse(`2026-11-21T${clock}Z`)
const iso = (clock: string) => new Date(at(clock)).toISOString()

let folder: string
let config: Config
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'why-'))
  const file = join(folder, 'monitora.yml')
  const hosts = 'hosts: { nas: { timeout: 2m }, backup: { schedule: "0 3 * * *", grace: 1h } }\n'
  const sites = 'sites: { home: { name: "Maria\'s flat" } }\n'
  writeFileSync(file, `timezone: UTC\nserver: { user: home, password: p }\n${hosts}${sites}`)
  config = loadConfig({ file, process: 'checker', env: {} })
  prepareDataFolder(config.paths)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (path: string, content: object) => writeFileSync(join(config.paths.root, path), JSON.stringify(content))
const append = (name: string, ...lines: object[]) =>
  writeFileSync(join(config.paths.history, `${name}.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
const heard = (name: string, clock: string) =>
  writeFileSync(join(config.paths.hosts, `${name}.host`), `${Math.floor(at(clock) / 1000)}\n`)
const line = (clock: string, verdict: string, since: string, reason: string, more: object = {}) => ({
  at: iso(clock),
  verdict,
  reason,
  since: iso(since),
  ...more,
})
const delivery = (clock: string, alert: string, channel: string, outcome: string, more: object = {}) => ({
  at: iso(clock),
  alert,
  channel,
  outcome,
  tries: 1,
  ...more,
})
const ask = (name = 'nas', moment = '', language: Config['language'] = 'en') =>
  answerWhy({ ...config, language }, name, moment, NOW)

/** What prepares a folder, then what is asked about whom. */
const CASES: readonly (readonly [string, () => void, string?, string?])[] = [
  ['a host that was never silent', () => heard('nas', '12:14:08')],
  [
    'a run that hangs, and when that was told',
    () => {
      heard('backup', '03:05:00')
      const since = { since: iso('03:00:02'), toldAt: iso('04:00:03'), id: 'backup:0', alert: 'backup:1' }
      const trouble = { ...since, kind: 'failed', cause: 'unfinished', failures: 1, good: 0 }
      put('state/hosts/backup.json', { verdict: 'up', reason: 'signal', since: iso('03:05:00'), trouble })
      append('deliveries.log', delivery('04:00:05', 'backup:1', 'screen', 'delivered'))
    },
    'backup',
  ],
  [
    'our own absence may have moved when it is due',
    () => {
      heard('nas', '12:13:08')
      appendAbsence(config.paths, 'server', {
        fromAt: at('12:13:10'),
        toAt: at('12:14:00'),
        deaf: true,
        why: 'not-running',
      })
    },
  ],
  [
    'told, delivered in part, back, its end folded away and waiting',
    () => {
      heard('nas', '12:14:08')
      append(
        'nas',
        line('08:00:00', 'up', '08:00:00', 'first-signal', { alert: 'nas:1' }),
        line('11:05:42', 'down', '11:03:10', 'no-signal', {
          alert: 'nas:2',
          dueAt: iso('11:05:41'),
          timeoutMs: 120_000,
          intervalMs: 30_000,
          absences: [{ from: iso('11:03:40'), to: iso('11:04:10'), why: 'not-running' }],
        }),
        line('11:41:06', 'up', '11:41:05', 'signal', { alert: 'nas:3' }),
      )
      append(
        'deliveries.log',
        delivery('11:05:43', 'nas:2', 'family', 'delivered'),
        delivery('11:05:44', 'nas:2', 'hook', 'refused', { error: 'hook.example.com: 404\nNot Found' }),
        delivery('11:41:07', 'nas:3', 'family', 'folded', { into: 'nas:4' }),
        delivery('11:41:08', 'nas:3', 'team', 'delivered', { tries: 3 }),
        delivery('11:41:08', 'pi:3', 'team', 'delivered'),
      )
      put('outbox/a.json', {
        alert: { id: 'nas:2' },
        channel: 'ops',
        tries: 3,
        nextTryAt: iso('12:20:00'),
        error: 'smtp.example.com: no answer in time',
      })
      put('outbox/b.json', {
        alert: { id: 'pi:9' },
        folded: [{ id: 'nas:3' }, { id: 'pi:9' }],
        channel: 'ops',
        tries: 0,
        nextTryAt: iso('12:14:00'),
      })
      put('outbox/failed/c.json', {
        alert: { id: 'nas:3' },
        channel: 'hook',
        tries: 1,
        nextTryAt: iso('11:41:07'),
        error: 'gone',
      })
    },
  ],
  [
    'with its site, still silent, silenced first and told when that ended',
    () => {
      heard('nas', '11:03:10')
      const outage = { id: 'home:4', since: iso('11:03:10'), toldAt: iso('11:30:00') }
      put('state/hosts/nas.json', {
        name: 'nas',
        verdict: 'down',
        since: iso('11:03:10'),
        lastSeenAt: iso('11:03:10'),
        outage,
      })
      append(
        'nas',
        line('11:05:12', 'down', '11:03:10', 'site-silent', {
          site: 'home',
          hidden: 'silence',
          dueAt: iso('11:05:11'),
        }),
        line('11:30:00', 'down', '11:03:10', 'site-silent', { site: 'home', alert: 'home:4' }),
      )
    },
  ],
  [
    'a job that did not run, in a maintenance window',
    () => {
      heard('backup', '11:00:00')
      append(
        'backup',
        line('04:00:01', 'down', '00:00:10', 'missed-schedule', {
          missedAt: iso('03:00:00'),
          dueAt: iso('04:00:00'),
          timeoutMs: 3_600_000,
          hidden: 'maintenance',
        }),
        line('11:00:00', 'up', '11:00:00', 'signal'),
      )
      addSilence(config.paths, { kind: 'pause', target: 'host:nas', fromAt: NOW, by: '' })
    },
    'backup',
  ],
  [
    'removed while it was silent, by a history of an older version',
    () =>
      append('old', line('03:05:00', 'down', '03:00:00', 'rusty'), line('04:00:00', 'removed', '03:00:00', 'removed')),
    'old',
  ],
  [
    'the one that was asked for',
    () =>
      append(
        'nas',
        line('08:05:00', 'down', '08:03:20', 'no-signal', { alert: 'nas:1' }),
        line('08:10:00', 'up', '08:09:59', 'signal'),
        line('11:05:00', 'down', '11:03:00', 'no-signal', { alert: 'nas:3' }),
        line('11:10:00', 'up', '11:09:00', 'signal'),
      ),
    'nas',
    '08:03',
  ],
  [
    'nothing at the time that was asked for',
    () =>
      append('nas', line('08:05:00', 'down', '08:03:20', 'no-signal'), line('08:10:00', 'up', '08:09:59', 'signal')),
    'nas',
    '10:30',
  ],
]

describe.each(['en', 'pt', 'ru'] as const)('in %s', (language) => {
  test('every chain reads as the golden text', async () => {
    const texts: string[] = []
    for (const [title, prepare, name, moment] of CASES) {
      rmSync(config.paths.root, { recursive: true })
      prepareDataFolder(config.paths)
      prepare()
      const { done, text } = ask(name, moment, language)
      expect(done).toBe(true)
      expect(text).not.toMatch(/undefined|NaN|Invalid|\n\n/)
      texts.push(`# ${title}\n${text}\n`)
    }
    await expect(texts.join('\n')).toMatchFileSnapshot(`why-text.${language}.golden.txt`)
  })
})

test('an outage is found by any minute of it, by the second it began and by the one it ended', () => {
  append('nas', line('08:05:00', 'down', '08:03:20', 'no-signal'), line('08:10:00', 'up', '08:09:59', 'signal'))
  for (const moment of ['08:03', '08:06', '08:09', '8:09', '2026-11-21T08:03:20', '2026-11-21T08:09:59Z']) {
    expect(ask('nas', moment).text).toContain('silent 08:03:20–08:09:59')
  }
  for (const moment of ['08:02', '08:10', '2026-11-21T08:03:19', '2026-11-20T08:05']) {
    expect(ask('nas', moment).text).toContain('no outage is known at')
  }
})

test.each([
  ['nsa', '', 'I know no host nsa. Did you mean nas?'],
  ['../nas', '', '"../nas" cannot be the name of a host'],
  ['nas', 'noon', 'When? "noon" is no time'],
])('%s %s is answered in words', (name, moment, words) => {
  expect(ask(name, moment)).toEqual({ done: false, text: expect.stringContaining(words) })
})

test('files that make no sense break no answer', () => {
  heard('nas', '12:14:08')
  append('nas', line('08:05:00', 'down', '08:03:20', 'no-signal', { alert: 'nas:1', absences: 'x', due: 'soon' }))
  writeFileSync(join(config.paths.history, 'deliveries.log.jsonl'), 'torn\n{"alert":"nas:1"}\n[1]\nnull\n')
  writeFileSync(join(config.paths.outbox, 'torn.json'), '{"alert"')
  put('outbox/odd.json', { alert: null, folded: [null, 'x'] })
  expect(ask().text).toContain('no channel has a record of it')
})
