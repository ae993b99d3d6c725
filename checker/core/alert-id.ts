/** The id of an alert: whose it is, which one of that name, and its number. It never comes again. */

/** A project's name and the group of an error; all others are shorter. */
const LONGEST = 81

/**
 * @param name of the subject; a site's or the monitor's own may hold anything, an id may not: it becomes a file name
 * @param registeredAt tells this subject from an earlier one of the same name
 */
export function alertId(
  subject: 'host' | 'site' | 'monitor' | 'error',
  name: string,
  registeredAt: number,
  number: number,
): string {
  const safe = name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, LONGEST)
  return `${subject}:${safe}:${registeredAt.toString(36)}:${number}`
}
