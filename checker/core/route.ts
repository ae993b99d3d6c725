/** Which channels hear an alert: those of its host, else the defaults, else all; and of these, those that want it. Pure. */
import type { Alert, AlertKind } from '../../shared/alert.ts'
import type { Config } from '../../shared/config/load.ts'

export function channelsFor(
  alert: Alert,
  { channels, hosts, defaults }: Pick<Config, 'channels' | 'hosts' | 'defaults'>,
): string[] {
  const own = alert.hosts.length === 1 ? hosts.get(alert.hosts[0]!)?.channels : undefined
  const named = own ?? defaults.channels ?? [...channels.keys()]
  // It ends a process-down: who heard of that hears of this.
  const ends = alert.kind === 'monitor-was-down' && alert.outage !== alert.id
  const kinds: readonly AlertKind[] = ends ? [alert.kind, 'process-up'] : [alert.kind]
  return [...new Set(named)].filter((name) => {
    const channel = channels.get(name)
    if (!channel) return false
    const kind = channel.kinds?.some((wanted) => kinds.includes(wanted)) ?? true
    // What concerns no host concerns everyone.
    const tag = alert.hosts.length === 0 || (channel.tags?.some((wanted) => alert.tags.includes(wanted)) ?? true)
    return kind && tag
  })
}
