/**
 * Looks at every .host file once in a while, some each second: those of other programs ring no bell, and the gaps between
 * a host's signals show here.
 */
import { readHostFile } from '../shared/host-file.ts'
import type { World } from './core/world.ts'
import type { Hosts } from './hosts.ts'
import { attempt } from './readings.ts'

const EVERY_S = 60
/** While somebody is waited for (after an absence of ours, or when nobody is heard), we want to know soon who is back. */
const HURRIED_S = 5

interface SweepDeps {
  readonly hosts: Hosts
  readonly world: Readonly<World>
  fileOf(name: string): string
}

/** @returns to be called each second: adds the names of those who changed, and says whether another turn began */
export function createSweep({ hosts, world, fileOf }: SweepDeps): (names: Set<string>) => boolean {
  let unswept: string[] = []
  let perBeat = 0
  return (names) => {
    const begins = unswept.length === 0
    if (begins) {
      hosts.registerConfigured()
      hosts.adopt({ atOnce: false })
      for (const name of hosts.sync()) names.add(name)
      unswept = [...hosts.all.keys()]
      const hurried = world.monitor.absence ?? world.monitor.unreachable
      perBeat = Math.ceil(unswept.length / (hurried ? HURRIED_S : EVERY_S))
    }
    for (const name of unswept.splice(-perBeat || unswept.length)) {
      if (hosts.refreshIfChanged(name)) names.add(name)
      const heard = attempt(() => readHostFile(fileOf(name)))
      if (heard !== (world.heard.get(name) ?? Number.NaN) / 1000) names.add(name)
    }
    return begins
  }
}
