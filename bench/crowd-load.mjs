/**
 * The signals of a crowd, at its own pace: `crowd-load.mjs PORT AUTHORIZATION HOSTS PERIOD_S`. Each host reports once a
 * period, in turn, whatever the server makes of it. `{ silence: n }` ends the signals of n hosts, spread over all;
 * `{ tell: true }` asks for what was answered since the last time, and who is silent.
 */
import { createConnection } from 'node:net'
import { crowdOf } from './crowd-hosts.mjs'

const [port, authorization, count, period] = process.argv.slice(2)
const PERIOD_MS = Number(period) * 1000
const CONNECTIONS = 32
const TICK_MS = 10

const hosts = crowdOf(Number(count))
/** @type {Set<number>} */
const silent = new Set()
let answers = { kept: 0, refused: 0, latestMs: 0 }

/** @param {import('./crowd-hosts.mjs').CrowdHost} host */
function signalOf({ name, address }) {
  const form = `host=${name}&interval=${period}`
  return [
    'POST /signal HTTP/1.1',
    'Host: 127.0.0.1',
    `Authorization: ${authorization}`,
    'Content-Type: application/x-www-form-urlencoded',
    `X-Forwarded-For: ${address}`,
    `Content-Length: ${form.length}`,
    '',
    form,
  ].join('\r\n')
}

/** One connection: its requests wait for each other, and are counted when they are answered. */
function connect() {
  const socket = createConnection(Number(port), '127.0.0.1').setNoDelay(true)
  /** @type {{ signal: string, at: number }[]} */
  const waiting = []
  let busy = false
  let answer = ''
  const next = () => {
    const first = waiting[0]
    busy = first !== undefined
    if (first) socket.write(first.signal)
  }
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
    const head = answer.indexOf('\r\n\r\n')
    if (head === -1 || answer.length < head + 4 + Number(/content-length: (\d+)/i.exec(answer)?.[1])) return
    const { at = 0 } = waiting.shift() ?? {}
    answers.latestMs = Math.max(answers.latestMs, Date.now() - at)
    if (answer.startsWith('HTTP/1.1 200 ')) answers.kept++
    else answers.refused++
    answer = ''
    next()
  })
  socket.on('error', () => {
    answers.refused += waiting.length + 1
  })
  return (/** @type {string} */ signal) => {
    waiting.push({ signal, at: Date.now() })
    if (!busy) next()
  }
}

const connections = Array.from({ length: CONNECTIONS }, connect)
const beganAt = Date.now()
let sent = 0
setInterval(() => {
  for (const until = Math.floor(((Date.now() - beganAt) / PERIOD_MS) * hosts.length); sent < until; sent++) {
    const index = sent % hosts.length
    const host = hosts[index]
    if (host && !silent.has(index)) connections[sent % CONNECTIONS]?.(signalOf(host))
  }
}, TICK_MS)

process.on('disconnect', () => process.exit())
process.on('message', (/** @type {{ silence?: number, tell?: true }} */ { silence = 0, tell }) => {
  for (let nth = 0; nth < silence; nth++) silent.add(Math.floor((nth * hosts.length) / silence))
  process.send?.(tell ? { ...answers, silent: [...silent].map((index) => hosts[index]?.name) } : 'done')
  if (tell) answers = { kept: 0, refused: 0, latestMs: 0 }
})
process.send?.('ready')
