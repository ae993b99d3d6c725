/**
 * The shell of what applications report: takes a part of the error inbox → stepErrors → commits it whole → tells.
 * It stands beside the rounds that watch over hosts and runs after them, a little at a time. It must not decide
 * anything itself.
 */
import { join, relative } from 'node:path'
import type { Config } from '../../shared/config/load.ts'
import { readResolved } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { maintenanceUntil } from '../../shared/maintenance.ts'
import type { Silence } from '../../shared/silences.ts'
import { quietOf } from '../core/quiet.ts'
import type { Hosts } from '../hosts.ts'
import type { Journal } from '../journal.ts'
import { encode } from '../json.ts'
import { lettersOf } from '../letters.ts'
import { letterFile, type Outbox } from '../outbox.ts'
import { createErrorInbox } from './inbox.ts'
import { createErrorRetention } from './retention.ts'
import { type Project, stepErrors, TOLD_WITHIN_MS, type Told } from './step.ts'
import { createErrorStore } from './store.ts'

interface ErrorsDeps {
  readonly config: Config
  now(): number
  readonly journal: Pick<Journal, 'commit' | 'retry'>
  readonly outbox: Pick<Outbox, 'enqueue'>
  readonly hosts: Pick<Hosts, 'all'>
  silences(): readonly Silence[]
  readonly log: Pick<Log, 'info' | 'debug'>
}

export function createErrors({ config, now, journal, outbox, hosts, silences, log }: ErrorsDeps) {
  const { paths } = config
  const inbox = createErrorInbox(paths.inboxErrors)
  const store = createErrorStore(paths)
  const retention = createErrorRetention({
    paths,
    ...config.errors,
    commit: (commit) => journal.commit(commit, { synced: false }),
    forget: store.forget,
  })
  const told = new Map<string, Told>()
  const inData = (file: string) => relative(paths.root, join(paths.inboxErrors, file))

  function projectOf(name: string, at: number): Project {
    const host = hosts.all.get(name)
    const { alerted = config.alertedHosts?.has(name) ?? true, tags = config.hosts.get(name)?.tags ?? [] } = host ?? {}
    const { site, siteName } = host ?? {}
    const subject = {
      host: name,
      site,
      alerted,
      maintenanceUntil: (at: number) => maintenanceUntil(config, name, site, at),
    }
    return { quiet: quietOf(subject, silences(), at) !== undefined, tags, site, siteName }
  }

  return {
    /**
     * Handles a part of what waits.
     * @returns whether more does: then it wants to be called again, after others had their turn
     * @throws when the disk would not take it: then nothing happened
     */
    round(): boolean {
      // What the last round changed must be on disk before it is read again.
      journal.retry()
      const { files, events, more } = inbox.take()
      if (files.length === 0) return more
      const at = now()
      try {
        const input = {
          events,
          monitor: config.name,
          group: store.group,
          resolved: (project: string, group: string) => readResolved(paths, project, group),
          releases: store.releases,
          project: (name: string) => projectOf(name, at),
          told: (project: string) => told.get(project),
        }
        const result = stepErrors(input, at)
        const { write, overwrite, remove } = store.commitOf(result, more, at)
        const letters = lettersOf(result.alerts, config, at)
        for (const letter of letters) write.set(letterFile(letter), encode(letter))
        journal.commit({ write, overwrite, remove: [...remove, ...files.map(inData)] }, { synced: true })
        store.apply(result)
        for (const group of result.groups.values()) if (group.registeredAt === at) retention.added(group, overwrite)
        for (const [project, { sinceAt }] of told) if (at - sinceAt >= TOLD_WITHIN_MS) told.delete(project)
        for (const [project, window] of result.told) told.set(project, window)
        outbox.enqueue(letters)
        for (const { id, hosts, group, errorType, count } of result.alerts)
          log.info({ alert: id, group, count }, `error told: ${hosts[0]}, ${errorType ?? 'of no type'}`)
        if (more) log.debug({ events: events.length }, 'errors: more of them wait')
      } catch (error) {
        inbox.again()
        throw error
      }
      return more
    },

    /** To be called each second: forgets what is too old or too much, a little at a time. @throws when the disk refuses */
    tend: retention.tend,
  }
}
