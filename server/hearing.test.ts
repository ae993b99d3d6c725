import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readAbsences } from '../shared/absences.ts'
import { writeHostFile } from '../shared/host-file.ts'
import { createInboxWriter } from '../shared/inbox.ts'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { readPulse, writePulse } from '../shared/pulse.ts'
import { createAccept } from './accept.ts'
import { createErrorInbox } from './errors/inbox.ts'
import { createScrub } from './errors/scrub.ts'
import { createHearing } from './hearing.ts'

const scrub = createScrub([])

const NOON = Date.parse('2026-11-21T12:00:00Z')

let root: string
let seconds: number
let slept: number
let lines: string[]
let mounted: string | undefined

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearing-'))
  seconds = 0
  slept = 0
  lines = []
})
afterEach(() => {
  if (mounted) execFileSync('/bin/umount', [mounted])
  mounted = undefined
  rmSync(root, { recursive: true, force: true })
})

const clock = {
  now: () => NOON + seconds * 1000,
  monotonic: () => (seconds - slept) * 1000,
  uptime: () => (seconds + 86_400) * 1000,
}
const say = (line: string) => void lines.push(line)
const log = { debug() {}, info: say, warn: say, error: say } as unknown as Parameters<typeof createHearing>[0]['log']

function setUp(folder = root) {
  const paths = dataPaths(folder)
  prepareDataFolder(paths)
  const hearing = createHearing({ paths, clock, log })
  /** Moves all clocks to this second, and beats. */
  const beatAt = async (second: number) => {
    seconds = second
    await hearing.beat()
    return pulse()
  }
  const pulse = () => (readPulse(paths, 'server')! - NOON) / 1000
  const absences = () =>
    readAbsences(paths, 'server').map(
      ({ fromAt, toAt, why }) => `${why} ${(fromAt - NOON) / 1000}..${(toAt - NOON) / 1000}`,
    )
  return { paths, hearing, beatAt, pulse, absences }
}

test('a start writes down the time since the last pulse, and its own first pulse', () => {
  const { paths, hearing, pulse, absences } = setUp()
  writePulse(paths, 'server', NOON - 60_000)
  hearing.start()
  expect(absences()).toEqual(['not-running -60..0'])
  expect(pulse()).toBe(0)
})

test.each([
  ['another was pulsing all the time: none', 1, []],
  ['the other has stopped too: since its last pulse', 5, ['not-running -5..0']],
])('one of two servers comes back, %s', (_, ago, expected) => {
  const { paths, hearing, absences } = setUp()
  writePulse(paths, 'server', NOON - 60_000)
  writePulse(paths, 'server', NOON - ago * 1000, 1)
  hearing.start()
  expect(absences()).toEqual(expected)
})

test('an installation that moves in accuses nobody: it was away since its newest signal', () => {
  const { paths, hearing, absences } = setUp()
  for (const [name, ago] of [
    ['nas', 500],
    ['pi', 20],
    ['liar', -900],
  ] as const) {
    writeHostFile(join(paths.hosts, `${name}.host`), NOON / 1000 - ago)
  }
  hearing.start()
  expect(absences()).toEqual(['not-running -20..0'])
})

test('a new installation was never away', () => {
  const { hearing, absences } = setUp()
  hearing.start()
  expect(absences()).toEqual([])
})

test('each second has its pulse, and a sleep is written down before the next', async () => {
  const { hearing, beatAt, absences } = setUp()
  hearing.start()
  expect(await beatAt(1)).toBe(1)
  expect(await beatAt(2)).toBe(2)
  expect(absences()).toEqual([])
  slept = 97
  expect(await beatAt(100)).toBe(100)
  expect(absences()).toEqual(['asleep 2..100'])
})

test('a pulse waits for signals that reached us before it, not for later ones', async () => {
  const { hearing, pulse } = setUp()
  hearing.start()
  let finish = () => {}
  hearing.holdFor(new Promise<void>((done) => (finish = done)))
  seconds = 1
  const beat = hearing.beat()
  seconds = 2
  await hearing.beat()
  await new Promise((done) => setImmediate(() => setImmediate(() => setImmediate(done))))
  hearing.holdFor(new Promise(() => {}))
  expect(pulse()).toBe(0)
  finish()
  await beat
  expect(pulse()).toBe(1)
})

test('a wait of more than three seconds counts as stuck', async () => {
  const { hearing, beatAt, absences } = setUp()
  hearing.start()
  let finish = () => {}
  hearing.holdFor(new Promise<void>((done) => (finish = done)))
  seconds = 1
  const beat = hearing.beat()
  for (seconds = 2; seconds <= 6; seconds++) await hearing.beat()
  finish()
  await beat
  expect(await beatAt(7)).toBe(7)
  expect(absences()).toEqual(['stuck 1..7'])
})

