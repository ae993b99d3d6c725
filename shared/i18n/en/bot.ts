/** What the bot says, in English. The other languages are held to its type. */
import type { AbsenceReason } from '../../absences.ts'
import type { Format } from '../format.ts'

interface StatusTexts {
  headline(format: Format, facts: { total: number; troubled: number; time: string }): string
  silent(span: string, since: string): string
  readonly says: Readonly<Record<'error' | 'warning' | 'failed', string>>
  readonly causes: Readonly<Record<'unfinished' | 'stuck', string>>
  saysMessage(quoted: string): string
  unreachable(since: string): string
  allSilenced(words: string): string
  siteAway(facts: { site: string; since: string; hosts: string }): string
  unstable(since: string): string
  away(hosts: string): string
  awaySince(host: string, since: string): string
  paused(hosts: string): string
  notYet(hosts: string): string
  /** Behind a host or a site, in brackets. */
  taken(by: string): string
  readonly hushed: Readonly<Record<'silence' | 'maintenance', (until: string | undefined) => string>>
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

type QuietVerb = 'silence' | 'ack' | 'pause' | 'resume'
type DescribedCommand = QuietVerb | 'start' | 'help' | 'status' | 'restart' | 'removeHost' | 'why'

interface QuietTexts {
  readonly which: Readonly<Record<QuietVerb, string>>
  readonly everything: string
  noTarget(quoted: string): string
  noSpan(quoted: string): string
  readonly unknown: Readonly<Record<'host' | 'site', (name: string, nearest: string | undefined) => string>>
  readonly onlyHost: string
  readonly notAll: string
  silenced(what: string, until: string): string
  taken(what: string, by: string): string
  takenAlready(what: string, by: string): string
  notInTrouble(what: string): string
  /** @param target how the site is named in a command */
  withSite(name: string, site: string, target: string): string
  paused(name: string): string
  pausedAlready(name: string): string
  readonly isPaused: string
  ended(what: string, items: string): string
  /** @param others what keeps it quiet though it is not its own; may be empty */
  nothingToEnd(what: string, others: string): string
  readonly none: string
}

interface DeliveryFacts {
  readonly channel: string
  readonly time: string
  readonly tries: number
}

/** Times here are with seconds: a chain is read by who wants to know it exactly. */
interface WhyTexts {
  readonly which: string
  noMoment(quoted: string): string
  lasted(name: string, facts: { from: string; to: string; span: string }): string
  lasts(name: string, facts: { from: string; span: string }): string
  none(name: string): string
  /** What it says of itself, or is known of it beside silence. */
  trouble(words: string, since: string): string
  runs(list: string): string
  readonly ran: Readonly<
    Record<'succeeded' | 'failed' | 'unfinished', (time: string, span?: string, exitStatus?: number) => string>
  >
  noneAt(name: string, time: string): string
  lastOne(from: string): string
  lastSignal(time: string, interval: string | undefined): string
  due(time: string, rule: string | undefined): string
  timeout(span: string): string
  run(time: string, grace: string | undefined): string
  absences(spans: string): string
  readonly absenceWhy: Readonly<Record<AbsenceReason, string>>
  found(time: string, reason: string): string
  readonly reasons: Readonly<Record<'no-signal' | 'missed-schedule' | 'site-silent', string>>
  withSite(site: string): string
  notTold(reason: string): string
  readonly hidden: Readonly<Record<'silence' | 'pause' | 'maintenance' | 'away' | 'unstable' | 'not-alerted', string>>
  readonly noReason: string
  told(time: string, id: string): string
  endTold(time: string, id: string): string
  back(time: string, noticed: string): string
  removed(time: string): string
  readonly channel: Readonly<
    Record<
      'delivered' | 'waiting' | 'folded' | 'refused' | 'given-up',
      (format: Format, facts: DeliveryFacts) => string
    >
  >
  readonly noTrace: string
  now(words: string): string
  readonly never: string
  heard(ago: string, due: string | undefined): string
  isAway(since: string): string
}

export interface BotTexts {
  /** What a command does, for /help and Telegram's menu. */
  readonly descriptions: Readonly<Record<DescribedCommand, string>>
  welcome(chat: number): string
  stranger(chat: number): string
  unknownCommand(quoted: string): string
  readonly broken: string
  /** The bot's own: the checker cannot say it. The server hears or not; or the disk takes nothing, whoever runs. */
  readonly checkerDown: Readonly<Record<'hears' | 'deaf' | 'disk', (since: string) => string>>
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
    /** @param hadToken it had one of its own: only another one lets it in again */
    done(name: string, hadToken?: boolean): string
  }
  readonly quiet: QuietTexts
  readonly why: WhyTexts
}

