/**
 * Server and checker over a crowd: everyone reports to the real server, and the two together must stay small. First the
 * folder that such a crowd has left behind, then a start over it, then signals at their own pace; some fall silent.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { crowdOf, leaveBehind } from './crowd-hosts.mjs'
import { cpuMs, residentMb } from './place.mjs'
import { startOurs } from './requests.mjs'
import { atMost, row, seconds, title } from './table.mjs'
import { hear, percentiles, Told } from './told.mjs'

const PERIOD_S = 30
const TIMEOUT_S = 120
const SILENT = 200
/** After a start, what it does not know of the rhythm of each it has seen by then. */
const SETTLE_S = PERIOD_S + 12
const TELL_LIMIT_S = 20
/** Files that were changed so shortly before are not gathered. */
const SETTLED_MS = 5000
/** Of the measured time the floor is given a part. */
const FLOOR_SHARE = 5

/**
 * @param {import('./place.mjs').Place} place
 * @param {{ hosts: number, windowS: number }} options
 * @param {{ residentMb: number }} floor
 */
export async function benchCrowd(place, { hosts: count, windowS }, floor) {
  const perSecond = Math.round(count / PERIOD_S)
  title(`Server and checker, ${count.toLocaleString('en')} hosts, ${perSecond.toLocaleString('en')} signals a second`)
  const folder = place.folder('crowd')
  const told = new Told()
  const hook = await hear(told)
  const hosts = crowdOf(count)
  await leaveBehind(join(folder, 'data'), hosts, PERIOD_S * 1000)
  const {
    running: server,
    port,
    file,
    authorization,
  } = await startOurs(place, folder, {
    server: { trustProxy: true, maxHosts: 2 * count },
    defaults: { timeout: TIMEOUT_S },
    channels: { hook: { type: 'webhook', url: hook.url } },
  })
  // The first start over a folder makes the state of everyone, the second gathers it: those after them are the usual ones.
  const first = await place.start('../dist/checker/main.js', ['--config', file])
  await first.stop()
  await wait(SETTLED_MS)
  const second = await place.start('../dist/checker/main.js', ['--config', file])
  await second.stop()
  const least = await place.start('crowd-floor.mjs', [join(folder, 'data')])
  await least.stop()
  const checker = await place.start('../dist/checker/main.js', ['--config', file])
  const load = await place.start('crowd-load.mjs', [`${port}`, authorization, `${count}`, `${PERIOD_S}`])
  row('bare node: the same files listed and read', seconds(least.readyMs))
  row('checker, its first and second start', `${seconds(first.readyMs)}, ${seconds(second.readyMs)}`)
  const overLeast = `${(checker.readyMs / least.readyMs).toFixed(2)} x bare`
  row('checker, until ready', seconds(checker.readyMs), overLeast, atMost(checker.readyMs / 1000, 5, 's'))

  await wait(SETTLE_S * 1000)
  await load.ask({ tell: true })
  const before = [server, checker].map(({ pid }) => cpuMs(pid))
  await wait(windowS * 1000)
  const [ofServer = 0, ofChecker = 0] = [server, checker].map(
    ({ pid }, index) => (cpuMs(pid) - (before[index] ?? 0)) / windowS / 10,
  )
  const both = `${ofServer.toFixed(1)} % + ${ofChecker.toFixed(1)} % of a core`
  row(`CPU over ${windowS} s, server + checker`, both, '', atMost(ofServer + ofChecker, 40, '%'))
  const { kept, refused, latestMs } = await load.ask({ tell: true })
  const answered = `${kept.toLocaleString('en')} kept, ${refused} refused`
  row(
    'signals',
    answered,
    `${(kept / windowS / perSecond).toFixed(2)} x sent, latest ${latestMs} ms`,
    atMost(refused, 0, 'refused'),
  )
  const [serverMb, checkerMb] = [residentMb(server.pid), residentMb(checker.pid)]
  const measured = `${serverMb.toFixed(0)} MB + ${checkerMb.toFixed(0)} MB`
  const against = `${((serverMb + checkerMb) / floor.residentMb).toFixed(2)} x bare node`
  row('resident memory, server + checker', measured, against, atMost(serverMb + checkerMb, 400, 'MB'))

  await load.ask({ silence: SILENT })
  await told.until(SILENT, (PERIOD_S + TIMEOUT_S + TELL_LIMIT_S) * 1000)
  const { silent } = /** @type {{ silent: string[] }} */ (await load.ask({ tell: true }))
  tellDelays(told, silent, (name) => Number(readFileSync(join(folder, 'data/hosts', `${name}.host`), 'latin1')))
  await Promise.all([load, checker, server].map((running) => running.stop()))
  hook.close()
  const bare = await cpuOfBare(place, join(folder, 'data/hosts'), count, windowS / FLOOR_SHARE)
  row('CPU of bare node:http + in-place write', `${bare.toFixed(1)} % of a core`)
  row('server', '', `${(ofServer / bare).toFixed(2)} x bare + in-place write`)
}

/**
 * The same signals to the least of servers.
 * @param {import('./place.mjs').Place} place
 * @param {string} hosts the folder of their files
 * @param {number} count
 * @param {number} windowS
 * @returns {Promise<number>} percent of a core
 */
async function cpuOfBare(place, hosts, count, windowS) {
  const server = await place.start('servers.mjs', ['bare-write', hosts])
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.said)
  const load = await place.start('crowd-load.mjs', [`${port}`, 'none', `${count}`, `${PERIOD_S}`])
  await wait(windowS * 250)
  const before = cpuMs(server.pid)
  await wait(windowS * 1000)
  const percent = (cpuMs(server.pid) - before) / windowS / 10
  await Promise.all([load, server].map((running) => running.stop()))
  return percent
}

/**
 * @param {Told} told
 * @param {readonly string[]} silent
 * @param {(name: string) => number} heardS
 */
function tellDelays(told, silent, heardS) {
  // The second that the server cut off, and the timeout.
  const delays = silent
    .filter((name) => told.has(name))
    .map((name) => told.get(name) - (heardS(name) + 1 + TIMEOUT_S) * 1000)
  const at = percentiles(delays)
  const accused = [...told.keys()].filter((name) => !silent.includes(name)).length
  const measured = `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`
  row(
    'silent: deadline to webhook',
    measured,
    `${delays.length} of ${silent.length} told, ${accused} others`,
    atMost(at(0.99), 1000, 'ms p99'),
  )
}
