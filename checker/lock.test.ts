/** One checker per folder, against real processes: living, killed, frozen. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { acquireLock, type Lock, LockedError } from './lock.ts'

let root: string
const started: ChildProcess[] = []
const locks: Lock[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lock-'))
  mkdirSync(join(root, 'state'))
})
afterEach(() => {
  for (const lock of locks.splice(0)) lock.release()
  for (const child of started.splice(0)) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

const take = async (folder = root) => {
  const lock = await acquireLock(folder)
  locks.push(lock)
  return lock
}

/** Another process that holds the lock, and says its pid to whoever asks. */
async function holder(backlog = 511): Promise<ChildProcess & { pid: number }> {
  const program = `require('node:net').createServer((socket) => socket.end(String(process.pid)))
    .listen({ path: ${JSON.stringify(join(root, 'state', '.checker'))}, backlog: ${backlog} }, () => console.log('bound'))`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child as typeof child & { pid: number }
}

async function freeze({ pid }: { pid: number }): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await vi.waitUntil(() => /\) [Tt] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')), { timeout: 5000, interval: 5 })
}

test('the second is refused and told who holds it; when that one lets go, it is free', async () => {
  const lock = await take()
  const refused = acquireLock(root)
  await expect(refused).rejects.toThrow(LockedError)
  await expect(refused).rejects.toThrow(
    `${root}: another checker (process ${process.pid}) watches over this folder: stop it first`,
  )
  expect(readdirSync(join(root, 'state'))).toEqual(['.checker'])
  lock.release()
  expect(readdirSync(join(root, 'state'))).toEqual([])
  await take()
})

test('another process is named, and keeps it', async () => {
  const { pid } = await holder()
  await expect(take()).rejects.toThrow(`(process ${pid})`)
  await expect(take()).rejects.toThrow(`(process ${pid})`)
})

test('a dead one loses it', async () => {
  const child = await holder()
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  expect(readdirSync(join(root, 'state'))).toEqual(['.checker'])
  await take()
  await expect(take()).rejects.toThrow(`(process ${process.pid})`)
})

test('a frozen one keeps it, and the second is refused within two seconds', async () => {
  await freeze(await holder())
  const before = performance.now()
  await expect(take()).rejects.toThrow(LockedError)
  expect(performance.now() - before).toBeLessThan(2000)
})

test('a frozen one keeps it, however many have asked before', async () => {
  await freeze(await holder(1))
  const asking = Array.from({ length: 5 }, () =>
    createConnection(join(root, 'state', '.checker')).on('error', () => {}),
  )
  const settled = asking.map(
    (socket) => new Promise((resolve) => socket.once('connect', resolve).once('error', resolve)),
  )
  await Promise.all(settled)
  await expect(take()).rejects.toThrow(LockedError)
  for (const socket of asking) socket.destroy()
})

test('a folder of any depth can be locked', async () => {
  const deep = join(root, 'x'.repeat(120), 'ы'.repeat(60))
  mkdirSync(join(deep, 'state'), { recursive: true })
  const lock = await take(deep)
  await expect(take(deep)).rejects.toThrow(LockedError)
  await take()
  lock.release()
  await take(deep)
})
