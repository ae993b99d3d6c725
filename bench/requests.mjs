/**
 * How many signals a second the server takes, against the least that Node can do with the same requests.
 * Each round starts every server anew and loads it from another process; the best round of each counts.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { cpuMs } from './place.mjs'
import { hostName, tokenOf } from './requests-of.mjs'
import { atLeast, row, title } from './table.mjs'

/** Many short ones: on a box that others use too, each needs one in which it was left alone. */
const ROUNDS = 4
const CONNECTIONS = 64
const WARM_UP_S = 1
const USER = 'home'
const PASSWORD = 'of the bench'
const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
/** Enough that no limit of one host's is met; the same number for each contender, for so many files cost more than few. */
const HOSTS = 2000
const CONTENDERS = new Map([
  ['bare', 'bare node:http'],
  ['bare-write', 'bare node:http + in-place write'],
  ['express', 'Express + express.urlencoded'],
  ['express-write', 'Express + express.urlencoded + write'],
])
/** Each asks the real server in its own dialect, and names its host as that does. */
const OURS = new Map([
  ['signal', 'POST /signal, Basic auth'],
  ['ping', 'GET /ping/UUID'],
  ['push', 'GET /api/push/TOKEN'],
  ['heartbeat', 'POST /api/heartbeat/TOKEN'],
])

/**
 * @param {import('./place.mjs').Place} place
 * @param {{ rowS: number }} options
 */