export const bot: BotTexts = {
  descriptions: {
    start: 'the number of this chat, and whether it may ask',
    help: 'what I answer',
    status: 'who reports and who is silent',
    restart: 'restart the server process',
    removeHost: 'forget a host: /remove_host NAME',
    silence: 'tell nothing for a time: /silence NAME 8h',
    ack: 'no more reminders of this outage: /ack NAME',
    pause: 'a host is not expected to report: /pause NAME',
    resume: 'end what keeps it quiet: /resume NAME',
    why: 'how an outage came to be told: /why NAME [TIME]',
  },
  welcome: (chat) => `This chat is ${chat}, and it may ask. /help tells what.`,
  stranger: (chat) =>
    `This chat is ${chat}, and it may not ask. Whoever runs Monitora can allow it: bot.chats in monitora.yml.`,
  unknownCommand: (quoted) => `I don't know ${quoted}. /help tells what I answer.`,
  broken: 'That went wrong: my log says why.',
  checkerDown: {
    hears: (since) =>
      `⚪ Monitora's checker is down since ${since}\nSignals are still heard, but no silence is noticed until it runs again.`,
    deaf: (since) =>
      `⚪ Monitora's checker is down since ${since}\nSo is its server: nobody is heard, and no silence is noticed.`,
    disk: (since) =>
      `⚪ No sign of Monitora's checker since ${since}\nThe disk cannot be written: until it can, nobody is heard and no silence is noticed.`,
  },
  checkerUp: (span) => `⚪ Monitora's checker runs again after ${span}\nWhat it missed it tells now.`,
  status: {
    headline: (format, { total, troubled, time }) => {
      if (total === 0) return `No host yet (${time})`
      const need = format.plural(troubled, { one: 'needs', other: 'need' })
      return `${total - troubled} of ${total} fine${troubled > 0 ? `, ${troubled} ${need} you` : ''} (${time})`
    },
    silent: (span, since) => `silent ${span}, since ${since}`,
    says: { error: 'reports an error', warning: 'reports a warning', failed: 'failed' },
    causes: { unfinished: 'a run did not end in time', stuck: 'reports, but does not get on' },
    saysMessage: (quoted) => `says ${quoted}`,
    unreachable: (since) => `Nothing reaches me since ${since}`,
    allSilenced: (words) => `Everything: ${words}`,
    siteAway: ({ site, since, hosts }) => `${site} is offline since ${since}: ${hosts}`,
    unstable: (since) => `comes and goes since ${since}`,
    away: (hosts) => `Away: ${hosts}`,
    awaySince: (host, since) => `${host} since ${since}`,
    paused: (hosts) => `Paused: ${hosts}`,
    notYet: (hosts) => `Not heard yet: ${hosts}`,
    taken: (by) => (by === '' ? 'taken' : `taken by ${by}`),
    hushed: {
      silence: (until) => (until === undefined ? 'silenced' : `silenced until ${until}`),
      maintenance: (until) => (until === undefined ? 'maintenance' : `maintenance until ${until}`),
    },
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
    done: (name, hadToken) =>
      hadToken
        ? `${name} is removed. Its token opens nothing any more; ./monitora host add ${name} on the box makes another.`
        : `${name} is removed. If it reports again, it comes back as a new host.`,
  },
  quiet: {
    which: {
      silence: 'Who, and for how long? /silence NAME 8h, or site:NAME, or all',
      ack: 'Which one? /ack NAME, or site:NAME',
      pause: 'Which host? /pause NAME',
      resume: 'Which one? /resume NAME, or site:NAME, or all',
    },
    everything: 'everything',
    noTarget: (quoted) => `${quoted} is neither a host, nor a site (site:NAME), nor "all".`,
    noSpan: (quoted) => `How long? ${quoted} is no span such as 30m, 8h or 2d.`,
    unknown: {
      host: (name, nearest) => `I know no host ${name}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
      site: (name, nearest) => `I know no site ${name}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
    },
    onlyHost: 'Only a host can be paused; a site or everything can be silenced.',
    notAll: 'Not everything can be taken at once: name a host, or a site as site:NAME.',
    silenced: (what, until) => `${what}: silenced until ${until}. What is still wrong then is told.`,
    taken: (what, by) => `${what}: taken by ${by}, no more reminders until it is over.`,
    takenAlready: (what, by) => `${what}: taken already${by === '' ? '' : ` by ${by}`}.`,
    notInTrouble: (what) => `${what}: there is nothing to take, it is not in trouble.`,
    withSite: (name, site, target) => `${name} fell silent with ${site}: ack ${target} takes that.`,
    paused: (name) => `${name}: paused, it is not expected to report. resume ${name} ends that.`,
    pausedAlready: (name) => `${name}: paused already.`,
    isPaused: 'paused',
    ended: (what, items) => `${what}: no longer ${items}.`,
    nothingToEnd: (what, others) =>
      `${what}: nothing of its own keeps it quiet.${others === '' ? '' : ` But: ${others}.`}`,
    none: 'Nothing is silenced, taken or paused.',
  },
  why: {
    which: 'Which host? /why NAME, or /why NAME 12:03',
    noMoment: (quoted) => `When? ${quoted} is no time such as 12:03 or 2026-11-20T12:03.`,
    lasted: (name, { from, to, span }) => `${name}: silent ${from}–${to} (${span})`,
    lasts: (name, { from, span }) => `${name}: silent since ${from} (${span})`,
    none: (name) => `${name}: no outage is known`,
    trouble: (words, since) => `Since ${since}: ${words}.`,
    runs: (list) => `Its last runs: ${list}.`,
    ran: {
      succeeded: (time, span) => `${time} ended well${span === undefined ? '' : ` after ${span}`}`,
      failed: (time, span, status) =>
        `${time} failed${span === undefined ? '' : ` after ${span}`}${status === undefined ? '' : ` with exit status ${status}`}`,
      unfinished: (time) => `${time} had not ended in time`,
    },
    noneAt: (name, time) => `${name}: no outage is known at ${time}`,
    lastOne: (from) => `The last one began ${from}.`,
    lastSignal: (time, interval) =>
      `Last signal ${time}${interval === undefined ? '' : `; it reports every ${interval}`}.`,
    due: (time, rule) => `The next was due ${time}${rule === undefined ? '' : `: ${rule}`}.`,
    timeout: (span) => `timeout ${span}`,
    run: (time, grace) => `its run of ${time}${grace === undefined ? '' : `, which may be ${grace} late`}`,
    absences: (spans) => `Moved by what Monitora could not hear: ${spans}.`,
    absenceWhy: {
      'not-running': 'not running',
      asleep: 'asleep',
      'clock-set': 'clock set forward',
      'cannot-write': 'disk not writable',
      stuck: 'stuck',
    },
    found: (time, reason) => `Found silent ${time}: ${reason}.`,
    reasons: {
      'no-signal': 'no signal came',
      'missed-schedule': 'its run did not come',
      'site-silent': 'its whole site fell silent',
    },
    withSite: (site) => `all of ${site} fell silent`,
    notTold: (reason) => `Not told: ${reason}.`,
    hidden: {
      silence: 'it was silenced',
      pause: 'it was paused',
      maintenance: 'in a maintenance window',
      away: 'it may be away',
      unstable: 'it came and went too often',
      'not-alerted': 'it is shown only, not alerted',
    },
    noReason: 'no alert is on record',
    told: (time, id) => `Told ${time}, alert ${id}:`,
    endTold: (time, id) => `Its end told ${time}, alert ${id}:`,
    back: (time, noticed) => `Heard again ${time}, noticed ${noticed}.`,
    removed: (time) => `Removed ${time}.`,
    channel: {
      delivered: (_, { channel, time, tries }) => `${channel}: delivered ${time}${tries > 1 ? `, try ${tries}` : ''}`,
      waiting: (format, { channel, time, tries }) =>
        tries === 0
          ? `${channel}: waits for its turn`
          : `${channel}: waits after ${tries} ${format.plural(tries, { one: 'try', other: 'tries' })}, again ${time}`,
      folded: (_, { channel }) => `${channel}: folded into a later message`,
      refused: (_, { channel, time }) => `${channel}: refused for good ${time}`,
      'given-up': (format, { channel, time, tries }) =>
        `${channel}: given up ${time} after ${tries} ${format.plural(tries, { one: 'try', other: 'tries' })}`,
    },
    noTrace: 'no channel has a record of it',
    now: (words) => `Now: ${words}.`,
    never: 'never heard',
    heard: (ago, due) => `last signal ${ago} ago${due === undefined ? '' : `, the next due ${due}`}`,
    isAway: (since) => `away since ${since}, as it may be`,
  },
}
