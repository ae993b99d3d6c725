/**
 * Asks as fast as it is answered: `load.mjs URL SECONDS CONNECTIONS KIND HOSTS AUTHORIZATION`. Raw sockets, one request
 * at a time on each: a client library would be slower than what it measures. When the time is over each is still
 * answered, so that what it counts is all there is.
 */
import { createConnection } from 'node:net'
import { requestOf } from './requests-of.mjs'

const [url = '', seconds, connections, kind = '', hosts, authorization = ''] = process.argv.slice(2)
const { host, hostname, port } = new URL(url)

const signals = Array.from({ length: Number(hosts) }, (_, index) => {
  const { method, path, headers, body } = requestOf(kind, index, authorization)
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...headers, `Content-Length: ${body.length}`]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
})

/** How many were answered after so many milliseconds. */
const delays = new Uint32Array(60_000)
const startedAt = performance.now()
let sent = 0
let answered = 0
let failed = 0
let open = Number(connections)
let over = false

function connect() {
  const socket = createConnection(Number(port), hostname).setNoDelay(true)
  let answer = ''
  let askedAt = 0
  const post = () => {
    askedAt = performance.now()
    socket.write(signals[sent++ % signals.length] ?? '')
  }
  socket.on('connect', post)
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
    const head = answer.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1])
    if (head === -1 || answer.length < head + 4 + length) return
    if (answer.startsWith('HTTP/1.1 200 ')) answered++
    else failed++
    const delay = Math.min(Math.ceil(performance.now() - askedAt), delays.length - 1)
    delays[delay] = (delays[delay] ?? 0) + 1
    answer = ''
    if (over) socket.end()
    else post()
  })
  socket.on('error', () => failed++)
  socket.on('close', () => {
    // The server closed it: what was asked last has no answer.
    if (!over) failed++
    if (--open === 0) tell()
  })
}

function tell() {
  const ms = Math.round(performance.now() - startedAt)
  let faster = 0.99 * (answered + failed)
  const p99 = delays.findIndex((count) => {
    faster -= count
    return faster <= 0
  })
  process.stdout.write(`counted ${answered} ${ms} ${failed} ${p99}\n`)
}

for (let index = 0; index < Number(connections); index++) connect()
setTimeout(() => {
  over = true
}, Number(seconds) * 1000)
