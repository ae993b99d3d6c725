/**
 * Very many requests that nobody should send, against the server as it was built: whatever comes, it goes on, answers
 * well-formed HTTP, keeps its memory and its folder in order, and hears the next signal. `FUZZ_REQUESTS` says how many,
 * `FUZZ_SEED` repeats a run.
 */
import { existsSync, readdirSync, readFileSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { badgePaths } from '../../shared/badges.ts'
import { isHostName } from '../../shared/names.ts'
import { dataPaths } from '../../shared/paths.ts'
import { replacePingKey } from '../../shared/ping-key.ts'
import { register, registeredNames } from '../../shared/registry.ts'
import { hashOf, newToken, projectId, tokenFile } from '../../shared/tokens.ts'
import { furnish, GROUP } from '../furnished.ts'
import { Connection } from '../fuzz/connection.ts'
import type { World } from '../fuzz/draft.ts'
import { type Sent, sentOf } from '../fuzz/mishaps.ts'
import { draftOf } from '../fuzz/requests.ts'
import { randomFrom } from '../random/randomness.ts'
import { Box, freePort, PASSWORD, PROJECT, postSignal, USER, until } from './box.ts'

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 100_000)
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 1_000_000))
const CONNECTIONS = 8
/** At once on one connection. */
const MOST_AT_ONCE = 16
const CLIENTS = 150
const MAX_HOSTS = 400
const MOST_MEMORY = 400 * 1024 * 1024
const LONGEST_WAIT_MS = 2000
const ADMIN = 'an-admin-token-of-the-test'
/** The fuzzer does not know it: nothing that it sent may stand in its way. */
const HONEST = { name: 'honest', token: newToken() }

/** Where a request may make a file, and how that one is called. */
const MADE: readonly RegExp[] = [
  /^(?:hosts\/[\w-]{1,64}\.host|reports\/[\w-]{1,64}\.json|registry\/[\w-]{1,64}\.json)$/,
  /^inbox\/(?:errors\/)?\d{13}-\d+-\d{8}\.jsonl$/,
  /^alive\/(?:server|absences\/server\.jsonl)$/,
]

// What is tried is the server, not the disk: it lies in memory where there is room.
const MEMORY = '/dev/shm'
if (existsSync(MEMORY) && roomIn(MEMORY) > 1024 ** 3) process.env.TMPDIR = MEMORY

const box = new Box()
const paths = dataPaths(box.data)
let port: number
let world: World

beforeAll(async () => {
  port = await freePort()
  box.configure(`server:
  listen: "127.0.0.1:${port}"
  user: ${USER}
  password: "${PASSWORD}"
  adminToken: ${ADMIN}
  maxHosts: ${MAX_HOSTS}
  trustProxy: true
hosts: { nas: { tags: [family] }, backup: { schedule: "0 3 * * *" } }
`)
  await box.start('server')
  furnish(paths)
  const clients = Array.from({ length: CLIENTS }, (_, index) => ({ name: `Client_${index}`, token: newToken() }))
  for (const { name, token } of [...clients, HONEST]) {
    const tokenHash = hashOf(token)
    register(paths, { name, registeredAt: Date.now(), origin: 'added', tokenHash })
    writeFileSync(tokenFile(paths, tokenHash), `${name}\n`)
  }
  world = {
    // One of them speaks so often that it is told to wait.
    clients: [...clients, ...Array.from({ length: 10 }, () => clients[0]!)],
    authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`,
    admin: ADMIN,
    pingKey: replacePingKey(paths),
    badges: badgePaths(paths, ['family']).map(({ path }) => path),
    groups: [`shop/${GROUP}`, 'shop/0000000000000000'],
  }
}, 60_000)

afterAll(() => box.remove())

test(`${REQUESTS} fuzzed requests (seed ${SEED}) neither stop the server nor leave a trace where none belongs`, async () => {
  const child = box.running.get('server')!
  const before = { data: new Set(filesIn(box.data)), beside: filesBeside(), project: filesOfProject() }
  const statuses = new Map<number, number>()
  const startedAt = performance.now()
  let over = false
  const fuzzing = Promise.all(
    Array.from({ length: CONNECTIONS }, (_, line) => fuzz(line, Math.ceil(REQUESTS / CONNECTIONS), statuses)),
  ).finally(() => {
    over = true
  })
  const [, watched] = await Promise.all([fuzzing, watch(() => over)])
  const lengthS = (performance.now() - startedAt) / 1000
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  process.stdout.write(
    `${REQUESTS} fuzzed requests in ${lengthS.toFixed(1)} s (seed ${SEED}): ${counts.join(', ')}; ` +
      `slowest /healthz ${watched.slowestMs.toFixed(0)} ms, most memory ${Math.round(watched.memory / 1048576)} MB\n`,
  )

  expect([child.exitCode, child.signalCode]).toEqual([null, null])
  expect(complaintsIn(box.output)).toEqual([])
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
  // It got deep: much was kept, much refused.
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 4)
  expect(watched.slowestMs).toBeLessThan(LONGEST_WAIT_MS)
  expect(watched.memory).toBeLessThan(MOST_MEMORY)

  const made = filesIn(box.data).filter((file) => !before.data.has(file))
  expect(made.filter((file) => !MADE.some((pattern) => pattern.test(file)))).toEqual([])
  expect(made.filter((file) => !isSound(file))).toEqual([])
  expect(registeredNames(paths).length).toBeLessThan(MAX_HOSTS + CLIENTS + 10)
  expect(filesBeside()).toEqual(before.beside)
  expect(filesOfProject()).toEqual(before.project)
}, 600_000)

test('after it a heartbeat and an error are kept as ever', async () => {
  expect(await postSignal(port, { host: 'nas' })).toBe(200)
  await until('the heartbeat is kept', () => Number(box.read('hosts/nas.host')) >= Math.floor(Date.now() / 1000) - 5)
  const id = newToken()
  const response = await fetch(
    `http://127.0.0.1:${port}/api/${projectId(HONEST.name)}/store/?sentry_key=${HONEST.token}`,
    { method: 'POST', body: JSON.stringify({ event_id: id, message: 'an honest error' }) },
  )
  expect([response.status, await response.json()]).toEqual([200, { id }])
  const newest = readdirSync(paths.inboxErrors).filter(isFileName).sort().at(-1)!
  expect(readFileSync(join(paths.inboxErrors, newest), 'utf8')).toContain(id)
})

