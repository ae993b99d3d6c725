/** The job that the stories of runs are about, and what it may say. */
import type { Simulation } from '../../../test/simulation.ts'
import { type Script, three } from './story.ts'

export const MINUTE_MS = 60_000
/** A job of no fixed hours, at home; a run of it may take ten minutes. */
export const task = { rhythm: { timeoutMs: 24 * 3_600_000 }, runGraceMs: 10 * MINUTE_MS }
export const hosts = { ...three, task }
export const onlyByScript = { task: 0 }

export const start = (s: Simulation) => s.event('task', { kind: 'run-started', id: 'r1' })
export const success = (s: Simulation) => {
  s.event('task', { kind: 'run-ended', failed: false, ends: true, durationMs: 90_000 })
  s.signal('task')
}
export const failure = (s: Simulation) => {
  s.event('task', {
    kind: 'run-ended',
    failed: true,
    ends: true,
    exitStatus: 2,
    durationMs: 90_000,
    output: 'tar: no space',
  })
  s.event('task', { kind: 'status', status: 'failed', exitStatus: 2, output: 'a\ntar: no space' })
  s.signal('task')
}
export const well = (s: Simulation) => {
  s.event('task', { kind: 'status', status: 'ok' })
  success(s)
}
export const script = (...moments: readonly (readonly [second: number, what: (s: Simulation) => void])[]): Script =>
  Object.fromEntries([[10, (s: Simulation) => s.signal('task')], ...moments])
/** A job that is heard once at each of these moments. */
export const heard = (name: string, ...seconds: readonly number[]): Script =>
  Object.fromEntries(seconds.map((second) => [second, (s: Simulation) => s.signal(name)]))
/** The same at each of these moments. */
export function each(...args: [...seconds: number[], what: (s: Simulation) => void]): Script {
  const what = args.at(-1) as (s: Simulation) => void
  return Object.fromEntries(args.slice(0, -1).map((second) => [second as number, what]))
}
