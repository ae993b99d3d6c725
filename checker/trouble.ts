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

/** What passes by itself is not worth waking anyone. */
const LASTS_MS = 5000
const TELL_EVERY_MS = 3_600_000
const DISK = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EACCES', 'EPERM'])

export function createTrouble({ config, clock, log, tellDirectly }: TroubleDeps) {
  let sinceMs: number | undefined
  let told: { readonly id: string; readonly at: number; readonly atMs: number; readonly why?: string } | undefined

  function tell(id: string, outage: string, facts: Pick<Alert, 'kind' | 'at'> & Partial<Alert>): void {
    const { name: monitor } = config
    tellDirectly({ id, outage, process: 'checker', hosts: [], tags: [], monitor, ...facts }).catch((failure: unknown) =>
      log.error(`nobody could be told: ${reasonOf(failure)}`),
    )
  }

  return {
    lasts: () => sinceMs !== undefined,

    met(error: unknown): void {
      const nowMs = clock.monotonic()
      if (sinceMs === undefined) log.error(`a round failed: ${reasonOf(error)}: trying again each second`)
      sinceMs ??= nowMs
      if (nowMs - sinceMs < LASTS_MS || (told && nowMs - told.atMs < TELL_EVERY_MS)) return
      const at = clock.now()
      const id = `monitor:trouble:${at.toString(36)}:1`
      const why = DISK.has((error as NodeJS.ErrnoException)?.code ?? '') ? 'disk' : undefined
      told = { id: told?.id ?? id, at: told?.at ?? at, atMs: nowMs, why }
      tell(id, told.id, { kind: 'process-down', at, sinceAt: told.at, why, detail: reasonOf(error) })
    },

    over(): void {
      if (sinceMs !== undefined) log.info('rounds succeed again')
      sinceMs = undefined
      if (!told) return
      const at = clock.now()
      const downMs = Math.max(0, at - told.at)
      const { id, at: sinceAt, why } = told
      tell(`monitor:trouble:${at.toString(36)}:2`, id, { kind: 'process-up', at, sinceAt, downMs, why })
      told = undefined
    },
  }
}
