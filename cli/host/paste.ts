/** What a new host's owner pastes: a line for each client that the server understands, and the files of our own. */
import { hostname } from 'node:os'
import type { Pasted } from '../../server/dialects/dialect.ts'
import { healthchecks } from '../../server/dialects/healthchecks.ts'
import { dialects } from '../../server/dialects/index.ts'
import type { Config } from '../../shared/config/load.ts'

/** Where the clients reach the server, as far as this box knows. A proxy before it has an address of its own. */
export function serverAddress({ server }: Pick<Config, 'server'>): string {
  const { address, port } = server.listen
  const everywhere = address === '0.0.0.0' || address === '::'
  const host = everywhere ? hostname() : address.includes(':') ? `[${address}]` : address
  return `${server.tls ? 'https' : 'http'}://${host}:${port}`
}

/** @returns the address without the slash at its end; `undefined` when it is none, or carries more than an address */
export function parseAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash !== '')
    return undefined
  return url.href.replace(/\/+$/, '')
}

/** @param schedule of the job; a host without one is no line of a crontab */
export function pasteLines(at: string, host: Pasted, schedule?: string): string {
  const { name, token } = host
  const parts: readonly (readonly [string, ...string[]])[] = [
    ...dialects.map(({ doc }): [string, string] => [doc.title, doc.paste(at, host)]),
    ...(schedule === undefined ? [] : [cronLine(schedule, at, host)]),
    ['endpoint.yml', `server: ${at}`, `host: ${name}`, `token: ${token}`],
    ['monitora run, with that endpoint.yml', `monitora run ${name} -- your-job`],
  ]
  return parts.map(([title, ...lines]) => [`# ${title}`, ...lines].join('\n')).join('\n\n')
}

function cronLine(schedule: string, at: string, host: Pasted): [string, string] {
  return ['cron', `${schedule} your-job && ${healthchecks.doc.paste(at, host)}`]
}
