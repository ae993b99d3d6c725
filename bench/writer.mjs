/**
 * Stands for a server and its many hosts: `writer.mjs FOLDER HOSTS PERIOD_S`. Overwrites each `.host` file once a period,
 * writes the server's pulse as the server does, and notes when. `{ reports: true }` makes each host's report;
 * `{ silence: n }` ends the signals of n hosts, spread over all; `{ tell: true }` asks for the pulses, and when the silent
 * were heard last.
 */
import { join } from 'node:path'

/** The real modules, as built. */
const built = (/** @type {string} */ name) => import(new URL(`../dist/shared/${name}.js`, import.meta.url).href)
const { dataPaths, prepareDataFolder } = await built('paths')
const { hostFileName, writeHostFile } = await built('host-file')
const { everySecond, writePulse } = await built('pulse')
const { reportFile } = await built('report')
const { replaceFile } = await built('files')

const [folder = '', count, period] = process.argv.slice(2)
const HOSTS = Number(count)
const PERIOD_MS = Number(period) * 1000
const TICK_MS = 25

const paths = dataPaths(folder)
prepareDataFolder(paths)
const names = Array.from({ length: HOSTS }, (_, index) => `host-${String(index).padStart(5, '0')}`)
const files = names.map((name) => join(paths.hosts, hostFileName(name)))
/** @type {Map<number, number>} */
const lastHeardS = new Map()
/** @type {Set<number>} */
const silent = new Set()
/** @type {[pulseS: number, writtenAt: number][]} */
const pulses = []

/**
 * @param {number} index
 * @param {number} at
 */
function signal(index, at) {
  const s = Math.floor(at / 1000)
  writeHostFile(files[index], s)
  lastHeardS.set(index, s)
}

// As if they had reported in turn all along.
const beganAt = Date.now()
for (let index = 0; index < HOSTS; index++) signal(index, beganAt - PERIOD_MS + (index / HOSTS) * PERIOD_MS)

let written = 0
setInterval(() => {
  const now = Date.now()
  for (const until = Math.floor(((now - beganAt) / PERIOD_MS) * HOSTS); written < until; written++) {
    const index = written % HOSTS
    if (!silent.has(index)) signal(index, now)
  }
}, TICK_MS)

function beat() {
  const at = Date.now()
  writePulse(paths, 'server', at)
  pulses.push([Math.floor(at / 1000), Date.now()])
}
beat()
everySecond(Date.now, beat)

process.on('disconnect', () => process.exit())
process.on(
  'message',
  (/** @type {{ silence?: number, reports?: true, tell?: true }} */ { silence = 0, reports, tell }) => {
    for (let nth = 0; nth < silence; nth++) silent.add(Math.floor((nth * HOSTS) / silence))
    if (reports) {
      for (const [index, name] of names.entries()) {
        // Homes of four.
        const home = Math.floor(index / 4)
        const address = `198.18.${home >> 8}.${home & 255}`
        const report = `${JSON.stringify({ address, changedAt: new Date().toISOString() })}\n`
        replaceFile(reportFile(paths, name), report)
      }
    }
    if (tell) process.send?.({ pulses, silent: [...silent].map((index) => [names[index], lastHeardS.get(index)]) })
    else process.send?.('done')
  },
)
process.send?.('ready')
