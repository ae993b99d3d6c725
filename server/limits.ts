/**
 * How often one client may speak: by host and by address, generous for heartbeats, tight for errors. So a client that
 * runs wild, or whoever found a public key, fills neither the disk nor anybody's day.
 */
import type { Deed } from './signal.ts'

export interface Limits {
  /** @returns seconds until it may be said again; `undefined`: go on */
  wait(deed: Deed, address: string | undefined): number | undefined
}
