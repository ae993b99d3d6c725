/**
 * Reads endpoint.yml: how this machine reports, and where. Also an original's file, with its flat upper-case keys.
 * It checks by hand, for the agent must stay small: no schema library here, nor in what this imports.
 */
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Environment, readEnvironment, substitute } from '../shared/config/environment.ts'
import { ConfigError, describe, type Problem } from '../shared/config/problems.ts'
import { readYaml } from '../shared/config/yaml.ts'
import { versionOf } from '../shared/files.ts'
import { hostNameOf, isHostName } from '../shared/names.ts'
import { parseSpan } from '../shared/spans.ts'
import { TOKEN, TOKEN_EXPECTED } from '../shared/tokens.ts'

/** A user and a password are all hosts', a token is one host's own. */
type Credentials =
  | { readonly user: string; readonly password: string; readonly token?: undefined }
  | { readonly token: string; readonly user?: undefined; readonly password?: undefined }

export type EndpointConfig = Credentials & {
  /** The file that this was read from. */
  readonly file: string
  /** Which state of the file it was: {@link versionOf}. */
  readonly version: string
  /** Where the signals go, `/signal` included. */
  readonly url: string
  readonly host: string
  /** The file names no host, and the server knows it by the token: that name counts, not this machine's. */
  readonly hostIsImplied?: boolean
  readonly site?: string
  /** `undefined` when the file does not say: under cron nothing must be promised that the schedule does not keep. */
  readonly intervalMs?: number
}

export interface EndpointConfigSource {
  /** What `--config` named. */
  readonly file?: string
  readonly env?: Environment
  readonly folder?: string
}

type Setting = 'server' | 'host' | 'site' | 'user' | 'password' | 'token' | 'interval'

export const DEFAULT_INTERVAL_MS = 30_000
const LONGEST_INTERVAL_MS = 86_400_000
const DEFAULT_PORT = 1234

const EXPECTED: Readonly<Record<Setting, string>> = {
  server: 'a URL such as http://box.example.com:1234, without user and password',
  host: 'a name of letters, digits, _ and - (64 at most)',
  site: 'text that is not empty',
  user: 'text that is not empty and has no colon',
  password: 'text that is not empty',
  token: TOKEN_EXPECTED,
  interval: 'a span such as 30s or 5m, or a number of seconds (1 s to 1 d)',
}

/** The original knows no sites and no tokens. */
const ORIGINAL_KEYS: Readonly<Partial<Record<Setting, string>>> = {
  server: 'SERVER',
  host: 'HOST',
  user: 'USER',
  password: 'PWD',
  interval: 'INTERVAL',
}

/** What to call this machine in words: where the token says who it is, its name is not known here. */
export function nameOf({ host, hostIsImplied }: Pick<EndpointConfig, 'host' | 'hostIsImplied'>): string {
  return hostIsImplied ? 'this machine' : host
}

/** @throws ConfigError with every problem found */
export function loadEndpointConfig(source: EndpointConfigSource = {}): EndpointConfig {
  const env = source.env ?? process.env
  const file = findEndpointConfig({ ...source, env })
  const version = versionOf(file)
  const raw = readYaml(file, 'endpoint.example.yml')
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    // What was found may be a password without its key.
    throw new ConfigError(file, [{ path: '', text: 'expected settings such as server:, user: and password:' }])
  }
  const problems: Problem[] = []
  const filled = substitute(raw, readEnvironment(env, dirname(file)), problems) as Record<string, unknown>
  const config = check({ file, version }, filled, problems)
  if (!config || problems.length > 0) throw new ConfigError(file, problems)
  return config
}

/** @throws ConfigError when there is none */
function findEndpointConfig({ file, env = {}, folder = process.cwd() }: EndpointConfigSource): string {
  const named = file ?? env.MONITORA_ENDPOINT_CONFIG
  if (named !== undefined) return resolve(folder, named)
  const places = [join(folder, 'endpoint.yml'), '/etc/monitora/endpoint.yml']
  const found = places.find((place) => existsSync(place))
  if (found) return found
  const looked = `looked for ${places.join(', ')}; name one with --config FILE or MONITORA_ENDPOINT_CONFIG`
  throw new ConfigError('endpoint.yml', [{ path: '', text: `not found (${looked})` }])
}

