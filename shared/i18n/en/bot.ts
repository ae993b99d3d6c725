/** What the bot says, in English. The other languages are held to its type. */
import type { Format } from '../format.ts'

interface StatusTexts {
  headline(format: Format, facts: { total: number; troubled: number; time: string }): string
  silent(span: string, since: string): string
  readonly says: Readonly<Record<'error' | 'warning', string>>
  saysMessage(quoted: string): string
  readonly never: string
  notAlerted(name: string): string
  more(count: number): string
  /** The well ones of a site, each with how long ago it was heard. */
  heard(hosts: readonly { readonly name: string; readonly ago: string }[]): string
  run(format: Format, processes: readonly string[]): string
  stopped(process: string, since: string): string
  neverRan(process: string): string
  unsent(format: Format, count: number): string
  failed(format: Format, count: number): string
}

export interface BotTexts {
  /** What a command does, for /help and Telegram's menu. */
  readonly descriptions: Readonly<Record<'start' | 'help' | 'status' | 'restart' | 'removeHost', string>>
  welcome(chat: number): string
  stranger(chat: number): string
  unknownCommand(quoted: string): string
  readonly broken: string
  /** The bot's own: the checker cannot say it. */
  checkerDown(since: string): string
  checkerUp(span: string): string
  readonly status: StatusTexts
  readonly restart: {
    readonly runs: string
    readonly unsupervised: string
    readonly noSign: string
    notFound(program: string): string
    tooSlow(program: string): string
    refused(program: string, why: string): string
  }
  readonly remove: {
    readonly which: string
    noName(quoted: string): string
    unknown(name: string): string
    configured(name: string, file: string): string
    /** The file of an original installation. */
    configuredInHosts(name: string, file: string): string
    done(name: string): string
  }
}

export const bot: BotTexts = {
  descriptions: {
    start: 'the number of this chat, and whether it may ask',
    help: 'what I answer',
    status: 'who reports and who is silent',
    restart: 'restart the server process',
    removeHost: 'forget a host: /remove_host NAME',
  },
  welcome: (chat) => `This chat is ${chat}, and it may ask. /help tells what.`,
  stranger: (chat) =>
    `This chat is ${chat}, and it may not ask. Whoever runs Monitora can allow it: bot.chats in monitora.yml.`,
  unknownCommand: (quoted) => `I don't know ${quoted}. /help tells what I answer.`,
  broken: 'That went wrong: my log says why.',
  checkerDown: (since) =>
    `⚪ Monitora's checker is down since ${since}\nSignals are still heard, but no silence is noticed until it runs again.`,
  checkerUp: (span) => `⚪ Monitora's checker runs again after ${span}\nWhat it missed it tells now.`,
  status: {
    headline: (format, { total, troubled, time }) => {
      if (total === 0) return `No host yet (${time})`
      const need = format.plural(troubled, { one: 'needs', other: 'need' })
      return `${total - troubled} of ${total} fine${troubled > 0 ? `, ${troubled} ${need} you` : ''} (${time})`
    },
    silent: (span, since) => `silent ${span}, since ${since}`,
    says: { error: 'reports an error', warning: 'reports a warning' },
    saysMessage: (quoted) => `says ${quoted}`,
    never: 'never',
    notAlerted: (name) => `${name} (not alerted)`,
    more: (count) => `and ${count} more`,
    heard: (hosts) => `${hosts.map(({ name, ago }) => `${name} ${ago}`).join(', ')} ago`,
    run: (format, processes) =>
      `${processes.join(', ')} ${format.plural(processes.length, { one: 'runs', other: 'run' })}`,
    stopped: (process, since) => `no sign of ${process} since ${since}`,
    neverRan: (process) => `${process} has never run`,
    unsent: (format, count) =>
      count === 0 ? 'nothing unsent' : `${count} ${format.plural(count, { one: 'alert', other: 'alerts' })} unsent`,
    failed: (_, count) => `${count} failed for good`,
  },
  restart: {
    runs: 'server was restarted, it runs again',
    unsupervised: 'I cannot restart the server: neither PM2 nor supervisor runs me. Restart it by hand.',
    noSign: 'server was restarted, but gave no sign of life for 20 s. Its log should say why.',
    notFound: (program) => `server was not restarted: ${program} is not installed here`,
    tooSlow: (program) => `server was perhaps not restarted: ${program} did not finish within 30 s`,
    refused: (program, why) => `server was not restarted: ${program} says ${why}`,
  },
  remove: {
    which: 'Which host? /remove_host NAME',
    noName: (quoted) => `${quoted} cannot be the name of a host: letters, digits, _ and - (64 at most).`,
    unknown: (name) => `I know no host ${name}.`,
    configured: (name, file) => `${name} stays: it stands in ${file}, take it out there.`,
    configuredInHosts: (name, file) => `${name} stays: it stands in ${file} under HOSTS, take it out there.`,
    done: (name) => `${name} is removed. If it reports again, it comes back as a new host.`,
  },
}
