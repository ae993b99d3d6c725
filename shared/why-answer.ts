/** The answer to `monitora why` and /why: the same for the command line and the chats. */
import { join } from 'node:path'
import type { Config } from './config/load.ts'
import { readIfThere } from './files.ts'
import { formatFor } from './i18n/format.ts'
import { textsFor } from './i18n/index.ts'
import { parseMoment } from './moment.ts'
import { isHostName } from './names.ts'
import { type Answer, complainOfUnknown, quoted } from './quiet.ts'
import { readWhy } from './why.ts'
import { whyText } from './why-text.ts'

/**
 * @param name as it was typed
 * @param moment as it was typed; empty: the last outage is meant
 * @throws what the file system throws
 */
export function answerWhy(config: Config, name: string, moment: string, now: number): Answer {
  const { language, timezone, paths, sites } = config
  const format = formatFor(language, timezone)
  const { why: texts, remove } = textsFor(language).bot
  if (!isHostName(name)) return { done: false, text: remove.noName(quoted(name, format)) }
  // One that was removed has a history still.
  const unknown = complainOfUnknown(config, `host:${name}`)
  if (unknown !== undefined && readIfThere(join(paths.history, `${name}.jsonl`)) === undefined) {
    return { done: false, text: unknown }
  }
  const asked = moment === '' ? undefined : parseMoment(moment, timezone, now)
  if (moment !== '' && !asked) return { done: false, text: texts.noMoment(quoted(moment, format)) }
  const why = readWhy(config, name, asked, now)
  return { done: true, text: whyText(why, language, timezone, (site) => sites.get(site)?.name ?? site) }
}
