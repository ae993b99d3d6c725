/** What each process costs when little happens: resident memory, and of the checker its CPU, without a single host. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cpuMs, residentMb } from './place.mjs'
import { startOurs } from './requests.mjs'
import { row, title } from './table.mjs'

const ENDPOINT_MB = 64

/**
 * @param {import('./place.mjs').Place} place
 * @param {{ idleS: number }} options
 * @returns what the checker and bare Node cost, to hold a busy checker against
 */
export async function benchMemory(place, { idleS }) {
  title(`Resident memory after ${idleS} s`)
  const folder = place.folder('idle')
  const node = await place.start('idle.mjs')
  const { running: server, port, file, user, password } = await startOurs(place, folder)
  const endpointFile = join(folder, 'endpoint.yml')
  writeFileSync(endpointFile, JSON.stringify({ server: `http://127.0.0.1:${port}`, host: 'nas', user, password }))
  const endpoint = await place.start('../dist/endpoint/main.js', ['--config', endpointFile])
  const bot = await place.start('../dist/bot/main.js', ['--config', file])
  const checker = await place.start('../dist/checker/main.js', ['--config', file])
  const before = cpuMs(checker.pid)
  await wait(idleS * 1000)

  const floorMb = residentMb(node.pid)
  const floor = {
    residentMb: floorMb,
    readyMs: checker.readyMs,
    cpuShare: (cpuMs(checker.pid) - before) / idleS / 1000,
  }
  row('bare node', `${floorMb.toFixed(0)} MB`)
  for (const [name, { pid }] of Object.entries({ server, 'checker, 1 host': checker, 'bot, without a token': bot })) {
    row(name, `${residentMb(pid).toFixed(0)} MB`, `${(residentMb(pid) / floorMb).toFixed(2)} x bare node`)
  }
  const endpointMb = residentMb(endpoint.pid)
  row('endpoint, every 30 s', `${endpointMb.toFixed(1)} MB`, `${(endpointMb / floorMb).toFixed(2)} x bare node`, {
    text: `< ${ENDPOINT_MB} MB`,
    met: endpointMb < ENDPOINT_MB,
  })
  await Promise.all([endpoint, bot, checker, server, node].map((running) => running.stop()))
  return floor
}
