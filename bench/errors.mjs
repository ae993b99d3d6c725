/**
 * What applications report: how many errors a second the server takes, each synced before it is answered, and what a
 * flood of them does to the checker, which counts every one and still has to tell in time who falls silent.
 */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { addProjects, GROUPS_OF_PROJECT, PROJECTS } from './errors-of.mjs'
import { cpuMs, residentMb } from './place.mjs'
import { startOurs } from './requests.mjs'
import { atMost, row, seconds, title } from './table.mjs'
import { hear, percentiles, Told } from './told.mjs'

const { readErrorGroups } = await import(new URL('../dist/shared/errors.js', import.meta.url).href)

const ERRORS = PROJECTS * GROUPS_OF_PROJECT
const CONNECTIONS = 256
const ROUNDS = 3
const WARM_UP_S = 1
const LEAST_PER_SECOND = 3000
const KINDS = new Map([
  ['logged', 'POST /api/v1/log, 1.5 KB'],
  ['envelope', 'POST /api/ID/envelope/, 6 KB'],
])
/** On this box, so that nobody else has to report first. */
const SILENT = 20
/** The timeout of the first of them; by then the errors come. */
const FIRST_S = 3
const LOOK_MS = 20
/** What waits then must be gone soon. */
const DRAINED_S = 10
const DRAIN_LIMIT_S = 120
const TELL_LIMIT_S = 20

/**
 * @param {import('./place.mjs').Place} place
 * @param {{ rowS: number, floodS: number }} options
 * @param {{ residentMb: number }} floor bare node
 */
export async function benchErrors(place, { rowS, floodS }, floor) {
  title(
    `Errors of ${PROJECTS} projects, each synced (${CONNECTIONS} connections; best of ${ROUNDS} rounds of ${rowS} s)`,
  )
  for (const [kind, name] of KINDS) await benchIngest(place, kind, name, rowS)
  for (const groups of [PROJECTS, ERRORS]) await benchFlood(place, { floodS, groups }, floor)
}

/**
 * @param {import('./place.mjs').Place} place
 * @param {string} kind
 * @param {string} name
 * @param {number} rowS
 */
async function benchIngest(place, kind, name, rowS) {
  /** @type {Record<'ours' | 'bare', { perSecond: number, cpuUs: number, p99: number }[]>} */
  const results = { bare: [], ours: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const who of /** @type {const} */ (['bare', 'ours'])) {
      const folder = place.folder(`errors-${kind}-${who}-${round}`)
      const { running, port } = await (who === 'ours' ? startWithProjects(place, folder) : startFloor(place, folder))
      await load(port, WARM_UP_S, kind)
      const before = cpuMs(running.pid)
      const { answered, ms, p99 } = await load(port, rowS, kind)
      const cpuUs = ((cpuMs(running.pid) - before) / answered) * 1000
      results[who].push({ perSecond: (answered / ms) * 1000, cpuUs, p99 })
      await running.stop()
    }
  }
  const [bare, ours] = [results.bare, results.ours].map(
    (rounds) => rounds.toSorted((a, b) => b.perSecond - a.perSecond)[0],
  )
  if (!bare || !ours) return
  row(`${name}: bare node:http + shared sync`, wordsOf(bare))
  row(name, wordsOf(ours), `${(ours.perSecond / bare.perSecond).toFixed(2)} x bare + shared sync`, {
    text: `>= ${LEAST_PER_SECOND.toLocaleString('en')} /s`,
    met: ours.perSecond >= LEAST_PER_SECOND,
  })
}

/** @param {{ perSecond: number, cpuUs: number, p99: number }} best */
function wordsOf({ perSecond, cpuUs, p99 }) {
  return `${Math.round(perSecond).toLocaleString('en')}, ${cpuUs.toFixed(0)} us CPU, p99 ${p99} ms`
}

/**
 * @param {import('./place.mjs').Place} place
 * @param {string} folder
 */
async function startFloor(place, folder) {
  const running = await place.start('servers.mjs', ['bare-synced', folder])
  return { running, port: /** @type {import('node:net').AddressInfo} */ (running.said).port }
}

/**
 * @param {import('./place.mjs').Place} place
 * @param {string} folder
 * @param {{ [section: string]: unknown }} [settings]
 */
async function startWithProjects(place, folder, settings) {
  const paths = addProjects(join(folder, 'data'))
  return { paths, ...(await startOurs(place, folder, settings)) }
}

/**
 * Server and checker together, and some hosts that fall due one after the other while the errors come.
 * @param {import('./place.mjs').Place} place
 * @param {{ floodS: number, groups: number }} options `groups`: so many errors are not the same to people
 * @param {{ residentMb: number }} floor
 */
