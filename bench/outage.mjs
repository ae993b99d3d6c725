/**
 * Many sites fall within one second while others live on: how long until all that follows is on disk, and what that
 * costs the checker in memory. The channel never answers, so that every alert stays where it was put.
 */
import { once } from 'node:events'
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { residentMb } from './place.mjs'
import { atMost, row, seconds, title } from './table.mjs'

const SITES = 40
const FALLING = 20
const HOSTS_OF_A_SITE = 50
const HOSTS = FALLING * HOSTS_OF_A_SITE
const PERIOD_S = 5
/** After a start, what it left to do is done by then. */
const SETTLE_S = 12
/** From the deadline on, nothing may take longer. */
const LIMIT_S = 30
const LOOK_MS = 250
const PEAK = /VmHWM:\s+(\d+) kB/

/**
 * @param {import('./place.mjs').Place} place
 * @param {{ timeoutS: number }} options at least three periods
 * @param {{ residentMb: number }} floor bare node
 */
export async function benchOutage(place, { timeoutS }, floor) {
  title(`Outage: ${HOSTS.toLocaleString('en')} hosts in ${FALLING} sites fall within one second, as many live on`)
  const folder = place.folder('outage')
  const hook = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(hook, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (hook.address())
  const file = join(folder, 'monitora.yml')
  const data = join(folder, 'data')
  const server = { user: 'home', password: 'of the bench' }
  const kinds = ['silent', 'site-silent', 'nothing-reaches-me']
  const channels = { hook: { type: 'webhook', url: `http://127.0.0.1:${port}/`, kinds } }
  writeFileSync(file, JSON.stringify({ data, server, defaults: { timeout: timeoutS }, channels }))
  const writer = await place.start('outage-writer.mjs', [data, `${SITES}`, `${HOSTS_OF_A_SITE}`, `${PERIOD_S}`])
  const checker = await place.start('../dist/checker/main.js', ['--config', file])
  await wait(SETTLE_S * 1000)
  const before = residentMb(checker.pid)

  const heardS = await writer.ask({ fall: FALLING })
  // The second that the server cut off, and the timeout.
  const dueS = heardS + 1 + timeoutS
  await wait(dueS * 1000 - Date.now())
  const alerts = await allTold(data, (dueS + LIMIT_S) * 1000)
  /** @type {[pulseS: number, writtenAt: number][]} */
  const pulses = await writer.ask({ tell: true })
  const pulseAt = pulses.find(([pulseS]) => pulseS >= dueS)?.[1] ?? Number.NaN
  const effects = effectsSince(data, dueS * 1000)
  const lastAt = Math.max(...effects.map(({ at }) => at))
  const took = lastAt - pulseAt
  const plainly = writePlainly(place.folder('outage-floor'), effects)
  const told = `${alerts.size} alerts of ${[...alerts.values()].reduce((sum, hosts) => sum + hosts, 0)} hosts`
  row('told', told, `${FALLING} sites of ${HOSTS}`)
  row(
    "deadline's pulse to the last effect on disk",
    seconds(took),
    `${(took / plainly).toFixed(1)} x the same ${effects.length} files, written plainly`,
    atMost(took / 1000, 1, 's'),
  )
  const peak = Number(PEAK.exec(readFileSync(`/proc/${checker.pid}/status`, 'latin1'))?.[1]) / 1024
  row('resident memory before', `${before.toFixed(0)} MB`, `${(before / floor.residentMb).toFixed(2)} x bare node`)
  row('resident memory at its most', `${peak.toFixed(0)} MB`, `${(peak / floor.residentMb).toFixed(2)} x bare node`)
  await checker.stop()
  await writer.stop()
  hook.close()
}

/**
 * Waits until every host that fell stands in an alert, or the time is over.
 * @param {string} data
 * @param {number} untilAt
 * @returns for each alert how many hosts it lists
 */
async function allTold(data, untilAt) {
  /** @type {Map<string, number>} */
  const alerts = new Map()
  const count = () => [...alerts.values()].reduce((sum, hosts) => sum + hosts, 0)
  while (count() < HOSTS && Date.now() < untilAt) {
    await wait(LOOK_MS)
    for (const name of readdirSync(join(data, 'outbox'))) {
      if (!name.endsWith('.json') || name.startsWith('.') || alerts.has(name)) continue
      const { alert } = JSON.parse(readFileSync(join(data, 'outbox', name), 'utf8'))
      alerts.set(name, alert.hosts.length)
    }
  }
  // What a round commits besides its alerts follows at once.
  await wait(LOOK_MS)
  return alerts
}

/**
 * What the checker wrote since then.
 * @param {string} data
 * @param {number} sinceAt
 */
function effectsSince(data, sinceAt) {
  return ['outbox', 'history', 'state/hosts', 'state/sites'].flatMap((folder) =>
    readdirSync(join(data, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({ name }) => {
        const file = join(data, folder, name)
        return { at: statSync(file).mtimeMs, content: readFileSync(file) }
      })
      .filter(({ at }) => at >= sinceAt),
  )
}

/**
 * The floor: the same files, and once more all of them in one that is synced, for that is what makes them last.
 * @param {string} folder
 * @param {readonly { content: Buffer }[]} effects
 * @returns milliseconds
 */
function writePlainly(folder, effects) {
  const startedAt = performance.now()
  const journal = openSync(join(folder, 'journal'), 'a')
  appendFileSync(journal, Buffer.concat(effects.map(({ content }) => content)))
  fsyncSync(journal)
  closeSync(journal)
  for (const [index, { content }] of effects.entries()) writeFileSync(join(folder, `${index}`), content)
  return performance.now() - startedAt
}
