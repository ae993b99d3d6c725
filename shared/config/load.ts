/**
 * Reads the configuration: finds the file, fills in the environment, checks everything, and reports every problem at
 * once. A monitor that starts with half of what was meant is worse than one that does not start.
 * Every process reads the whole file, so all of them agree about what is wrong with it.
 */
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { versionOf } from '../files.ts'
import { isHostName } from '../names.ts'
import { type DataPaths, dataPaths } from '../paths.ts'
import type { ProcessName } from '../pulse.ts'
import { type ChannelSettings, channelSection } from './channels.ts'
import { type Environment, readEnvironment, substitute } from './environment.ts'
import { type Defaults, type HostSettings, hostSection, type SiteSettings, siteSection } from './hosts.ts'
import { fromOriginal, isOriginal } from './original.ts'
import { ConfigError, type Problem, problemsOf } from './problems.ts'
import { type BotSettings, type ErrorsSettings, type Place, type ServerSettings, topSection } from './sections.ts'
import type { Language } from './values.ts'
import { readYaml } from './yaml.ts'

export interface Config {
  /** The file that this was read from. */
  readonly file: string
  /** Which state of the file it was: {@link versionOf}. */
  readonly version: string
  readonly paths: DataPaths
  readonly name: string
  readonly language: Language
  readonly timezone: string
  readonly server: ServerSettings
  readonly defaults: Defaults
  /** In the order of the file. Names are data (`__proto__` is one): a map, never an object. */
  readonly hosts: ReadonlyMap<string, HostSettings>
  /** Only these are alerted, others are shown: what HOSTS of an original installation means. */
  readonly alertedHosts?: ReadonlySet<string>
  /** Hosts without a site share one by public address. */
  readonly siteByAddress: boolean
  /** Any text may name a site. */
  readonly sites: ReadonlyMap<string, SiteSettings>
  readonly channels: ReadonlyMap<string, ChannelSettings>
  readonly bot: BotSettings
  readonly errors: ErrorsSettings
  /** Requested each minute while all is well with us. */
  readonly watchdog: readonly string[]
  /** Where to try whether we reach the world; `undefined`: the gateway and the hosts of the channels. */
  readonly probe?: readonly Place[]
}

export type Origin = Pick<Config, 'file' | 'version'>

export interface ConfigSource {
  /** What `--config` named. */
  readonly file?: string
  /** Whose file to look for in /etc/monitora, where the original keeps one for each process. */
  readonly process: ProcessName
  readonly env?: Environment
  readonly folder?: string
}

/** @throws ConfigError with every problem found */
export function loadConfig(source: ConfigSource): Config {
  const env = source.env ?? process.env
  const file = findConfig({ ...source, env })
  const origin: Origin = { file, version: versionOf(file) }
  const raw = readYaml(file, 'monitora.example.yml')
  const unfilled: Problem[] = []
  const filled = substitute(raw, readEnvironment(env, dirname(file)), unfilled)
  if (isOriginal(filled)) return fromOriginal(origin, source.process, filled, unfilled)
  const found: Problem[] = []
  const config = check(origin, filled, found)
  const problems = [...unfilled, ...beyond(unfilled, found)]
  if (problems.length > 0 || !config) throw new ConfigError(file, problems)
  return config
}

/** What could not be filled in is empty: that it is not what was expected there is no news. */
export function beyond(unfilled: readonly Problem[], found: readonly Problem[]): Problem[] {
  const known = new Set(unfilled.map(({ path }) => path))
  return found.filter(({ path }) => !known.has(path))
}

/** @throws ConfigError when there is none */
export function findConfig({ file, process: name, env = {}, folder = process.cwd() }: ConfigSource): string {
  const named = file ?? env.MONITORA_CONFIG
  if (named !== undefined) return resolve(folder, named)
  const etc = '/etc/monitora'
  const original = name === 'bot' ? ['bot.yml', 'checker.yml'] : [`${name}.yml`]
  const places = [join(folder, 'monitora.yml'), ...['monitora.yml', ...original].map((entry) => join(etc, entry))]
  const found = places.find((place) => existsSync(place))
  if (found) return found
  throw new ConfigError('monitora.yml', [
    { path: '', text: `not found (looked for ${places.join(', ')}; name one with --config FILE or MONITORA_CONFIG)` },
  ])
}