test('a file that alone cannot be written is no absence', async () => {
  const { hearing, beatAt, absences } = setUp()
  hearing.start()
  hearing.writeFailed(new Error('EISDIR: illegal operation'))
  expect(hearing.canWrite()).toBe(true)
  expect(await beatAt(1)).toBe(1)
  expect(absences()).toEqual([])
  expect(lines).toEqual([expect.stringMatching('cannot write: EISDIR.*other files can be written')])
})

test('a folder that refuses stops the pulse; when it works again the span is written down first', async () => {
  const { paths, hearing, beatAt, absences } = setUp()
  hearing.start()
  // Root may write anywhere, so what refuses is a file where a folder should be.
  rmSync(paths.inbox, { recursive: true })
  writeFileSync(paths.inbox, '')
  seconds = 1.5
  hearing.writeFailed(new Error('ENOTDIR'))
  expect(hearing.canWrite()).toBe(false)
  for (let second = 2; second <= 90; second++) expect(await beatAt(second)).toBe(0)
  expect(lines.map((line) => line.slice(0, 21))).toEqual(['cannot write: ENOTDIR', 'cannot write: ENOTDIR'])
  rmSync(paths.inbox)
  mkdirSync(paths.inbox)
  expect(await beatAt(91)).toBe(91)
  expect(hearing.canWrite()).toBe(true)
  expect(absences()).toEqual(['cannot-write 0..91'])
  expect(await beatAt(92)).toBe(92)
  expect(absences()).toHaveLength(1)
})

test('the last pulse says until when it listened', async () => {
  const { hearing, pulse } = setUp()
  hearing.start()
  seconds = 9
  await hearing.lastPulse({ wallAt: NOON + 2000, monotonicMs: 2000, uptimeMs: 86_402_000 })
  expect(pulse()).toBe(2)
})

/** A small disk of its own. Needs root and the right to mount; elsewhere these two tests say that they did not run. */
function smallDisk(options: string): string | undefined {
  const mount = join(root, 'disk')
  mkdirSync(mount)
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', mount], { stdio: 'pipe' })
  } catch {
    return undefined
  }
  mounted = mount
  return mount
}

const NO_MOUNT = 'this user may not mount a small disk here'

test('a full disk: new hosts are refused, known ones are heard on, nobody is accused', async ({ skip }) => {
  const disk = smallDisk('size=96k,nr_inodes=200')
  if (!disk) return skip(NO_MOUNT)
  const { paths, hearing, beatAt, absences } = setUp(disk)
  const inbox = createInboxWriter(paths.inbox, clock.now)
  const accept = createAccept({
    paths,
    now: clock.now,
    inbox,
    errors: createErrorInbox(paths.inboxErrors, clock.now, () => scrub),
    hearing,
    keys: () => ({ mayAdd: () => 'yes', added() {} }),
    log,
    shared: false,
    intervalDeclared: () => {},
    endPauses: () => {},
    scrub: () => scrub,
  })
  const say = (host: string) => accept({ kind: 'signal', signal: { host }, subject: undefined }, '203.0.113.7')
  hearing.start()
  expect(await say('nas')).toBe('registered')
  const filler = join(disk, 'filler')
  expect(() => {
    for (let i = 0; i < 100; i++) writeFileSync(filler, Buffer.alloc(4096), { flag: 'a' })
  }).toThrow('ENOSPC')
  seconds = 1
  expect(await say('pi')).toEqual({ cannotWrite: 'ENOSPC' })
  expect(hearing.canWrite()).toBe(false)
  expect(await beatAt(2)).toBe(0)
  expect(await say('nas')).toBe('registered')
  expect(await beatAt(5)).toBe(0)
  rmSync(filler)
  expect(await beatAt(6)).toBe(6)
  expect(absences()).toEqual(['cannot-write 0..6'])
  expect(await say('pi')).toBe('registered')
  expect(readdirSync(paths.alive).filter((name) => name.includes('probe'))).toEqual([])
})

test('a disk that became read-only stops the pulse by itself', async ({ skip }) => {
  const disk = smallDisk('size=256k')
  if (!disk) return skip(NO_MOUNT)
  const { hearing, beatAt, absences } = setUp(disk)
  const remount = (mode: string) => execFileSync('/bin/mount', ['-o', `remount,${mode}`, disk])
  hearing.start()
  remount('ro')
  expect(await beatAt(1)).toBe(0)
  expect(hearing.canWrite()).toBe(false)
  expect(lines[0]).toMatch('EROFS')
  expect(await beatAt(8)).toBe(0)
  remount('rw')
  expect(await beatAt(9)).toBe(9)
  expect(absences()).toEqual(['cannot-write 0..9'])
})
