/**
 * One checker per data folder: two would tell everything twice. The lock is a Unix socket: a frozen process keeps it,
 * a dead one loses it, and whoever asks is told who holds it. A pid file does neither.
 */
import { hash, randomBytes } from 'node:crypto'
import { linkSync, realpathSync, renameSync, statSync, unlinkSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { removeIfThere } from '../shared/files.ts'

/** The system's limit is 107 bytes; names beside ours are a little longer. */
const LONGEST_PATH = 90
const ANSWER_LIMIT_MS = 1000
/** Two that start at once may both think that they took over a dead one's lock: by then it is settled whose it is. */
const SETTLE_MS = 200

export class LockedError extends Error {}

export interface Lock {
  release(): void
}

/** @throws LockedError that names the holder */
export async function acquireLock(folder: string): Promise<Lock> {
  const path = socketPath(folder)
  const own = `${path}.${randomBytes(4).toString('hex')}`
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.end(`${process.pid}`)
  })
  await listen(server, own)
  server.unref()
  const inode = statSync(own).ino
  const release = () => {
    if (isOurs(path, inode)) removeIfThere(path)
    removeIfThere(own)
    server.close()
  }
  try {
    if (!takeFree(own, path)) {
      const holder = await holderOf(path)
      if (holder !== undefined) {
        throw new LockedError(`${folder}: another checker (process ${holder}) watches over this folder: stop it first`)
      }
      renameSync(own, path)
      await wait(SETTLE_MS)
      if (!isOurs(path, inode)) throw new LockedError(`${folder}: another checker has just started on this folder`)
    }
    return { release }
  } catch (error) {
    release()
    throw error
  }
}

function takeFree(own: string, path: string): boolean {
  try {
    linkSync(own, path)
    unlinkSync(own)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** @returns its pid, "?" if it holds the lock but does not answer, `undefined` if nobody holds it any more */
function holderOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = ''
    const socket = createConnection(path)
    socket.setTimeout(ANSWER_LIMIT_MS, () => {
      resolve('? frozen')
      socket.destroy()
    })
    socket.on('data', (data) => {
      said += data
    })
    socket.on('end', () => resolve(said))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Any other answer is a life sign: so many may have asked a frozen one that it takes no more (EAGAIN).
      const dead = error.code === 'ECONNREFUSED' || error.code === 'ENOENT'
      resolve(dead ? undefined : '? frozen')
    })
  })
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
}

function isOurs(path: string, inode: number): boolean {
  try {
    return statSync(path).ino === inode
  } catch {
    return false
  }
}

/** Wherever it was started from, and by whom: the same folder gives the same place. */
function socketPath(folder: string): string {
  const real = realpathSync(folder)
  const inside = join(real, 'state', '.checker')
  if (Buffer.byteLength(inside) <= LONGEST_PATH) return inside
  return join('/tmp', `monitora-${hash('sha256', real).slice(0, 16)}`)
}
