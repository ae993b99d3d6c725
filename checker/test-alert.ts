/** `--test-alert`: sends one alert through the channels as they are configured, past the outbox, and says how it went. */
import type { Alert } from '../shared/alert.ts'
import type { Config } from '../shared/config/load.ts'
import { reasonOf } from '../shared/log.ts'
import type { OutboxDeps } from './outbox.ts'

/** @returns the exit code: 0 when every channel took it */
export async function sendTestAlert(
  config: Config,
  channels: OutboxDeps['channels'],
  only: string | undefined,
  now: number,
): Promise<number> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const names = only === undefined ? [...channels.keys()] : [only]
  if (names.length === 0) {
    say(`${config.file}: channels: there is none to test`)
    return 1
  }
  let failed = 0
  for (const name of names) {
    const found = channels.get(name)
    if (!found) {
      say(`${name}: no such channel (there are: ${[...channels.keys()].join(', ') || 'none'})`)
      return 1
    }
    const id = `monitor:test:${now.toString(36)}:1`
    const alert: Alert = { id, outage: id, kind: 'test', hosts: [], tags: [], monitor: config.name, at: now }
    try {
      await found.channel.send(found.wording.word(alert, now), AbortSignal.timeout(30_000))
      say(`${name}: sent`)
    } catch (error) {
      failed++
      say(`${name}: failed: ${reasonOf(error)}`)
    }
  }
  return failed === 0 ? 0 : 1
}
