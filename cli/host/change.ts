/**
 * What changes a host: add, edit, rotate, remove. It writes the registry and nothing else; the server asks the disk, so
 * that all of it is in force at once. A token is on disk before the registration that names it, and never in the clear.
 */
import { basename, join } from 'node:path'
import type { Config } from '../../shared/config/load.ts'
import { BusyError, exclusively } from '../../shared/exclusive.ts'
import { createExclusive, NOT_OURS, readJsonIfThere, removeIfThere } from '../../shared/files.ts'
import { formatFor } from '../../shared/i18n/format.ts'
import { textsFor } from '../../shared/i18n/index.ts'
import { parseTime } from '../../shared/iso.ts'
import { isHostName } from '../../shared/names.ts'
import { makePingKey, replacePingKey } from '../../shared/ping-key.ts'
import { type Answer, complainOfUnknown, quoted } from '../../shared/quiet.ts'
import {
  findRegistration,
  isUnusable,
  mergedSettings,
  type Registration,
  readRegistration,
  register,
  registeredSettings,
  registrationFile,
  removeHost as removeFiles,
  reregister,
  rivalOfSchedule,
  settingsOf,
  tokenHashes,
  type Unusable,
} from '../../shared/registry.ts'
import { knownHosts } from '../../shared/status.ts'
import { hashOf, newToken, tokenFile } from '../../shared/tokens.ts'
import { pasteLines } from './paste.ts'
import { type HostOptions, settingsFrom } from './settings.ts'

/** @param at the server's address, for what is to be pasted */
export function addHost(config: Config, name: string, options: HostOptions, at: string, now: number): Answer {
  return alone(config, () => add(config, name, options, at, now))
}

function add(config: Config, name: string, options: HostOptions, at: string, now: number): Answer {
  const { paths } = config
  const texts = textsOf(config)
  const settings = settingsFrom(options)
  const empty = Object.entries(options).find(([, value]) => value === '')?.[0]
  if (empty !== undefined) return no(texts.emptyOption(empty))
  if (!isHostName(name)) return no(badName(config, name))
  if (typeof settings === 'string') return no(settings)
  const twin = knownHosts(config).find((known) => known.toLowerCase() === name.toLowerCase())
  if (twin !== undefined && twin !== name) return no(texts.sameButForCase(name, twin))
  const found = findRegistration(paths, name)
  if (isUnusable(found)) return no(unusableLine(config, name, found))

  const registration: Registration = { name, registeredAt: now, origin: 'added', settings }
  if (config.hosts.get(name)?.token !== undefined) {
    if (register(paths, registration) === 'exists') return no(texts.exists(name))
    return yes(texts.added(name), ...overruledLines(config, registration), texts.ownToken(name, fileOf(config)))
  }
  const { token, tokenHash, discard } = issueToken(config, name)
  let done = false
  try {
    done = register(paths, { ...registration, tokenHash }) === 'created'
  } finally {
    if (!done) discard()
  }
  if (!done) return no(texts.exists(name))
  const key = makePingKey(paths)
  return yes(
    texts.added(name),
    ...overruledLines(config, registration),
    ...tokenLines(config, registration, token, at),
    '',
    key === undefined ? texts.pingKeyKnown : texts.pingKey(key, `${at}/ping/${key}/${name.toLowerCase()}`),
  )
}

export function editHost(config: Config, name: string, options: HostOptions, now: number): Answer {
  return alone(config, () => edit(config, name, options, now))
}

function edit(config: Config, name: string, options: HostOptions, now: number): Answer {
  const texts = textsOf(config)
  const unknown = complainOf(config, name)
  if (unknown !== undefined) return no(unknown)
  if (Object.keys(options).length === 0) return no(texts.nothingToEdit)
  const found = registrationOf(config, name, now)
  if (isUnusable(found) && !found.garbled) return no(unusableLine(config, name, found))
  const before = isUnusable(found) ? lostRegistration(config, name, now) : found
  const settings = settingsFrom(options, before.settings)
  if (typeof settings === 'string') return no(settings)
  const registration = { ...before, settings }
  reregister(config.paths, registration)
  const done = isUnusable(found)
    ? [texts.registeredAnew(name), texts.tokens[tokenOf(config, name, registration)]]
    : [texts.edited(name)]
  return yes(...done, ...overruledLines(config, registration))
}

/** @param at the server's address, for what is to be pasted */
export function rotateToken(config: Config, name: string, at: string, now: number): Answer {
  const { paths } = config
  const texts = textsOf(config)
  const unknown = complainOf(config, name)
  if (unknown !== undefined) return no(unknown)
  if (config.hosts.get(name)?.token !== undefined) return no(texts.ownToken(name, fileOf(config)))
  const seen = readRegistration(paths, name)?.tokenHash
  return alone(config, () => rotate(config, name, seen, at, now))
}

