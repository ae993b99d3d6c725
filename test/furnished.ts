/** A data folder with hosts in every state, errors and a history, for the read API to tell of. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DataPaths } from '../shared/paths.ts'
import { addSilence } from '../shared/silences.ts'

export const ADMIN = 'a-token-of-the-admin'
export const TOKEN = '0123456789abcdef0123456789abcdef'
export const GROUP = 'fedcba9876543210'
export const CONFIG = `
timezone: UTC
server: { user: home, password: secret, adminToken: ${ADMIN} }
sites: { home: { name: "Maria's flat", maintenance: [{ schedule: "* * * * *", for: 1h }] } }
hosts:
  nas: { site: home, timeout: 2m, note: "hall cupboard", tags: [family], token: ${TOKEN} }
  backup: { schedule: "0 3 * * *", grace: 1h }
  buy_bot: { type: bot }
  sell_bot: { type: bot }
  new_bot: { type: bot }
  shop: { type: website, url: "https://user:hidden@shop.example.com/x" }
  laptop: { sleeps: true }
  resting: {}
`
const NOW = Math.floor(Date.now() / 1000) * 1000
export const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()
export const agoInSeconds = (seconds: number) => ago(seconds).replace('.000', '')

export function furnish(paths: DataPaths): void {
  const put = (file: string, content: unknown) => {
    const whole = join(paths.root, file)
    mkdirSync(dirname(whole), { recursive: true })
    writeFileSync(whole, typeof content === 'string' ? content : JSON.stringify(content))
  }
  const heard = (name: string, age: number) => put(`hosts/${name}.host`, `${NOW / 1000 - age}\n`)
  for (const [name, age] of Object.entries({ nas: 5, backup: 9000, buy_bot: 20, sell_bot: 900, shop: 7, laptop: 5000 }))
    heard(name, age)
  heard('printer', 30)
  heard('resting', 30)
  put('registry/nas.json', { registeredAt: ago(90_000), origin: 'config' })
  put('registry/shop.json', {
    registeredAt: ago(90_000),
    origin: 'added',
    tokenHash: 'f00d',
    settings: { site: 'office' },
  })
  put('reports/nas.json', {
    status: 'warning',
    message: 'disk 91 % full',
    version: '1.2',
    intervalMs: 30_000,
    metadata: { disk: { full: 91 } },
  })
  put('reports/backup.json', { status: 'failed', runId: 'r1', runStartedAt: ago(60), output: 'tar: no space' })
  put('reports/shop.json', {
    status: 'error',
    message: 'no database',
    address: '192.0.2.7',
    boot: 'b',
    agent: 'a',
    progress: '7',
    progressAt: ago(9),
    lastWords: 'bye',
    lastWordsAt: ago(99),
  })
  const down = { verdict: 'down', reason: 'no-signal', alerts: 1 }
  put('state/hosts/sell_bot.json', { ...down, since: ago(900), outage: { id: 'host:sell_bot:x:1', since: ago(900) } })
  put('state/hosts/laptop.json', { ...down, since: ago(5000), away: true })
  put('state/hosts/shop.json', {
    verdict: 'up',
    reason: 'signal',
    since: ago(800),
    trouble: { kind: 'error', since: ago(80), failures: 3, message: 'no database' },
  })
  put('state/hosts/printer.json', {
    verdict: 'up',
    reason: 'signal',
    since: 'garbled',
    unstable: { since: ago(70) },
    outage: 'garbled',
  })
  put(
    'history/sell_bot.jsonl',
    [
      { at: ago(4000), verdict: 'up', reason: 'first-signal', since: ago(4000) },
      {
        at: ago(780),
        verdict: 'down',
        reason: 'no-signal',
        since: ago(900),
        dueAt: ago(780),
        timeoutMs: 120_000,
        alert: 'host:sell_bot:x:1',
        absences: [{ from: ago(850), to: ago(840), why: 'asleep' }],
      },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  )
  const run = {
    at: ago(60),
    what: 'failed',
    startedAt: ago(61.5),
    durationMs: 1500,
    exitStatus: 2,
    output: 'tar: no space',
  }
  put('history/sell_bot.runs.jsonl', `${JSON.stringify(run)}\n{"at":"torn`)
  put('history/removed.jsonl', `${JSON.stringify({ at: ago(10), verdict: 'removed', reason: 'removed' })}\n`)
  addSilence(paths, { kind: 'pause', target: 'host:resting', fromAt: NOW, by: 'cli' })
  addSilence(paths, { kind: 'silence', target: 'host:printer', fromAt: NOW, untilAt: NOW + 3_600_000, by: 'Maria' })
  const group = {
    project: 'shop',
    firstAt: ago(500),
    lastAt: ago(50),
    count: 7,
    type: 'TypeError',
    message: 'total is undefined',
    level: 'error',
    place: 'cart.ts:88 applyCoupon',
    releases: [{ name: '1.4.2', firstAt: ago(500) }],
  }
  put(`errors/shop/${GROUP}.json`, { ...group, group: GROUP })
  put('errors/shop/0000000000000000.json', { project: 'shop', group: '0000000000000000', firstAt: ago(9000), count: 1 })
  put('errors/shop/0000000000000000.resolved', { at: ago(3), by: 'cli' })
  put(`errors/shop/${GROUP}.samples.json`, [
    {
      at: ago(50),
      id: TOKEN,
      type: 'TypeError',
      message: 'total is undefined',
      level: 'error',
      frames: [{ file: 'cart.ts', line: 88, inApp: true }, {}],
      tags: { plan: 'free' },
      context: { cart: [1] },
      breadcrumbs: [{ message: 'clicked' }],
    },
  ])
}