async function benchFlood(place, { floodS, groups }, floor) {
  title(`Errors in ${groups.toLocaleString('en')} groups for ${floodS} s, server and checker`)
  const [among, alone] = [new Told(), new Told()]
  const hooks = await Promise.all([hear(among), hear(alone)])
  const [all, pager] = hooks.map(({ url }) => ({ type: 'webhook', url }))
  const folder = place.folder(`errors-flood-${groups}`)
  const data = join(folder, 'data')
  /** By name. */
  const timeoutsS = new Map(
    Array.from({ length: SILENT }, (_, nth) => [`box-${nth}`, FIRST_S + Math.floor((nth / SILENT) * floodS)]),
  )
  const { running, port, paths, file, authorization } = await startWithProjects(place, folder, {
    hosts: Object.fromEntries([...timeoutsS].map(([name, timeout]) => [name, { timeout }])),
    channels: { all, pager: { ...pager, kinds: ['silent'] } },
  })
  const checker = await place.start('../dist/checker/main.js', ['--config', file])
  for (const host of timeoutsS.keys()) {
    const { ok } = await fetch(`http://127.0.0.1:${port}/signal`, {
      method: 'POST',
      headers: { Authorization: authorization },
      body: new URLSearchParams({ host }),
    })
    if (!ok) throw new Error(`the signal of ${host} was refused`)
  }
  const before = cpuMs(checker.pid)
  const startedAt = performance.now()
  const { answered, ms, p99 } = await load(port, floodS, 'logged', groups)
  const endedAt = performance.now()
  while (waits(paths.inboxErrors) && performance.now() - endedAt < DRAIN_LIMIT_S * 1000) await wait(LOOK_MS)
  const drainedAt = performance.now()
  const percent = (cpuMs(checker.pid) - before) / (drainedAt - startedAt) / 0.01
  const mb = residentMb(checker.pid)
  await Promise.all([among, alone].map((told) => told.until(SILENT, TELL_LIMIT_S * 1000)))
  await checker.stop()

  const perSecond = Math.round((answered / ms) * 1000).toLocaleString('en')
  row('server, with the checker beside it', `${perSecond} a second, p99 ${p99} ms`)
  const tookS = (drainedAt - endedAt) / 1000
  row('checker, from the last until none waits', seconds(tookS * 1000), '', atMost(tookS, DRAINED_S, 's'))
  /** @type {{ count: number }[]} */
  const found = readErrorGroups(paths)
  const counted = found.reduce((sum, { count }) => sum + count, 0)
  const sums = `${counted.toLocaleString('en')} of ${answered.toLocaleString('en')}`
  row('counted', sums, `${found.length} groups`, { text: 'all, once', met: counted === answered })
  const against = `${(mb / floor.residentMb).toFixed(2)} x bare node`
  row('checker meanwhile', `${percent.toFixed(0)} % of a core, ${mb.toFixed(0)} MB`, against)
  // The second that the server cut off, and the timeout.
  const dueAt = (/** @type {string} */ name) =>
    (Number(readFileSync(join(data, 'hosts', `${name}.host`), 'latin1')) + 1 + (timeoutsS.get(name) ?? 0)) * 1000
  for (const [where, told] of Object.entries({ 'a channel of its own': alone, 'the channel of the errors': among })) {
    const at = percentiles(
      [...timeoutsS.keys()].map((name) => (told.get(name) ?? Number.POSITIVE_INFINITY) - dueAt(name)),
    )
    const delays = `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`
    const count = `${told.size} of ${SILENT} told`
    row(`silent: deadline to ${where}`, delays, count, atMost(at(0.99), 1000, 'ms p99'))
  }
  await running.stop()
  for (const hook of hooks) hook.close()
}

/** @param {string} folder */
function waits(folder) {
  return readdirSync(folder).some((name) => name.endsWith('.jsonl'))
}

/**
 * @param {number} port
 * @param {number} s
 * @param {string} kind
 * @param {number} [count] of different ones
 */
async function load(port, s, kind, count = ERRORS) {
  const script = fileURLToPath(new URL('load.mjs', import.meta.url))
  const said = [`http://127.0.0.1:${port}/`, `${s}`, `${CONNECTIONS}`, kind, `${count}`]
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...said])
  const [answered = 0, ms = 0, failed = 0, p99 = 0] = (/counted (\d+) (\d+) (\d+) (\d+)/.exec(stdout) ?? [])
    .slice(1)
    .map(Number)
  if (answered === 0 || failed > 0) throw new Error(`the errors reported to port ${port} failed: ${stdout}`)
  return { answered, ms, p99 }
}
