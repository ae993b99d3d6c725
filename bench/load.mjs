/**
 * Asks as fast as it is answered, where wrk is not installed: `load.mjs URL SECONDS CONNECTIONS KIND HOSTS
 * AUTHORIZATION`. Raw sockets, one request at a time on each: a client library would be slower than what it measures.
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

let sent = 0
let answered = 0
let failed = 0
let over = false

function connect() {
  const socket = createConnection(Number(port), hostname).setNoDelay(true)
  let answer = ''
  const post = () => socket.write(signals[sent++ % signals.length] ?? '')
  socket.on('connect', post)
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
    const head = answer.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1])
    if (head === -1 || answer.length < head + 4 + length) return
    if (answer.startsWith('HTTP/1.1 200 ')) answered++
    else failed++
    answer = ''
    if (!over) post()
  })
  socket.on('error', () => failed++)
}

for (let index = 0; index < Number(connections); index++) connect()
const startedAt = performance.now()
setTimeout(() => {
  over = true
  const ms = Math.round(performance.now() - startedAt)
  process.stdout.write(`counted ${answered} ${ms} ${failed}\n`, () => process.exit())
}, Number(seconds) * 1000)
