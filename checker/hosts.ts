/**
 * Which hosts there are, with the settings in force: the registry, what the configuration says of a host (it wins, key
 * by key), and what the host says of itself (its interval, its site).
 */
import { Cron } from 'croner'
import type { Config } from '../shared/config/load.ts'
import { listNames } from '../shared/files.ts'
import { HOST_EXTENSION } from '../shared/host-file.ts'
import { isHostName } from '../shared/names.ts'
import { type Origin, type Registration, readRegistration, register, registeredNames } from '../shared/registry.ts'
import { readReport } from '../shared/report.ts'
import type { Schedule } from './core/due.ts'
import type { Host } from './core/host.ts'

/** A host is not silent before it could have missed three signals by its own account. */
const INTERVALS_MISSED = 3
const DEFAULT_GRACE_MS = 3_600_000

/** @param knownSince when a host was registered that the checker has a state of already, epoch milliseconds */
export function createHosts(config: Config, now: () => number, knownSince: (name: string) => number | undefined) {
  const registrations = new Map<string, Registration>()
  const hosts = new Map<string, Host>()
  /** Met once without a registration; a host that is being removed is gone by the next time. */
  let strangers = new Set<string>()

  function refresh(name: string): void {
    const registration = readRegistration(config.paths, name)
    if (!registration) return
    registrations.set(name, registration)
    hosts.set(name, resolve(config, registration))
  }

  /** A registration that was lost (a power cut, a garbled file) must not make another host of it: its outage goes on. */
  function registerAnew(name: string, origin: Origin): void {
    register(config.paths, { name, registeredAt: knownSince(name) ?? now(), origin })
  }

  return {
    all: hosts as ReadonlyMap<string, Host>,

    /** Reads a host's registration and report again. A host that went and came between two looks is found so. */
    refresh,

    /** Hosts that the configuration names exist from now on, heard or not. */
    registerConfigured(): void {
      for (const name of config.hosts.keys()) {
        if (registrations.has(name)) continue
        registerAnew(name, 'config')
      }
    },

    /**
     * Compares with the registry folder.
     * @returns the names that came or went
     */
    sync(): string[] {
      const { paths } = config
      const listed = new Set(registeredNames(paths))
      const changed: string[] = []
      for (const name of registrations.keys()) {
        if (listed.has(name)) continue
        registrations.delete(name)
        hosts.delete(name)
        changed.push(name)
      }
      for (const name of listed) {
        if (registrations.has(name)) continue
        refresh(name)
        if (registrations.has(name)) changed.push(name)
      }
      return changed
    },

    /**
     * Finds `.host` files of hosts that nobody registered: another program's, or an original installation's folder.
     * @param atOnce also those met for the first time
     */
    adopt({ atOnce }: { atOnce: boolean }): void {
      const met = new Set<string>()
      for (const name of listNames(config.paths.hosts, HOST_EXTENSION)) {
        if (registrations.has(name) || !isHostName(name)) continue
        if (atOnce || strangers.has(name)) registerAnew(name, 'adopted')
        else met.add(name)
      }
      strangers = met
    },
  }
}

function resolve(config: Config, { name, registeredAt }: Registration): Host {
  const settings = config.hosts.get(name) ?? {}
  const { intervalMs, site, address } = readReport(config.paths, name)
  const { timeout, reminder } = config.defaults
  return {
    name,
    registeredAt,
    rhythm: {
      timeoutMs: settings.timeout ?? Math.max(timeout, INTERVALS_MISSED * (intervalMs ?? 0)),
      schedule: settings.schedule === undefined ? undefined : scheduleOf(settings.schedule, settings, config.timezone),
      intervalMs,
    },
    reminderMs: settings.reminder ?? reminder,
    alerted: config.alertedHosts?.has(name) ?? true,
    site: settings.site ?? site,
    tags: settings.tags ?? [],
    note: settings.note,
    address,
  }
}

function scheduleOf(
  pattern: string,
  { timezone, grace }: { timezone?: string; grace?: number },
  local: string,
): Schedule {
  const cron = new Cron(pattern, { timezone: timezone ?? local, paused: true })
  return {
    next: (afterAt) => cron.nextRun(new Date(afterAt))?.getTime(),
    graceMs: grace ?? DEFAULT_GRACE_MS,
  }
}
