/**
 * Who watches the checker: the bot. No pulse of it for a minute, and the chats are told, once, by the bot itself; and
 * when it is over. What was told is kept in a file, so that a restart of the bot repeats nothing.
 */
import { join } from 'node:path'
import { readJsonIfThere, removeIfThere, replaceFile } from '../shared/files.ts'
import type { Format } from '../shared/i18n/format.ts'
import type { BotTexts } from '../shared/i18n/index.ts'
import type { DataPaths } from '../shared/paths.ts'
import { readPulse } from '../shared/pulse.ts'

export interface CheckerWatchDeps {
  readonly paths: DataPaths
  readonly texts: BotTexts
  readonly format: Format
  readonly now: () => number
  /** Whether the disk took this process's own pulse: if not, that of the checker says nothing of the checker. */
  canWrite(): boolean
  /** @returns whether any chat took it */
  announce(text: string): Promise<boolean>
}

const SILENT_MS = 60_000
/** Telegram may be out of reach as well. */
const AGAIN_AFTER_MS = 30_000

/** @returns what is to be called each second; it resolves when what it had to tell was told, or could not be */
export function createCheckerWatch(deps: CheckerWatchDeps): () => Promise<void> {
  const { paths, texts, format, now, canWrite, announce } = deps
  const file = join(paths.alive, 'checker-is-down.json')
  let lookingSinceAt = now()
  let lookedAt = now()
  let triedAt = Number.NEGATIVE_INFINITY
  let busy = false
  /** NaN: it is not known to be down. In memory too, for the disk may be what stopped the checker. */
  let toldSinceAt = Date.parse(String(readJsonIfThere(file)?.since))

  return async () => {
    const at = now()
    // We slept, or the clock was set: only what we saw ourselves counts against the checker.
    if (Math.abs(at - lookedAt) > 5000) lookingSinceAt = at
    lookedAt = at
    if (busy || Math.abs(at - triedAt) < AGAIN_AFTER_MS) return

    const lastPulseAt = readPulse(paths, 'checker')
    // A pulse from the future was written before the clock was set back: it tells nothing of now.
    const pulseAt = lastPulseAt !== undefined && lastPulseAt <= at ? lastPulseAt : undefined
    const down = at - Math.max(pulseAt ?? 0, lookingSinceAt) >= SILENT_MS
    const runs = pulseAt !== undefined && Math.abs(at - pulseAt) < SILENT_MS && pulseAt !== toldSinceAt
    const sinceAt = pulseAt ?? lookingSinceAt
    if (Number.isNaN(toldSinceAt) ? !down : !runs) return

    busy = true
    triedAt = at
    const text = runs
      ? texts.checkerUp(format.span(Math.max(0, at - toldSinceAt)))
      : texts.checkerDown[restOfUs(at)](format.clock(sinceAt, at))
    const told = await announce(text)
    busy = false
    if (!told) return
    triedAt = Number.NEGATIVE_INFINITY
    toldSinceAt = runs ? Number.NaN : sinceAt
    if (runs) removeIfThere(file)
    else replaceFile(file, `${JSON.stringify({ since: new Date(sinceAt).toISOString() })}\n`)
  }

  function restOfUs(at: number): 'hears' | 'deaf' | 'disk' {
    if (!canWrite()) return 'disk'
    return Math.abs(at - (readPulse(paths, 'server') ?? 0)) < SILENT_MS ? 'hears' : 'deaf'
  }
}
