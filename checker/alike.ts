/**
 * What many hosts have in common is one object in memory: a hundred thousand of them shall fit into little of it.
 * Belongs to one configuration; what it gives out must not be changed.
 */
import type { Config } from '../shared/config/load.ts'
import { maintenanceUntil } from '../shared/maintenance.ts'
import type { Rhythm } from '../shared/rhythm.ts'
import type { Host } from './core/host.ts'
import type { Damping } from './core/unstable.ts'

/** Clients may declare any rhythm: they fill no more than this. */
const MOST_RHYTHMS = 10_000

type Unstable = Config['defaults']['unstable']

export function createAlike(config: Config) {
  const rhythms = new Map<string, Rhythm>()
  const dampings = new Map<Unstable, Damping>()
  const windows = new Map<string | undefined, Host['maintenanceUntil']>()

  return {
    rhythm(rhythm: Rhythm): Rhythm {
      if (rhythm.schedule) return rhythm
      const key = `${rhythm.timeoutMs} ${rhythm.intervalMs}`
      const known = rhythms.get(key)
      if (known) return known
      if (rhythms.size >= MOST_RHYTHMS) rhythms.clear()
      rhythms.set(key, rhythm)
      return rhythm
    },

    damping(unstable: Unstable): Damping {
      const known = dampings.get(unstable)
      if (known) return known
      const damping = { changes: unstable.changes, withinMs: unstable.within }
      dampings.set(unstable, damping)
      return damping
    },

    /** Hosts without windows of their own share those of their site, and most sites those of the defaults. */
    maintenance(name: string, site: string | undefined): Host['maintenanceUntil'] {
      if (config.hosts.get(name)?.maintenance) return (now) => maintenanceUntil(config, name, site, now)
      const key = site !== undefined && config.sites.get(site)?.maintenance ? site : undefined
      const known = windows.get(key)
      if (known) return known
      const until = (now: number) => maintenanceUntil(config, undefined, key, now)
      windows.set(key, until)
      return until
    },
  }
}

export type Alike = ReturnType<typeof createAlike>
