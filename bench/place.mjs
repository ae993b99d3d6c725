/**
 * Where a bench run takes place: a temporary folder that vanishes, processes that end, and what Linux tells of them.
 * Children are ended by their own ids; nothing is measured here.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { apps } from '../ecosystem.config.js'

/**
 * @typedef {object} Running
 * @property {number} pid
 * @property {unknown} said its first message, which says that it is ready
 * @property {number} readyMs from its start to that message
 * @property {(question: unknown) => Promise<any>} ask sends a message, resolves with the next one from there
 * @property {() => Promise<void>} stop as a process manager would, but with more patience
 *
 * @typedef {ReturnType<typeof createPlace>} Place
 */

const START_LIMIT_MS = 300_000
const STOP_LIMIT_MS = 120_000
/** In what /proc counts CPU time, on every Linux that Node runs on. */
const TICK_MS = 10

export function createPlace() {
  const root = mkdtempSync(join(tmpdir(), 'monitora-bench-'))
  /** @type {Set<import('node:child_process').ChildProcess>} */
  const children = new Set()
  const vanish = () => {
    for (const child of children) child.kill('SIGKILL')
    // A process that is just being killed may still write.
    rmSync(root, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', vanish)

  return {
    /** @param {string} name */
    folder(name) {
      const folder = join(root, name)
      mkdirSync(folder)
      return folder
    },

    /**
     * @param {string} script from this folder
     * @param {string[]} [args]
     * @param {(line: string) => void} [hear] gets its standard output by lines
     * @returns {Promise<Running>} once it says that it is ready
     */
    async start(script, args = [], hear) {
      const file = fileURLToPath(new URL(script, import.meta.url))
      const startedAt = performance.now()
      // As PM2 starts them.
      const app = apps.find(({ script: own }) => `../${own}` === script)
      const child = spawn(process.execPath, [...(app?.node_args ?? []), file, ...args], {
        cwd: root,
        stdio: ['ignore', hear ? 'pipe' : 'ignore', 'inherit', 'ipc'],
      })
      children.add(child)
      child.once('exit', () => children.delete(child))
      if (hear && child.stdout) createInterface(child.stdout).on('line', hear)
      const said = await answer(child, script, START_LIMIT_MS)
      return {
        pid: /** @type {number} */ (child.pid),
        said,
        readyMs: performance.now() - startedAt,
        ask: (question) => {
          const answered = answer(child, script, START_LIMIT_MS)
          child.send(/** @type {import('node:child_process').Serializable} */ (question))
          return answered
        },
        stop: () => stop(child),
      }
    },

    async end() {
      await Promise.all([...children].map(stop))
    },
  }
}

/**
 * CPU time that a process used so far, user and system.
 * @param {number} pid
 */
export function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name of the command may hold spaces: counted from its end.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) * TICK_MS
}

/**
 * Resident memory of a process, in MB of 1024 kB.
 * @param {number} pid
 */
export function residentMb(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} script
 * @param {number} limitMs
 */
async function answer(child, script, limitMs) {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(limitMs)])
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${script} ended with ${code}`)
  })
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended])
    return message
  } finally {
    ended.catch(() => {})
    over.abort()
  }
}

/** @param {import('node:child_process').ChildProcess} child */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  child.kill('SIGTERM')
  await ended
  clearTimeout(limit)
}