function check(
  origin: Pick<EndpointConfig, 'file' | 'version'>,
  raw: Record<string, unknown>,
  problems: Problem[],
): EndpointConfig | undefined {
  const names = Object.keys(raw)
  const isOriginal = names.length > 0 && names.every((name) => /^[A-Z_]+$/.test(name))
  const known = isOriginal ? Object.values(ORIGINAL_KEYS) : Object.keys(EXPECTED)
  for (const name of names) if (!known.includes(name)) problems.push({ path: name, text: 'unknown key (a typo?)' })

  const take = <T>(setting: Setting, read: (value: unknown) => T | undefined, { needed = false } = {}) => {
    const path = isOriginal ? ORIGINAL_KEYS[setting] : setting
    if (path === undefined || (!needed && !names.includes(path))) return undefined
    // What could not be filled in is a problem already.
    if (problems.some((problem) => problem.path === path)) return undefined
    const found = raw[path]
    const value = read(found)
    if (found === undefined) problems.push({ path, text: `missing: expected ${EXPECTED[setting]}` })
    else if (value === undefined)
      problems.push({ path, text: `found ${shown(setting, found)}, expected ${EXPECTED[setting]}` })
    return value
  }
  const url = take('server', (value) => signalUrl(isOriginal ? withScheme(value) : value), { needed: true })
  const host = take('host', (value) => [text(value)].find(isHostName)) ?? hostNameOf(hostname())
  const site = take('site', text)
  const intervalMs = take('interval', interval)
  const common = { ...origin, host, site, intervalMs }
  const hasToken = !isOriginal && names.includes('token')
  if (hasToken && (names.includes('user') || names.includes('password')))
    problems.push({ path: 'token', text: 'found beside user or password, expected one or the other' })
  const token = hasToken ? take('token', (value) => [text(value)].find((found) => TOKEN.test(found ?? ''))) : undefined
  // The colon would end the user's name in the header, and the server would read another one.
  const user = take('user', (value) => [text(value)].find((name) => name?.includes(':') === false), {
    needed: !hasToken,
  })
  const password = take('password', text, { needed: !hasToken })
  if (url === undefined) return undefined
  if (token !== undefined) return { ...common, url, token, hostIsImplied: !names.includes('host') }
  return user === undefined || password === undefined ? undefined : { ...common, url, user, password }
}

/** YAML reads an unquoted 1234 as a number; as a password it is the same thing. */
function text(value: unknown): string | undefined {
  const found = typeof value === 'number' ? String(value) : value
  return typeof found === 'string' && found !== '' ? found : undefined
}

function interval(value: unknown): number | undefined {
  const ms = parseSpan(value)
  return ms !== undefined && ms <= LONGEST_INTERVAL_MS ? ms : undefined
}

function signalUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined
  const url = new URL(value)
  const { protocol, username, password, search, hash } = url
  if (!/^https?:$/.test(protocol) || username + password + search + hash !== '') return undefined
  const path = url.pathname.replace(/\/+$/, '')
  url.pathname = path.endsWith('/signal') ? path : `${path}/signal`
  return url.href
}

/** What the original takes for a server: `10.0.0.5`, `box.example.com:8080`, `http://box/signal`. */
function withScheme(value: unknown): unknown {
  if (typeof value !== 'string' || value.includes('://')) return value
  const [, address, port = `:${DEFAULT_PORT}`, path] = /^(\[[^\]]*\]|[^/:]*)(:\d+)?(.*)$/s.exec(value) ?? []
  return `http://${address}${port}${path}`
}

/** A URL with an @ in it holds a password. */
function shown(setting: Setting, found: unknown): string {
  if (setting === 'password' || setting === 'token') return 'something else'
  return setting === 'server' && String(found).includes('@') ? 'one with an @' : describe(found)
}