test('the checker takes in all that was kept of them', async () => {
  await box.start('checker')
  const waiting = () => [...readdirSync(paths.inbox), ...readdirSync(paths.inboxErrors)].filter(isFileName)
  await until('nothing waits in the inbox', () => waiting().length === 0, 60_000)
  expect(box.running.get('checker')!.exitCode).toBe(null)
  expect(complaintsIn(box.output)).toEqual([])
}, 90_000)

async function fuzz(line: number, count: number, statuses: Map<number, number>): Promise<void> {
  const random = randomFrom(SEED * CONNECTIONS + line)
  const connection = new Connection(port)
  const tell = (replies: readonly { readonly status: number }[]) => {
    for (const { status } of replies) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  let waiting: Sent[] = []
  try {
    for (let sent = 1; sent <= count; sent++) {
      const next = sentOf(draftOf(random, world), random)
      if (!next.last) waiting.push(next)
      if (waiting.length >= MOST_AT_ONCE || ((next.last || sent === count) && waiting.length > 0)) {
        tell(await connection.exchange(waiting))
        waiting = []
      }
      if (!next.last) continue
      waiting = [next]
      tell(await connection.exchangeLast(next))
      waiting = []
    }
  } catch (error) {
    const sent = waiting.map(({ bytes }) => JSON.stringify(bytes.toString('latin1', 0, 400))).join('\n')
    throw new Error(`seed ${SEED}: ${(error as Error).message}, after\n${sent}\n${box.output.slice(-3000)}`)
  } finally {
    connection.close()
  }
}

/** Asks all the time whether it is well, as a proxy would, and looks at its memory. */
async function watch(isOver: () => boolean): Promise<{ slowestMs: number; memory: number }> {
  const connection = new Connection(port)
  const pid = box.running.get('server')!.pid!
  const healthz = { method: 'GET', bytes: Buffer.from('GET /healthz HTTP/1.1\r\nHost: box\r\n\r\n'), last: false }
  let slowestMs = 0
  let memory = 0
  while (!isOver()) {
    const askedAt = performance.now()
    const [reply] = await connection.exchange([healthz])
    slowestMs = Math.max(slowestMs, performance.now() - askedAt)
    if (reply?.status !== 200) throw new Error(`/healthz: ${reply?.status} ${reply?.body}`)
    memory = Math.max(memory, memoryOf(pid))
    await pause(50)
  }
  connection.close()
  return { slowestMs, memory }
}

/** The most that it ever had, where the system tells (Linux). */
function memoryOf(pid: number): number {
  if (process.platform !== 'linux') return 0
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
}

/** Each line of the log that speaks of a failure, and whatever is no line of it. */
function complaintsIn(output: string): string[] {
  return output.split('\n').filter((line) => line !== '' && !/^\{"level":"(?:info|warn)"/.test(line))
}

function roomIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

/** In the folder of the configuration, but for the data. */
function filesBeside(): string[] {
  return filesIn(box.folder).filter((file) => !file.startsWith('data/'))
}

function filesOfProject(): string[] {
  const folders = ['.', 'server', 'server/dialects', 'shared', 'test', 'dist', 'dist/server']
  return folders.flatMap((folder) => readdirSync(join(PROJECT, folder)).map((name) => join(folder, name)))
}

function isFileName(name: string): boolean {
  return name.endsWith('.jsonl') && !name.startsWith('.')
}

/** Whether its content is what its readers reckon with. */
function isSound(file: string): boolean {
  const content = readFileSync(join(box.data, file), 'utf8')
  const now = Date.now()
  if (file.startsWith('hosts/')) return /^\d{10}\n?$/.test(content) && Number(content) * 1000 <= now
  if (file.startsWith('reports/') || file.startsWith('registry/')) return typeof JSON.parse(content) === 'object'
  if (file.startsWith('inbox/')) return content.trimEnd().split('\n').every(isSoundEvent)
  return statSync(join(box.data, file)).size < 100_000
}

function isSoundEvent(line: string): boolean {
  const { host, project, group, at } = JSON.parse(line) as Record<string, unknown>
  const isError = isHostName(project) && typeof group === 'string' && /^[\da-f]{16}$/.test(group)
  return typeof at === 'string' && (isHostName(host) || isError)
}
