/**
 * Which channels hear an alert: those of its host or site, else the defaults, else all; and of these, those that want
 * it. Pure.
 */
import type { Alert, AlertKind } from '../../shared/alert.ts'
import type { Config } from '../../shared/config/load.ts'

type Routes = Pick<Config, 'channels' | 'hosts' | 'sites' | 'defaults'>

export function channelsFor(alert: Alert, config: Routes): string[] {
  const { channels } = config
  const named = namedFor(alert, config) ?? config.defaults.channels ?? [...channels.keys()]
  // It ends a process-down: who heard of that hears of this.
  const ends = alert.kind === 'monitor-was-down' && alert.outage !== alert.id
  const kinds: readonly AlertKind[] = ends ? [alert.kind, 'process-up'] : [alert.kind]
  return [...new Set(named)].filter((name) => {
    const channel = channels.get(name)
    if (!channel) return false
    const kind = channel.kinds?.some((wanted) => kinds.includes(wanted)) ?? true
    // What concerns the monitor concerns everyone.
    const tag = alert.id.startsWith('monitor:') || (channel.tags?.some((wanted) => alert.tags.includes(wanted)) ?? true)
    return kind && tag
  })
}

/** A site's alert goes where any of its hosts' own would go, unless the site says otherwise. */
function namedFor({ id, hosts, site, missing = [] }: Alert, { hosts: settings, sites, defaults, channels }: Routes) {
  const ofSite = site === undefined ? undefined : sites.get(site)?.channels
  if (id.startsWith('monitor:')) return undefined
  if (!id.startsWith('site:')) return settings.get(hosts[0] ?? '')?.channels ?? ofSite
  // Who stays away goes on by itself: those who will hear of that hear of it now.
  if (ofSite) return [...ofSite, ...missing.flatMap((name) => settings.get(name)?.channels ?? [])]
  const others = defaults.channels ?? [...channels.keys()]
  return hosts.flatMap((name) => settings.get(name)?.channels ?? others)
}
