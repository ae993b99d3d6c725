/** What a round tells, as letters: one for each channel that an alert goes to. Pure. */
import type { Alert } from '../shared/alert.ts'
import type { Config } from '../shared/config/load.ts'
import { onceEach } from './channels/destination.ts'
import { channelsFor } from './core/route.ts'
import type { Letter } from './outbox.ts'

/** @param at from when on they may be sent, epoch milliseconds */
export function lettersOf(alerts: readonly Alert[], config: Config, at: number): Letter[] {
  return alerts.flatMap((alert) =>
    onceEach(channelsFor(alert, config), config.channels).map(
      (channel): Letter => ({ alert, channel, tries: 0, nextTryAt: at }),
    ),
  )
}
