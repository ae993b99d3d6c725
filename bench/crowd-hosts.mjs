/** A crowd of hosts that have reported for a while: who they are, and the data folder that they have left behind. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ name: string, address: string }} CrowdHost */

const HOSTS_OF_A_HOME = 4

/**
 * @param {number} count
 * @returns {CrowdHost[]}
 */
export function crowdOf(count) {
  return Array.from({ length: count }, (_, index) => {
    const home = Math.floor(index / HOSTS_OF_A_HOME)
    return { name: `host-${String(index).padStart(6, '0')}`, address: `198.18.${home >> 8}.${home & 255}` }
  })
}

/**
 * As server and checker would have written it.
 * @param {string} data the data folder
 * @param {readonly CrowdHost[]} hosts
 * @param {number} periodMs how often each reports
 */
export async function leaveBehind(data, hosts, periodMs) {
  const { dataPaths, prepareDataFolder } = await import(new URL('../dist/shared/paths.js', import.meta.url).href)
  const paths = dataPaths(data)
  prepareDataFolder(paths)
  const now = Date.now()
  const registeredAt = new Date(now - 86_400_000).toISOString()
  for (const [index, { name, address }] of hosts.entries()) {
    const heardS = Math.floor((now - periodMs + (index / hosts.length) * periodMs) / 1000)
    const report = { intervalMs: periodMs, address, changedAt: registeredAt }
    const state = { name, registeredAt, verdict: 'up', reason: 'first-signal', since: registeredAt, alerts: 1 }
    const files = /** @type {const} */ ([
      [paths.hosts, 'host', `${heardS}`],
      [paths.registry, 'json', JSON.stringify({ name, registeredAt, origin: 'signal' })],
      [paths.reports, 'json', JSON.stringify(report)],
      [paths.stateHosts, 'json', JSON.stringify(state)],
    ])
    for (const [folder, extension, content] of files)
      writeFileSync(join(folder, `${name}.${extension}`), `${content}\n`)
  }
}
