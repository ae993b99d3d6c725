/**
 * What people ask for to have quiet: silence, acknowledge, pause, resume. The same for the command line and the chats,
 * with the words of the answer. It only writes files; the checker, which notices them, decides what follows.
 */
import { join } from 'node:path'
import type { Config } from './config/load.ts'
import { readJsonIfThere } from './files.ts'
import { type Format, formatFor } from './i18n/format.ts'
import { textsFor } from './i18n/index.ts'
import { nearest } from './nearest.ts'
import { addSilence, covers, parseTarget, readSilences, removeSilence, type Silence, type Target } from './silences.ts'
import { parseSpan } from './spans.ts'
import { knownHosts, readSiteOutage, siteOfHost } from './status.ts'

export type QuietRequest = {
  /** As it was typed: NAME, site:NAME or all. */
  readonly target: string
  /** Who asks, for people. */
  readonly by: string
} & ({ readonly verb: 'silence'; readonly span: string } | { readonly verb: 'ack' | 'pause' | 'resume' })

export interface Answer {
  /** False: nothing was changed, and the text says why. */
  readonly done: boolean
  readonly text: string
}

/** Incoming text is quoted back no longer than this. */
const LONGEST_QUOTE = 64

/** @throws what the file system throws */
export function askForQuiet(config: Config, request: QuietRequest, now: number): Answer {
  const { paths } = config
  const format = formatFor(config.language, config.timezone)
  const texts = textsFor(config.language).bot.quiet
  const no = (text: string): Answer => ({ done: false, text })
  const yes = (text: string): Answer => ({ done: true, text })
  const { verb } = request
  const by = oneLine(request.by)

  const target = targetOf(config, request.target)
  if (!target) return no(texts.noTarget(quoted(request.target, format)))
  const what = describe(config, target)
  const inForce = readSilences(paths, now)
  const own = inForce.filter((silence) => silence.target === target)
  if (verb === 'resume' && own.length > 0) {
    for (const { id } of own) removeSilence(paths, id)
    return yes(texts.ended(what, own.map((silence) => describeSilence(config, silence, now)).join(', ')))
  }
  const unknown = complainOfUnknown(config, target)
  if (unknown !== undefined) return no(unknown)

  switch (verb) {
    case 'silence': {
      const spanMs = parseSpan(request.span)
      if (spanMs === undefined) return no(texts.noSpan(quoted(request.span, format)))
      const untilAt = now + spanMs
      addSilence(paths, { kind: 'silence', target, fromAt: now, untilAt, by })
      // The newest word counts, also when it asks for less. In this order, so that it is never loud in between.
      for (const { id, kind } of own) if (kind === 'silence') removeSilence(paths, id)
      return yes(texts.silenced(what, format.clock(untilAt, now)))
    }
    case 'pause': {
      if (!target.startsWith('host:')) return no(texts.onlyHost)
      if (own.some(({ kind }) => kind === 'pause')) return yes(texts.pausedAlready(what))
      addSilence(paths, { kind: 'pause', target, fromAt: now, by })
      return yes(texts.paused(what))
    }
    case 'ack': {
      if (target === 'all') return no(texts.notAll)
      const earlier = own.find(({ kind }) => kind === 'ack')
      if (earlier) return yes(texts.takenAlready(what, earlier.by))
      const trouble = troubleOf(config, target)
      if (trouble === 'none') return no(texts.notInTrouble(what))
      if (trouble !== 'own') return no(texts.withSite(what, describe(config, trouble), trouble))
      addSilence(paths, { kind: 'ack', target, fromAt: now, by })
      return yes(texts.taken(what, by))
    }
    default: {
      const host = target.startsWith('host:') ? target.slice('host:'.length) : undefined
      const site = host === undefined ? siteIn(target) : siteOfHost(config, host)
      const others = inForce.filter((silence) => covers(silence, host, site))
      return no(texts.nothingToEnd(what, others.map((silence) => describeWhole(config, silence, now)).join('; ')))
    }
  }
}

