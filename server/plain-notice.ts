/**
 * Points out, once for each host, that its password or token came over the internet unencrypted. Stands beside the way
 * of each heartbeat, so what was judged before costs one look; must not grow with the number of names.
 */
import type { Log } from '../shared/log.ts'
import { isPublic } from '../shared/sites.ts'

/** More than so many hosts are not judged: the log has said it often enough. */
const MOST_HOSTS = 10_000

/** @returns what is to be told of each request that came unencrypted: who spoke, and from where */
export function createPlainNotice(log: Pick<Log, 'warn'>): (who: string, address: string) => void {
  /** The address that each was last judged by. */
  const judged = new Map<string, string>()
  const told = new Set<string>()

  return (who, address) => {
    if (judged.get(who) === address || told.has(who)) return
    if (isPublic(address)) {
      if (told.size >= MOST_HOSTS) return
      judged.delete(who)
      told.add(who)
      log.warn(
        `${who} sends its password or token unencrypted, from ${address}: whoever is on the way can read it. Set ` +
          'server.tls, or put a proxy with TLS in front (docs/deployment.md), and begin its server address with https://',
      )
    } else if (judged.size < MOST_HOSTS || judged.has(who)) judged.set(who, address)
  }
}
