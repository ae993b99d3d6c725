/** `monitora uptime [NAME] --for 30d`: computed from the history, a line for each host. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, loadConfig } from '../../shared/config/load.ts'
import { readHistory, type Uptime, uptime as uptimeOf } from '../../shared/history.ts'
import { formatFor } from '../../shared/i18n/format.ts'
import { textsFor } from '../../shared/i18n/index.ts'
import { isHostName } from '../../shared/names.ts'
import { complainOfUnknown, quoted } from '../../shared/quiet.ts'
import { parseSpan, SPAN_EXPECTED } from '../../shared/spans.ts'
import { knownHosts } from '../../shared/status.ts'
import { reading } from '../answer.ts'
import { type AddCommand, CliError, CONFIG_OPTION } from '../command.ts'

export const uptime: AddCommand = (program, cli) => {
  program
    .command('uptime')
    .description('how much of the time a host, or each of them, was heard')
    .argument('[name]', 'the host')
    .option('--for <span>', 'how far back', '30d')
    .option(...CONFIG_OPTION)
    .action((name: string | undefined, { for: span, config: file }: { for: string; config?: string }) => {
      const spanMs = parseSpan(span)
      if (spanMs === undefined) throw new CliError(`--for: expected ${SPAN_EXPECTED}`)
      const config = loadConfig({ file, process: 'checker', env: cli.env, folder: cli.folder })
      const now = cli.now()
      const lines = reading(() =>
        namesOf(config, name).map((host) => {
          const found = uptimeOf(readHistory(config.paths, host), now - spanMs, now)
          return lineOf(config, host, found, spanMs)
        }),
      )
      cli.print(lines.join('\n'))
    })
}

/** One that was removed has a history still. */
function namesOf(config: Config, name: string | undefined): readonly string[] {
  if (name === undefined) return knownHosts(config)
  const { remove } = textsFor(config.language).bot
  if (!isHostName(name)) throw new CliError(remove.noName(quoted(name, formatFor(config.language, config.timezone))))
  const unknown = complainOfUnknown(config, `host:${name}`)
  if (unknown !== undefined && !existsSync(join(config.paths.history, `${name}.jsonl`))) throw new CliError(unknown)
  return [name]
}

function lineOf({ language, timezone }: Config, name: string, found: Uptime, spanMs: number): string {
  const texts = textsFor(language).cli.uptime
  const format = formatFor(language, timezone)
  if (found.knownMs === 0) return texts.unknown(name)
  const longestMs = Math.max(0, ...found.outages.map(({ fromAt, toAt }) => toAt - fromAt))
  return texts.of(format, {
    name,
    percent: percentOf(found),
    outages: found.outages.length,
    longest: longestMs === 0 ? undefined : format.span(longestMs),
    known: spanMs - found.knownMs < 1000 ? undefined : format.span(found.knownMs),
  })
}

/** Cut off, not rounded: with any outage at all it is never 100. */
function percentOf({ upMs, knownMs, downMs }: Uptime): string {
  const thousandths = Math.floor((upMs / knownMs) * 100_000)
  return ((downMs > 0 ? Math.min(thousandths, 99_999) : 100_000) / 1000).toFixed(3)
}
