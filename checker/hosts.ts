/**
 * Which hosts there are, with the settings in force: the registry, what the configuration says of a host (it wins, key
 * by key), and what the host says of itself (its interval, its site).
 */
import { join } from 'node:path'
import type { Config } from '../shared/config/load.ts'
import { type JsonObject, listNames, NOT_OURS, readJsonIfThere, stampOf } from '../shared/files.ts'
import { HOST_EXTENSION } from '../shared/host-file.ts'
import type { Log } from '../shared/log.ts'
import { isHostName } from '../shared/names.ts'
import {
  findRegistration,
  hasRhythm,
  isUnusable,
  mergedSettings,
  type Origin,
  type Registration,
  register,
  registeredNames,
  registeredSettings,
  registrationFile,
  registrationIn,
  type TokenHashes,
  tokenHashes,
  type Unusable,
} from '../shared/registry.ts'
import { type Report, readReport, reportFile, reportIn } from '../shared/report.ts'
import { createAlike } from './alike.ts'
import { type Gathered, readGathered } from './contents.ts'
import type { Host } from './core/host.ts'
import type { HostState } from './core/state.ts'
import { whenChanged } from './folders.ts'
import { complaintOf, NOT_JUDGED, registrationsRead, remembered } from './registered.ts'
import { resolveHost } from './resolve.ts'