function check({ file, version }: Origin, raw: unknown, problems: Problem[]): Config | undefined {
  const top = topSection.safeParse(raw)
  if (!top.success) problems.push(...problemsOf(top.error, raw))
  const { hosts: rawHosts, sites: rawSites, channels: rawChannels } = (raw ?? {}) as Record<string, unknown>
  const hosts = checkEntries('hosts', rawHosts, hostSection, problems)
  const sites = checkEntries('sites', rawSites, siteSection, problems, isSiteName)
  const channels = checkEntries('channels', rawChannels, channelSection, problems)
  checkNames(hosts, problems)
  checkTokens(hosts, problems)
  if (!top.success) return undefined

  const { data, name, language, timezone = localTimezone(), server, defaults, siteByAddress, bot } = top.data
  const { watchdog, probe, errors } = top.data
  const complete = new Map<string, ChannelSettings>()
  for (const [key, channel] of channels) {
    // Only a bot that listens hears the buttons below its own messages.
    const heard = channel.type === 'telegram' && bot.token !== undefined && (channel.token ?? bot.token) === bot.token
    const settings: ChannelSettings = {
      ...channel,
      language: channel.language ?? language,
      timezone: channel.timezone ?? timezone,
      ...(heard && { buttons: true }),
    }
    if (settings.type === 'telegram') {
      settings.token ??= bot.token
      settings.apiRoot ??= bot.apiRoot
      if (settings.token === undefined) {
        problems.push({
          path: `channels.${key}.token`,
          text: 'missing: expected the token of a bot here or in bot.token',
        })
      }
    }
    complete.set(key, settings)
  }
  // One with a mistake of its own is named all the same.
  const named = Object.keys(Object(rawChannels)).filter(isHostName)
  checkReferences({ hosts, sites, defaults }, named, problems)
  const paths = dataPaths(resolve(dirname(file), data))
  const monitor = name ?? hostname()
  return {
    file,
    version,
    paths,
    name: monitor,
    language,
    timezone,
    server,
    defaults,
    hosts,
    siteByAddress,
    sites,
    channels: complete,
    bot,
    errors,
    watchdog,
    probe,
  }
}

/** Reads a section of named entries one by one, so that every entry's problems show, and no name is special. */
function checkEntries<S extends z.ZodType>(
  section: string,
  raw: unknown,
  schema: S,
  problems: Problem[],
  isName: (key: string) => boolean = isHostName,
): Map<string, z.output<S>> {
  const entries = new Map<string, z.output<S>>()
  if (raw === undefined || raw === null) return entries
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    const found = Array.isArray(raw) ? 'a list' : 'something else'
    problems.push({ path: section, text: `found ${found}, expected names, each with its settings` })
    return entries
  }
  for (const [key, value] of Object.entries(raw)) {
    if (!isName(key)) {
      const expected =
        isName === isHostName ? 'a name of letters, digits, _ and - (64 at most)' : 'at most 64 characters'
      problems.push({ path: `${section}.${key}`, text: `expected ${expected}` })
      continue
    }
    const entry = schema.safeParse(value ?? {})
    if (entry.success) entries.set(key, entry.data)
    else problems.push(...problemsOf(entry.error, value, `${section}.${key}`))
  }
  return entries
}

/** Where file names ignore case, hosts that differ by it alone would be one. */
function checkNames(hosts: ReadonlyMap<string, unknown>, problems: Problem[]): void {
  const seen = new Map<string, string>()
  for (const name of hosts.keys()) {
    const other = seen.get(name.toLowerCase())
    if (other)
      problems.push({ path: `hosts.${name}`, text: `differs from ${other} by case alone: expected another name` })
    seen.set(name.toLowerCase(), name)
  }
}

/** One of the two could never report. */
function checkTokens(hosts: ReadonlyMap<string, HostSettings>, problems: Problem[]): void {
  const owners = new Map<string, string>()
  for (const [name, { token }] of hosts) {
    const other = token === undefined ? undefined : owners.get(token)
    if (other) problems.push({ path: `hosts.${name}.token`, text: `is that of ${other}, too: expected another token` })
    if (token !== undefined) owners.set(token, name)
  }
}

function checkReferences(
  { hosts, sites, defaults }: Pick<Config, 'hosts' | 'sites' | 'defaults'>,
  channels: readonly string[],
  problems: Problem[],
): void {
  const known = channels.join(', ') || 'none yet'
  const isKnown = new Set(channels)
  const check = (path: string, named: readonly string[] = []) => {
    for (const name of named) {
      if (!isKnown.has(name)) {
        problems.push({ path, text: `found "${name}", expected one of the channels (${known})` })
      }
    }
  }
  check('defaults.channels', defaults.channels)
  for (const [name, host] of hosts) check(`hosts.${name}.channels`, host.channels)
  for (const [name, site] of sites) check(`sites.${name}.channels`, site.channels)
}

/** A machine may call its site what it likes; the server keeps so much of it. */
function isSiteName(name: string): boolean {
  return name !== '' && [...name].length <= 64
}

export function localTimezone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
