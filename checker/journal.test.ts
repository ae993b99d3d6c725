/**
 * The journal against a disk that dies at every step, and again at every step of the next life. Whatever happens:
 * no event is lost, none is told under two ids, no id has two contents, and the history is whole.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { dataPaths, prepareDataFolder } from '../shared/paths.ts'
import { Death, type End, MemoryDisk } from '../test/fakes/memory-disk.ts'
import { realDisk } from './disk.ts'
import { Journal } from './journal.ts'

const ROOT = '/data'
const EVENTS = 3
const events = Array.from({ length: EVENTS }, (_, i) => `event-${i}`)

interface Told {
  readonly id: string
  readonly event: string
}

/** A disk on which events wait, synced, as the server leaves them. */
function diskWithEvents(): MemoryDisk {
  const disk = new MemoryDisk()
  for (const event of events) {
    disk.write(`${ROOT}/inbox/${event}`, event)
    disk.sync(`${ROOT}/inbox/${event}`)
  }
  disk.syncFolder(`${ROOT}/inbox`)
  disk.steps = 0
  return disk
}

/** Longer with the second event, and shorter again with the third. */
const countedAs = (count: number) => `${count}${'.'.repeat(count === 2 ? 40 : 10)}`

/** One life of a checker: takes up what it finds and works until nothing is left. Throws when the disk dies. */
function live(disk: MemoryDisk, told: Told[]): void {
  let journal: Journal
  let count: number
  const letters: Told[] = []
  const retrying = <T>(act: () => T): T => {
    try {
      return act()
    } catch (error) {
      if (error instanceof Death) throw error
      return act()
    }
  }
  journal = retrying(() => Journal.open(disk, ROOT, 0))
  count = Number(disk.read(`${ROOT}/state/a.json`) ?? 0)
  for (const file of disk.list(`${ROOT}/outbox`).filter((name) => !name.includes('/.'))) {
    letters.push(JSON.parse(String(disk.read(file))) as Told)
  }
  const deliver = () => {
    for (const letter of letters.splice(0)) {
      told.push(letter)
      retrying(() => journal.commit({ remove: [`outbox/${letter.id}`] }, { synced: false }))
    }
  }
  for (;;) {
    const waiting = disk.list(`${ROOT}/inbox`).filter((file) => !journal.isRemoved(file.slice(ROOT.length + 1)))
    const file = waiting[0]
    if (file === undefined) break
    const event = String(disk.read(file))
    const letter = { id: `a:${count + 1}`, event }
    retrying(() =>
      journal.commit(
        {
          write: new Map([
            ['state/a.json', String(count + 1)],
            [`outbox/${letter.id}`, JSON.stringify(letter)],
          ]),
          overwrite: new Map([['errors/a.json', countedAs(count + 1)]]),
          append: [{ file: 'history/a.jsonl', text: `${event}\n` }],
          remove: [`inbox/${event}`],
        },
        { synced: true },
      ),
    )
    count++
    letters.push(letter)
    if (count % 2 === 0) deliver()
    if (count % 3 === 0) retrying(() => journal.checkpoint(0))
  }
  retrying(() => journal.retry())
  deliver()
  retrying(() => journal.checkpoint(0))
}

function expectWhole(disk: MemoryDisk, told: readonly Told[], how: () => string): void {
  const contents = new Map<string, string>()
  const ids = new Map<string, string>()
  const faults: string[] = []
  for (const { id, event } of told) {
    if (contents.has(id) && contents.get(id) !== event) faults.push(`${id} has two contents`)
    if (ids.has(event) && ids.get(event) !== id) faults.push(`${event} was told under two ids`)
    contents.set(id, event)
    ids.set(event, id)
  }
  if (ids.size !== EVENTS) faults.push(`told ${[...ids.keys()].join()}`)
  const history = String(disk.read(`${ROOT}/history/a.jsonl`))
  if (history !== `${events.join('\n')}\n`) faults.push(`history: ${JSON.stringify(history)}`)
  if (String(disk.read(`${ROOT}/state/a.json`)) !== String(EVENTS)) faults.push('the state is not the last one')
  if (String(disk.read(`${ROOT}/errors/a.json`)) !== countedAs(EVENTS)) faults.push('what is overwritten is not whole')
  if (disk.list(`${ROOT}/inbox`).length > 0) faults.push('an event is left')
  if (faults.length > 0) throw new Error(`${how()}: ${faults.join('; ')}`)
}

/** Dies at a step. @returns false when the life ended before that step */
function dies(disk: MemoryDisk, step: number, end: End, told: Told[]): boolean {
  disk.diesIn = step
  disk.end = end
  try {
    live(disk, told)
    disk.diesIn = Number.POSITIVE_INFINITY
    return false
  } catch (error) {
    if (!(error instanceof Death)) throw error
    disk.survive()
    return true
  }
}

