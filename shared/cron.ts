/** Cron patterns, read as the cron of a machine reads them. */
import { Cron } from 'croner'

/**
 * Where both the day of the month and that of the week are restricted, either will do; where one of them begins with
 * `*`, and be it with a step, both must fit (crontab(5)).
 * @param pattern five fields, or a nickname such as `@daily`
 * @param timezone without one: the machine's
 * @throws for a pattern that there is none of; for a time zone, not before it is asked when it comes
 */
export function cronOf(pattern: string, timezone?: string): Cron {
  const [, , dayOfMonth = '', , dayOfWeek = ''] = pattern.trim().split(/\s+/)
  const domAndDow = dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*')
  return new Cron(pattern, { timezone, paused: true, domAndDow })
}
