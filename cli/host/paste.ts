/** What a new host's owner pastes: a line for each client that the server understands, and the files of our own. */
import { hostname } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import type { Pasted } from '../../server/dialects/dialect.ts'
import { healthchecks } from '../../server/dialects/healthchecks.ts'
import { dialects } from '../../server/dialects/index.ts'
import type { Config } from '../../shared/config/load.ts'
import { projectFolder } from '../project.ts'

/** Whole paths, for cron knows neither our folder nor another way to us. */
const PROJECT = projectFolder(import.meta.dirname)

/** Where the clients reach the server, as far as this box knows. A proxy before it has an address of its own. */
export function serverAddress({ server }: Pick<Config, 'server'>): string {
  const { address, port } = server.listen
  const everywhere = address === '0.0.0.0' || address === '::'
  const host = everywhere ? hostname() : address.includes(':') ? `[${address}]` : address
  return `${server.tls ? 'https' : 'http'}://${host}:${port}`
}

/**
 * @param at what `serverAddress` found
 * @returns whether it leads to this box from this box alone, or by a bare name, which few networks know
 */
export function isNearby(at: string): boolean {
  return /^https?:\/\/(?:127\.[\d.]+|\[::1\]|localhost\.[^:]+|[^.:[]+):\d+$/.test(at)
}

/** @returns the address without the slash at its end; `undefined` when it is none, or carries more than an address */
export function parseAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash !== '')
    return undefined
  return url.href.replace(/\/+$/, '')
}

/** @param job a host without a schedule is no line of a crontab */
export function pasteLines(
  at: string,
  host: Pasted,
  job?: { readonly schedule: string; readonly timezone: string },
): string {
  const { name, token } = host
  const ownFile = join(PROJECT, `endpoint-${name}.yml`)
  // Before the two dashes it would be an option; a second pair would be the job.
  const what = name.startsWith('-') ? `-- ${name} your-job` : `${name} -- your-job`
  const run = `${shellWord(join(PROJECT, 'monitora'))} run --config ${shellWord(ownFile)} ${what}`
  const parts: readonly (readonly [string, ...string[]])[] = [
    ...dialects.map(({ doc }): [string, string] => [doc.title, doc.paste(at, host)]),
    ...(job && isForAnyCron(job.schedule)
      ? [[`cron, in ${job.timezone}`, cronLine(job.schedule, at, host)] as const]
      : []),
    ['endpoint.yml', `server: ${at}`, `host: ${yamlText(name)}`, `token: ${yamlText(token)}`],
    [`monitora run, from a checkout on the machine of the job, with those lines in ${ownFile}`, run],
  ]
  return parts.map(([title, ...lines]) => [`# ${title}`, ...lines].join('\n')).join('\n\n')
}

/** `L`, `W`, `#` and `?` are beyond the cron of most machines; names of days and months are not. */
function isForAnyCron(schedule: string): boolean {
  const fields = schedule.trim()
  return /^@\w+$/.test(fields) || /^[\d\s*,/-]+$/.test(fields.replace(/\b[a-z]{3}\b/gi, ''))
}

/** A nickname in capitals is one to us, and not to most machines' cron. */
function cronLine(schedule: string, at: string, host: Pasted): string {
  const fields = schedule.trim().replace(/\s+/g, ' ')
  return `${fields.startsWith('@') ? fields.toLowerCase() : fields} your-job && ${healthchecks.doc.paste(at, host)}`
}

/** In quotes when YAML would read something else: a number, a date, nothing. */
function yamlText(text: string): string {
  return load(text) === text ? text : JSON.stringify(text)
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
