/**
 * What a signal says: who reports, and what the machine knows of itself, so that a recovery can say why it was away.
 * Ages, never clock times: the clock of a small machine may lie after a start. What is unknown is left out.
 */
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { systemClock } from '../shared/clock.ts'
import { DEFAULT_INTERVAL_MS, type EndpointConfig } from './config.ts'

export interface Machine {
  /** Changes with every start of the machine. */
  boot(): string | undefined
  /** Since boot, time asleep included. */
  uptimeMs(): number | undefined
  /** Since boot, without the time asleep. */
  awakeMs(): number | undefined
}

/** What an agent that keeps running knows besides; one that cron starts for a single post knows none of it. */
interface Run {
  /** Posts that failed since the last success. */
  readonly unsent: number
  readonly event?: 'goodbye'
}

/** @returns the form of `POST /signal`; times in seconds */
export type Collect = (config: EndpointConfig, run?: Run) => URLSearchParams

/** /proc/uptime may be rounded up a little against the other clock; more below zero means that it is not of this boot. */
const ROUNDING_MS = 1000

export const thisMachine: Machine = {
  boot: () => attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
  uptimeMs: () => systemClock.uptime() ?? attempt(() => uptime() * 1000),
  // Only of Linux it is known that this clock begins with the machine and stands still while it sleeps.
  awakeMs: () => (process.platform === 'linux' ? Number(process.hrtime.bigint() / 1_000_000n) : undefined),
}

/** @param agent an id of this start */
export function createCollect(machine: Machine, { version, agent }: { version: string; agent: string }): Collect {
  const startedMs = machine.uptimeMs()
  return (config, run) => {
    const upMs = machine.uptimeMs()
    const { intervalMs = run && DEFAULT_INTERVAL_MS } = config
    const fields: Record<string, string | number | undefined> = {
      host: config.hostIsImplied ? undefined : config.host,
      site: config.site,
      interval: intervalMs && intervalMs / 1000,
      version,
      boot: machine.boot(),
      up: seconds(upMs),
      // In tenths: whole seconds could go back and forth between two values, as if it slept all the time.
      suspended: tenths(suspendedMs(upMs, machine.awakeMs())),
      ...(run && {
        agent,
        age: seconds(difference(upMs, startedMs)),
        unsent: run.unsent,
        event: run.event,
      }),
    }
    const known = Object.entries(fields).filter(([, value]) => value !== undefined)
    return new URLSearchParams(known.map(([key, value]): [string, string] => [key, String(value)]))
  }
}

function suspendedMs(upMs: number | undefined, awakeMs: number | undefined): number | undefined {
  // In a container the uptime may be the container's own, the other clock the machine's.
  const asleepMs = difference(upMs, awakeMs)
  return asleepMs !== undefined && asleepMs > -ROUNDING_MS ? Math.max(0, asleepMs) : undefined
}

function difference(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined || !Number.isFinite(ms) ? undefined : Math.round(ms / 1000)
}

function tenths(ms: number | undefined): number | undefined {
  return ms === undefined || !Number.isFinite(ms) ? undefined : Math.round(ms / 100) / 10
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
