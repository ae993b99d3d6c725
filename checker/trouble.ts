/**
 * When the disk refuses a round: logged once until it is over, and told directly, past the outbox that cannot be
 * written, once an hour.
 */
import type { Alert } from '../shared/alert.ts'
import type { Clock } from '../shared/clock.ts'
import type { Config } from '../shared/config/load.ts'
import { type Log, reasonOf } from '../shared/log.ts'

export interface TroubleDeps {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  tellDirectly(alert: Alert): Promise<void>
}

const TELL_EVERY_MS = 3_600_000
const DISK = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EACCES', 'EPERM'])

export function createTrouble({ config, clock, log, tellDirectly }: TroubleDeps) {
  let failing = false
  let toldAt = Number.NEGATIVE_INFINITY

  return {
    met(error: unknown): void {
      if (!failing) log.error(`a round failed: ${reasonOf(error)}: trying again each second`)
      failing = true
      const isDisk = DISK.has((error as NodeJS.ErrnoException)?.code ?? '')
      if (!isDisk || clock.monotonic() - toldAt < TELL_EVERY_MS) return
      toldAt = clock.monotonic()
      const at = clock.now()
      const id = `monitor:disk:${at.toString(36)}:1`
      const facts = { kind: 'process-down', process: 'checker', hosts: [], tags: [], monitor: config.name, at } as const
      tellDirectly({ id, outage: id, ...facts }).catch((failure: unknown) =>
        log.error(`nobody could be told: ${reasonOf(failure)}`),
      )
    },

    over(): void {
      if (failing) log.info('rounds succeed again')
      failing = false
    },
  }
}
