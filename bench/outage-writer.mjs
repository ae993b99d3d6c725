/**
 * Stands for a server and the hosts of many sites: `outage-writer.mjs FOLDER SITES HOSTS_OF_A_SITE PERIOD_S`. Each host
 * reports once a period; `{ fall: n }` makes those of the first n sites report once more, all within one second, and never
 * again, and answers with that second; `{ tell: true }` asks for the server's pulses and when each was written.
 */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** The real modules, as built. */
const built = (/** @type {string} */ name) => import(new URL(`../dist/shared/${name}.js`, import.meta.url).href)
const { dataPaths, prepareDataFolder } = await built('paths')
const { hostFileName, writeHostFile } = await built('host-file')
const { everySecond, writePulse } = await built('pulse')
const { reportFile } = await built('report')
const { replaceFile } = await built('files')

const [folder = '', ...counts] = process.argv.slice(2)
const [SITES = 0, HOSTS_OF_A_SITE = 0, PERIOD_S = 0] = counts.map(Number)
const PERIOD_MS = PERIOD_S * 1000
const TICK_MS = 25
/** All of them are written in far less than what is left of the second. */
const INTO_SECOND_MS = 100

const paths = dataPaths(folder)
prepareDataFolder(paths)
const hosts = Array.from({ length: SITES * HOSTS_OF_A_SITE }, (_, index) => {
  // In turn from all sites, so that each is heard all the time.
  const site = index % SITES
  const name = `site-${site}-host-${Math.floor(index / SITES)}`
  return { name, site, file: join(paths.hosts, hostFileName(name)) }
})
let fallen = 0
/** @type {[pulseS: number, writtenAt: number][]} */
const pulses = []

for (const { name, site } of hosts) {
  const report = { intervalMs: PERIOD_MS, site: `site-${site}`, boot: name, address: `203.0.113.${site}` }
  replaceFile(reportFile(paths, name), `${JSON.stringify({ ...report, changedAt: new Date().toISOString() })}\n`)
}
// As if they had reported in turn all along.
const beganAt = Date.now()
for (const [index, { file }] of hosts.entries()) {
  writeHostFile(file, Math.floor((beganAt - PERIOD_MS + (index / hosts.length) * PERIOD_MS) / 1000))
}

let written = 0
setInterval(() => {
  const now = Date.now()
  for (const until = Math.floor(((now - beganAt) / PERIOD_MS) * hosts.length); written < until; written++) {
    const host = hosts[written % hosts.length]
    if (host && host.site >= fallen) writeHostFile(host.file, Math.floor(now / 1000))
  }
}, TICK_MS)

function beat() {
  const at = Date.now()
  writePulse(paths, 'server', at)
  pulses.push([Math.floor(at / 1000), Date.now()])
}
beat()
everySecond(Date.now, beat)

/** @param {number} sites */
async function fall(sites) {
  await wait(1000 - (Date.now() % 1000) + INTO_SECOND_MS)
  const second = Math.floor(Date.now() / 1000)
  fallen = sites
  for (const { site, file } of hosts) if (site < sites) writeHostFile(file, second)
  return second
}

process.on('disconnect', () => process.exit())
process.on('message', async (/** @type {{ fall?: number, tell?: true }} */ { fall: sites, tell }) => {
  if (sites !== undefined) process.send?.(await fall(sites))
  if (tell) process.send?.(pulses)
})
process.send?.('ready')