function coin(seed: number): () => boolean {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state > 2_147_483_648
  }
}

/** Made anew for each life: a coin remembers. */
const ENDS: readonly (() => End)[] = [
  () => ({ kind: 'killed', half: false }),
  () => ({ kind: 'killed', half: true }),
  () => ({ kind: 'power-cut', keep: () => false }),
  () => ({ kind: 'power-cut', keep: () => true }),
  () => ({ kind: 'power-cut', keep: coin(1) }),
  () => ({ kind: 'power-cut', keep: coin(77) }),
  () => ({ kind: 'power-cut', keep: coin(4242) }),
]

function stepsOfALife(): number {
  const disk = diskWithEvents()
  live(disk, [])
  return disk.steps
}

describe('a machine that dies', () => {
  test('at every step, in every way, and again at every step of the next life', () => {
    let lives = 0
    for (let first = 1; first <= stepsOfALife(); first++) {
      for (const [i, firstEnd] of ENDS.entries()) {
        for (let second = 1; ; second++) {
          let died = true
          for (const [j, secondEnd] of ENDS.entries()) {
            const disk = diskWithEvents()
            const told: Told[] = []
            dies(disk, first, firstEnd(), told)
            died = dies(disk, second, secondEnd(), told)
            live(disk, told)
            expectWhole(disk, told, () => `died at ${first} (${i}), then at ${second} (${j})`)
            lives += 3
            if (!died) break
          }
          if (!died) break
        }
      }
    }
    expect(lives).toBeGreaterThan(100_000)
  }, 120_000)

  test('with a disk that refuses one step before', () => {
    for (let fails = 1; fails <= stepsOfALife(); fails++) {
      for (let step = 1; ; step++) {
        const disk = diskWithEvents()
        const told: Told[] = []
        disk.failsIn = fails
        const died = dies(disk, step, { kind: 'power-cut', keep: coin(step) }, told)
        disk.failsIn = Number.POSITIVE_INFINITY
        live(disk, told)
        expectWhole(disk, told, () => `refused ${fails}, died at ${step}`)
        if (!died) break
      }
    }
  }, 60_000)

  test('without the sync it would lose or invent something: the test can fail', () => {
    class Careless extends MemoryDisk {
      override sync(): void {}
    }
    const broken = () => {
      for (let step = 1; step <= stepsOfALife(); step++) {
        for (const end of ENDS) {
          const disk = Object.setPrototypeOf(diskWithEvents(), Careless.prototype) as MemoryDisk
          const told: Told[] = []
          dies(disk, step, end(), told)
          live(disk, told)
          expectWhole(disk, told, () => `died at ${step}`)
        }
      }
    }
    expect(broken).toThrow()
  })
})

describe('on a real disk', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  function open() {
    const root = mkdtempSync(join(tmpdir(), 'monitora-journal-'))
    folders.push(root)
    prepareDataFolder(dataPaths(root))
    return { root, journal: Journal.open(realDisk, root, 0) }
  }

  test('a commit stands in the files, and in the journal until it is emptied', () => {
    const { root, journal } = open()
    const state = join(root, 'state/hosts/a.json')
    journal.commit({ write: new Map([['state/hosts/a.json', 'one']]) }, { synced: true })
    journal.commit(
      { append: ['x\n', 'y\n'].map((text) => ({ file: 'history/a.jsonl', text })), remove: ['inbox/none'] },
      { synced: true },
    )
    expect(readFileSync(state, 'utf8')).toBe('one')
    expect(readFileSync(join(root, 'history/a.jsonl'), 'utf8')).toBe('x\ny\n')
    rmSync(state)
    Journal.open(realDisk, root, 0)
    expect(readFileSync(state, 'utf8')).toBe('one')
    expect(readFileSync(join(root, 'history/a.jsonl'), 'utf8')).toBe('x\ny\n')
    journal.tend(5000)
    expect(readFileSync(join(root, 'state/journal.jsonl'), 'utf8')).not.toBe('')
    journal.tend(10_000)
    expect(readFileSync(join(root, 'state/journal.jsonl'), 'utf8')).toBe('')
  })

  test('a line cut short anywhere never happened', () => {
    const { root, journal } = open()
    const file = join(root, 'state/journal.jsonl')
    journal.commit({ write: new Map([['state/hosts/a.json', 'first']]) }, { synced: true })
    const whole = readFileSync(file)
    journal.commit({ write: new Map([['state/hosts/a.json', 'second: é']]) }, { synced: true })
    const both = readFileSync(file)
    for (let length = whole.length; length < both.length; length++) {
      realDisk.truncate(file, 0)
      realDisk.writeAt(file, 0, both.toString('utf8', 0, length))
      Journal.open(realDisk, root, 0)
      expect(readFileSync(join(root, 'state/hosts/a.json'), 'utf8')).toBe('first')
    }
  })
})
