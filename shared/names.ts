/** The one check of a name that will become part of a path. Every door uses it: HTTP, configuration, chat, command line. */

/** Longer names are refused, so that a path always fits. */
const HOST_NAME = /^[A-Za-z0-9_-]{1,64}$/

export function isHostName(name: unknown): name is string {
  return typeof name === 'string' && HOST_NAME.test(name)
}

/** The machine's name up to the first dot, with what a name may not hold replaced; `host` when nothing remains. */
export function hostNameOf(machine: string): string {
  const name = machine
    .split('.', 1)[0]!
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
  return name === '' ? 'host' : name
}
