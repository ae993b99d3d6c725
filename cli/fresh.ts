/**
 * The configuration of a first start: this machine watched, alerts on the screen, credentials that nobody else has.
 * Never replaces a file.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readYaml } from '../shared/config/yaml.ts'
import { CliError } from './command.ts'

export const FRESH_LISTEN = { address: '0.0.0.0', port: 1234 }
const URL = `http://127.0.0.1:${FRESH_LISTEN.port}`

interface Credentials {
  readonly user: string
  readonly password: string
}

/** @returns the names of the files that were written */
export function writeFresh(folder: string): string[] {
  const endpoint = join(folder, 'endpoint.yml')
  const kept = existsSync(endpoint)
  const credentials = (kept ? credentialsOf(endpoint) : undefined) ?? {
    user: 'home',
    password: randomBytes(18).toString('base64url'),
  }
  write(join(folder, 'monitora.yml'), monitoraYml(credentials))
  if (kept) return ['monitora.yml']
  write(endpoint, endpointYml(credentials))
  return ['monitora.yml', 'endpoint.yml']
}

/** Those of an endpoint that was here before, if it means this very server: another password would lock it out. */
function credentialsOf(file: string): Credentials | undefined {
  try {
    const { server, user, password } = readYaml(file, 'endpoint.example.yml') as Record<string, unknown>
    const plain = (value: unknown): value is string => typeof value === 'string' && /^[\w.-]+$/.test(value)
    return server === URL && plain(user) && plain(password) ? { user, password } : undefined
  } catch {
    return undefined
  }
}

function monitoraYml({ user, password }: Credentials): string {
  return `# Written at the first start. monitora.example.yml shows all that can stand here; an edit takes effect at once.
data: ./data
server:
  listen: ${FRESH_LISTEN.address}:${FRESH_LISTEN.port}
  user: "${user}"
  password: "${password}"
defaults:
  timeout: 1m
channels:
  screen:
    type: console
`
}

function endpointYml({ user, password }: Credentials): string {
  return `# Written at the first start: how this machine tells the server that it is there.
# On another machine, the same with this machine's address in place of 127.0.0.1 (endpoint.example.yml shows the rest).
server: ${URL}
user: "${user}"
password: "${password}"
interval: 10s
`
}

function write(file: string, content: string): void {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CliError(`${file}: cannot be written: ${code} (start in a folder that is yours)`)
  }
}