/** @param seen the hash of the token that is to be replaced: of two who mean the same one, only one may succeed */
function rotate(config: Config, name: string, seen: string | undefined, at: string, now: number): Answer {
  const { paths } = config
  const texts = textsOf(config)
  const before = registrationOf(config, name, now)
  if (isUnusable(before)) return no(unusableLine(config, name, before))
  if (before.tokenHash !== seen) return no(texts.rotatedMeanwhile(name))
  const { token, tokenHash, discard } = issueToken(config, name)
  try {
    reregister(paths, { ...before, tokenHash })
  } catch (error) {
    discard()
    throw error
  }
  if (before.tokenHash !== undefined) removeIfThere(tokenFile(paths, before.tokenHash))
  return yes(texts.rotated(name, before.tokenHash !== undefined), ...tokenLines(config, before, token, at))
}

/** @param at the server's address, for what is to be pasted */
export function rotatePingKey(config: Config, at: string): Answer {
  return alone(config, () => {
    const key = replacePingKey(config.paths)
    return yes(textsOf(config).pingKey(key, `${at}/ping/${key}/NAME`))
  })
}

/** One of the configuration would only come back. */
export function removeHost(config: Config, name: string): Answer {
  const texts = textsFor(config.language).bot.remove
  const unknown = complainOf(config, name)
  if (unknown !== undefined) return no(unknown)
  if (config.hosts.has(name)) {
    const words = config.alertedHosts ? texts.configuredInHosts : texts.configured
    return no(words(name, fileOf(config)))
  }
  return unlessBusy(config, () => yes(texts.done(name, removeFiles(config.paths, name))))
}

/** @returns what to answer when this is the name of no host */
export function complainOf(config: Config, name: string): string | undefined {
  return isHostName(name) ? complainOfUnknown(config, `host:${name}`) : badName(config, name)
}

/** One that the configuration names, or whose signals alone were found, may have none yet. */
function registrationOf({ paths, hosts }: Config, name: string, now: number): Registration | Unusable {
  const origin = hosts.has(name) ? 'config' : 'adopted'
  return findRegistration(paths, name) ?? { name, registeredAt: now, origin }
}

/** What is known of it where its registration is garbled: its token, and since when the checker has known it. */
function lostRegistration({ paths }: Config, name: string, now: number): Registration {
  const state = readJsonIfThere(join(paths.stateHosts, `${name}.json`), NOT_OURS)
  const registeredAt = parseTime(state?.registeredAt) ?? now
  return { name, registeredAt, origin: 'added', tokenHash: tokenHashes(paths)(name)[0] }
}

/** What stands where its registration belongs is not written over: it may be intact, or had settings. */
export function unusableLine(config: Config, name: string, { garbled, why }: Unusable): string {
  const file = registrationFile(config.paths, name)
  const texts = textsOf(config)
  return garbled ? texts.garbled(name, file) : texts.unreadable(name, file, why)
}

/** @returns which token lets it in */
export function tokenOf(
  { hosts }: Config,
  name: string,
  registration: Registration | undefined,
): 'registered' | 'configured' | 'none' {
  if (hosts.get(name)?.token !== undefined) return 'configured'
  return registration?.tokenHash === undefined ? 'none' : 'registered'
}

/** Nothing that it decides by changes under it. */
function alone(config: Config, change: () => Answer): Answer {
  return unlessBusy(config, () => exclusively(config.paths, change))
}

function unlessBusy(config: Config, change: () => Answer): Answer {
  try {
    return change()
  } catch (error) {
    if (error instanceof BusyError) return no(textsOf(config).busy(error))
    throw error
  }
}

function issueToken({ paths }: Config, name: string) {
  const token = newToken()
  const tokenHash = hashOf(token)
  const file = tokenFile(paths, tokenHash)
  createExclusive(file, `${name}\n`, { sync: true })
  return { token, tokenHash, discard: () => removeIfThere(file) }
}

function tokenLines(config: Config, registration: Registration, token: string, at: string): string[] {
  const { name } = registration
  const texts = textsOf(config)
  const { schedule, timezone = config.timezone } = settingsOf(config, name, registration)
  const job = schedule === undefined ? undefined : { schedule, timezone }
  return [texts.token(token), '', texts.paste, '', pasteLines(at, { name, token }, job)]
}

function overruledLines(config: Config, { name, settings = {} }: Registration): string[] {
  const configured = config.hosts.get(name) ?? {}
  const registered = registeredSettings(settings).settings
  const inForce = mergedSettings(configured, registered)
  const keys = (Object.keys(registered) as (keyof typeof registered)[]).filter(
    (key) => inForce[key] !== registered[key],
  )
  const same = keys.filter((key) => configured[key] !== undefined)
  const others = keys.filter((key) => configured[key] === undefined)
  const rival = configured.schedule === undefined ? rivalOfSchedule(configured) : 'schedule'
  const texts = textsOf(config)
  const { list } = formatFor(config.language, config.timezone)
  return [
    ...(same.length > 0 ? [texts.overruled(list(same), fileOf(config))] : []),
    ...(rival !== undefined && others.length > 0 ? [texts.overruledBy(list(others), rival, fileOf(config))] : []),
  ]
}

function badName({ language, timezone }: Config, name: string): string {
  return textsFor(language).bot.remove.noName(quoted(name, formatFor(language, timezone)))
}

function textsOf({ language }: Config) {
  return textsFor(language).cli.host
}

function fileOf({ file }: Config): string {
  return basename(file)
}

function no(text: string): Answer {
  return { done: false, text }
}

function yes(...lines: readonly string[]): Answer {
  return { done: true, text: lines.join('\n') }
}
