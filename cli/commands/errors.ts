/**
 * `monitora errors [PROJECT [GROUP]]`: what applications reported and nobody has resolved yet, or one of these with what
 * is known of it. Whoever resolves one leaves a mark; the checker, which finds it, tells when the error comes back.
 */
import type { Config } from '../../shared/config/load.ts'
import type { Frame } from '../../shared/error-event.ts'
import {
  errorGroupNames,
  errorProjects,
  type KeptSample,
  type KnownErrorGroup,
  readErrorGroup,
  readErrorGroups,
  resolveErrorGroup,
} from '../../shared/errors.ts'
import { formatFor } from '../../shared/i18n/format.ts'
import { textsFor } from '../../shared/i18n/index.ts'
import { parseTime } from '../../shared/iso.ts'
import { nearest } from '../../shared/nearest.ts'
import { plainLine } from '../../shared/plain.ts'
import type { Answer } from '../../shared/quiet.ts'
import { knownHosts } from '../../shared/status.ts'
import { printAnswer, whoAsks } from '../answer.ts'
import { type AddCommand, CONFIG_OPTION } from '../command.ts'

interface Options {
  readonly resolve?: boolean
  readonly config?: string
}

/** Enough to tell them apart; any beginning that does is understood. */
const SHORT_ID = 8
const LONGEST_QUOTE = 64
const LONGEST_WHAT = 160
const MOST_LINES = 100
const MOST_FRAMES = 20
const MOST_BREADCRUMBS = 10
const MOST_SHOWN = 10

export const errors: AddCommand = (program, cli) => {
  program
    .command('errors')
    .description('what applications reported and nobody has resolved yet; with GROUP: all that is known of one')
    .argument('[project]', 'the host or project that reported it')
    .argument('[group]', 'its id, or how that begins')
    .option('--resolve', 'it is put right: tell only if it comes back')
    .option(...CONFIG_OPTION)
    .action((project: string | undefined, group: string | undefined, { resolve = false, config: file }: Options) => {
      printAnswer(cli, file, { writes: resolve }, (config, now) => {
        const answers = answersOf(config, now)
        if (project === undefined || group === undefined) {
          return resolve ? answers.whichGroup() : answers.list(project)
        }
        return answers.about(project, group, resolve ? plainLine(whoAsks(cli)) : undefined)
      })
    })
}