/** What is in force, a line each, the oldest first. */
export function quietText(config: Config, now: number): string {
  const silences = readSilences(config.paths, now)
  if (silences.length === 0) return textsFor(config.language).bot.quiet.none
  return silences.map((silence) => describeWhole(config, silence, now)).join('\n')
}

/** People see a site by the name that they gave it, and may ask by it. */
function targetOf(config: Config, text: string): Target | undefined {
  const target = parseTarget(text)
  const site = target && siteIn(target)
  if (site === undefined || knownSites(config).includes(site)) return target
  const [key] = [...config.sites].find(([, { name }]) => name === site) ?? []
  return key === undefined ? target : `site:${key}`
}

/** @returns what to answer when nobody knows this one, with the name that was most likely meant */
export function complainOfUnknown(config: Config, target: Target): string | undefined {
  const texts = textsFor(config.language).bot.quiet
  if (target === 'all') return undefined
  const site = siteIn(target)
  const known = site === undefined ? knownHosts(config) : knownSites(config)
  const name = site ?? target.slice('host:'.length)
  if (known.includes(name)) return undefined
  const shown = (text: string) => (site === undefined ? text : `site:${oneLine(text)}`)
  // What shares not even half of its letters was not meant.
  const closest = nearest(name, known, Math.ceil(name.length / 2))
  return texts.unknown[site === undefined ? 'host' : 'site'](oneLine(name), closest && shown(closest))
}

function knownSites(config: Config): string[] {
  const ofHosts = knownHosts(config).map((name) => siteOfHost(config, name))
  return [...new Set([...config.sites.keys(), ...ofHosts.filter((site) => site !== undefined)])]
}

/** @returns whether there is an outage or trouble to take; a site, if the host fell with it: that one is told, and taken */
function troubleOf(config: Config, target: Target): 'own' | 'none' | `site:${string}` {
  const site = siteIn(target)
  if (site !== undefined) return readSiteOutage(config, site) ? 'own' : 'none'
  const name = target.slice('host:'.length)
  const state = readJsonIfThere(join(config.paths.stateHosts, `${name}.json`)) ?? {}
  const outage = state.outage as { readonly site?: unknown } | undefined
  if (typeof outage?.site === 'string' && readSiteOutage(config, outage.site)) return `site:${outage.site}`
  const silent = state.verdict === 'down' && state.away !== true
  return silent || state.trouble || state.unstable ? 'own' : 'none'
}

function describeWhole(config: Config, silence: Silence, now: number): string {
  return `${describe(config, silence.target)}: ${describeSilence(config, silence, now)}`
}

function describeSilence({ language, timezone }: Config, { kind, untilAt, by }: Silence, now: number): string {
  const { quiet, status } = textsFor(language).bot
  const until = untilAt === undefined ? undefined : formatFor(language, timezone).clock(untilAt, now)
  if (kind === 'ack') return status.taken(oneLine(by))
  const words = kind === 'silence' ? status.hushed.silence(until) : quiet.isPaused
  return by === '' ? words : `${words} (${oneLine(by)})`
}

function describe({ language, sites }: Config, target: Target): string {
  if (target === 'all') return textsFor(language).bot.quiet.everything
  const site = siteIn(target)
  return site === undefined ? target.slice('host:'.length) : oneLine(sites.get(site)?.name ?? site)
}

function siteIn(target: Target): string | undefined {
  return target.startsWith('site:') ? target.slice('site:'.length) : undefined
}

/** Incoming text, quoted back: short, in one line. */
export function quoted(text: string, format: Format): string {
  const points = [...oneLine(text)]
  const fitting = points.length > LONGEST_QUOTE ? `${points.slice(0, LONGEST_QUOTE - 1).join('')}…` : points.join('')
  return format.quote(fitting)
}

/** Names from outside must not break lines. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}