export async function benchRequests(place, { rowS }) {
  const generator = await findGenerator()
  title(
    `Requests per second of ${HOSTS} hosts (${generator.name}, ${CONNECTIONS} connections; best of ${ROUNDS} rounds of ${rowS} s, in brackets the worst)`,
  )
  /** @type {Map<string, { perSecond: number, cpuUs: number }[]>} */
  const results = new Map([...CONTENDERS.keys(), ...OURS.keys()].map((kind) => [kind, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [kind, measured] of results) {
      const { running, port } = await startServer(place, kind, place.folder(`${kind}-${round}`))
      const asks = OURS.has(kind) ? kind : 'signal'
      await generator.run(port, WARM_UP_S, asks)
      const before = cpuMs(running.pid)
      const { answered, ms } = await generator.run(port, rowS, asks)
      measured.push({
        perSecond: (answered / ms) * 1000,
        cpuUs: ((cpuMs(running.pid) - before) / answered) * 1000,
      })
      await running.stop()
    }
  }

  /** @param {string} kind */
  const best = (kind) => Math.max(...(results.get(kind) ?? []).map(({ perSecond }) => perSecond))
  for (const [kind, name] of [...CONTENDERS, ...OURS]) {
    const rounds = results.get(kind) ?? []
    const worst = Math.min(...rounds.map(({ perSecond }) => perSecond))
    const spread = Math.round((1 - worst / best(kind)) * 100)
    const cpuUs = Math.min(...rounds.map(({ cpuUs }) => cpuUs))
    const measured = `${Math.round(best(kind)).toLocaleString('en')} (-${spread} %), ${cpuUs.toFixed(1)} us CPU`
    if (CONTENDERS.has(kind)) row(name, measured, `${(best(kind) / best('bare')).toFixed(2)} x bare`)
    else {
      const overFloor = best(kind) / best('bare-write')
      row(name, measured, `${overFloor.toFixed(2)} x bare + in-place write`, atLeast(overFloor, 0.5))
      const overExpress = best(kind) / best('express')
      row('', '', `${overExpress.toFixed(2)} x Express + urlencoded`, atLeast(overExpress, 2.5))
    }
  }
}

/**
 * @param {import('./place.mjs').Place} place
 * @param {string} kind
 * @param {string} folder
 */
async function startServer(place, kind, folder) {
  if (OURS.has(kind)) {
    await leaveBehind(join(folder, 'data'))
    return startOurs(place, folder)
  }
  for (let index = 0; index < HOSTS; index++) writeFileSync(join(folder, `${hostName(index)}.host`), '1700000000\n')
  const running = await place.start('servers.mjs', [kind, folder])
  return { running, port: /** @type {import('node:net').AddressInfo} */ (running.said).port }
}

/**
 * Hosts that have been heard before, those of the shared password and those with a token each.
 * @param {string} data the data folder
 */
async function leaveBehind(data) {
  const built = (/** @type {string} */ name) => import(new URL(`../dist/shared/${name}.js`, import.meta.url).href)
  const [{ dataPaths, prepareDataFolder }, { hashOf, tokenFile }] = await Promise.all([built('paths'), built('tokens')])
  const paths = dataPaths(data)
  prepareDataFolder(paths)
  const registeredAt = new Date().toISOString()
  for (let index = 0; index < HOSTS; index++) {
    const [plain, withToken] = [hostName(index), `t${hostName(index)}`]
    const tokenHash = hashOf(tokenOf(index))
    writeFileSync(tokenFile(paths, tokenHash), `${withToken}\n`)
    for (const entry of [{ name: plain }, { name: withToken, tokenHash }]) {
      const { name } = entry
      writeFileSync(join(paths.registry, `${name}.json`), JSON.stringify({ ...entry, registeredAt, origin: 'added' }))
      writeFileSync(join(paths.reports, `${name}.json`), JSON.stringify({ address: '127.0.0.1' }))
      writeFileSync(join(paths.hosts, `${name}.host`), '1700000000\n')
    }
  }
}

/**
 * The real server, on a port that is free.
 * @param {import('./place.mjs').Place} place
 * @param {string} folder
 * @param {{ server?: object, [section: string]: unknown }} [settings] of its configuration
 */
export async function startOurs(place, folder, { server, ...settings } = {}) {
  const file = join(folder, 'monitora.yml')
  const ours = { ...server, listen: '127.0.0.1:0', user: USER, password: PASSWORD }
  writeFileSync(file, JSON.stringify({ data: join(folder, 'data'), server: ours, ...settings }))
  /** @type {(port: number) => void} */
  let found
  const listening = new Promise((resolve) => {
    found = resolve
  })
  const running = await place.start('../dist/server/main.js', ['--config', file], (line) => {
    const port = /listening on [^"]*:(\d+)/.exec(line)?.[1]
    if (port) found(Number(port))
  })
  const credentials = { user: USER, password: PASSWORD, authorization: AUTHORIZATION }
  return { running, port: /** @type {number} */ (await listening), file, ...credentials }
}

async function findGenerator() {
  const here = /** @param {string} name */ (name) => fileURLToPath(new URL(name, import.meta.url))
  const wrk = spawn('wrk', ['--version'], { stdio: 'ignore' })
  const installed = await once(wrk, 'exit').then(
    () => true,
    () => false,
  )
  /**
   * @param {number} port
   * @param {number} s
   * @param {string} asks
   */
  const run = async (port, s, asks) => {
    const url = `http://127.0.0.1:${port}/`
    const said = [asks, `${HOSTS}`, AUTHORIZATION]
    const options = [`-t1`, `-c${CONNECTIONS}`, `-d${s}s`, '-s', here('signals.lua'), url, '--', ...said]
    const child = installed
      ? spawn('wrk', options, { stdio: ['ignore', 'pipe', 'inherit'] })
      : spawn(process.execPath, [here('load.mjs'), url, `${s}`, `${CONNECTIONS}`, ...said], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
    const counted = await text(/** @type {import('node:stream').Readable} */ (child.stdout))
    const [answered = 0, ms = 0, failed = 0] = (/counted (\d+) (\d+) (\d+)/.exec(counted) ?? []).slice(1).map(Number)
    // A row of refusals would look fast.
    if (answered === 0 || failed > 0) throw new Error(`the load on ${url} failed: ${counted}`)
    return { answered, ms }
  }
  return { name: installed ? 'wrk' : 'own generator, for wrk is not installed', run }
}