function answersOf(config: Config, now: number) {
  const { paths } = config
  const texts = textsFor(config.language).errors
  const format = formatFor(config.language, config.timezone)
  const clock = (at: number) => format.clock(at, now)
  const no = (text: string): Answer => ({ done: false, text })
  const yes = (text: string): Answer => ({ done: true, text })

  function unknown(project: string): string | undefined {
    const known = [...new Set([...errorProjects(paths), ...knownHosts(config)])]
    if (known.includes(project)) return undefined
    return texts.cli.unknownProject(quote(project), likely(project, known))
  }

  function line(found: KnownErrorGroup, id: string): string {
    const { project, count, firstAt, lastAt, releases } = found
    return texts.cli.line(format, {
      project,
      id,
      what: whatOf(found),
      count,
      first: clock(firstAt),
      last: clock(lastAt),
      release: releases.at(-1) && plainLine(releases.at(-1)!.name),
    })
  }

  function details(found: KnownErrorGroup, samples: readonly KeptSample[]): string {
    const { releases, resolved } = found
    const [first, last] = [releases[0], releases.slice(1).at(-1)]
    const sample = samples.at(-1)
    return [
      line(found, found.group),
      ...(first ? [texts.cli.releases(plainLine(first.name), last && plainLine(last.name))] : []),
      ...(resolved ? [texts.cli.resolvedBy(clock(resolved.at), plainLine(resolved.by))] : []),
      ...(sample ? sampleLines(sample) : []),
    ].join('\n')
  }

  function sampleLines(sample: KeptSample): string[] {
    const { at, type, message, environment, server, release, url, tags, breadcrumbs = [] } = sample
    const of = [environment, server, release].filter((part) => part !== undefined).map(plainLine)
    const list = Object.entries(tags ?? {}).map(([key, value]) => plainLine(`${key}=${value}`))
    return [
      texts.cli.last(clock(parseTime(at) ?? now), of),
      ...[[type, message].filter(Boolean).join(': '), url ?? ''].map(plainLine).filter((text) => text !== ''),
      ...stackOf(sample).map((text) => `  ${plainLine(text)}`),
      ...(list.length > 0 ? [texts.cli.tags(list.join(', '))] : []),
      ...(breadcrumbs.length > 0 ? [texts.cli.before] : []),
      ...breadcrumbs.slice(-MOST_BREADCRUMBS).map((crumb) => `  ${crumbLine(crumb, clock)}`),
    ]
  }

  return {
    whichGroup: () => no(texts.cli.whichGroup),

    list(project: string | undefined): Answer {
      const complaint = project === undefined ? undefined : unknown(project)
      if (complaint !== undefined) return no(complaint)
      const open = readErrorGroups(paths, project).filter(({ resolved }) => resolved === undefined)
      if (open.length === 0) return yes(texts.cli.none(project))
      const lines = open.slice(0, MOST_LINES).map((found) => line(found, found.group.slice(0, SHORT_ID)))
      return yes([...lines, ...(open.length > MOST_LINES ? [texts.cli.more(open.length - MOST_LINES)] : [])].join('\n'))
    },

    /** @param resolvedBy who says that it is put right; `undefined`: nobody, it is only asked for */
    about(project: string, typed: string, resolvedBy: string | undefined): Answer {
      const complaint = unknown(project)
      if (complaint !== undefined) return no(complaint)
      const names = errorGroupNames(paths, project).sort()
      const meant = names.filter((name) => name.startsWith(typed.toLowerCase()))
      const found = meant.length === 1 ? readErrorGroup(paths, project, meant[0]!) : undefined
      if (meant.length > 1) return no(texts.cli.ambiguous(quote(typed), shortList(meant)))
      if (!found) {
        const ids = names.map((name) => name.slice(0, SHORT_ID))
        return no(texts.cli.unknownGroup(quote(typed), project, likely(typed, ids)))
      }
      const { group, samples } = found
      if (resolvedBy === undefined) return yes(details(group, samples))
      const id = group.group.slice(0, SHORT_ID)
      if (group.resolved) return yes(texts.cli.resolvedAlready(project, id, clock(group.resolved.at)))
      resolveErrorGroup(paths, group, { at: now, by: resolvedBy })
      return yes(texts.cli.resolved(project, id))
    },
  }
}

function whatOf({ type, message }: KnownErrorGroup): string {
  const text = plainLine([type, message].filter(Boolean).join(': '))
  const points = [...text]
  return points.length > LONGEST_WHAT ? `${points.slice(0, LONGEST_WHAT - 1).join('')}…` : text || '?'
}

function stackOf({ frames = [], stack }: KeptSample): string[] {
  const lines = frames.map(frameLine).filter((line) => line !== '')
  return (lines.length > 0 ? lines : (stack?.split('\n') ?? [])).slice(0, MOST_FRAMES)
}

function frameLine({ file, line, function: name }: Frame): string {
  return [file && `${file}${line === undefined ? '' : `:${line}`}`, name].filter(Boolean).join(' ')
}

function crumbLine(
  { at, category, message }: NonNullable<KeptSample['breadcrumbs']>[number],
  clock: (at: number) => string,
): string {
  const time = parseTime(at)
  return plainLine([time === undefined ? undefined : clock(time), category, message].filter(Boolean).join(' '))
}

function shortList(names: readonly string[]): string {
  const rest = names.length - MOST_SHOWN
  return `${names.slice(0, MOST_SHOWN).join(', ')}${rest > 0 ? `, +${rest}` : ''}`
}

/** What shares not even half of its letters was not meant. */
function likely(name: string, known: readonly string[]): string | undefined {
  const asked = name.slice(0, LONGEST_QUOTE)
  return nearest(asked, known, Math.floor(asked.length / 2))
}

/** As it was typed, in one line. */
function quote(text: string): string {
  return [...plainLine(text)].slice(0, LONGEST_QUOTE).join('')
}
