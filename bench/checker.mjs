/**
 * The checker over many hosts that report in turn: how long it takes to start, what it costs while all is well, and
 * how soon it tells of those that fall silent. The hosts and the server's pulse are writer.mjs's.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cpuMs, residentMb } from './place.mjs'
import { atMost, row, seconds, title } from './table.mjs'
import { hear, percentiles, Told } from './told.mjs'

const HOSTS = 10_000
const SILENT = 200
const PERIOD_S = 30
/** After a start, what it left to do is done by then. */
const SETTLE_S = 12
/** From the last deadline on, nothing may take longer. */
const TELL_LIMIT_S = 20

/**
 * @param {import('./place.mjs').Place} place
 * @param {{ timeoutS: number, windowS: number }} options
 * @param {{ residentMb: number, readyMs: number, cpuShare: number }} floor the same without hosts
 */
export async function benchChecker(place, { timeoutS, windowS }, floor) {
  title(`Checker, ${HOSTS.toLocaleString('en')} hosts that report every ${PERIOD_S} s, timeout ${timeoutS} s`)
  const folder = place.folder('checker')
  const [onHook, onScreen] = [new Told(), new Told()]
  const hook = await hear(onHook)
  const file = join(folder, 'monitora.yml')
  const data = join(folder, 'data')
  const channels = { hook: { type: 'webhook', url: hook.url }, screen: { type: 'console' } }
  const server = { user: 'home', password: 'of the bench' }
  writeFileSync(file, JSON.stringify({ data, server, defaults: { timeout: timeoutS }, channels }))

  const writer = await place.start('writer.mjs', [data, `${HOSTS}`, `${PERIOD_S}`])
  const start = () =>
    place.start('../dist/checker/main.js', ['--config', file], (line) => {
      const host = /^🔴 (\S+) is silent since/u.exec(line)?.[1]
      if (host) onScreen.note(host)
    })
  const adopting = await start()
  tellStart('first start, .host files only', adopting.readyMs, floor)
  const stoppingAt = performance.now()
  await adopting.stop()
  row('stop after that', seconds(performance.now() - stoppingAt))
  // As the server leaves one for each host that has reported.
  await writer.ask({ reports: true })
  const checker = await start()
  tellStart('restart', checker.readyMs, floor, 2000)

  // What a start does not know of the rhythm of each it has seen by then.
  await wait((PERIOD_S + SETTLE_S) * 1000)
  // Their deadlines come when the quiet time is over.
  await writer.ask({ silence: SILENT })
  const silencedAt = Date.now()
  const before = cpuMs(checker.pid)
  const writerBefore = cpuMs(writer.pid)
  await wait(windowS * 1000)
  const percent = (cpuMs(checker.pid) - before) / windowS / 10
  const writerPercent = (cpuMs(writer.pid) - writerBefore) / windowS / 10
  const [idle, writing] = [(floor.cpuShare * 100).toFixed(1), writerPercent.toFixed(1)]
  const against = `${idle} % with 1 host; the writer: ${writing} %`
  row(`CPU over ${windowS} s, all well`, `${percent.toFixed(1)} % of a core`, against, atMost(percent, 3, '%'))
  const mb = residentMb(checker.pid)
  row('resident memory', `${mb.toFixed(0)} MB`, `${(mb / floor.residentMb).toFixed(2)} x bare node`)

  const limitMs = silencedAt + (timeoutS + 1 + TELL_LIMIT_S) * 1000 - Date.now()
  await Promise.all([onHook, onScreen].map((told) => told.until(SILENT, limitMs)))
  const report = await writer.ask({ tell: true })
  for (const [name, told] of Object.entries({ webhook: onHook, 'console line': onScreen })) {
    tellDelays(name, told, report, timeoutS)
  }
  await checker.stop()
  await writer.stop()
  hook.close()
}

/**
 * @param {string} what
 * @param {number} readyMs
 * @param {{ readyMs: number }} floor
 * @param {number} [targetMs]
 */
function tellStart(what, readyMs, floor, targetMs) {
  const target = targetMs === undefined ? undefined : atMost(readyMs / 1000, targetMs / 1000, 's')
  row(`${what}, until ready`, seconds(readyMs), `${(readyMs / floor.readyMs).toFixed(1)} x with 1 host`, target)
}

/**
 * From the pulse that ended each deadline until the alert was there.
 * @param {string} name
 * @param {Told} told
 * @param {{ pulses: [pulseS: number, writtenAt: number][], silent: [host: string, heardS: number][] }} report
 * @param {number} timeoutS
 */
function tellDelays(name, told, { pulses, silent }, timeoutS) {
  /** @type {number[]} */
  const delays = []
  for (const [host, heardS] of silent) {
    // The second that the server cut off, and the timeout.
    const dueS = heardS + 1 + timeoutS
    const writtenAt = pulses.find(([pulseS]) => pulseS >= dueS)?.[1]
    if (told.has(host) && writtenAt !== undefined) delays.push(told.get(host) - writtenAt)
  }
  const at = percentiles(delays)
  const measured = `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`
  const accused = [...told.keys()].filter((host) => !silent.some(([name]) => name === host)).length
  const counts = `${delays.length} of ${silent.length} told, ${accused} others`
  row(`silent: deadline's pulse to ${name}`, measured, counts, atMost(at(0.99), 250, 'ms p99'))
}