/** @param known what the checker has a state of already */
export function createHosts(
  config: Config,
  now: () => number,
  known: (name: string) => Pick<HostState, 'name' | 'registeredAt'> | undefined,
  log: Pick<Log, 'warn'>,
) {
  const hosts = new Map<string, Host>()
  const alike = createAlike(config)
  /** What shows that the registration of a host was changed, or its report. */
  const registered = new Map<string, number>()
  const reported = new Map<string, number>()
  let edition = 0
  let editionLookedAt = 0
  /** Met once without a registration; a host that is being removed is gone by the next time. */
  let strangers = new Set<string>()
  const memory = registrationsRead(config.paths.registry)
  const whenRegistryChanged = whenChanged([config.paths.registry], now)
  const whenStrangersMayCome = whenChanged([config.paths.hosts, config.paths.registry], now)
  /** Something stands where their registration belongs, and cannot be used. */
  const unusable = new Map<string, Unusable>()
  /** What was said last of a host's registration. */
  const said = new Map<string, string>()

  const filesOf: Gathered['filesOf'] = (name) => [registrationFile(config.paths, name), reportFile(config.paths, name)]
  const read = (file: string) => readJsonIfThere(file, NOT_OURS)

  function refresh(asked: string): void {
    // Before they are read: what is written meanwhile is found the next time.
    const stamps = filesOf(asked).map(stampOf)
    take(asked, filesOf(asked).map(read), stamps)
  }

  function take(asked: string, contents: readonly (JsonObject | undefined)[], stamps: readonly number[]): void {
    // One string for all that is known of a host.
    const name = known(asked)?.name ?? asked
    const registration = registrationIn(name, contents[0]) ?? findRegistration(config.paths, name)
    if (!registration) return
    const report = reportIn(contents[1])
    registered.set(name, stamps[0]!)
    reported.set(name, stamps[1]!)
    if (isUnusable(registration)) {
      const before = hosts.get(name) ?? known(name)
      doWithout(name, registration, before?.registeredAt, report)
      return
    }
    unusable.delete(name)
    memory.set(name, remembered(registration))
    const ignored = accept(name, registration.registeredAt, report)
    if (ignored.length === 0) said.delete(name)
    else complain(name, `makes no sense in part, and is ignored there: ${ignored.join(', ')}`)
  }

  /** @param registeredAt `undefined`: nobody knows it */
  function doWithout(name: string, found: Unusable, registeredAt: number | undefined, report: Report): void {
    unusable.set(name, found)
    // An empty one is written anew, and that is said.
    if (found.why !== 'empty')
      complain(name, complaintOf(name, found, config.hosts.get(name), report, memory.has(name)))
    if (registeredAt !== undefined) accept(name, registeredAt, report)
  }

  /** @returns what is registered of it and makes no sense */
  function accept(name: string, registeredAt: number, report: Report): readonly string[] {
    const raw = memory.get(name)?.settings
    const { settings, ignored = [] } = raw ? registeredSettings(raw) : {}
    const merged = mergedSettings(config.hosts.get(name), settings)
    const host = resolveHost(config, { name, registeredAt }, merged, report, alike)
    const isJudged = !unusable.has(name) || memory.has(name) || hasRhythm(config.hosts.get(name), report)
    hosts.set(name, isJudged ? host : { ...host, ...NOT_JUDGED })
    return ignored
  }

  /** Once, until it is another complaint. */
  function complain(name: string, problem: string): void {
    if (said.get(name) === problem) return
    said.set(name, problem)
    log.warn(`${registrationFile(config.paths, name)}: ${problem}`)
  }

  /** Nothing can be registered of it: it is there, or may be again once it can be read, or somebody has repaired it. */
  function isThere(name: string): boolean {
    return hosts.has(name) && !isLost(name)
  }

  /** What is known of it is all that there was: nothing, or what was read before it was garbled. */
  function isLost(name: string): boolean {
    const found = unusable.get(name)
    return found?.why === 'empty' || (found?.garbled === true && memory.has(name))
  }

  function forget(name: string): void {
    hosts.delete(name)
    registered.delete(name)
    reported.delete(name)
    memory.delete(name)
    unusable.delete(name)
    said.delete(name)
  }

  /** A registration that was lost (a power cut, a garbled file) must not make another host of it: its outage goes on. */
  function registerAnew(name: string, origin: Origin, hashesOf: TokenHashes): void {
    const registeredAt = known(name)?.registeredAt ?? now()
    const restores = memory.has(name)
    const registration: Registration = { origin, ...memory.get(name), name, registeredAt }
    if (register(config.paths, registration, { restores, hashesOf }) === 'created') {
      const anew = `was empty, and is written anew without settings (monitora host edit ${name} gives it some)`
      if (unusable.has(name)) complain(name, restores ? 'is put back as it was read last' : anew)
      if (hosts.has(name)) refresh(name)
      return
    }
    const found = findRegistration(config.paths, name)
    if (isUnusable(found)) doWithout(name, found, registeredAt, readReport(config.paths, name))
  }

  return {
    all: hosts as ReadonlyMap<string, Host>,
    /** Reads a host's registration and report again. A host that went and came between two looks is found so. */
    refresh,

    /** Another number when something may have been registered anew, as far as the folder tells. */
    edition: () => edition,

    /** The same, only when one of their files changed. @returns whether it did */
    refreshIfChanged(name: string): boolean {
      const isSame =
        stampOf(reportFile(config.paths, name)) === reported.get(name) &&
        stampOf(registrationFile(config.paths, name)) === registered.get(name)
      if (!isSame) refresh(name)
      return !isSame
    },

    /** Something stands where its registration belongs, and cannot be used: nothing may tell of its repair. */
    isUnusable: (name: string) => unusable.has(name),

    /** What is registered of one host came, was changed or went. */
    hearOf(name: string): void {
      if (findRegistration(config.paths, name)) refresh(name)
      else forget(name)
    },

    /** Everyone, at the start. */
    load(): void {
      const { paths } = config
      const names = new Set(registeredNames(paths))
      for (const name of memory.keys()) if (!names.has(name)) memory.delete(name)
      readGathered(
        join(paths.state, 'registry.contents'),
        { names, filesOf, folder: paths.registry, read, take },
        now(),
      )
    },

    /** Hosts that the configuration names exist from now on, heard or not. @returns whether there are any new ones */
    registerConfigured(): boolean {
      const unknown = [...config.hosts.keys()].filter((name) => !isThere(name))
      const hashesOf = tokenHashes(config.paths)
      for (const name of unknown) registerAnew(name, 'config', hashesOf)
      return unknown.length > 0
    },

    /**
     * Compares with the registry folder.
     * @returns the names that came or went
     */
    sync(): string[] {
      const changed: string[] = []
      whenRegistryChanged(() => {
        edition++
        const listed = new Set(registeredNames(config.paths))
        for (const name of hosts.keys()) if (!listed.has(name)) changed.push(name)
        for (const name of [...changed, ...unusable.keys()]) if (!listed.has(name)) forget(name)
        for (const name of listed) {
          if (hosts.has(name)) continue
          refresh(name)
          if (hosts.has(name)) changed.push(name)
        }
        return hosts.size === listed.size
      })
      return changed
    },

    /**
     * Finds `.host` files of hosts that nobody registered: another program's, or an original installation's folder.
     * @param atOnce also those met for the first time
     * @returns whether there were any
     */
    adopt({ atOnce }: { atOnce: boolean }): boolean {
      let adopted = false
      const look = () => {
        const met = new Set<string>()
        const lost = [...unusable.keys()].filter((name) => hosts.has(name) && isLost(name))
        const hashesOf = tokenHashes(config.paths)
        for (const name of [...listNames(config.paths.hosts, HOST_EXTENSION), ...lost]) {
          if (isThere(name) || !isHostName(name)) continue
          if (atOnce || strangers.has(name)) {
            registerAnew(name, 'adopted', hashesOf)
            adopted = true
          } else met.add(name)
        }
        strangers = met
        return !adopted && met.size === 0
      }
      // What was lost may have been overwritten in its place, and who was forgotten may have gone before: no folder shows it.
      if (unusable.size > 0 || edition !== editionLookedAt) look()
      else whenStrangersMayCome(look)
      editionLookedAt = edition
      return adopted
    },
  }
}

export type Hosts = ReturnType<typeof createHosts>
